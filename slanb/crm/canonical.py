"""Raw tables to canonical ones: every row is used or in quarantine, every cell read, empty or reported.

All of it is SQL.
"""

from pathlib import Path

import duckdb

from slanb.crm.currency import Money, in_one_currency
from slanb.crm.mapping import SourceMapping
from slanb.crm.mistakes import hopeless, mistaken
from slanb.crm.personal import set_strays_apart
from slanb.crm.quarantine import TableReport, count_rows, leave_out
from slanb.crm.shape import ORDER, SQL_TYPES, TABLES
from slanb.crm.source import Source
from slanb.crm.sql import literal, name
from slanb.crm.typed import MappedColumn, type_rows
from slanb.crm.values import OWNERS
from slanb.errors import SlanbError


def build(engine: duckdb.DuckDBPyConnection, source: Source, folder: Path) -> dict[str, TableReport]:
    """Make the canonical tables from the raw ones and write them to `folder` as Parquet.

    Afterwards the tables of `shape` can be queried as `canon.<table>`, deals with `converted_from`, the
    currency of an amount that a rate has converted; and `work.quarantine`
    (`effect`, `table`, `file`, `line`, `column`, `value`, `reason`) holds what was left out: a `line` of a
    file, a `row` of a table or a `cell` of a used row. `work.unconverted` holds the won deals in another
    currency that no rate converts, since they have no closing date.

    Raises
    ------
    SlanbError : where a SELECT fails, a column is absent, or a column plainly holds something else.
    """
    engine.execute("create schema canon")
    engine.execute(
        'create table work.quarantine (effect varchar, "table" varchar, file varchar, line bigint, '
        '"column" varchar, value varchar, reason varchar)'
    )
    engine.execute("create table work.unconverted (deal_id varchar)")
    engine.execute(
        "insert into work.quarantine "
        "select 'line', '', file, line, column_name, '', reason from work.rejects order by file, line"
    )
    if source.prepare is not None:
        source.prepare.run(engine)
    mapped, problems, money = {}, [], Money()
    for table, spec in source.mapping.mapped():
        try:
            mapped[table] = type_rows(engine, source, table, spec)
            _set_strays_apart(engine, table, mapped[table])
            if table == "deals":
                money = in_one_currency(engine, source, spec.columns.amount)
            problems += mistaken(engine, source, table, mapped[table])
        except SlanbError as error:
            problems += error.problems
    if problems:
        raise SlanbError(problems)
    if source.mapping.owners == "pseudonym":
        _pseudonyms(engine, tuple(mapped))
    reports = {}
    for table in TABLES:
        reports[table] = TableReport()
        if table in mapped:
            one_pattern = source.mapping.table(table).from_ is not None
            problems += leave_out(engine, table, mapped[table], one_pattern)
            count_rows(engine, table, mapped[table], reports[table])
            problems += hopeless(engine, source, table, reports[table])
        if table == "deals":
            reports[table].money = money
        if not problems:
            _write(engine, source.mapping, table, reports[table], folder)
    if problems:
        raise SlanbError(problems)
    return reports


def _set_strays_apart(engine: duckdb.DuckDBPyConnection, table: str, mapped: list[MappedColumn]) -> None:
    for one in mapped:
        if one.column.kind == "text" and one.can_fail and not one.reading.listed_only:
            known = [str(meaning) for meaning in (one.spec.meanings or {}).values()]
            set_strays_apart(engine, table, name(one.column.name), name(one.unread), known)


def _pseudonyms(engine: duckdb.DuckDBPyConnection, tables: tuple[str, ...]) -> None:
    """Make `work.pseudonyms`: owners numbered by when they are first seen; later ones add at the end."""
    seen = {
        "leads": [("owner", "created_at")],
        "activities": [("owner", "occurred_at")],
        "assignments": [("to_owner", "assigned_at"), ("from_owner", "assigned_at")],
    }
    rows = " union all ".join(
        f"select {owner} as owner, {moment} as moment from work.{table}"
        for table in tables
        for owner, moment in seen.get(table, [])
    )
    engine.execute(
        "create table work.pseudonyms as "
        "select owner, 'Owner ' || row_number() over (order by min(moment) nulls last, owner) as shown "
        f"from ({rows}) where owner is not null group by owner"
    )


def _write(
    engine: duckdb.DuckDBPyConnection, mapping: SourceMapping, table: str, report: TableReport, folder: Path
) -> None:
    if mapping.table(table) is None:
        columns = ", ".join(f"null::{SQL_TYPES[column.kind]} as {column.name}" for column in TABLES[table])
        query = f"select {columns} where false"
    else:
        query = _query(engine, mapping, table, report)
    path = literal(str(folder / f"{table}.parquet"))
    engine.execute(f"copy ({query} order by {ORDER[table]}) to {path} (format parquet, compression zstd)")
    engine.execute(f"create view canon.{table} as select * from read_parquet({path})")


def _query(engine: duckdb.DuckDBPyConnection, mapping: SourceMapping, table: str, report: TableReport) -> str:
    """The canonical rows; what is filled from elsewhere is counted."""
    columns = {column.name: f"t.{column.name}" for column in TABLES[table]}
    if mapping.owners == "pseudonym":
        columns |= {
            column: f"(select shown from work.pseudonyms where owner = t.{column})"
            for column in OWNERS
            if column in columns
        }
    joined = ""
    if table == "leads" and mapping.tables.leads.columns.handed_off_at is None:
        columns["handed_off_at"] = "t.created_at"
        report.derived["handed_off_at taken from created_at"] = report.used
    if table == "deals":
        joined = " left join canon.leads as l on t.lead_id = l.lead_id"
        columns |= {key: f"coalesce(t.{key}, l.{key})" for key in ("sourced_by", "segment")}
        columns["closed_at"] = "case when t.won is not null then t.closed_at end"
        columns["converted_from"] = "t.converted_from"
        counts = engine.execute(
            "select count(*) filter (where t.sourced_by is null and l.sourced_by is not null), "
            "count(*) filter (where t.segment is null and l.segment is not null), "
            "count(*) filter (where t.won is null and t.closed_at is not null) "
            f"from work.deals_used as t{joined}"
        ).fetchall()[0]
        done = (
            "sourced_by taken from the lead",
            "segment taken from the lead",
            "closed_at of open deals, an expectation, left out",
        )
        report.derived |= {what: count for what, count in zip(done, counts, strict=True) if count}
    listing = ", ".join(f"{value} as {key}" for key, value in columns.items())
    return f"select {listing} from work.{table}_used as t{joined}"
