"""What stands in a report's file besides its records: totals, notes and empty rows below them.

They are set apart by name and counted. Totals between the records tell of a grouped report, whose records do
not say what they are grouped by: it is refused.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from slanb.crm.sql import count, literal, name, names
from slanb.errors import SlanbError

LONGEST_FOOTER = 60  # lines
TOTALS = (
    "total", "totals", "subtotal", "subtotals", "sub total", "grand total", "grand totals", "count",
    "record count", "sum", "average", "gesamt", "gesamtsumme", "gesamtsummen", "gesamtergebnis",
    "zwischensumme", "teilergebnis", "summe",
)  # fmt: skip
NOTES = (
    r"confidential information\b.*", r"vertrauliche informationen\b.*", r"copyright (\(c\)|©|\d{4}).*", "©.*",
    r"(report )?(generated|exported|run) (by|on|at)\b.*", r"filtered by\b.*", r"page \d+ of \d+",
)  # fmt: skip
_TOTAL = re.compile(rf"({'|'.join(TOTALS)})\s*(\(.*\))?\s*:?", re.IGNORECASE)
_NOTE = re.compile("|".join(NOTES), re.IGNORECASE)
EMPTY, FRAME = "nothing stands in the columns used", "a total or a note of the report, no record"


@dataclass(frozen=True)
class Furniture:
    """The lines of a file that hold no record: `empty` ones, and the `frame` of the report from `line` on."""

    empty: int = 0
    frame: int = 0
    line: int = 0


NONE = Furniture()


def is_furniture(cells: Sequence[str | None]) -> bool:
    """Whether a row is a report's total or note: it begins with one, and most of it is empty.

    >>> is_furniture(["Grand Totals (2 records)"]), is_furniture(["Total", "", "", "5400"])
    (True, True)
    >>> is_furniture(["Total", "2026-03-01", "Web", ""]), is_furniture(["Ann", "", "", ""])
    (False, False)
    """
    filled = [cell.strip() for cell in cells if cell and cell.strip()]
    if not filled or (len(filled) > 1 and 2 * len(filled) > len(cells)):
        return False
    return bool(_TOTAL.fullmatch(filled[0]) or _NOTE.fullmatch(filled[0]))


def set_apart(
    engine: duckdb.DuckDBPyConnection, rows: str, columns: Sequence[str], file: str, shown: str
) -> tuple[str, Furniture]:
    """The condition that leaves the furniture out of a file's `rows` (with `_line`), and how much it is.

    What is left out is told in `work.rejects`.

    Raises
    ------
    SlanbError : if it is a grouped report.
    """
    empty = " and ".join(f"trim(coalesce({name(column)}, '')) = ''" for column in columns)
    blank = count(engine, f"{rows} where {empty}")
    last = engine.execute(
        f"select _line, {names(columns)} from {rows} where not ({empty}) "
        f"order by _line desc limit {LONGEST_FOOTER}"
    ).fetchall()
    first = _first_of_footer(last)
    if first is not None:
        _refuse_groups(engine, rows, columns, shown)
    kept = [f"not ({empty})"] * bool(blank) + [f"_line < {first}"] * (first is not None)
    if not kept:
        return "true", Furniture()
    frame = 0 if first is None else count(engine, f"{rows} where _line >= {first} and not ({empty})")
    engine.execute(
        f"insert into work.rejects select {literal(file)}, _line, '', "
        f"case when {empty} then {literal(EMPTY)} else {literal(FRAME)} end "
        f"from {rows} where not ({' and '.join(kept)})"
    )
    return " and ".join(kept), Furniture(blank, frame, first or 0)


def _first_of_footer(last: Sequence[tuple]) -> int | None:
    """The line with which a footer begins, among the last rows of a file, the last first.

    A line of one cell between two lines of a footer, such as the company's name, belongs to it.
    """
    first = None
    for line, *cells in last:
        if is_furniture(cells):
            first = line
        elif sum(bool(cell and cell.strip()) for cell in cells) > 1:
            break
    return first


def _refuse_groups(engine: duckdb.DuckDBPyConnection, rows: str, columns: Sequence[str], shown: str) -> None:
    """A subtotal, wherever it stands, is a total of a group."""
    some = " or ".join(f"lower(trim({name(column)})) in {TOTALS}" for column in columns[:3])
    totals = engine.execute(
        f"select _line, {names(columns)} from {rows} where {some} order by _line limit {LONGEST_FOOTER}"
    ).fetchall()
    for line, *cells in totals:
        word = next(cell.strip() for cell in cells if cell and cell.strip())
        if is_furniture(cells) and word.lower().startswith(("sub", "zwischen", "teil")):
            raise SlanbError(
                f'{shown}: is a grouped report: "{word}" stands on line {line}, and not every record says '
                'what it is grouped by. Export it without groups (in Salesforce: "Details Only").'
            )
