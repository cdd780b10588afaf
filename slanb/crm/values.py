"""Cells to values: the SQL that reads a text as an instant, a number, a yes or no, one of a few words.

A cell that cannot be read becomes null and is reported; it is never guessed at.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd

from slanb.crm.mapping import SourceMapping
from slanb.crm.mapping_models import ColumnSpec
from slanb.crm.mapping_words import EARLIEST, LATEST, QUARANTINE, has_zone
from slanb.crm.shape import SQL_TYPES, CanonicalColumn
from slanb.crm.sql import listed, literal, name

SPACES = " \t\r\n\u00a0\u202f\u2009"
_EDGE = (
    f"'^[{SPACES}\ufeff\\x00]|[{SPACES}\ufeff\\x00]$|^=\"'"  # cells seldom have blanks, and trimming is slow
)
BLANK = f"'{SPACES}\ufeff' || chr(0)"  # SQL for what is cut off both ends of a cell

# written here as SQL text: RE2 patterns for whole cells
_DAY = r"\d{4}-\d{1,2}-\d{1,2}"
_CLOCK = r"[T ]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?"
_OFFSET = r" ?(Z|UTC|[+-]\d{2}(:?\d{2})?)"
_CODE = "[A-Z]{3}"
_SIGN = r"\p{Sc}"  # any currency's sign
_CURRENCY = rf"(?:[A-Z]{{0,2}}{_SIGN}|{_CODE}|kr\.?|zł|Kč|Ft|lei|S?Fr\.?)"
_SIGN_OF = {
    "€": "EUR",
    "£": "GBP",
    "₹": "INR",
    "₺": "TRY",
    "₽": "RUB",
    "₴": "UAH",
    "₪": "ILS",
    "zł": "PLN",
    "Kč": "CZK",
}
ADDRESS = r"'[^@\s]@[^@\s]+\.[^@\s]'"  # what makes a text an e-mail address
OWNERS = ("owner", "from_owner", "to_owner")
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
    column: CanonicalColumn, spec: ColumnSpec, mapping: SourceMapping, marks: tuple[str, str]
) -> CellReading:
    """How the cells of a column are read; `marks` are its decimal mark and thousands separator."""
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
            value = time_sql(spec.format, cell, spec.zone or mapping.zone)
            return CellReading(value, kept, f"({cell} is not null and {kept} is null)", reason)
        case "number":
            value, reason = _number(cell, marks, mapping.currency)
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
    if column.name in OWNERS:
        return CellReading(f"split_part({cell}, '@', 1)", own)
    kept = f"case when not regexp_matches({cell}, {ADDRESS}) then {cell} end"
    return CellReading(kept, own, unread, "holds an e-mail address, which is not carried past the import")


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
    if column.kind == "text" and not spec.has_otherwise:
        return CellReading(f"(case {cell} {arms} else {cell} end)::{kind}", own)  # a list of renamings
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
    read = [_by_format(text, cell, zone) for text in formats]
    return read[0] if len(read) == 1 else f"coalesce({', '.join(read)})"


def _by_format(text: str, cell: str, zone: str) -> str:
    match text:
        case "iso":
            return (
                f"case when regexp_full_match({cell}, {literal(f'{_DAY}{_CLOCK}{_OFFSET}')}) "
                f"then timezone('UTC', try_cast({cell} as timestamptz)) "
                f"when regexp_full_match({cell}, {literal(f'{_DAY}({_CLOCK})?')}) "
                f"then {_to_utc(f'try_cast({cell} as timestamp)', zone)} end"
            )
        case "epoch_ms" | "epoch_s":
            # 1973 to 5138, so that seconds are never taken for milliseconds
            digits, factor = ("11,14", 1) if text == "epoch_ms" else ("1,10", 1000)
            return (
                f"case when regexp_full_match({cell}, '\\d{{{digits}}}') "
                f"then make_timestamp_ms({cell}::bigint * {factor}) end"
            )
    parsed = f"try_strptime({cell}, {literal(text)})"
    return f"timezone('UTC', {parsed})" if has_zone(text) else _to_utc(parsed, zone)


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
    whole = rf"\(?\s*[-−]?\s*{_CURRENCY}?\s*[-−]?\s*{body}\s*{_CURRENCY}?\s*[-−]?\s*\)?"
    plain = f"plain_number({cell})"
    digits = f"regexp_extract({plain}, {literal(whole)}, 1)"
    if thousands:
        digits = f"replace({digits}, {literal(thousands)}, '')"
    if decimal != ".":
        digits = f"replace({digits}, {literal(decimal)}, '.')"
    fits = f"regexp_full_match({plain}, {literal(whole)})"
    reason = f'is no number with "{decimal}" for decimals'
    if currency is not None:
        fits += f" and {_in_currency(plain, currency)}"
        reason += f", in {currency}"
    sign = f"case when regexp_matches({plain}, '[-−(]') then -1 else 1 end"
    value = f"case when {fits} then finite({sign} * try_cast({digits} as double)) end"
    return value, reason


def _in_currency(plain: str, currency: str) -> str:
    """True unless a code or a sign of another currency stands beside the number."""
    others = "|".join(sign for sign, code in _SIGN_OF.items() if code != currency)
    code = f"regexp_extract({plain}, {literal(_CODE)})"
    return f"({code} in ('', {literal(currency)}) and not regexp_matches({plain}, {literal(others)}))"


MACROS = f"""
    create macro local(moment, zone) as timezone(zone, timezone('UTC', moment));
    create macro in_range(moment) as case when moment >= '{EARLIEST}' and moment < '{LATEST}' then moment end;
    create macro finite(number) as case when isfinite(number) then number end;
    create macro unwrapped(cell) as
        case when starts_with(cell, '="') and ends_with(cell, '"') then cell[3:-2] else cell end;
    create macro tidy(cell) as nfc_normalize(
        case when regexp_matches(cell, {_EDGE}) then unwrapped(trim(cell, {BLANK})) else cell end);
    create macro number_of(id) as case when contains(id, '@') then 'id-' || left(sha256(id), 16) else id end;
    create macro plain_number(cell) as trim(translate(cell, '{SPACES}’', '{len(SPACES) * " "}'''));
"""
