"""Words that stand where a number belongs (`vague.toml`): each party reads its own into them."""

import re
import tomllib
from functools import cache
from importlib.resources import files

AGREED = re.compile(r"\b(agreed|as agreed|vereinbart\w*)\b", re.IGNORECASE)


@cache
def _vague() -> dict[str, list[str]]:
    return tomllib.loads((files(__package__) / "vague.toml").read_text(encoding="utf-8"))


def vague_words(text: str, language: str) -> list[str]:
    """The vague words of a text, in order; none where a number or "agreed" stands beside them.

    >>> vague_words("Leads are called quickly and often.", "en_GB")
    ['quickly', 'often']
    >>> vague_words("Leads are called often: 6 times in 14 days.", "en_GB")
    []
    """
    if re.search(r"\d", text) or AGREED.search(text):
        return []
    words = _vague().get(language.replace("-", "_").split("_")[0].lower(), [])
    longest_first = sorted(words, key=len, reverse=True)
    if not longest_first:
        return []
    pattern = r"\b(?:" + "|".join(map(re.escape, longest_first)) + r")\b"
    return list(dict.fromkeys(word.lower() for word in re.findall(pattern, text, re.IGNORECASE)))
