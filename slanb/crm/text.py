"""CSV files as text: opened in their encoding, undecodable bytes marked, the header read.

A byte that is no text in the declared encoding becomes `BAD`, a character no text holds, so that
the row it stands in can be told from the others.
"""

import codecs
import csv
import gzip
import io
import re
import unicodedata
import zlib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, TextIO

from slanb.crm.mapping_models import FileSpec
from slanb.errors import SlanbError

BAD = "\udcff"
MOST_COLUMNS = 5_000
HIDDEN = ("_file", "_line")  # columns that say where a row comes from
BROKEN_FILE = (OSError, EOFError, zlib.error)  # what reading raises on a file that ends or errs in the middle
MAGIC = {
    b"PK\x03\x04": "is a workbook or a zip archive, whatever its name says. Name it .xlsx, or unpack it.",
    b"\xd0\xcf\x11\xe0": "is an old Excel workbook, whatever its name says. Give it the ending .xls.",
    b"\x1f\x8b": "is compressed. Give it the ending .csv.gz.",
    b"PAR1": "is a Parquet file. Give it the ending .parquet.",
}

codecs.register_error("slanb.crm", lambda error: (BAD * (error.end - error.start), error.end))


def is_gzip(path: Path) -> bool:
    """Whether a file is compressed, by its ending."""
    return path.suffix.lower() == ".gz"


def open_text(path: Path, encoding: str, *, newline: str | None = "", skip: int = 0) -> TextIO:
    """A file as text after `skip` lines: .gz unpacked, no byte order mark, undecodable bytes as `BAD`."""
    raw = gzip.open(path, "rb") if is_gzip(path) else path.open("rb")  # noqa: SIM115 - the caller closes
    encoding = "utf-8-sig" if encoding == "utf-8" else encoding
    text = io.TextIOWrapper(raw, encoding=encoding, errors="slanb.crm", newline=newline)
    for _ in range(skip):
        text.readline()
    return text


def dialect(spec: FileSpec) -> dict[str, Any]:
    """How the file quotes and separates, as Python's csv module takes it."""
    doubled = spec.escape in (None, spec.quote)
    return {
        "delimiter": spec.delimiter,
        "quotechar": spec.quote,
        "doublequote": doubled,
        "escapechar": None if doubled else spec.escape,
        "skipinitialspace": True,
        "strict": True,
    }


def header_of(path: Path, spec: FileSpec, shown: str) -> tuple[str, ...]:
    """The column names of a CSV file, tidied (see `tidy`).

    Raises
    ------
    SlanbError : if the file is empty, is no text in this encoding, or its header cannot be read.
    """
    try:
        with path.open("rb") as raw:
            start = raw.read(4)
        for magic, problem in MAGIC.items():
            if start.startswith(magic) and not (magic == b"\x1f\x8b" and is_gzip(path)):
                raise SlanbError(f"{shown}: {problem}")
        with open_text(path, spec.encoding, skip=spec.skip) as text:
            cells = next((row for row in csv.reader(text, **dialect(spec)) if not is_blank(row)), None)
    except csv.Error as error:
        raise SlanbError(
            f"{shown}: the header cannot be read ({error}). Check `quote:` and `delimiter:`."
        ) from None
    except UnicodeError as error:
        raise SlanbError(f"{shown}: is not {spec.encoding} text ({error}). Say its `encoding:`.") from None
    except BROKEN_FILE as error:
        raise SlanbError(f"{shown}: cannot be read ({error}).") from None
    if cells is None:
        raise SlanbError(f"{shown}: is empty: there is not even a header.")
    if len(cells) > MOST_COLUMNS:
        raise SlanbError(
            f"{shown}: the header has {len(cells):,} columns, more than the {MOST_COLUMNS:,} that are read. "
            "Check `delimiter:`, and what the file's first line holds."
        )
    if any(BAD in cell or "\0" in cell for cell in cells):
        guess = "utf-16" if start[:2] in (b"\xff\xfe", b"\xfe\xff") else "cp1252"
        raise SlanbError(
            f"{shown}: the header is not {spec.encoding} text. Say the file's encoding, perhaps "
            f"`encoding: {guess}`."
        )
    return tidy(cells)


def is_blank(cells: list[str]) -> bool:
    """Whether a line's cells are those of an empty line."""
    return len(cells) <= 1 and not any(cells)


def other_delimiter(header: Sequence[str]) -> str:
    """A hint, where a header of one column holds what may stand between fields.

    >>> other_delimiter(["Id\\tAmount"]), other_delimiter(["Id", "Amount"])
    (' If "tab" stands between its fields, say so with `delimiter: "tab"`.', '')
    """
    others = [mark for mark in (",", ";", "\t", "|") if len(header) == 1 and mark in header[0]]
    word = "tab" if others == ["\t"] else "".join(others[:1])
    return f' If "{word}" stands between its fields, say so with `delimiter: "{word}"`.' if others else ""


def copies_of(column: str, header: Iterable[str]) -> list[str]:
    """What the other columns of a column's name are called after `tidy`.

    >>> copies_of("Amount", ["Id", "Amount", "amount (2)", "Amount due"])
    ['amount (2)']
    """
    copy = re.compile(rf"{re.escape(column)} \(\d+\)", re.IGNORECASE)
    return [other for other in header if copy.fullmatch(other)]


def tidy(cells: list[str]) -> tuple[str, ...]:
    """Column names without surrounding blanks, each its own.

    Names that differ in capitals only are the same to SQL; the second of a name becomes `Name (2)`, one
    without a name `column 3`.

    >>> tidy([" Amount", "amount", "", "Amount (2)"])
    ('Amount', 'amount (2)', 'column 3', 'Amount (2) (2)')
    """
    names: list[str] = []
    taken = set(HIDDEN)
    copies: dict[str, int] = {}
    for number, cell in enumerate(cells, start=1):
        name = base = unicodedata.normalize("NFC", cell.strip()) or f"column {number}"
        copy = copies.get(base.casefold(), 1)
        while name.casefold() in taken:
            copy += 1
            name = f"{base} ({copy})"
        copies[base.casefold()] = copy
        taken.add(name.casefold())
        names.append(name)
    return tuple(names)
