"""Raw rows to typed ones: each cell read, and kept beside where it could not be."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

import duckdb

from slanb.crm.currency import unmapped_currency
from slanb.crm.mapping import SourceMapping
from slanb.crm.mapping_models import ColumnSpec, TableSpec
from slanb.crm.shape import SQL_TYPES, TABLES, CanonicalColumn
from slanb.crm.source import Source, missing_column
from slanb.crm.sql import listed, name
from slanb.crm.text import HIDDEN
from slanb.crm.values import (
    CellReading,
    cell_of,
    cell_reading,
    currency_mark,
    currency_named,
    currency_of,
    holds_days,
)
from slanb.errors import SlanbError

SELECT_SECONDS = 600  # that a SELECT of a mapping may take


@dataclass(frozen=True)
class MappedColumn:
    """A canonical column, its place in the mapping and how its cells are read."""

    column: CanonicalColumn
    spec: ColumnSpec
    reading: CellReading

    @property
    def unread(self) -> str:
        """Name of the working column that keeps cells that could not be read."""
        return f"unread {self.column.name}"

    @property
    def can_fail(self) -> bool:
        return self.reading.unread != "false"

    @property
    def shows(self) -> bool:
        """Whether a cell may be shown in the quarantine; free text may be personal."""
        return self.column.kind != "text"


def type_rows(
    engine: duckdb.DuckDBPyConnection, source: Source, table: str, spec: TableSpec
) -> list[MappedColumn]:
    """Make `work.<table>`: the canonical columns, and beside them the cells that could not be read."""
    mapping = source.mapping
    rows = name(spec.from_) if spec.from_ is not None else _select(engine, source, table, spec)
    types = {row[0]: row[1] for row in engine.execute(f"describe select * from {rows}").fetchall()}
    columns = {column.name: column for column in TABLES[table]}
    mapped = []
    for key, one in spec.specs():
        marks = mapping.marks(one, mapping.files.get(spec.from_ or ""))
        if types.get(one.column, "VARCHAR") != "VARCHAR":
            marks = (".", "")  # a number a SELECT has computed is written as SQL writes it
        days = types.get(one.column) == "VARCHAR" and holds_days(
            engine, f"(select {_cell(one, mapping, types)} as cell from {rows})", "cell", one.format
        )
        read = cell_reading(columns[key], one, mapping, marks, days=days)
        if columns[key].kind == "time" and types.get(one.column) == "TIMESTAMP":
            read = replace(read, value=name(one.column))  # an instant already; its text stands beside it
        mapped.append(MappedColumn(columns[key], one, read))
    _check_columns(source, table, mapped, tuple(types))
    place = [column if column in types else f"null as {column}" for column in HIDDEN]
    absent = [column for key, column in columns.items() if all(one.column.name != key for one in mapped)]
    # in layers, so that nothing is computed twice: cells, values, and what could not be read
    cells = [f"{_cell(one.spec, mapping, types)} as {cell_of(one.column)}" for one in mapped]
    cells += [
        name(column)
        for column in dict.fromkeys(one.spec.column for one in mapped)
        if _is_instant(column, types)
    ]
    values = [f"{one.reading.value} as {name(one.column.name)}" for one in mapped]
    kept = [f"{one.reading.final} as {name(one.column.name)}" for one in mapped]
    kept += [
        f"case when {one.reading.unread} then {cell_of(one.column)} end as {name(one.unread)}"
        for one in mapped
        if one.can_fail
    ]
    kept += [f"null::{SQL_TYPES[column.kind]} as {name(column.name)}" for column in absent]
    named, extra = None, []
    if table == "deals":
        named = spec.columns.amount and spec.columns.amount.currency
        named = named or unmapped_currency(engine, source, rows, tuple(types))
        cells.append(f"upper({_cell(ColumnSpec(column=named), mapping, types)}) as _named")
    read = f"(select {', '.join([*place, *cells])} from {rows})"
    if table == "deals":
        read, currency = _with_currency(read, spec.columns.amount, named)
        extra = [f"{currency} as _currency", "null::varchar as converted_from"]
    engine.execute(
        f"create table work.{table} as select {', '.join([*HIDDEN, *kept, *extra])} "
        f"from (select *, {', '.join(values)} from {read})"
    )
    return mapped


def _select(engine: duckdb.DuckDBPyConnection, source: Source, table: str, spec: TableSpec) -> str:
    try:
        kind = "table" if source.prepare is None else "view"  # a preset has made the rows already
        with _in_time(engine, f"{source.place('tables', table, 'select')}: tables.{table}.select"):
            engine.execute(f"create {kind} work.{table}_rows as {spec.select.strip().rstrip(';')}")
    except duckdb.OutOfMemoryException:
        raise SlanbError(
            f"{source.place('tables', table, 'select')}: tables.{table}.select needs more memory, or room on "
            "disk, than there is for it. Let it join by a column that both tables have, or make fewer rows."
        ) from None
    except duckdb.InterruptException:
        raise
    except duckdb.Error as error:
        reason = " ".join(line.strip() for line in str(error).splitlines()[:2] if line.strip())
        raise SlanbError(
            f"{source.place('tables', table, 'select')}: tables.{table}.select cannot be run: {reason} "
            "(Every column of a file is text; write number::double to compute with it.)"
        ) from None
    return f"work.{table}_rows"


@contextmanager
def _in_time(engine: duckdb.DuckDBPyConnection, what: str) -> Iterator[None]:
    """Interrupt a SELECT of the user's that runs for longer than `SELECT_SECONDS`, and say so."""
    ended = threading.Event()

    def end() -> None:
        ended.set()
        engine.interrupt()

    clock = threading.Timer(SELECT_SECONDS, end)
    clock.start()
    try:
        yield
    except duckdb.Error:
        if not ended.is_set():
            raise
    finally:
        clock.cancel()
    if ended.is_set():
        raise SlanbError(
            f"{what} has run for {SELECT_SECONDS:,} seconds and was ended. Let it join by a column that both "
            "tables have, or ask for less."
        )


