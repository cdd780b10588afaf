"""Rows left out and cells emptied: each with its place and reason, and counted.

A row without its id or its date is of no use. In other columns an unreadable cell is emptied, so
that a won deal is not lost for its amount.
"""

from dataclasses import dataclass, field

import duckdb

from slanb.crm.currency import Money
from slanb.crm.editions import contradiction, has_editions, older
from slanb.crm.personal import SHOWN, unlisted
from slanb.crm.shape import TABLES, id_of, key_of
from slanb.crm.sql import literal, name
from slanb.crm.typed import MappedColumn

IN_NEWER = "stands in a newer file, too"  # why a row is left out, and no flaw
LISTED = 50  # unknown values listed by name, the most frequent ones


@dataclass
class TableReport:
    """What became of the rows of a canonical table: read = used + quarantined.

    Parameters
    ----------
    quarantined : rows left out, by reason.
    emptied : unreadable cells of used rows, by column.
    unknown : values missing in the mapping's list, by column, with their counts in used rows.
    derived : cells filled from elsewhere, or taken away, by what was done.
    money : what amounts are in, and which were converted; of deals.
    """

    read: int = 0
    used: int = 0
    quarantined: dict[str, int] = field(default_factory=dict)
    emptied: dict[str, int] = field(default_factory=dict)
    unknown: dict[str, dict[str, int]] = field(default_factory=dict)
    derived: dict[str, int] = field(default_factory=dict)
    money: Money = field(default_factory=Money)


def leave_out(
    engine: duckdb.DuckDBPyConnection, table: str, mapped: list[MappedColumn], one_pattern: bool
) -> list[str]:
    """Make `work.<table>_dropped`: rows that cannot be used, each with its first reason.

    Returns what is wrong with the files, `one_pattern` of which make the table, as a whole.
    """
    arms = []
    for one in mapped:
        column = one.column
        if column.required and one.can_fail:
            arms.append((f"{name(one.unread)} is not null", one, f"{column.name} {one.reading.reason}"))
        if column.required:
            arms.append((f"{name(column.name)} is null", one, f"{column.name} is missing"))
        elif one.reading.drops:
            arms.append((f"{name(one.unread)} is not null", one, f"{column.name} {one.reading.reason}"))
    which = " ".join(f"when {when} then {number}" for number, (when, _, _) in enumerate(arms))
    engine.execute(
        f"create table work.{table}_dropped as select rowid as dropped, (case {which} end)::integer as arm, "
        f"null::varchar as reason from work.{table} where arm is not null"
    )
    for number, (_, _, reason) in enumerate(arms):
        engine.execute(f"update work.{table}_dropped set reason = {literal(reason)} where arm = {number}")
    problems = _drop_older(engine, table, one_pattern)
    _drop_repeats(engine, table)
    values = " ".join(
        f"when {number} then {_shown(one)}"
        for number, (_, one, _) in enumerate(arms)
        if one.can_fail and one.shows
    )
    columns = " ".join(
        f"when {number} then {literal(one.column.name)}" for number, (_, one, _) in enumerate(arms)
    )
    value = f"case arm {values} when -1 then left({id_of(table)}, {SHOWN}) end"
    engine.execute(
        f"insert into work.quarantine select 'row', {literal(table)}, coalesce(_file, ''), _line, "
        f"case arm {columns} else {literal(id_of(table))} end, coalesce({value}, ''), reason "
        f"from work.{table} as t inner join work.{table}_dropped as d on t.rowid = d.dropped order by t.rowid"
    )
    return problems


def _drop_older(engine: duckdb.DuckDBPyConnection, table: str, one_pattern: bool) -> list[str]:
    """Leave out rows that stand in a newer file, too; tell files of a pattern that contradict each other."""
    files = engine.execute(f"select distinct _file from work.{table} where _file is not null").fetchall()
    if len(files) < 2:
        return []
    left = (
        f"(select rowid as place, * from work.{table} "
        f"where rowid not in (select dropped from work.{table}_dropped))"
    )
    if has_editions(engine, [file for (file,) in files]):
        engine.execute(
            f"insert into work.{table}_dropped select place, -1, {literal(f'{id_of(table)} {IN_NEWER}')} "
            f"from ({older(left, key_of(table), 'place')})"
        )
    if not one_pattern or table == "assignments":  # which are not numbered
        return []
    words = contradiction(engine, left, id_of(table), [column.name for column in TABLES[table]])
    return [words] if words else []


def _drop_repeats(engine: duckdb.DuckDBPyConnection, table: str) -> None:
    """Of the rows that share an id, all but the first, with whether they hold the same values."""
    key = ", ".join(name(part) for part in key_of(table))
    content = ", ".join(name(column.name) for column in TABLES[table])
    engine.execute(
        f"""
        insert into work.{table}_dropped
        with kept as (
            select rowid as place, *
            from work.{table}
            where rowid not in (select dropped from work.{table}_dropped)
        ),
        repeated as (select {key} from kept group by {key} having count(*) > 1),
        ranked as (
            select place,
                row_number() over (partition by {key} order by _file, _line, place) as rank,
                hash({content}) = first_value(hash({content})) over (
                    partition by {key} order by _file, _line, place) as same
            from kept
            where hash({key}) in (select hash({key}) from repeated)
        )
        select place, -1, {literal(id_of(table))} || case
            when same then ' repeats an earlier row, with the same values'
            else ' repeats an earlier row, with other values' end
        from ranked where rank > 1
        """
    )


def _shown(one: MappedColumn) -> str:
    """SQL for a cell as the quarantine shows it: as it is where it is of a known kind, else its shape."""
    known = "nearly" if one.column.kind in ("time", "number") else "of_known_words"
    return f"{known}({name(one.unread)})"


def count_rows(
    engine: duckdb.DuckDBPyConnection, table: str, mapped: list[MappedColumn], report: TableReport
) -> None:
    """Count what happened to rows and cells, and list emptied cells in the quarantine."""
    report.read = engine.execute(f"select count(*) from work.{table}").fetchall()[0][0]
    report.quarantined = dict(
        engine.execute(
            f"select reason, count(*) as n from work.{table}_dropped group by reason order by n desc, reason"
        ).fetchall()
    )
    report.used = report.read - sum(report.quarantined.values())
    engine.execute(
        f"create view work.{table}_used as select * from work.{table} "
        f"where rowid not in (select dropped from work.{table}_dropped)"
    )
    for one in mapped:
        if not one.can_fail or one.column.required or one.reading.drops:
            continue
        column, unread = one.column.name, name(one.unread)
        if one.reading.listed_only:
            values = unlisted(engine, f"work.{table}_used", unread)
            if values:
                rest = sum(count for _, count in values[LISTED:])
                report.unknown[column] = dict(values[:LISTED]) | ({"(others)": rest} if rest else {})
            continue
        emptied = engine.execute(
            f"insert into work.quarantine select 'cell', {literal(table)}, coalesce(_file, ''), _line, "
            f"{literal(column)}, {_shown(one)}, {literal(f'{column} {one.reading.reason}')} "
            f"from work.{table}_used where {unread} is not null"
        ).fetchall()[0][0]
        if emptied:
            report.emptied[column] = emptied
