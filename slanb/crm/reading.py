"""Files to raw tables: every column as text, every row with its file and line, every unreadable line listed.

DuckDB reads; nothing is sniffed. Where its strict reader objects to anything, the file goes through
`repair` instead. `line` is the number of the record in its file, the header being 1, blank lines not counted.
"""

import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import duckdb
import pandas as pd

from slanb.crm.furniture import NONE, Furniture, set_apart
from slanb.crm.repair import NOT_TEXT, Reject, repair
from slanb.crm.source import Source, SourceFile
from slanb.crm.sql import count, literal, name, names
from slanb.crm.text import BROKEN_FILE, copies_of, is_gzip, open_text
from slanb.crm.workbook import write_sheet
from slanb.errors import SlanbError

LONGEST_LINE = 2**24  # of a repaired file, bytes
MOST_NOT_TEXT = 0.01  # share of rows with undecodable bytes above which the encoding is wrong, not the rows
NESTED = ("STRUCT", "MAP", "UNION")
EXACT = 2**53  # from which on a decimal number rounds whole ones
MOST_REJECTED = 0.5  # share of unreadable lines above which the file is not what the mapping says


@dataclass(frozen=True)
class FileRead:
    """What became of a file: `rows` that could be read, `rejected` lines, `repaired` if read the slow way.

    `furniture` is counted among the rejected. `twice`: columns whose name stands twice in the header, each
    with what the second is called here, and in how many rows it holds something else.
    """

    file: SourceFile
    rows: int
    rejected: int
    repaired: bool
    furniture: Furniture = NONE
    twice: Mapping[str, tuple[str, int]] = field(default_factory=dict)

    @property
    def unreadable(self) -> int:
        """Lines that may be records and cannot be read."""
        return self.rejected - self.furniture.empty - self.furniture.frame


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
        columns = _columns(file, needed[file.table])
        try:
            if file.is_parquet and needed[file.table] is not None:
                _refuse_nested(engine, file, columns, source.lists(file.table))
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


def _columns(file: SourceFile, wanted: set[str] | None) -> list[str]:
    """The columns to read: those wanted, others of the same name, the first two, where footers stand."""
    if wanted is None:
        return list(file.header)
    if not file.is_parquet:
        copies = {copy for column in wanted for copy in copies_of(column, file.header)}
        wanted = wanted | copies | set(file.header[:2])
    return [column for column in file.header if column in wanted] or [file.header[0]]


def _twice(engine: duckdb.DuckDBPyConnection, table: str, columns: list[str]) -> dict[str, tuple[str, int]]:
    """The columns whose name stands twice in the header: what the other is called, and where they differ."""
    pairs = [(column, copy) for column in columns for copy in copies_of(column, columns)]
    differ = {
        column: (copy, count(engine, f"{table} where {name(column)} is distinct from {name(copy)}"))
        for column, copy in pairs
    }
    return {column: (copy, n) for column, (copy, n) in differ.items() if n}


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
            return _without_furniture(engine, file, table, columns)
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
    rows = count(engine, f"{table}_lines")
    _refuse_if_hopeless(file, rows, rejects)
    rejected = pd.DataFrame(rejects, columns=list(Reject._fields)).assign(file=file.name)
    engine.register("rejected", rejected)
    engine.execute("insert into work.rejects select file, line, column_name, reason from rejected")
    engine.unregister("rejected")
    return _without_furniture(engine, file, table, columns, len(rejects), repaired=True)


def _without_furniture(
    engine: duckdb.DuckDBPyConnection,
    file: SourceFile,
    table: str,
    columns: list[str],
    rejected: int = 0,
    repaired: bool = False,
) -> FileRead:
    """Make the view `table` over the lines of a file (`<table>_lines`) that are records."""
    lines = f"{table}_lines"
    kept, furniture = set_apart(engine, lines, columns, file.name, file.shown)
    engine.execute(f"create view {table} as select * from {lines} where {kept}")
    rejected += furniture.empty + furniture.frame
    twice = _twice(engine, table, columns)
    return FileRead(file, count(engine, table), rejected, repaired, furniture, twice)


def _refuse_nested(
    engine: duckdb.DuckDBPyConnection, file: SourceFile, columns: list[str], lists: set[str]
) -> None:
    """Refuse columns whose cells hold several values, but for lists where a list is expected."""
    kinds = engine.execute(f"describe select * from read_parquet({literal(str(file.path))})").fetchall()
    nested = [
        (column, kind)
        for column, (_, kind, *_) in zip(file.header, kinds, strict=True)
        if column in columns and (kind.startswith(NESTED) or (kind.endswith("[]") and column not in lists))
    ]
    if nested:
        raise SlanbError(
            f'{file.shown}: column "{column}" is nested ({kind}): a cell of it holds several values. Write '
            "the one that is meant as a column of its own, or choose another column."
            for column, kind in nested
        )


def _read_parquet(
    engine: duckdb.DuckDBPyConnection, file: SourceFile, table: str, columns: list[str]
) -> None:
    given = engine.execute(f"describe select * from read_parquet({literal(str(file.path))})").fetchall()
    raw = dict(zip(file.header, given, strict=True))
    kept = ", ".join(f"{_parquet_cell(*raw[column][:2])} as {name(column)}" for column in columns)
    engine.execute(
        f"create table {table} as select {kept}, file_row_number + 2 as _line "
        f"from read_parquet({literal(str(file.path))}, file_row_number = true)"
    )


def _parquet_cell(column: str, kind: str) -> str:
    """SQL for a Parquet cell as text: a whole number without a point, a rounded one as spreadsheets do."""
    cell = name(column)
    if kind not in ("DOUBLE", "FLOAT"):
        return f"{cell}::varchar"
    return (
        f"case when not isfinite({cell}) or {cell} <> trunc({cell}) then {cell}::varchar "
        f"when abs({cell}) < {EXACT} then {cell}::bigint::varchar else format('{{:.15e}}', {cell}) end"
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
            f"skip = {spec.skip}, compression = {literal('gzip' if is_gzip(path) else 'none')}, "
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
    engine.execute(f"create view {table}_lines as select *, rowid + 2 as _line from {table}_text")
    return True


def _read_repaired(engine: duckdb.DuckDBPyConnection, path: Path, table: str, columns: list[str]) -> None:
    every = ", ".join(f"{literal(column)}: 'varchar'" for column in columns)
    engine.execute(
        f"create table {table}_lines as select * from read_csv({literal(str(path))}, "
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
