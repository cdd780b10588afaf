"""Words that stand where a number belongs (`vague.toml`): each party reads its own into them."""

import re
import tomllib
import unicodedata
from collections.abc import Iterable
from functools import cache
from importlib.resources import files

TURKISH = str.maketrans("Iİ", "ıi")  # whose small letters these are in Turkish


@cache
def _vague() -> dict[str, dict[str, list[str]]]:
    return tomllib.loads((files(__package__) / "vague.toml").read_text(encoding="utf-8"))


@cache
def _pattern(language: str) -> re.Pattern[str]:
    return _any_of(_vague()["words"].get(language, []))


@cache
def _agreed() -> re.Pattern[str]:
    return _any_of(word for words in _vague()["agreed"].values() for word in words)


def _any_of(words: Iterable[str]) -> re.Pattern[str]:
    """Any of these words, the longest first, as a whole; none of none."""
    longest_first = sorted(words, key=len, reverse=True)
    parts = "|".join(re.escape(word).replace(r"\*", r"\w*") for word in longest_first)
    return re.compile(rf"(?<!\w)(?:{parts})(?!\w)" if parts else r"(?!)", re.IGNORECASE)


def vague_words(text: str, language: str) -> list[str]:
    """The vague words of a text, in order; none where a number or "agreed" stands beside them.

    >>> vague_words("Leads are called quickly and often.", "en_GB")
    ['quickly', 'often']
    >>> vague_words("Leads are called often: 6 times in 14 days.", "en_GB")
    []
    >>> vague_words("Bazı adaylar İVEDİLİKLE aranır.", "tr")
    ['bazı', 'ivedilikle']
    """
    text = unicodedata.normalize("NFC", text)
    if re.search(r"\d", text) or _agreed().search(text):
        return []
    language = language.replace("-", "_").split("_")[0].lower()
    found = _pattern(language).findall(text)
    if language == "tr":
        found = [word.translate(TURKISH) for word in found]
    return list(dict.fromkeys(word.lower() for word in found))
