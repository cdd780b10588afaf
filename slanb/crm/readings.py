"""How cells can be read: every way that fits all of them, so that a person can choose where there are two.

Nothing is chosen here.
"""

import datetime
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import duckdb
from babel.numbers import is_currency

from slanb.crm.mapping_words import EARLIEST, EXCEL, LATEST
from slanb.crm.sql import literal
from slanb.crm.values import MACROS, SERIAL, SIGNS, UNSEEN, WIDE, currency_mark, currency_of, time_sql
from slanb.database import connect

DAY_ORDERS = ("dmy", "mdy", "ymd")
SAMPLE = 5_000  # different cells looked at
_CLOCKS = (
    (r"\d{1,2}:\d{2}", " %H:%M"),
    (r"\d{1,2}:\d{2}:\d{2}", " %H:%M:%S"),
    (r"\d{1,2}:\d{2} ?[AaPp][Mm]", " %I:%M %p"),
    (r"\d{1,2}:\d{2}:\d{2} ?[AaPp][Mm]", " %I:%M:%S %p"),
)
_PLAIN = str.maketrans(dict.fromkeys(WIDE, " ") | dict.fromkeys(UNSEEN, ""))
_DATE = re.compile(r"(\d{1,4})([./-])(\d{1,2})\2(\d{1,4})(?:,? +(.+))?")


@dataclass(frozen=True)
class TimeReading:
    """One way to read all cells: the formats, and what the first cell would mean."""

    formats: tuple[str, ...]
    example: str
    means: str

    @property
    def says(self) -> str:
        """As a mapping says it.

        >>> TimeReading(("%d/%m/%y",), "02/03/26", "2026-03-02 00:00").says
        '"%d/%m/%y" (02/03/26 is 2 March 2026)'
        """
        day = datetime.date.fromisoformat(self.means[:10])
        formats = ", ".join(f'"{text}"' if "%" in text else text for text in self.formats)
        formats = f"[{formats}]" if len(self.formats) > 1 else formats
        return f"{formats} ({self.example} is {day.day} {day:%B %Y})"


def time_readings(cells: Iterable[str], *, serials: bool = False) -> list[TimeReading]:
    """The ways in which every one of the cells is a time; none if they are no times, or not all of one kind.

    serials : numbers may be days as Excel counts them.

    >>> [reading.formats for reading in time_readings(["02/03/26 02:18 AM", "01/02/26"])]
    [('%d/%m/%y %I:%M %p', '%d/%m/%y'), ('%m/%d/%y %I:%M %p', '%m/%d/%y')]
    >>> [reading.formats for reading in time_readings(["13/03/2026", "01/02/2026"])]
    [('%d/%m/%Y',)]
    >>> [reading.formats for reading in time_readings(["2026-03-01T09:00:00Z"])]
    [('iso',)]
    >>> time_readings(["46083", "46084.5"], serials=True)[0].says
    'excel (46083 is 2 March 2026)'
    """
    plain = (cell.translate(_PLAIN).strip() for cell in cells)
    different = list(dict.fromkeys(cell for cell in plain if cell))[:SAMPLE]
    if not different:
        return []
    with _table(different) as engine:
        ways = []
        for formats in (("iso",), ("epoch_ms",), ("epoch_s",)):
            if formats[0] != "epoch_s" or all(len(cell) == 10 for cell in different):
                ways += _fits(engine, formats, different[0])
        if serials and all(re.fullmatch(SERIAL, cell) for cell in different):
            ways += _fits(engine, (EXCEL,), different[0])
        return ways or [
            reading
            for order in DAY_ORDERS
            for reading in _fits(engine, _formats(different, order), different[0])
        ]


def currencies_at(cells: Iterable[str]) -> list[str]:
    """The currencies, or the signs that several share, that stand at numbers.

    >>> currencies_at(["€ 1.200,00", "$1,200", "CHF 500", "1 200 USD", "70", "ABC123"])
    ['$', 'CHF', 'EUR', 'USD']
    """
    with _table(list(cells)) as engine:
        found = engine.execute(
            f"select distinct {currency_of('mark')} as currency "
            f"from (select {currency_mark('cell')} as mark from cells) where currency <> '' order by 1"
        ).fetchall()
    return [mark for (mark,) in found if is_currency(mark) or mark in SIGNS or not mark.isalpha()]


def _table(cells: Sequence[str]) -> duckdb.DuckDBPyConnection:
    """An engine of its own, with a table `cells` (`cell`)."""
    engine = connect()
    engine.execute("set TimeZone = 'UTC'")
    engine.execute(MACROS)
    engine.execute("create table cells as select unnest($cells::varchar[]) as cell", {"cells": cells})
    return engine


def _formats(cells: Sequence[str], order: str) -> tuple[str, ...]:
    """The formats for the shapes of these cells, in one order of day, month and year."""
    formats: dict[str, None] = {}
    for cell in cells:
        match = _DATE.fullmatch(cell)
        if match is None:
            return ()
        first, mark, _, last, clock = match.groups()
        year = {"y": first}.get(order[0], last)
        if (
            len(year) not in ((4,) if order == "ymd" else (2, 4))
            or (order != "ymd" and len(first) > 2)
            or (order == "ymd" and len(last) > 2)
        ):
            return ()
        parts = {"d": "%d", "m": "%m", "y": "%Y" if len(year) == 4 else "%y"}
        text = mark.join(parts[part] for part in order)
        if clock is not None:
            time = next((time for shape, time in _CLOCKS if re.fullmatch(shape, clock)), None)
            if time is None:
                return ()
            text += ("," if "," in cell else "") + time
        formats[text] = None
    return tuple(formats)


def _fits(engine: duckdb.DuckDBPyConnection, formats: tuple[str, ...], example: str) -> list[TimeReading]:
    if not formats:
        return []
    value = time_sql(formats, "cell", "UTC")
    low, high = literal(EARLIEST), literal(LATEST)
    every, means = engine.execute(
        f"select bool_and(coalesce({value} >= {low} and {value} < {high}, false)), "
        f"any_value(strftime({value}, '%Y-%m-%d %H:%M')) filter (where cell = {literal(example)}) from cells"
    ).fetchall()[0]
    return [TimeReading(formats, example, means)] if every else []


def number_readings(cells: Iterable[str]) -> list[str]:
    """The decimal marks with which every cell is a number: ".", "," or both.

    >>> number_readings(["1,234", "1.5"]), number_readings(["1.234"]), number_readings(["3.500,00 €"])
    (['.'], ['.', ','], [','])
    >>> number_readings(["12", "abc"])
    []
    """
    bare = [re.sub(r"[^\d.,+-]", "", cell) for cell in cells if cell.strip()]
    if not bare or any(re.search("[A-Za-z]{4}", cell) for cell in cells):
        return []
    marks = []
    for decimal, group in ((".", ","), (",", ".")):
        shape = rf"[+-]?(\d+|\d{{1,3}}(\{group}\d{{3}})+)?(\{decimal}\d*)?-?"
        if all(re.fullmatch(shape, cell) and re.search(r"\d", cell) for cell in bare):
            marks.append(decimal)
    return marks
