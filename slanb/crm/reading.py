"""Files to raw tables: every column as text, every row with its file and line, every unreadable line listed.

DuckDB reads; nothing is sniffed. Where its strict reader objects to anything, the file goes through
`repair` instead. `line` is the number of the record in its file, the header being 1, blank lines not counted.
"""

import hashlib
import shutil
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb
import pandas as pd

from slanb.crm.repair import NOT_TEXT, Reject, repair
from slanb.crm.source import Source, SourceFile
from slanb.crm.sql import count, literal, name, names
from slanb.crm.text import BROKEN_FILE, open_text
from slanb.crm.workbook import write_sheet
from slanb.errors import SlanbError

LONGEST_LINE = 2**24  # of a repaired file, bytes
MOST_NOT_TEXT = 0.01  # share of rows with undecodable bytes above which the encoding is wrong, not the rows
MOST_REJECTED = 0.5  # share of unreadable lines above which the file is not what the mapping says


@dataclass(frozen=True)
class FileRead:
    """What became of a file: `rows` that could be read, `rejected` lines, `repaired` if read the slow way."""

    file: SourceFile
    rows: int
    rejected: int
    repaired: bool


def hashes(source: Source) -> dict[str, str]:
    """The sha256 of every file, by name.

    Raises
    ------
    SlanbError : if a file cannot be read.
    """
    by_name = {}
    for file in source.files:
        try:
            with file.path.open("rb") as raw:
                by_name[file.name] = hashlib.file_digest(raw, "sha256").hexdigest()
        except OSError as error:
            raise SlanbError(f"{file.shown}: cannot be read ({error.strerror or error}).") from None
    return by_name


def read_files(engine: duckdb.DuckDBPyConnection, source: Source, scratch: Path) -> list[FileRead]:
    """Read every file of a source into `engine`.

    Makes a view for each name under `files:` (the file's columns as text, `_file`, `_line`) and the table
    `work.rejects` (`file`, `line`, `column_name`, `reason`).

    Raises
    ------
    SlanbError : for files that cannot be read, are in another encoding, or are no CSV of this shape.
    """
    engine.execute("create schema raw")
    engine.execute(
        "create table work.rejects (file varchar, line bigint, column_name varchar, reason varchar)"
    )
    needed = source.used
    done, problems = [], []
    for number, file in enumerate(source.files):
        wanted = needed[file.table]
        columns = [column for column in file.header if wanted is None or column in wanted] or [file.header[0]]
        try:
            done.append(_read(engine, file, f"raw.file_{number}", columns, scratch))
        except SlanbError as error:
            problems += error.problems
    if problems:
        raise SlanbError(problems)
    for table in needed:
        parts = [
            f"select *, {literal(file.name)} as _file from raw.file_{number}"
            for number, file in enumerate(source.files)
            if file.table == table
        ]
        engine.execute(f"create view {name(table)} as {' union all by name '.join(parts)}")
    return done


def _read(
    engine: duckdb.DuckDBPyConnection, file: SourceFile, table: str, columns: list[str], scratch: Path
) -> FileRead:
    if file.is_parquet:
        _read_parquet(engine, file, table, columns)
        return FileRead(file, count(engine, table), 0, repaired=False)
    if file.is_workbook:
        sheet = scratch / "sheet.csv"
        write_sheet(file.path, file.spec, file.shown, sheet)
        spec = file.spec.model_copy(update={"encoding": "utf-8", "delimiter": ",", "quote": '"', "skip": 0})
        file = replace(file, path=sheet, spec=spec)
    try:
        plain = _plain_text(file, scratch)
        if plain is not None and _read_strictly(engine, file, plain, table, columns):
            return FileRead(file, count(engine, table), 0, repaired=False)
        repaired = scratch / "repaired.csv"
        rejects = repair(file.path, file.spec, file.header, columns, repaired)
    except BROKEN_FILE as error:
        raise SlanbError(f"{file.shown}: cannot be read to its end ({error}).") from None
    except UnicodeError as error:
        raise SlanbError(
            f"{file.shown}: is not {file.spec.encoding} text ({error}). Say its `encoding:`."
        ) from None
    _read_repaired(engine, repaired, table, columns)
    repaired.unlink()
    rows = count(engine, table)
    _refuse_if_hopeless(file, rows, rejects)
    rejected = pd.DataFrame(rejects, columns=list(Reject._fields)).assign(file=file.name)
    engine.register("rejected", rejected)
    engine.execute("insert into work.rejects select file, line, column_name, reason from rejected")
    engine.unregister("rejected")
    return FileRead(file, rows, len(rejects), repaired=True)


