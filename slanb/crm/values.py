"""Cells to values: the SQL that reads a text as an instant, a number, a yes or no, one of a few words.

A cell that cannot be read becomes null and is reported; it is never guessed at.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache

import duckdb
import numpy as np
import pandas as pd

from slanb.crm.mapping import SourceMapping
from slanb.crm.mapping_models import ColumnSpec
from slanb.crm.mapping_words import EARLIEST, EXCEL, LATEST, QUARANTINE, has_clock, has_zone
from slanb.crm.shape import SQL_TYPES, CanonicalColumn
from slanb.crm.sql import choice, listed, literal, name

SPACES = " \t\r\n\u00a0\u202f\u2009"
WIDE = "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
UNSEEN = "\u200b\u200e\u200f\u2060\ufeff"  # marks of no width
SERIAL = r"\d{5}(\.\d+)?"  # a day as Excel counts them
_EDGE = (
    f"'^[{SPACES}\ufeff\\x00]|[{SPACES}\ufeff\\x00]$|^=\"'"  # cells seldom have blanks, and trimming is slow
)
BLANK = f"'{SPACES}\ufeff' || chr(0)"  # SQL for what is cut off both ends of a cell

# written here as SQL text: RE2 patterns for whole cells
_DAY = r"\d{4}-\d{1,2}-\d{1,2}"
_CLOCK = r"[T ]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?"
_OFFSET = r" ?(Z|UTC|[+-]\d{2}(:?\d{2})?)"
_CODE = "[A-Za-z]{3}"
_SIGN = r"[A-Za-z]{0,2}\p{Sc}|Fr|kr|zł|Kč|Ft"  # \p{Sc}: any currency's sign
_MARK = rf"(?:{_CODE}\p{{Sc}}|(?:{_SIGN})\.?|{_CODE}\.?|[Ee]uros?)"
_CURRENCY_OF = {  # a mark in capitals
    "€": "EUR", "£": "GBP", "₹": "INR", "₺": "TRY", "₽": "RUB", "₴": "UAH", "₪": "ILS", "₩": "KRW",
    "₫": "VND", "ZŁ": "PLN", "KČ": "CZK", "FT": "HUF", "FR": "CHF", "SFR": "CHF", "US$": "USD", "C$": "CAD",
    "CA$": "CAD", "A$": "AUD", "AU$": "AUD", "NZ$": "NZD", "S$": "SGD", "SG$": "SGD", "HK$": "HKD",
    "NT$": "TWD", "MX$": "MXN", "R$": "BRL", "CN¥": "CNY", "JP¥": "JPY",
}  # fmt: skip
SIGNS = {  # that several currencies share
    "$": ("USD", "CAD", "AUD", "NZD", "SGD", "HKD", "TWD", "MXN", "BRL", "ARS", "CLP", "COP"),
    "¥": ("JPY", "CNY"),
    "KR": ("SEK", "NOK", "DKK", "ISK"),
    "LEI": ("RON", "MDL"),
}
OWNERS = ("owner", "from_owner", "to_owner")
PERSONAL = "looks like a person's name, address or number, or a note, and is not carried past the import"
_TRUE, _FALSE = ("true", "yes", "y", "t", "1"), ("false", "no", "n", "f", "0")


@dataclass(frozen=True)
class CellReading:
    """How a cell is read.

    Parameters
    ----------
    value : SQL for the value, from the column `cell_of`; null where there is none.
    final : SQL for the value as it is kept, from the column of the value itself.
    unread : SQL over both, true where there is a cell but no value could be read from it.
    reason : why, in words.
    drops : an unread cell sends its row to quarantine, though the column is not required.
    listed_only : unread cells are values missing in the mapping's list, not damaged ones.
    """

    value: str
    final: str
    unread: str = "false"
    reason: str = ""
    drops: bool = False
    listed_only: bool = False


def cell_of(column: CanonicalColumn) -> str:
    """SQL name of the working column that holds a column's cells: text, trimmed, null where blank."""
    return name(f"cell {column.name}")


