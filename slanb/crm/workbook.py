"""Excel workbooks as text: one sheet, its cells written as the CSV reader takes them.

A date that Excel keeps as a date is written as ISO, which has one reading; a whole number without a
decimal point, unless it has more digits than Excel keeps, which shows as damaged.
"""

import csv
import datetime
import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from slanb.crm.mapping_models import FileSpec
from slanb.errors import SlanbError

ENDINGS = (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods")
PANIC = "PanicException"  # the Rust reader's: no module exports it, and it is no Exception
EXACT = 10**15  # Excel keeps fifteen digits of a number


def sheet_rows(path: Path, spec: FileSpec, shown: str) -> Iterator[list[str]]:
    """The rows of a workbook's sheet as texts, from the first that is not empty.

    The sheet is the first that is not hidden, if none is named.

    Raises
    ------
    SlanbError : if it is no workbook that can be read, or has no such sheet.
    """
    from python_calamine import CalamineWorkbook

    try:
        book = CalamineWorkbook.from_path(str(path))
        names = book.sheet_names
        if spec.sheet is not None and spec.sheet not in names:
            raise SlanbError(
                f'{shown}: no sheet "{spec.sheet}". Found: {", ".join(names)}. Correct `sheet:`.'
            )
        sheet = book.get_sheet_by_name(spec.sheet or _first_shown(book))
        rows = sheet.to_python(skip_empty_area=False)
    except (SlanbError, MemoryError):
        raise
    except BaseException as error:
        if not isinstance(error, Exception) and type(error).__name__ != PANIC:
            raise  # ctrl-C, and the like
        raise SlanbError(f"{shown}: is no workbook that can be read ({error}).") from None
    for row in itertools.dropwhile(lambda row: not any(map(_text, row)), rows[spec.skip :]):
        yield [_text(cell) for cell in row]


def sheet_names(path: Path) -> tuple[str, list[str]]:
    """The sheet that is read where none is named, and the names of all."""
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_path(str(path))
    return _first_shown(book), book.sheet_names


def _first_shown(book: Any) -> str:
    """The first sheet that is not hidden; the first of all where every one is."""
    from python_calamine import SheetVisibleEnum

    shown = [sheet.name for sheet in book.sheets_metadata if sheet.visible == SheetVisibleEnum.Visible]
    return (shown or book.sheet_names)[0]


def write_sheet(path: Path, spec: FileSpec, shown: str, target: Path) -> None:
    """Write a sheet as plain UTF-8 CSV; rows of nothing are kept, so that rows keep their numbers."""
    with target.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_ALL)
        for row in sheet_rows(path, spec, shown):
            writer.writerow([cell.replace("\0", "") for cell in row])


def _text(cell: Any) -> str:
    """A cell as text.

    >>> [_text(cell) for cell in (12.0, 1.5, 1.2345678901234568e18, True, datetime.date(2026, 3, 1))]
    ['12', '1.5', '1.2345678901234568e+18', 'true', '2026-03-01']
    """
    match cell:
        case bool():
            return str(cell).lower()
        case float() if cell.is_integer() and abs(cell) < EXACT:
            return str(int(cell))
        case datetime.datetime():
            return cell.isoformat(sep=" ")
        case datetime.timedelta():
            return str(cell)
    return str(cell)
