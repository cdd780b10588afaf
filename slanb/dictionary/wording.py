"""How words, numbers, money and dates reach a reader: in the agreement's language, at the last step only.

Everything takes plain numbers (shares 0-1, hours, money as float) and gives text. Messages are written in
English (`slanb.dictionary.messages`) and looked up by gettext, with their id as context, in `slanb/locale`
(`de/LC_MESSAGES/slanb.po` for German); numbers, money, units, lists and dates are Babel's. Halves round up,
as on paper. A number that is missing or impossible (None, NaN, infinite) reads "–".
"""

import datetime
import re
import zoneinfo
from collections.abc import Mapping
from typing import Any

import pandas as pd
from babel.dates import format_date, format_skeleton, format_time
from babel.numbers import (
    get_minus_sign_symbol,
    get_plus_sign_symbol,
)

from slanb.dictionary import locales
from slanb.dictionary.columns import column
from slanb.dictionary.figures import BLANK, Figure, Unit, definition
from slanb.dictionary.formats import MISSING, Formats
from slanb.dictionary.messages import Message, filled, texts
from slanb.dictionary.period_names import Numbered, in_calendar
from slanb.errors import SlanbError

BEGINS = re.compile(r"\{\w+:(?:period|date)")  # a sentence, with a time


def check_spoken(language: str) -> None:
    """Refuse a language that there are no words in, naming those there are.

    >>> check_spoken("de_AT")
    >>> check_spoken("ja")
    Traceback (most recent call last):
    slanb.errors.SlanbError: language is 'ja', but one of de, en, fr, it, pt, ru, tr is expected, alone or
    with a country, as de_AT.
    """
    Wording(language)
    if not locales.is_spoken(language):
        known = ", ".join(locales.languages())
        such = f"one of {known} is expected, alone or with a country, as de_AT."
        raise SlanbError(f"language is {language!r}, but {such}")