def cell_reading(
    column: CanonicalColumn, spec: ColumnSpec, mapping: SourceMapping, marks: tuple[str, str], *, days=False
) -> CellReading:
    """How the cells of a column are read; `marks` are its decimal mark and thousands separator.

    days : its times are dates (see `holds_days`).
    """
    cell, own = cell_of(column), name(column.name)
    unread = f"({cell} is not null and {own} is null)"
    if spec.constant is not None:
        return CellReading(f"{_constant(spec.constant)}::{SQL_TYPES[column.kind]}", own)
    if spec.meanings is not None:
        return _by_list(column, spec, cell)
    match column.kind:
        case "time":
            kept = f"in_range({own})"
            wanted = " or ".join(f'"{text}"' if "%" in text else text for text in spec.format)
            reason = f"is no time of the form {wanted}, 1970 to 2199"
            if days:
                value = day_sql(spec.format, cell, mapping.zone)
            else:
                value = time_sql(spec.format, cell, spec.zone or mapping.zone)
            return CellReading(value, kept, f"({cell} is not null and {kept} is null)", reason)
        case "number":
            apart = mapping.rates is not None or spec.currency is not None  # others are converted, or refused
            value, reason = _number(cell, marks, None if apart else mapping.currency)
            reason += " or in no currency known here" if apart else ""
            return CellReading(value, own, unread, reason)
        case "boolean":
            low, yes, no = f"lower({cell})", listed(_TRUE), listed(_FALSE)
            value = f"case when {low} in ({yes}) then true when {low} in ({no}) then false end"
            return CellReading(
                value, own, unread, "is neither yes nor no; list it in `values:`", listed_only=True
            )
        case "choice":
            value = f"case when lower({cell}) in ({listed(column.choices)}) then lower({cell}) end"
            return CellReading(value, own, unread, "is not listed in `values:`", listed_only=True)
    if column.kind == "id":
        return CellReading(f"number_of(plain_id({cell}))", own)
    return _of_texts(column, cell)


def _of_texts(column: CanonicalColumn, cell: str) -> CellReading:
    """How words are read that no list has: owners by name, other words unless they are a person's."""
    own = name(column.name)
    if column.name in OWNERS:
        return CellReading(f"case when contains({cell}, '@') then keyed({cell}) else {cell} end", own)
    kept = f"case when not is_personal({cell}) then {cell} end"
    return CellReading(kept, own, f"({cell} is not null and {own} is null)", PERSONAL)


def _constant(value: str | bool | int | float | None) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return str(value).lower()
        case str():
            return literal(value)
    return repr(value)


def _by_list(column: CanonicalColumn, spec: ColumnSpec, cell: str) -> CellReading:
    kind, own = SQL_TYPES[column.kind], name(column.name)
    becomes = {value.strip(): _constant(meaning) for value, meaning in spec.meanings.items()}
    arms = " ".join(f"when {literal(value)} then {meaning}" for value, meaning in becomes.items())
    arms = arms or "when null then null"
    if spec.has_otherwise and spec.otherwise != QUARANTINE:
        otherwise = f"case when {cell} is not null then {_constant(spec.otherwise)} end"
        return CellReading(f"(case {cell} {arms} else {otherwise} end)::{kind}", own)
    if column.kind == "text" and not spec.has_otherwise:  # a list of renamings
        other = _of_texts(column, cell)
        unread = f"({other.unread} and {cell} not in ({listed(becomes)}))" if other.reason else "false"
        return replace(other, value=f"(case {cell} {arms} else {other.value} end)::{kind}", unread=unread)
    return CellReading(
        f"(case {cell} {arms} end)::{kind}",
        own,
        f"({cell} is not null and {cell} not in ({listed(becomes)}))",
        "is not listed in `values:`",
        drops=spec.otherwise == QUARANTINE,
        listed_only=True,
    )


def time_sql(formats: tuple[str, ...], cell: str, zone: str) -> str:
    """SQL for the instant (naive UTC) a text means in one of the formats; null where it means none."""
    return _first(_by_format(text, cell, zone) for text in formats)


