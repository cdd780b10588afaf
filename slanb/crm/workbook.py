"""Excel workbooks as text: one sheet, its cells written as the CSV reader takes them.

A date that Excel keeps as a date is written as ISO, which has one reading; a whole number without a
decimal point, unless it has more digits than Excel keeps, which shows as damaged.
"""

import csv
import datetime
import itertools
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from slanb.crm.mapping_models import FileSpec
from slanb.errors import SlanbError

ENDINGS = (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods")
PANIC = "PanicException"  # the Rust reader's: no module exports it, and it is no Exception
EXACT = 10**15  # Excel keeps fifteen digits of a number
CELL = re.compile(rb'<(?:\w+:)?c\s[^>]*?\br="([A-Z]{1,3})(\d{1,7})"[^>]*(?<!/)>')  # that holds something
FAR = {"columns": 256, "rows": 1000}  # empty ones, after which a cell is none of the records'
CHUNK = 2**20


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
        name = spec.sheet or _first_shown(book)
        if path.name.lower().endswith((".xlsx", ".xlsm")):
            _refuse_strays(path, name, shown)
        sheet = book.get_sheet_by_name(name)
        rows = sheet.to_python(skip_empty_area=False)
    except (SlanbError, MemoryError):
        raise
    except BaseException as error:
        if not isinstance(error, Exception) and type(error).__name__ != PANIC:
            raise  # ctrl-C, and the like
        raise SlanbError(f"{shown}: is no workbook that can be read ({error}).") from None
    for row in itertools.dropwhile(lambda row: not any(map(_text, row)), rows[spec.skip :]):
        yield [_text(cell) for cell in row]


def _refuse_strays(path: Path, sheet: str, shown: str) -> None:
    """Refuse cells far from all others before the reader makes room for everything between."""
    columns: dict[int, str] = {}
    rows: dict[int, str] = {}
    for part in _parts(path, sheet):
        for letters, digits in CELL.findall(part):
            column, row = _number(letters), int(digits)
            if column not in columns or row not in rows:
                columns.setdefault(column, f"{letters.decode()}{row}")
                rows.setdefault(row, f"{letters.decode()}{row}")
    strays = {}
    for kind, places in (("columns", columns), ("rows", rows)):
        for before, after in itertools.pairwise(sorted(places)):
            if after - before > FAR[kind]:
                strays.setdefault(places[after], f"{after - before - 1:,} empty {kind}")
    if strays:
        listed = ", ".join(f"{cell} (after {gap})" for cell, gap in list(strays.items())[:3])
        raise SlanbError(
            f'{shown}: in sheet "{sheet}" something stands far from the records, in cell {listed}. Delete it '
            "there, or the empty cells before it, and save the file."
        )


def _number(letters: bytes) -> int:
    """The number of a column.

    >>> [_number(letters) for letters in (b"A", b"Z", b"AA", b"XFD")]
    [1, 26, 27, 16384]
    """
    number = 0
    for letter in letters:
        number = 26 * number + letter - 64
    return number


def _parts(path: Path, sheet: str) -> Iterator[bytes]:
    """The XML of a sheet, piece by piece, each cut before a tag."""
    with zipfile.ZipFile(path) as book:
        tree = ElementTree.fromstring(book.read("xl/workbook.xml"))
        keys = {
            value
            for one in tree.iterfind(".//{*}sheet")
            if one.get("name") == sheet
            for name, value in one.items()
            if name.endswith("}id")
        }
        links = ElementTree.fromstring(book.read("xl/_rels/workbook.xml.rels"))
        targets = [one.get("Target", "") for one in links if one.get("Id") in keys]
        there = book.namelist()
        for name in (f"xl/{target.removeprefix('/').removeprefix('xl/')}" for target in targets):
            if name not in there:
                continue  # named in a way of its own, which the reader may know
            with book.open(name) as xml:
                rest = b""
                while chunk := xml.read(CHUNK):
                    head, tag, tail = (rest + chunk).rpartition(b"<")
                    yield head
                    rest = tag + tail
                yield rest


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