class Wording(Formats):
    """The reader's language and the agreement's currency (`slanb.dictionary.formats`), with the words.

    >>> words = Wording("de_DE", "EUR")
    >>> words.number(1234.5, digits=1), words.period("2026-10")
    ('1.234,5', 'Oktober 2026')
    """

    # -- messages

    def say(self, message: Message | str, /, **values: Any) -> str:
        """A message of the dictionary (`slanb.dictionary.messages`) in the reader's language.

        Parameters
        ----------
        message : a `Message`, or its id with its values; a text that people wrote stays as it is.

        >>> Wording("en_GB").say("opening.wins_from", date="2026-01-02")[:48]
        'No win is on record before 2 January 2026: cohor'
        """
        if isinstance(message, str):
            if not values and message not in texts():
                return message
            message = Message(message, **values)
        text = texts()[message.id]
        if isinstance(text, str):
            text = self.translated(message.id, text)
        else:
            form = locales.plural_form(message.fields[text["by"]], self.language)
            catalogue = locales.catalogue_of(self.language)
            text = catalogue.npgettext(message.id, text["one"], text["other"], form)
        said = filled(text, message.fields, self._shown)
        return self.opened(said) if BEGINS.match(text) and text.endswith(".") else said

    def translated(self, context: str, text: str) -> str:
        """A text as the reader's catalogue has it under a context; as it is where the catalogue has none.

        >>> Wording("de").translated("column.close_rate", "Close rate")
        'Abschlussquote'
        """
        return locales.catalogue_of(self.language).pgettext(context, text) if text else text

    def heading(self, name: str) -> str:
        """What a table's column is called (`slanb.dictionary.columns`).

        >>> Wording().heading("close_rate"), Wording().heading("leads.A")
        ('Close rate', 'A')
        """
        return self.translated(f"column.{name}", column(name).heading)

    def label(self, figure: Figure | Mapping[str, Any] | str) -> str:
        """What a figure is called: by its catalogue, a promise by its own text.

        Parameters
        ----------
        figure : a `Figure`, one as `figures.json` holds it, or its id.

        >>> Wording().label("sales.speed"), Wording().label("tier.blank.lead_value")
        ('Leads followed up in time', 'Value of a lead, tier (blank), cohorts old enough to judge')
        """
        id_, own = (figure, None) if isinstance(figure, str) else _own(figure)
        about, names = definition(id_)
        if own and own != about.named(names):
            return own
        named = {key: self.say("tables.blank") if name == BLANK else name for key, name in names.items()}
        return self.translated(f"figure.{about.id}.label", about.label).format(**named)

    def formula(self, figure_id: str) -> str:
        """How a figure comes about, in words.

        >>> Wording().formula("plan.marketing_goal")
        'quota × marketing share'
        """
        about = definition(figure_id)[0]
        return self.translated(f"figure.{about.id}.formula", about.formula)

    def math(self, figure: Figure) -> str:
        """A figure's formula with its numbers put in; empty where the catalogue has none or a number lacks.

        >>> Wording().math(Figure("sales.speed", 0.727, parts={"kept": 400, "decided": 550}))
        '400 ÷ 550'
        """
        about = definition(figure.id)[0]
        if not about.math or not figure.parts:
            return ""
        text = self.translated(f"figure.{about.id}.math", about.math)
        return filled(text, figure.parts, self._shown)

    def inside(self, text: str) -> str:
        """A name that begins with a capital as it stands inside a sentence; German's stay as they are.

        >>> Wording().inside("Close rate"), Wording("de").inside("Abschlussquote")
        ('close rate', 'Abschlussquote')
        """
        if self.locale.language == "de" or text[:2].isupper():
            return text
        first = {"I": "ı", "İ": "i"}.get(text[:1]) if self.locale.language == "tr" else None
        return (first or text[:1].lower()) + text[1:]

    def opened(self, text: str) -> str:
        """A text as it stands at the head of a sentence or a page: months are lower case in many languages.

        >>> Wording("fr").opened("octobre 2026"), Wording("tr").opened("ilk")
        ('Octobre 2026', 'İlk')
        """
        first = "İ" if self.locale.language == "tr" and text[:1] == "i" else text[:1].upper()
        return first + text[1:]

    def unit(self, unit: Unit) -> str:
        """What a unit is called.

        >>> Wording().unit("share"), Wording(currency="USD").unit("money")
        ('percent', 'USD')
        """
        return self.say(f"units.name_{unit.replace(' ', '_')}", currency=self.currency)

    def verdict(self, verdict: str | None) -> str:
        """A verdict in a word; none is empty.

        >>> Wording().verdict("not measurable"), Wording().verdict(None)
        ('not measurable', '')
        """
        return self.say(f"figures.{verdict.replace(' ', '_')}") if verdict else ""

    def _shown(self, value: Any, kind: str) -> str:
        """A placeholder's value as its type is shown."""
        if isinstance(value, list | tuple) and kind != "instant":
            return self.join([self._shown(each, kind) for each in value])
        if isinstance(value, Message):
            return self.say(value)
        if isinstance(value, str) and not kind:
            return value
        name, _, digits = kind.partition(".")
        match name:
            case "":
                return self.number(value, locales.digits_of(value))
            case "number" | "share" | "money" if digits or name == "number":
                return getattr(self, name)(value, int(digits or 0))
            case "agreed":
                percent = f"{value * 100:.10f}".rstrip("0")
                return self.share(value, len(percent.partition(".")[2]))
            case "date" | "period":
                return getattr(self, name)(value, short=digits == "short")
            case "instant":
                return self.instant(*value)
            case "label" | "formula":
                return getattr(self, name)(value)
            case "heading":
                return self.inside(self.heading(value)) if digits == "inside" else self.heading(value)
            case "unit":
                return self.unit(value)
            case "country":
                return self.locale.territories.get(value, value)
        if name.startswith("+"):
            return self.change(value, name[1:])
        return self.value(value, name, short=digits == "short")

    def value(self, x: float | None, unit: Unit, *, short: bool = False) -> str:
        """A number with its unit as `slanb.dictionary.figures` names it.

        Counts below ten that are not whole show one decimal, money below 100 that is not whole shows cents.
        `short` is for places whose heading already names what is counted: a table's cell, a figure's mark.

        >>> words = Wording()
        >>> [words.value(x, unit) for x, unit in [(1234, "leads"), (7.5, "customers"), (0.13, "share")]]
        ['1,234 leads', '7.5 customers', '13.0%']
        >>> words.value(12.5, "money per lead"), words.value(1234, "leads", short=True)
        ('€12.50 per lead', '1,234')
        """
        if not locales.possible(x):
            return MISSING
        match unit:
            case "money":
                return self.money(x, locales.digits_of(x, cents=True))
            case "money per lead":
                amount = self.money(x, locales.digits_of(x, cents=True))
                return amount if short else self.say("units.per_lead", amount=amount)
            case "share":
                return self.share(x)
            case "days" | "hours":
                return getattr(self, unit)(x, short=short)
        return self.number(x, locales.digits_of(x)) if short else self._counted(x, unit)

    def change(self, x: float | None, unit: Unit, *, short: bool = False) -> str:
        """A difference with its sign; of shares in percentage points, so that no one takes it for a ratio.

        >>> words = Wording()
        >>> words.change(12, "leads"), words.change(-1200, "money"), words.change(0.015, "share")
        ('+12 leads', '-€1,200', '+1.5 percentage points')
        >>> words.change(0, "leads"), words.change(0.015, "share", short=True)
        ('±0 leads', '+1.5 pp')
        """
        if not locales.possible(x):
            return MISSING
        nothing = self._difference(0, unit, short)
        lowered = self._difference(-abs(x), unit, short)  # a locale's plus stands where its minus does
        if self._difference(abs(x), unit, short) == nothing:
            return "±" + nothing
        if x < 0:
            return lowered
        minus, plus = (
            sign(self.locale).strip("\u200e\u200f\u061c")  # marks of direction, which some patterns lack
            for sign in (get_minus_sign_symbol, get_plus_sign_symbol)
        )
        return lowered.replace(minus if minus in lowered else "-", plus, 1)

    def instant(self, moment: datetime.datetime | None, zone: str) -> str:
        """A moment on the clock of `zone`, which is named; a moment without a zone is UTC.

        >>> Wording("de_DE").instant(pd.Timestamp("2026-10-14T07:00Z"), "Europe/Berlin")
        '14. Oktober 2026, 09:00 (Europe/Berlin)'
        """
        if pd.isna(moment):
            return MISSING
        stamp = pd.Timestamp(moment)
        utc = stamp.tz_localize("UTC") if stamp.tzinfo is None else stamp
        there = utc.tz_convert(zoneinfo.ZoneInfo(zone)).to_pydatetime(warn=False)
        clock = format_time(there.timetz(), "short", tzinfo=there.tzinfo, locale=self.locale)
        return self.say("units.at", date=self.date(there.date()), time=clock, zone=zone)

    def period(self, period: str | pd.Period, *, short: bool = False) -> str:
        """A month, quarter or year, the company's own too, by its label; a day, or a week by its first day.

        >>> words = Wording()
        >>> [words.period(p) for p in ("2026-10", "2026-Q4", "2026", "2026-10-14")]
        ['October 2026', 'Q4 2026', '2026', '14 October 2026']
        >>> words.period("2026-10", short=True), Wording("ja").period("2026-10")
        ('Oct 2026', '2026年10月')
        >>> words.period("FY2027-Q1"), words.period(pd.Period("2026-08", freq="Y-JUN"))
        ('Q1 FY2027', 'FY2027')
        """
        span, fiscal = in_calendar(period)
        if isinstance(span, Numbered):  # a week's or a company's
            return f"{span.name} {span.year}"
        first = span.start_time.date()
        match span.freqstr[0]:
            case "M":
                return format_skeleton("yMMM" if short else "yMMMM", first, locale=self.locale)
            case "Q" | "Y" if fiscal:
                return f"{self.tick(span)} FY{span.year}" if span.freqstr[0] == "Q" else f"FY{span.year}"
            case "Q":
                return format_skeleton("yQQQ", first, locale=self.locale)
            case "W":
                return self.say("units.week", date=self.date(first, short=short))
            case "D":
                return self.date(first, short=short)
        return format_skeleton("y", first, locale=self.locale)

    def tick(self, period: str | pd.Period, *, year: bool = False) -> str:
        """A period as a figure's axis marks it, the year below on request.

        >>> Wording().tick("2026-10"), Wording().tick("2027-01", year=True), Wording().tick("2026-Q4")
        ('Oct', 'Jan\\n2027', 'Q4')
        """
        span, fiscal = in_calendar(period)
        if isinstance(span, Numbered):
            return span.name + f"\n{span.year}" * year
        if span.freqstr[0] not in "MQ":
            return self.period(period, short=True)
        name = format_date(span.start_time, "LLL" if span.freqstr == "M" else "QQQ", locale=self.locale)
        return f"{name}\n{f'FY{span.year}' if fiscal else self.period(str(span.year))}" if year else name

    def _counted(self, x: float, unit: Unit) -> str:
        if unit == "count":
            return self.number(x, locales.digits_of(x))
        if f"units.{unit}" in texts():
            return self.say(f"units.{unit}", n=x)
        raise ValueError(f"unit must be one of those of slanb.dictionary.figures, but {unit!r} was passed")

    def _difference(self, x: float, unit: Unit, short: bool) -> str:
        if unit != "share":
            return self.value(x, unit, short=short)
        points = self.number(x * 100, 1)
        return self.say("units.points_short" if short else "units.points", n=points)


def _own(figure: Figure | Mapping[str, Any]) -> tuple[str, str | None]:
    """A figure's id and label."""
    if isinstance(figure, Figure):
        return figure.id, figure.label
    return figure["id"], figure.get("label")
