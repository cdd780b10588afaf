"""Records that stay in Spark or a warehouse: looked at there, and asked there.

Nothing is copied or quarantined: what an import would put right or set apart is refused.
"""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

from slanb import __version__, pinned
from slanb.crm.anomalies import Anomaly
from slanb.crm.patterns import not_mapped
from slanb.crm.shape import SQL_TYPES, TABLES, CanonicalColumn, id_of
from slanb.crm.snapshot import Snapshot
from slanb.crm.sql import listed, literal
from slanb.crm.standing_mapping import StandingSource
from slanb.dictionary.escaping import csv_text
from slanb.engines import Engine, Rows, connected
from slanb.engines.adbc import address
from slanb.engines.canonical import as_canonical
from slanb.errors import SlanbError
from slanb.periods import instant

ALSO = {
    ("deals", "sourced_by")
}  # expected besides what every mapping has: an import may take it from the lead
BY_MONTH = """
select strftime(shown(created_at, {zone}), '%Y-%m') as month, count(*) as leads
from leads
group by strftime(shown(created_at, {zone}), '%Y-%m')
order by month
"""
SHARES = """
select
    coalesce(strftime(shown(d.closed_at, {zone}), '%Y-%m'), '') as month,
    count(*) filter (where coalesce(d.amount, 0) >= 0) as won,
    count(*) filter (where coalesce(d.amount, 0) >= 0 and {side} = 'marketing') as marketing,
    coalesce(sum(d.amount), 0) as amount,
    coalesce(sum(d.amount) filter (where {side} = 'marketing'), 0) as marketing_amount
from deals as d
left join leads as l on d.lead_id = l.lead_id
where d.won
group by coalesce(strftime(shown(d.closed_at, {zone}), '%Y-%m'), '')
order by month
"""
SIDES = {"first_source": "l.sourced_by", "deal_source": "coalesce(d.sourced_by, l.sourced_by)"}


@dataclass(frozen=True)
class StandingRecords(Snapshot):
    """Records that stay in their engine, and what was seen of them there."""

    rows: dict[str, Rows]
    engine: Engine

    @property
    def tables(self) -> dict[str, Rows]:
        """Where each canonical table stands."""
        return self.rows

    @property
    def prepared(self) -> None:
        """Nowhere: nobody can tell whether the tables have changed since."""

    @property
    def quarantine(self) -> pd.DataFrame:
        """Nothing: rows that an import would leave out are refused."""
        return pd.DataFrame(columns=["effect", "table", "file", "line", "column", "value", "reason"])

    @property
    def quarantine_csv(self) -> bytes:
        """The same as a file: its header."""
        return csv_text(self.quarantine).encode()


def standing_records(source: StandingSource) -> StandingRecords:
    """Look at the tables where they stand.

    Raises
    ------
    SlanbError : where there is no connection, or a table is not as it has to be; all problems together.
    """
    mapping = source.mapping
    where = f"{source.place('engine')}: engine {mapping.engine}"
    given = None
    if mapping.database is not None:
        at = f"{source.place('database')}: database"
        given = address(
            mapping.database, at, ("postgresql", "postgres") if mapping.engine == "postgres" else ()
        )
    engine = _connected(mapping.engine, given, where, os.getpid())
    rows = {table: spec.rows for table, spec in mapping.mapped()}
    kept = pinned.folder()  # within a run, tables are looked at once
    seen = Path(kept or "") / f"{source.mapping_hash}.json"
    if not (kept and seen.is_file()):
        quality = _Look(source, engine.fresh(), rows).quality()
        if kept is None:
            return StandingRecords(source.path, quality, {"mapping": source.mapping_hash}, rows, engine)
        partial = seen.with_suffix(f".{os.getpid()}")
        partial.write_text(json.dumps(quality), encoding="utf-8")
        partial.rename(seen)
    quality = json.loads(seen.read_text(encoding="utf-8"))
    return StandingRecords(source.path, quality, {"mapping": source.mapping_hash}, rows, engine)


