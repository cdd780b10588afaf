"""Words that stand where a number belongs: each party reads its own into them.

Words as data, by language; an agreement in another language is not checked.
"""

import re

VAGUE = {
    "en": (
        "soon", "as soon as possible", "asap", "timely", "in time", "promptly", "prompt", "quickly", "quick",
        "fast", "immediately", "regularly", "often", "frequently", "usually", "normally", "reasonable",
        "reasonably", "adequate", "appropriate", "sufficient", "enough", "good", "high quality",
        "best effort", "best efforts", "if possible", "where possible", "as needed", "as required", "some",
        "several", "many", "most", "etc", "and so on",
    ),
    "de": (
        "bald", "zeitnah", "rechtzeitig", "schnell", "zügig", "unverzüglich", "sofort", "regelmäßig", "oft",
        "häufig", "möglichst", "wenn möglich", "angemessen", "ausreichend", "genügend", "gut", "hochwertig",
        "nach bedarf", "einige", "mehrere", "viele", "usw", "etc", "in der regel", "üblicherweise",
    ),
}  # fmt: skip
AGREED = re.compile(r"\b(agreed|as agreed|vereinbart\w*)\b", re.IGNORECASE)


def vague_words(text: str, language: str) -> list[str]:
    """The vague words of a text, in order; none where a number or "agreed" stands beside them.

    >>> vague_words("Leads are called quickly and often.", "en_GB")
    ['quickly', 'often']
    >>> vague_words("Leads are called often: 6 times in 14 days.", "en_GB")
    []
    """
    if re.search(r"\d", text) or AGREED.search(text):
        return []
    words = VAGUE.get(language.replace("-", "_").split("_")[0].lower(), ())
    longest_first = sorted(words, key=len, reverse=True)
    if not longest_first:
        return []
    pattern = r"\b(?:" + "|".join(map(re.escape, longest_first)) + r")\b"
    return list(dict.fromkeys(word.lower() for word in re.findall(pattern, text, re.IGNORECASE)))
