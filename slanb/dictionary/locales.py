"""A language's own ways, for `slanb.dictionary.wording`: its catalogue, Babel's data, and exact rounding."""

import gettext
import math
import os
import pickle
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import lru_cache
from pathlib import Path

import pandas as pd
from babel import Locale, localedata
from babel.numbers import NumberPattern, parse_pattern

FOLDER = Path(__file__).parents[1] / "locale"
SOURCE = "en"  # the language messages are written in
EXACT = Context(prec=400, rounding=ROUND_HALF_UP)  # the largest float has 309 digits


@lru_cache
def locale_of(language: str) -> Locale:
    """Babel's description of a language; `en` is international English."""
    name = language.replace("-", "_")
    locale = Locale.parse("en_001" if name == "en" else name)
    # What a language inherits Babel (2.18) shares among all languages of the process, and overwrites when
    # it is first looked up, so that Hebrew months appear in French (its issue 1234). A copy of one's own:
    data = localedata.load(str(locale))
    data.update(pickle.loads(pickle.dumps(data)))
    return locale


def languages() -> list[str]:
    """The languages there are words in: English, those of `slanb/locale`, and those of `$SLANB_LOCALE`, a
    folder of the same shape with catalogues of one's own, which come first.

    >>> languages()
    ['de', 'en', 'fr', 'it', 'pt', 'ru', 'tr']
    """
    found = {path.parents[1].name for folder in _folders() for path in folder.glob("*/LC_MESSAGES/slanb.mo")}
    return sorted(found | {SOURCE})


def is_spoken(language: str) -> bool:
    """There are words in it: English, or a catalogue of the language in that country or in any.

    >>> is_spoken("de_AT"), is_spoken("en-GB"), is_spoken("ja")
    (True, True, False)
    """
    return locale_of(language).language == SOURCE or bool(_catalogues(language, tuple(_folders())))


def catalogue_of(language: str) -> gettext.NullTranslations:
    """The messages of a language; English has none, as the messages are written in it."""
    return _catalogue(language, tuple(_folders()))


@lru_cache
def _catalogue(language: str, folders: tuple[Path, ...]) -> gettext.NullTranslations:
    made = gettext.NullTranslations()
    for path in reversed(_catalogues(language, folders)):
        with open(path, "rb") as file:
            found = gettext.GNUTranslations(file)
        found.add_fallback(made)
        made = found
    return made


def _catalogues(language: str, folders: tuple[Path, ...]) -> list[str]:
    name = str(locale_of(language))
    return [path for folder in folders for path in gettext.find("slanb", folder, [name], all=True)]


def _folders() -> list[Path]:
    own = os.environ.get("SLANB_LOCALE")
    return [*([Path(own)] if own else []), FOLDER]


@lru_cache
def number_pattern(language: str, kind: str, digits: int) -> NumberPattern:
    """How a language writes a `number`, a `share` or `money` with so many decimals."""
    locale = locale_of(language)
    known = {
        "number": locale.decimal_formats[None],
        "share": locale.percent_formats[None],
        "money": locale.currency_formats["standard"],
    }
    pattern = parse_pattern(known[kind].pattern)
    pattern.frac_prec = (digits, digits)
    return pattern


def possible(x: float | None) -> bool:
    """There is a number, and it is finite."""
    return not pd.isna(x) and math.isfinite(x)


def rounded(x: float, digits: int) -> Decimal:
    """The number with so many decimals, halves up, as on paper."""
    number = Decimal(str(float(x))).quantize(Decimal(1).scaleb(-digits), context=EXACT)
    return number if number else Decimal(0)  # no "-0"


def whole(x: float | Decimal) -> bool:
    """It has no decimals worth showing."""
    return abs(x - round(x)) < 1e-9


def fewest_digits(x: float | Decimal, most: int) -> int:
    """The fewest decimals that show the number as it is, at most `most`."""
    return next((digits for digits in range(most) if whole(x * 10**digits)), most)


def digits_of(x: float | None, *, cents: bool = False) -> int:
    """Decimals that a reader wants to see: none of a large number or a whole one."""
    if not possible(x):
        return 0
    if cents:
        return 0 if abs(x) >= 100 or whole(rounded(x, 2)) else 2
    return 0 if abs(x) >= 10 or whole(rounded(x, 1)) else 1


def plural_form(n: float | None, language: str = SOURCE) -> int:
    """The whole number whose plural form goes with `n`, as catalogues count whole things.

    A number that is not whole takes the form that the language gives it, where a whole number has the same:
    French says 1.5 as it says 1. Otherwise it takes that of 2, and so does one that is missing. A negative
    one takes the form of its size.

    >>> plural_form(1), plural_form(2.5), plural_form(1.5, "fr"), plural_form(6.5, "ru"), plural_form(None)
    (1, 0, 0, 2, 2)
    """
    if not possible(n):
        return 2
    size = abs(rounded(n, digits_of(n)))
    if size == int(size):
        return int(size)
    form = locale_of(language).plural_form
    return next((whole for whole in range(3) if form(whole) == form(size)), 2)