@cache
def _connected(engine: str, given: str | None, where: str, process: int) -> Engine:
    """One connection in a process."""
    return connected(engine, given, where)


class _Look:
    """What the tables hold, as the quality report of an import tells it."""

    def __init__(self, source: StandingSource, engine: Engine, rows: dict[str, Rows]):
        self.source, self.engine, self.mapping = source, engine, source.mapping
        self.zone = literal(self.mapping.zone)
        columns = {
            table: {column.name: SQL_TYPES[column.kind] for column in TABLES[table]} for table in TABLES
        }
        self.there = {
            table: as_canonical(engine, table, rows.get(table), columns[table], zone=self.zone)
            for table in TABLES
        }
        if problems := [problem for table in rows for problem in self._absent(table)]:
            raise SlanbError(problems)
        self.counts = {table: engine.ask(self._question(table)).iloc[0] for table in rows}
        if problems := [problem for table in rows for problem in self._unfit(table)]:
            raise SlanbError(problems)

    def quality(self) -> dict[str, Any]:
        """As `slanb.crm.quality.quality_report` has it."""
        mapping, latest = self.mapping, self._latest()
        if not latest:
            raise SlanbError(f"{self._at('leads')} and the other tables hold no rows. Fill them first.")
        exported = self._exported_at(max(latest.values()))
        precision = {
            f"{table}.{column.name}": self._precision(table, column.name) for table, column in self._times()
        }
        by_month = self.engine.ask(BY_MONTH.format(zone=self.zone))
        return {
            "slanb": __version__,
            "mapping": {"sha256": self.source.mapping_hash},
            "zone": mapping.zone,
            "currency": mapping.currency,
            "rates": None,
            "exported_at": {
                "value": _utc(exported),
                "given": mapping.exported_at is not None,
                "latest_event": max(latest, key=latest.get),
            },
            "files": {},
            "tables": {table: self._table(table) for table in TABLES},
            "columns": {},
            "coverage": dict(self._coverage()),
            "recorded_from": self._recorded_from(),
            "leads_by_month": dict(zip(by_month["month"], by_month["leads"].tolist(), strict=True)),
            "precision": precision,
            "sourced_by": self._shares(),
            "meaning": {},
            "anomalies": [anomaly.finding() for anomaly in self._anomalies()],
            "unsafe": {},
        }

    # -- what has to be so

    def _absent(self, table: str) -> Iterator[str]:
        for column in TABLES[table]:
            wanted = column.mapped or (table, column.name) in ALSO
            if wanted and column.name not in self.there[table]:
                found = ", ".join(self.there[table])
                yield (
                    f"{self._at(table)} has no column {column.name} ({column.meaning.rstrip('.')}). It has: "
                    f"{found}. Say `select:` with it."
                )

    def _question(self, table: str) -> str:
        """How many rows there are, and how many of them are not as they have to be."""
        asked = ["count(*) as n"]
        key = id_of(table)
        asked += [f"count({key}) - count(distinct {key}) as repeated"] * (table != "assignments")
        for column in TABLES[table]:
            name = column.name
            if column.required:
                asked.append(f"count(*) filter (where {name} is null) as {name}_empty")
            if column.choices:
                asked.append(
                    f"count(*) filter (where {name} not in ({listed(column.choices)})) as {name}_odd"
                )
            if column.kind == "time":
                day = f"date_trunc('day', shown({name}, {self.zone}))"
                asked += [f"count({name}) as {name}_n", f"min({name}) as {name}_first"]
                asked += [f"max({name}) as {name}_last"]
                asked += [f"count(*) filter (where shown({name}, {self.zone}) = {day}) as {name}_midnights"]
        return f"select {', '.join(asked)} from {table}"

    def _unfit(self, table: str) -> Iterator[str]:
        counts = self.counts[table]
        for column in TABLES[table]:
            if n := counts.get(f"{column.name}_empty"):
                yield f"{self._at(table)}: {n:,} rows have no {column.name}. Leave them out."
            if n := counts.get(f"{column.name}_odd"):
                allowed = ", ".join(column.choices)
                yield (
                    f"{self._at(table)}: {n:,} rows have a {column.name} that is none of {allowed}. Put "
                    "one of these in its place, or null."
                )
        if n := counts.get("repeated"):
            yield f"{self._at(table)}: {n:,} rows repeat the {id_of(table)} of others. Leave those out."

    def _at(self, table: str) -> str:
        return f"{self.source.place('tables', table)}: tables.{table}"

    # -- what is told

    def _times(self) -> Iterator[tuple[str, CanonicalColumn]]:
        for table in self.counts:
            for column in TABLES[table]:
                if column.kind == "time" and column.name in self.there[table]:
                    yield table, column

    def _latest(self) -> dict[str, pd.Timestamp]:
        latest = {
            f"{table}.{column.name}": self.counts[table][f"{column.name}_last"]
            for table, column in self._times()
            if table != "assignments"
        }
        return {column: moment for column, moment in latest.items() if pd.notna(moment)}

    def _exported_at(self, latest: pd.Timestamp) -> pd.Timestamp:
        zone = self.mapping.zone
        if self.mapping.exported_at is not None:
            return instant(self.mapping.exported_at, zone)
        day = latest.tz_localize("UTC").tz_convert(zone).date() + pd.Timedelta(days=1)
        return instant(day.isoformat(), zone)

    def _precision(self, table: str, column: str) -> dict[str, Any]:
        values, midnights = (int(self.counts[table][f"{column}_{what}"]) for what in ("n", "midnights"))
        if self.there[table][column] == "DATE":
            midnights = values  # also where the clock jumps over midnight
        return {
            "format": [self.there[table][column].lower()],
            "time_of_day": midnights < values,
            "values": values,
            "midnights": midnights,
            "midnight_share": round(midnights / values, 6) if values else None,
        }

    def _table(self, table: str) -> dict[str, Any]:
        spec = getattr(self.mapping.tables, table)
        n = 0 if spec is None else int(self.counts[table]["n"])
        read = {"mapped": spec is not None, "from": spec and (spec.from_ or "select"), "read": n, "used": n}
        return read | {"quarantined": 0, "reasons": {}, "emptied": {}, "unknown": {}, "derived": {}}

    def _coverage(self) -> Iterator[tuple[str, dict[str, Any]]]:
        for table, column in self._times():
            n, first, last = (self.counts[table][f"{column.name}_{what}"] for what in ("n", "first", "last"))
            if n:
                span = {"values": int(n), "earliest": _utc(first), "latest": _utc(last)}
                yield f"{table}.{column.name}", span

    def _recorded_from(self) -> str | None:
        first = self.engine.ask(
            "select min(occurred_at) as first from activities where lead_id in (select lead_id from leads)"
        )["first"].iloc[0]
        return None if pd.isna(first) else _utc(first)

    def _shares(self) -> dict[str, Any]:
        keys = ["won", "marketing", "amount", "marketing_amount"]
        shares = {}
        for rule, side in SIDES.items():
            months = self.engine.ask(SHARES.format(zone=self.zone, side=side)).round(2)
            by_month = months.set_index("month")[keys].to_dict("index")
            totals = {key: round(months[key].sum().item(), 2) for key in keys}
            shares[rule] = totals | {"months": {month: row for month, row in by_month.items() if month}}
        return {"rule": "deal_source", "by_rule": shares}

    def _anomalies(self) -> Iterator[Anomaly]:
        rows = sum(int(counts["n"]) for counts in self.counts.values())
        yield Anomaly("rows_not_checked", "leads", rows, rows, ())
        absent = {
            f"{table}.{column.name}"
            for table in self.counts
            for column in TABLES[table]
            if column.name not in self.there[table]
        }
        yield from not_mapped({*absent, *TABLES} - {*self.counts}, int(self.counts["leads"]["n"]))


def _utc(moment: pd.Timestamp) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"
