"""Crooked CSV files, read record by record: what can be read is kept, the rest listed with line and reason.

For the files DuckDB's strict reader objects to; thirty times slower, and it loses nothing. A quote
that never closes swallows only the line it stands in: the lines after it are read again as their own.
"""

import csv
from collections import deque
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from slanb.crm.furniture import is_furniture
from slanb.crm.mapping_models import FileSpec
from slanb.crm.text import BAD, dialect, is_blank, open_text

LONGEST = csv.field_size_limit()
NOT_TEXT = "not text in this encoding"


class Reject(NamedTuple):
    """A record that cannot be used.

    `line` is the number of the record in its file, the header being 1, blank lines not counted.
    """

    line: int
    column_name: str
    reason: str


def repair(
    path: Path, spec: FileSpec, header: tuple[str, ...], needed: Iterable[str], target: Path
) -> list[Reject]:
    """Write a file's readable records to `target` as plain CSV, and return the others.

    `target` is UTF-8 with commas and a header: `_line`, then the needed columns.
    """
    needed = list(needed)
    places = [header.index(name) for name in needed]
    rejects = []
    with (
        open_text(path, spec.encoding, newline=None, skip=spec.skip) as text,
        target.open("w", encoding="utf-8", newline="") as out,
    ):
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(["_line", *needed])
        for line, row in enumerate(_rows(text, spec, len(header)), start=2):
            if isinstance(row, str):
                rejects.append(Reject(line, "", row))
                continue
            cells = [row[place] for place in places]
            bad = next((name for name, cell in zip(needed, cells, strict=True) if BAD in cell), None)
            if bad is None:
                writer.writerow([line, *cells])
            else:
                rejects.append(Reject(line, bad, f"{NOT_TEXT} ({spec.encoding})"))
    return rejects


class _Lines:
    """The lines of a text, some of which can be given back."""

    def __init__(self, text: Iterable[str]):
        self.text = iter(text)
        self.waiting: deque[str] = deque()
        self.taken: list[str] = []

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line = self.waiting.popleft() if self.waiting else next(self.text)
        self.taken.append(line)
        return line

    def give_back_all_but_one(self) -> None:
        self.waiting.extendleft(reversed(self.taken[1:]))


def _rows(text: Iterable[str], spec: FileSpec, width: int) -> Iterator[list[str] | str]:
    """The records after the header; the reason in words for one that cannot be read.

    >>> list(_rows(['a,b\\n', '1,"2\\n', '3,4\\n', '5\\n'], FileSpec(path="a.csv"), 2))
    ['a quote opens and does not close', ['3', '4'], 'a field is missing: 1 of 2']
    """
    lines = _Lines(text)
    reader = csv.reader(lines, **dialect(spec))
    seen_header = False
    while True:
        lines.taken.clear()
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            row = _reason(str(error))
        if isinstance(row, list) and is_blank(row):
            continue
        if not seen_header:
            seen_header = True
            continue
        if isinstance(row, list) and len(row) == width + 1 and not row[-1]:
            row.pop()  # a line that ends in a delimiter, as DuckDB takes it
        if isinstance(row, list) and len(row) < width and is_furniture([*row, *[""] * (width - len(row))]):
            row += [""] * (width - len(row))  # a footer is not filled up; it is set apart later
        if isinstance(row, list) and len(row) != width:
            what = "a field is missing" if len(row) < width else "a field too many"
            row = f"{what}: {len(row)} of {width}"
        if isinstance(row, str):
            lines.give_back_all_but_one()
        yield row


def _reason(error: str) -> str:
    if "end of data" in error:
        return "a quote opens and does not close"
    if "expected after" in error:
        return "a quote stands inside a quoted field"
    if "limit" in error:
        return f"a quote opens and does not close, or a field is longer than {LONGEST:,} characters"
    return f"cannot be read as CSV ({error})"