def day_sql(formats: tuple[str, ...], cell: str, zone: str) -> str:
    """SQL for the start (naive UTC) of the day that a text means, on a zone's clock, however it is kept."""
    return _to_utc(_first(_by_format(text, cell, None) for text in formats), zone)


def holds_days(
    engine: duckdb.DuckDBPyConnection, rows: str, cell: str, formats: tuple[str, ...] | None
) -> bool:
    """Whether a column's cells are dates: each a midnight, on the clock it is written in.

    A date that a CRM keeps as an instant is a midnight of UTC, west of which that is the day before. The
    first cell that has a time of day ends the search.
    """
    if not formats or all(not has_clock(text) for text in formats):
        return bool(formats)
    clock = _first(_by_format(text, cell, None) for text in formats)
    timed = f"select 1 from {rows} where {clock} <> date_trunc('day', {clock}) limit 1"
    return not engine.execute(timed).fetchall()


def _first(readings: Iterable[str]) -> str:
    read = list(readings)
    return read[0] if len(read) == 1 else f"coalesce({', '.join(read)})"


def _by_format(text: str, cell: str, zone: str | None) -> str:
    """SQL for the instant a text means; without a zone, for what the clock shows that it is written in."""
    match text:
        case "iso":
            plain = f"spaced({cell})"
            clock = f"try_cast({plain} as timestamp)"
            return (
                f"case when regexp_full_match({plain}, {literal(f'{_DAY}{_CLOCK}{_OFFSET}')}) "
                f"then timezone('UTC', try_cast({plain} as timestamptz)) "
                f"when regexp_full_match({plain}, {literal(f'{_DAY}({_CLOCK})?')}) "
                f"then {_to_utc(clock, zone) if zone else clock} end"
            )
        case "epoch_ms" | "epoch_s":
            # 1973 to 5138, so that neither days nor seconds are taken for anything else
            digits, factor = ("11,14", 1) if text == "epoch_ms" else ("9,10", 1000)
            return (
                f"case when regexp_full_match({cell}, '\\d{{{digits}}}') "
                f"then make_timestamp_ms({cell}::bigint * {factor}) end"
            )
    if text == EXCEL:
        since_1970 = f"make_timestamp_ms((round(({cell}::double - 25569) * 86400) * 1000)::bigint)"
        parsed = f"case when regexp_full_match({cell}, {literal(SERIAL)}) then {since_1970} end"
    else:
        parsed = f"try_strptime(spaced({cell}), {literal(text)})"
    if has_zone(text):
        return f"timezone('UTC', {parsed})"
    return _to_utc(parsed, zone) if zone else parsed


def _to_utc(clock: str, zone: str) -> str:
    """SQL for the instant (naive UTC) at which a zone's clock shows a time.

    The engine takes an hour that the clock shows twice as its second showing; slanb as its first. Only on
    the days that have such an hour is it looked at again. A time that the clock skips is read as if it had
    not been put forward yet.
    """
    days = ", ".join(f"date '{day}'" for day in days_with_an_hour_twice(zone))
    moment = f"timezone('UTC', timezone({literal(zone)}, {clock}))"
    if not days:
        return moment
    hour_before = f"({moment} - interval 1 hour)"
    return (
        f"({moment} - case when {clock}::date in ({days}) "
        f"and local({hour_before}, {literal(zone)}) = {clock} then interval 1 hour else interval 0 hour end)"
    )


@cache
def days_with_an_hour_twice(zone: str) -> tuple[str, ...]:
    """The days on which a zone's clock is set back, from EARLIEST to LATEST, as ISO text.

    >>> [day for day in days_with_an_hour_twice("Europe/Berlin") if day.startswith("2026")]
    ['2026-10-25']
    """
    days = pd.date_range(EARLIEST, LATEST, freq="D", unit="s")
    starts = days.tz_localize("UTC").tz_convert(zone).tz_localize(None)
    shift = np.diff((starts - days).total_seconds())
    return tuple(sorted({f"{starts[place]:%Y-%m-%d}" for place in np.flatnonzero(shift < 0)}))