def _read_parquet(
    engine: duckdb.DuckDBPyConnection, file: SourceFile, table: str, columns: list[str]
) -> None:
    given = engine.execute(f"describe select * from read_parquet({literal(str(file.path))})").fetchall()
    raw = dict(zip(file.header, (row[0] for row in given), strict=True))
    kept = ", ".join(f"{name(raw[column])}::varchar as {name(column)}" for column in columns)
    engine.execute(
        f"create table {table} as select {kept}, file_row_number + 2 as _line "
        f"from read_parquet({literal(str(file.path))}, file_row_number = true)"
    )


def _plain_text(file: SourceFile, scratch: Path) -> Path | None:
    """The file as UTF-8, itself if it is; None if some bytes are no text in its encoding."""
    if file.spec.encoding in ("utf-8", "utf-8-sig", "ascii"):
        return file.path
    target = scratch / "transcoded.csv"
    try:
        with (
            open_text(file.path, file.spec.encoding) as text,
            target.open("w", encoding="utf-8", newline="") as out,
        ):
            shutil.copyfileobj(text, out, 2**20)
    except UnicodeEncodeError:  # the mark of undecodable bytes cannot be written
        return None
    return target


def _read_strictly(
    engine: duckdb.DuckDBPyConnection, file: SourceFile, path: Path, table: str, columns: list[str]
) -> bool:
    """Read with DuckDB; false, and no table, if it objects to anything."""
    spec = file.spec
    with open_text(path, "utf-8", skip=spec.skip) as text:
        if not text.readline().strip():  # a blank line would be taken for the header
            return False
    every = ", ".join(f"{literal(column)}: 'varchar'" for column in file.header)
    engine.execute("drop table if exists reject_errors; drop table if exists reject_scans")
    try:
        engine.execute(
            f"create table {table}_text as select {names(columns)} from read_csv({literal(str(path))}, "
            f"columns = {{{every}}}, auto_detect = false, header = true, encoding = 'utf-8', "
            f"skip = {spec.skip}, "
            f"delim = {literal(spec.delimiter)}, quote = {literal(spec.quote)}, "
            f"escape = {literal(spec.escape or spec.quote)}, strict_mode = true, "
            "store_rejects = true, rejects_limit = 1)"
        )
        clean = engine.execute("select count(*) from reject_errors").fetchall()[0] == (0,)
    except duckdb.OutOfMemoryException:
        raise
    except duckdb.Error:
        clean = False
    if not clean:
        engine.execute(f"drop table if exists {table}_text")
        return False
    engine.execute(f"create view {table} as select *, rowid + 2 as _line from {table}_text")
    return True


def _read_repaired(engine: duckdb.DuckDBPyConnection, path: Path, table: str, columns: list[str]) -> None:
    every = ", ".join(f"{literal(column)}: 'varchar'" for column in columns)
    engine.execute(
        f"create table {table} as select * from read_csv({literal(str(path))}, "
        f"columns = {{'_line': 'bigint', {every}}}, auto_detect = false, header = true, delim = ',', "
        f"quote = '\"', escape = '\"', strict_mode = true, max_line_size = {LONGEST_LINE})"
    )


def _refuse_if_hopeless(file: SourceFile, rows: int, rejects: Iterable[Reject]) -> None:
    rejects = list(rejects)
    total = rows + len(rejects)
    not_text = [reject for reject in rejects if reject.reason.startswith(NOT_TEXT)]
    if len(not_text) > max(1, MOST_NOT_TEXT * total):
        raise SlanbError(
            f"{file.shown}: {len(not_text):,} of {total:,} rows hold bytes that are not {file.spec.encoding} "
            f'text, the first on line {not_text[0].line} in column "{not_text[0].column_name}". Say the '
            "file's encoding, perhaps `encoding: cp1252`, or save it as UTF-8."
        )
    if len(rejects) > MOST_REJECTED * total:
        raise SlanbError(
            f"{file.shown}: {len(rejects):,} of {total:,} lines cannot be read, the first on line "
            f"{rejects[0].line} ({rejects[0].reason}). Check `delimiter:`, `quote:` and `escape:`."
        )