def _check_columns(source: Source, table: str, mapped: list[MappedColumn], there: tuple[str, ...]) -> None:
    where = f"tables.{table}.select"
    problems = [
        missing_column(where, wanted, there, source.place("tables", table, "columns", one.column.name))
        for one in mapped
        for wanted in (one.spec.column, one.spec.currency)
        if wanted is not None and wanted not in there
    ]
    if problems:
        raise SlanbError(problems)


def _with_currency(read: str, amount: ColumnSpec | None, named: str | None) -> tuple[str, str]:
    """The cells that are `read`, with what tells an amount's currency; and SQL for it from these: as the
    column `named` says, or the mark at the amount."""
    if amount is None or amount.column is None:
        return read, "null::varchar"
    cell = cell_of(next(column for column in TABLES["deals"] if column.name == "amount"))
    # each in a layer of its own, as it is long and asked for again and again
    read = f"(select *, {currency_mark(cell)} as _mark from {read})"
    read = f"(select *, {currency_of('_mark')} as _marked from {read})"
    return read, currency_named("_named", "_marked") if named else "_marked"


def _is_instant(column: str | None, types: dict[str, str]) -> bool:
    return types.get(column or "") == "TIMESTAMP"


def _cell(spec: ColumnSpec, mapping: SourceMapping, types: dict[str, str]) -> str:
    """SQL for the text of a cell, trimmed, null where it means nothing.

    Of an instant that a preset has read, `<column>_cell` is the text it could not read.
    """
    if spec.column is None:
        return "null::varchar"
    if _is_instant(spec.column, types):
        beside = f"{spec.column}_cell"
        unread = (
            f"when {name(spec.column)} is null then {name(beside)}"
            if beside in types
            else "when false then ''"
        )
        return f"case {unread} else {name(spec.column)}::varchar end"
    cell = f"tidy({name(spec.column)}::varchar)"
    blanks = listed(["", *(blank.strip() for blank in mapping.blanks)])
    return f"case when {cell} not in ({blanks}) then {cell} end"
