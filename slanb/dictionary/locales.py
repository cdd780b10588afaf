"""A language's own ways with numbers, for `slanb.dictionary.wording`: Babel's data, and exact rounding."""

import copy
import gettext
import math
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import lru_cache
from pathlib import Path

import pandas as pd
from babel import Locale, localedata
from babel.numbers import NumberPattern, parse_pattern

EXACT = Context(prec=400, rounding=ROUND_HALF_UP)  # the largest float has 309 digits


@lru_cache
def locale_of(language: str) -> Locale:
    """Babel's description of a language; `en` is international English."""
    name = language.replace("-", "_")
    locale = Locale.parse("en_001" if name == "en" else name)
    # What a language inherits Babel (2.18) shares among all languages of the process, and overwrites when
    # it is first looked up, so that Hebrew months appear in French (its issue 1234). A copy of one's own:
    data = localedata.load(str(locale))
    data.update(copy.deepcopy(data))
    return locale


@lru_cache
def catalogue_of(language: str, folder: Path) -> gettext.NullTranslations:
    """The messages of a language; none of a language without a catalogue."""
    return gettext.translation("slanb", folder, languages=[str(locale_of(language))], fallback=True)


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


def plural_form(n: float | None) -> int:
    """The whole number whose plural form goes with `n`, as catalogues count whole things.

    A number that is not whole, or missing, takes the plural; a negative one the form of its size.
    """
    size = abs(rounded(n, digits_of(n))) if possible(n) else 2
    return int(size) if size == int(size) else max(2, math.ceil(size))
