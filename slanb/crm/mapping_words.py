"""The words a mapping holds, each checking itself: time zones, encodings, currencies, date formats."""

import codecs
import re
from collections.abc import Iterable
from difflib import get_close_matches
from functools import cache
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, available_timezones

import duckdb
from babel.numbers import is_currency
from pydantic import AfterValidator, BeforeValidator, Field

from slanb.database import at_hand

QUARANTINE = "quarantine"
WORDS = ("iso", "epoch_ms", "epoch_s")  # the formats that no other text is taken for
EXCEL = "excel"  # days since 1899-12-30: a number like others, so that it is read only where it is said
NAMED = (*WORDS, EXCEL)  # the formats that are not strptime texts
EARLIEST, LATEST = "1970-01-01", "2200-01-01"  # years outside are typing mistakes or the wrong format
EXAMPLE = '"%d.%m.%Y %H:%M"'
_PROBE = "timestamp '2021-02-03 04:05:06'"  # day, month and year that no two orders read alike

CURRENCY_HEADERS = (
    "currency",
    "currencycode",
    "currencyisocode",
    "dealcurrency",
    "dealcurrencycode",
    "währung",
    "devise",
)


def _zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (KeyError, OSError, ValueError):  # an unknown name, the name of a folder, a path
        near = get_close_matches(value, available_timezones(), 1, 0.5)
        meant = f" (did you mean {near[0]}?)" if near else ""
        raise ValueError(f"a time zone such as Europe/Berlin is expected{meant}") from None
    return value


def _encoding(value: str) -> str:
    try:
        "a".encode(value)
        return codecs.lookup(value).name
    except (LookupError, TypeError, ValueError):
        raise ValueError("an encoding such as utf-8, cp1252 or utf-16 is expected") from None


def _currency(value: str) -> str:
    if not is_currency(value):
        raise ValueError("a three-letter code such as EUR, USD or GBP is expected")
    return value


def _delimiter(value: str) -> str:
    value = {"tab": "\t", "\\t": "\t"}.get(value, value)
    if len(value) != 1 or value in "\"'\\\n\r":
        raise ValueError('a single character such as "," or ";", or the word tab, is expected')
    return value


@cache
def _format(value: str) -> str:
    """A format that DuckDB reads times with, or one of the words."""
    if value in NAMED:
        return value
    if "%" not in value:
        raise ValueError(f"a format such as {EXAMPLE}, or one of {', '.join(NAMED)}, is expected")
    if has_zone(value):
        _format(value.replace("%z", "").replace("%Z", "").strip())
        return value
    try:
        there = at_hand().execute(f"select strftime({_PROBE}, ?)", [value]).fetchall()[0]
        back = at_hand().execute(f"select strptime(?, ?)::date = {_PROBE}::date", [*there, value])
        same = back.fetchall()[0]
    except duckdb.Error as error:
        reason = str(error).splitlines()[0].rpartition(": ")[2]
        raise ValueError(f"a format such as {EXAMPLE} is expected ({reason} is not understood)") from None
    if same != (True,):
        raise ValueError(f"a format that holds day, month and year, such as {EXAMPLE}, is expected")
    return value


def has_zone(value: str) -> bool:
    """Whether a strptime format reads the offset or zone, too.

    >>> has_zone("%Y-%m-%d %H:%M %z"), has_zone("%Y-%m-%d")
    (True, False)
    """
    return "%z" in value.lower()


def has_clock(value: str) -> bool:
    """Whether a format carries a time of day.

    >>> has_clock("%d.%m.%Y"), has_clock("%d.%m.%Y %H:%M"), has_clock("epoch_ms")
    (False, True, True)
    """
    return value in NAMED or any(mark in value for mark in ("%H", "%I", "%-H", "%-I", "%c", "%X"))


def clash(formats: tuple[str, ...]) -> str | None:
    """Two formats that read one text as different days, if there are any: choosing would be a guess.

    >>> clash(("%d/%m/%Y", "%m/%d/%Y"))
    '"%d/%m/%Y" and "%m/%d/%Y"'
    >>> clash(("%d.%m.%Y %H:%M", "%d.%m.%Y", "%d.%m.%y"))
    """
    plain = [text for text in formats if text not in NAMED and not has_zone(text)]
    query = f"""
        select count(*) from (select try_strptime(strftime({_PROBE}, ?), ?) as seen)
        where seen::date <> {_PROBE}::date and seen >= '{EARLIEST}' and seen < '{LATEST}'
    """
    if len(plain) < 2:
        return None
    for one in plain:
        for other in plain:
            if at_hand().execute(query, [one, other]).fetchall()[0] != (0,):
                return f'"{one}" and "{other}"'
    return None


def currency_columns(columns: Iterable[str], amount: str) -> list[str]:
    """The columns that by their names hold the currency of an amount.

    >>> currency_columns(["Amount Currency", "Amount", "Amount (converted) Currency", "Currency"], "Amount")
    ['Amount Currency', 'Currency']
    """
    wanted = {*CURRENCY_HEADERS, f"{_bare(amount)}currency", f"{_bare(amount)}currencycode"}
    return [column for column in columns if _bare(column) in wanted]


def _bare(column: str) -> str:
    return re.sub(r"[\W_]+", "", column.casefold())


def spelled(key: str) -> BeforeValidator:
    """Lets a group be written as one word: its most needed key."""
    return BeforeValidator(lambda value: {key: value} if isinstance(value, str) else value)


Zone = Annotated[str, AfterValidator(_zone)]
Encoding = Annotated[str, AfterValidator(_encoding)]
Currency = Annotated[str, AfterValidator(_currency)]
Delimiter = Annotated[str, AfterValidator(_delimiter)]
Format = Annotated[str, AfterValidator(_format)]
Formats = Annotated[
    tuple[Format, ...], BeforeValidator(lambda value: [value] if isinstance(value, str) else value)
]
Decimal = Literal[".", ","]
Separator = Literal[",", ".", " ", "'", ""]
Word = Annotated[str, Field(min_length=1)]
Name = Annotated[str, Field(pattern="^[a-z_][a-z0-9_]*$")]
Value = Any  # text, true, false, a number or null; what fits depends on the column