def _number(cell: str, marks: tuple[str, str], currency: str | None) -> tuple[str, str]:
    """Numbers as people write them: a sign or brackets, a currency before or behind, marks as declared."""
    decimal, thousands = marks
    point = rf"\{decimal}"
    grouped = rf"\d{{1,3}}(?:\{thousands}\d{{3}})+|" if thousands else ""
    body = rf"((?:{grouped}\d+)(?:{point}\d*)?|{point}\d+)"
    whole = rf"\(?\s*[-−]?\s*{_MARK}?\s*[-−]?\s*{body}\s*{_MARK}?\s*[-−]?\s*\)?"
    plain = f"plain_number({cell})"
    digits = f"regexp_extract({plain}, {literal(whole)}, 1)"
    if thousands:
        digits = f"replace({digits}, {literal(thousands)}, '')"
    if decimal != ".":
        digits = f"replace({digits}, {literal(decimal)}, '.')"
    fits = f"regexp_full_match({plain}, {literal(whole)})"
    reason = f'is no number with "{decimal}" for decimals'
    if currency is not None:
        named = currency_of(currency_mark(cell))
        fits += f" and coalesce({named} in ({listed(names_of(currency))}), true)"
        reason += f", in {currency}"
    sign = f"case when regexp_matches({plain}, '[-−(]') then -1 else 1 end"
    value = f"case when {fits} then finite({sign} * try_cast({digits} as double)) end"
    return value, reason


def currency_mark(cell: str) -> str:
    """SQL for what a cell has beside its number to name a currency: a code or a sign, in capitals, as it
    stands; null if there is none (`currency_of`)."""
    plain = f"plain_number({cell})"
    code, sign = (f"nullif(upper(regexp_extract({plain}, {literal(mark)})), '')" for mark in (_CODE, _SIGN))
    return (
        f"case when regexp_matches({plain}, '\\d') then coalesce({code}, {sign}) end"  # no word is a currency
    )


def currency_of(mark: str) -> str:
    """SQL for the currency of a mark: a code, or a sign that several share or that is not known here."""
    return choice(mark, _CURRENCY_OF, mark)


def currency_named(column: str, currency: str) -> str:
    """SQL for the currency of an amount that a column names: as the amount's own (`currency_of`) says where
    the two disagree."""
    meant = " ".join(
        f"when {currency} = {literal(sign)} and {column} in ({listed(shared)}) then {column}"
        for sign, shared in SIGNS.items()
    )
    return f"case {meant} else coalesce({currency}, {column}) end"


def names_of(currency: str) -> list[str]:
    """What a currency is called beside a number: its code, and a sign that others share.

    >>> names_of("CAD"), names_of("EUR")
    (['CAD', '$'], ['EUR'])
    """
    return [currency, *(sign for sign, shared in SIGNS.items() if currency in shared)]


MACROS = f"""
    create macro local(moment, zone) as timezone(zone, timezone('UTC', moment));
    create macro in_range(moment) as case when moment >= '{EARLIEST}' and moment < '{LATEST}' then moment end;
    create macro finite(number) as case when isfinite(number) then number end;
    create macro unwrapped(cell) as
        case when starts_with(cell, '="') and ends_with(cell, '"') then cell[3:-2] else cell end;
    create macro tidy(cell) as case
        when strlen(cell) <> length(cell) or cell < '!' or cell[-1] < '!' or starts_with(cell, '="')
        then nfc_normalize(
            case when regexp_matches(cell, {_EDGE}) then unwrapped(trim(cell, {BLANK})) else cell end)
        else cell end;
    create macro spaced(cell) as case when strlen(cell) = length(cell) then cell
        else translate(cell, '{WIDE}{UNSEEN}', '{len(WIDE) * " "}') end;
    create macro plain_number(cell) as regexp_replace(
        trim(translate(cell, '{SPACES}’', '{len(SPACES) * " "}''')), '[.,][-–—]+( |$)', '\\1');
"""
