"""Columns and tables so seldom usable that the mapping must be wrong, not the records."""

import re
from collections.abc import Iterator

import duckdb

from slanb.crm.personal import nearly, unlisted
from slanb.crm.quarantine import TableReport
from slanb.crm.readings import time_readings
from slanb.crm.rounded import rounded_ids
from slanb.crm.shape import id_of
from slanb.crm.source import Source
from slanb.crm.sql import name
from slanb.crm.typed import MappedColumn
from slanb.crm.values import SERIAL


def mistaken(
    engine: duckdb.DuckDBPyConnection, source: Source, table: str, mapped: list[MappedColumn]
) -> Iterator[str]:
    """Columns so seldom readable that the mapping must be wrong, not the cells; and rounded ids."""
    ids = {one.column.name: one.spec.column for one in mapped if one.column.kind == "id" and one.spec.column}
    for key, words in rounded_ids(engine, f"work.{table}", tuple(ids)):
        at = source.place("tables", table, "columns", key)
        yield f'{at}: {key} is taken from column "{ids[key]}", but {words}'
    for one in mapped:
        if not one.can_fail:
            continue
        column, unread = name(one.column.name), name(one.unread)
        if source.prepare is not None and one.reading.listed_only:
            yield from _no_word_known(engine, source, table, one)
            continue
        cells, failed, sample, place = engine.execute(
            f"select count(*) filter (where {column} is not null or {unread} is not null), count({unread}), "
            f"arg_min({unread}, rowid), arg_min(_line, rowid) filter (where {unread} is not null) "
            f"from work.{table}"
        ).fetchall()[0]
        if failed and failed > _tolerated(one) * cells and (failed < cells or _must_be_read(one, cells)):
            at = source.place("tables", table, "columns", one.column.name)
            line = f", line {place}" if place is not None else ""
            shown = f'"{nearly(sample)}"{line}' if one.shows else f"not shown here{line}"
            yield (
                f'{at}: {one.column.name} is taken from column "{one.spec.column}", but {failed:,} of its '
                f"{cells:,} values cannot be used: the first is {shown}, which {one.reading.reason}. "
                f"{_advice(one, sample)}"
            )


WORDS = {  # what a preset's user lists, and where
    "sourced_by": "Say under `sources:` whose each is: marketing or sales.",
    "won": "Say under `stages:` what each is: won, lost or open.",
}


def _no_word_known(
    engine: duckdb.DuckDBPyConnection, source: Source, table: str, one: MappedColumn
) -> Iterator[str]:
    """A column of which a preset knows no value at all, and without which there is no report."""
    column, unread = name(one.column.name), name(one.unread)
    known, failed = engine.execute(f"select count({column}), count({unread}) from work.{table}").fetchall()[0]
    if failed and not known and one.column.name in WORDS and (table == "leads" or one.column.name == "won"):
        often = unlisted(engine, f"work.{table}", unread)[:12]
        shown = ", ".join(f'"{value}" ({count:,})' for value, count in often)
        yield (
            f"{source.name}: none of the values that decide {one.column.name} of {table} is known: {shown}. "
            f"{WORDS[one.column.name]}"
        )


def _tolerated(one: MappedColumn) -> float:
    """Share of unread cells from which a column is taken to be mistaken.

    Day and month swapped leave 60 % of dates unreadable and the others wrong, so a fifth is enough for times.
    """
    return {"time": 0.2, "number": 0.5}.get(one.column.kind, 0.999)


def _must_be_read(one: MappedColumn, cells: int) -> bool:
    return one.column.required or one.column.name == "won" or cells >= 5


def _advice(one: MappedColumn, sample: str) -> str:
    match one.column.kind:
        case "time":
            if re.fullmatch(SERIAL, sample) and (ways := time_readings([sample], serials=True)):
                return f"Excel counts days so: say `format:` {ways[0].says}, or export dates."
            return "Correct the column or its `format:` (are day and month in this order?)."
        case "number":
            return "Correct the column, or its `decimal:` and `thousands:`."
    return "Correct the column, or list its values under `values:`."


def hopeless(
    engine: duckdb.DuckDBPyConnection, source: Source, table: str, report: TableReport
) -> Iterator[str]:
    """Tables of which nothing, or mostly repeats, would be left."""
    at = source.place("tables", table)
    if table == "leads" and not report.read:
        yield f"{at}: leads has no rows. Its file holds nothing but a header, or its SELECT finds nothing."
    elif report.read and not report.used:
        why = "; ".join(f"{reason} ({count:,})" for reason, count in report.quarantined.items())
        yield f"{at}: none of the {report.read:,} rows of {table} can be used: {why}. Correct the columns."
    repeats = sum(count for reason, count in report.quarantined.items() if " repeats " in reason)
    if repeats > report.read / 2:
        key = id_of(table)
        column = getattr(source.mapping.table(table).columns, key).column
        often = engine.execute(
            f"select {name(key)}, count(*) as n from work.{table} group by 1 order by n desc, 1 limit 3"
        ).fetchall()
        shown = ", ".join(f'"{value}" {count:,} times' for value, count in often)
        yield (
            f'{source.place("tables", table, "columns", key)}: {key} is taken from column "{column}", but '
            f"{repeats:,} of {report.read:,} rows repeat a value of it ({shown}). Choose the column that "
            "numbers the rows."
        )
