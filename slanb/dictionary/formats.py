"""How numbers, money, lists and dates are written in a language: Babel's data, at the last step only.

Everything takes plain numbers (shares 0-1, hours, money as float) and gives text. Halves round up, as on
paper. A number that is missing or impossible (None, NaN, infinite) reads "–".
"""

import datetime
import re
from dataclasses import dataclass
from decimal import localcontext
from typing import Literal

import pandas as pd
from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_skeleton
from babel.lists import format_list
from babel.numbers import (
    format_compact_currency,
    format_compact_decimal,
    get_currency_precision,
    is_currency,
)
from babel.units import format_unit

from slanb.dictionary import locales
from slanb.dictionary.figures import Unit
from slanb.errors import SlanbError

MISSING = "–"
FIRST = re.compile(r"^1\s")  # of a month, which French counts as the first


@dataclass(frozen=True)
class Formats:
    """The reader's language and the agreement's currency.

    Parameters
    ----------
    language : `en`, `de`, `de_DE`, `pt-BR`, `ar`, `ja`, ... `en` without a country is international
        English ("14 October 2026", "A, B and C"); `en_US` is American.
    currency : three capital letters of ISO 4217.

    Raises
    ------
    SlanbError : if the language or the currency does not exist; both are told together.

    >>> Formats("de_DE", "EUR").number(1234.5, digits=1)
    '1.234,5'
    >>> Formats("klingon", "GOLD")
    Traceback (most recent call last):
    slanb.errors.SlanbError: language is 'klingon', but a language such as en, de_DE or pt_BR is expected.
    currency is 'GOLD', but a three-letter code such as EUR, USD or GBP is expected.
    """

    language: str = "en"
    currency: str = "EUR"

    def __post_init__(self) -> None:
        problems = []
        try:
            locales.locale_of(self.language)
        except (ValueError, UnknownLocaleError):
            problems.append(
                f"language is {self.language!r}, but a language such as en, de_DE or pt_BR is expected."
            )
        if not is_currency(self.currency):
            problems.append(
                f"currency is {self.currency!r}, but a three-letter code such as EUR, USD or GBP is expected."
            )
        if problems:
            raise SlanbError(problems)

    @property
    def locale(self) -> Locale:
        """Babel's description of the language."""
        return locales.locale_of(self.language)

    @property
    def tag(self) -> str:
        """The language as a web page's `lang` names it.

        >>> Formats("de_DE").tag, Formats().tag
        ('de-DE', 'en')
        """
        return self.language.replace("_", "-")

    @property
    def direction(self) -> Literal["ltr", "rtl"]:
        """Which way the language is written, as a web page's `dir` names it.

        >>> Formats().direction, Formats("ar").direction
        ('ltr', 'rtl')
        """
        return self.locale.text_direction

    def join(self, parts: list[str]) -> str:
        """The parts as a list in a sentence.

        >>> Formats().join(["A", "B", "C"]), Formats("de").join(["A", "B"]), Formats().join([])
        ('A, B and C', 'A und B', '')
        """
        return format_list(list(parts), locale=self.locale)

    # -- numbers

    def number(self, x: float | None, digits: int = 0) -> str:
        """A plain number with `digits` decimals.

        >>> Formats().number(1234.56), Formats().number(-0.2), Formats().number(None)
        ('1,235', '0', '–')
        """
        return self._pattern(x, "number", digits)

    def money(self, x: float | None, digits: int = 0) -> str:
        """An amount of the agreement's currency, with no more decimals than the currency has.

        >>> Formats().money(1234.5), Formats("en_US", "USD").money(-9.99, 2), Formats("en", "JPY").money(5, 2)
        ('€1,235', '-$9.99', 'JP¥5')
        """
        return self._pattern(x, "money", min(digits, get_currency_precision(self.currency)))

    def share(self, x: float | None, digits: int = 1) -> str:
        """A share 0-1 in percent.

        >>> Formats().share(0.13), Formats("fr").share(1.024)
        ('13.0%', '102,4\\xa0%')
        """
        return self._pattern(x, "share", digits)

    def days(self, x: float | None, *, short: bool = False) -> str:
        """A number of days; below ten with one decimal unless whole.

        >>> Formats().days(62.4), Formats().days(1), Formats().days(2.5), Formats("de").days(62)
        ('62 days', '1 day', '2.5 days', '62 Tage')
        """
        return self._duration(x, "duration-day", short)

    def hours(self, x: float | None, *, short: bool = False) -> str:
        """A time given in hours; under an hour in minutes, under a minute in seconds.

        >>> words = Formats()
        >>> words.hours(2.5), words.hours(1067), words.hours(5 / 60), words.hours(31.5 / 3600), words.hours(0)
        ('2.5 hours', '1,067 hours', '5 minutes', '32 seconds', '0 hours')
        """
        if not locales.possible(x) or x == 0 or abs(x) >= 1:
            return self._duration(x, "duration-hour", short)
        if abs(x) >= 1 / 60:
            return self._duration(x * 60, "duration-minute", short)
        return self._duration(x * 3600, "duration-second", short)

    def compact(self, x: float | None, unit: Unit, *, largest: float = 0) -> str:
        """A number for a figure's axis, which names the unit itself: shortened if the largest is in millions.

        >>> words = Formats()
        >>> words.compact(2_500_000, "money"), words.compact(12500, "leads"), words.compact(0.125, "share")
        ('€2.5M', '12,500', '12.5%')
        >>> words.compact(500_000, "money", largest=2_500_000)
        '€500K'
        """
        if not locales.possible(x):
            return MISSING
        if unit == "share":
            return self.share(x, locales.fewest_digits(locales.rounded(x, 12) * 100, 3))
        if max(abs(x), abs(largest)) < 1e6:
            digits = locales.fewest_digits(x, 2)
            return self.money(x, digits) if unit.startswith("money") else self.number(x, digits)
        with localcontext(locales.EXACT):
            if unit.startswith("money"):
                return format_compact_currency(x, self.currency, locale=self.locale, fraction_digits=2)
            return format_compact_decimal(x, locale=self.locale, fraction_digits=2)

    # -- dates

    def date(self, day: datetime.date | str | None, *, short: bool = False) -> str:
        """A calendar day (a date, a Timestamp or ISO text); `short` leaves the year out.

        >>> Formats().date("2026-10-14"), Formats("de").date("2026-10-14", short=True), Formats().date(None)
        ('14 October 2026', '14. Okt.', '–')
        """
        if pd.isna(day):
            return MISSING
        plain = pd.Timestamp(day).date()
        skeleton = format_skeleton("MMMd", plain, locale=self.locale)
        text = skeleton if short else format_date(plain, "long", locale=self.locale)
        return FIRST.sub("1er ", text) if self.locale.language == "fr" else text

    def _pattern(self, x: float | None, kind: str, digits: int) -> str:
        if not locales.possible(x):
            return MISSING
        # Percent signs move the point by two, so two more decimals of the share are kept.
        exact = locales.rounded(x, digits + 2 if kind == "share" else digits)
        pattern = locales.number_pattern(self.language, kind, digits)
        with localcontext(locales.EXACT):
            return pattern.apply(exact, self.locale, currency=self.currency, currency_digits=False)

    def _duration(self, x: float | None, unit: str, short: bool) -> str:
        if not locales.possible(x):
            return MISSING
        exact = locales.rounded(x, locales.digits_of(x))
        number = int(exact) if locales.digits_of(x) == 0 else exact
        with localcontext(locales.EXACT):
            text = format_unit(number, unit, "short" if short else "long", locale=self.locale)
            # Some languages write the long form like the short one; their data then holds only the short.
            return format_unit(number, unit, "short", locale=self.locale) if unit in text else text
