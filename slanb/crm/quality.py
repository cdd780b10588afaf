"""The quality report: what was read, used and left out, what the records span, what they cannot support.

Floor 2. Plain dicts in a fixed order, ready for `quality.json`; the same files give the same report. Only
canonical columns are told, never a name, an address or a free text.
"""

from collections.abc import Iterator
from typing import Any

import duckdb
import pandas as pd

from slanb.crm.anomalies import Anomaly, row_anomalies
from slanb.crm.attribution import shares_by_rule
from slanb.crm.patterns import late_latest_event, pattern_anomalies, precision_of
from slanb.crm.quarantine import TableReport
from slanb.crm.reading import FileRead
from slanb.crm.shape import TABLES
from slanb.crm.source import Source
from slanb.periods import instant

EVENTS = {  # what shows that an export was taken later
    "leads": ("created_at", "handed_off_at", "lost_at"),
    "deals": ("closed_at",),
    "activities": ("occurred_at", "logged_at"),
}
COUNTED_ON = {  # conclusions that suffer where cells of a column cannot be read
    "sourced_by": ("leads", "marketing share"),
    "tier": ("lead value",),
    "handed_off_at": ("speed",),
    "lost_at": ("sales cycle",),
    "closed_at": ("closing basis", "sales cycle"),
    "won": ("customers", "close rate", "revenue"),
    "amount": ("revenue", "deal size", "marketing share"),
    "kind": ("depth",),
    "by_human": ("speed", "depth"),
    "outbound": ("speed", "depth"),
    "connected": ("depth",),
    "logged_at": ("speed",),
}


def quality_report(
    engine: duckdb.DuckDBPyConnection,
    source: Source,
    files: list[FileRead],
    tables: dict[str, TableReport],
    hashes: dict[str, str],
    version: str,
) -> dict[str, Any]:
    """The report over `canon.*`.

    Returns
    -------
    `slanb`, `mapping`, `zone`, `currency`, `exported_at` (`value` UTC, `given`, `latest_event`), `files`,
    `tables`, `columns`, `coverage`, `leads_by_month`, `precision`, `anomalies` (each as
    `Anomaly.told` gives it), `sourced_by`
    (see `attribution`), `meaning` (what a preset did), `unsafe` (conclusion: ids
    of the anomalies that make it unsafe).
    """
    mapping = source.mapping
    latest = _latest(engine)
    exported = _exported_at(source, latest)
    precision = precision_of(engine, mapping)
    given = mapping.exported_at is not None
    anomalies = [
        *_rejected(source, files),
        *_left_out(tables),
        *_of_preset(source),
        *row_anomalies(engine, mapping, f"{exported:%Y-%m-%d %H:%M:%S}" if given else None),
        *pattern_anomalies(engine, mapping, files, precision),
        *(() if given else late_latest_event(engine, latest, mapping.zone)),
    ]
    unsafe: dict[str, list[str]] = {}
    for anomaly in anomalies:
        for conclusion in anomaly.affects:
            unsafe.setdefault(conclusion, [])
            if anomaly.id not in unsafe[conclusion]:
                unsafe[conclusion].append(anomaly.id)
    return {
        "slanb": version,
        "mapping": {"sha256": source.mapping_hash},
        "zone": mapping.zone,
        "currency": mapping.currency,
        "exported_at": {
            "value": _utc(exported),
            "given": given,
            "latest_event": max(latest, key=latest.get),
        },
        "files": {
            read.file.name: {
                "table": read.file.table,
                "rows": read.rows + read.rejected,
                "readable": read.rows,
                "rejected": read.rejected,
                "repaired": read.repaired,
                "sha256": hashes[read.file.name],
                "size": read.file.path.stat().st_size,
            }
            for read in files
        },
        "tables": {table: _table(source, table, report) for table, report in tables.items()},
        "columns": {
            f"{table}.{canonical}": _column(spec)
            for table, mapped in mapping.mapped()
            for canonical, spec in mapped.specs()
        },
        "coverage": dict(_coverage(engine, source)),
        "leads_by_month": dict(
            engine.execute(
                f"select strftime(local(created_at, '{mapping.zone}'), '%Y-%m') as month, count(*) "
                "from canon.leads group by month order by month"
            ).fetchall()
        ),
        "precision": precision,
        "sourced_by": shares_by_rule(engine, source),
        "meaning": source.prepare.told if source.prepare is not None else {},
        "anomalies": [anomaly.told() for anomaly in anomalies],
        "unsafe": dict(sorted(unsafe.items())),
    }


def _latest(engine: duckdb.DuckDBPyConnection) -> dict[str, pd.Timestamp]:
    """The latest event of each kind (naive UTC)."""
    found = {}
    for table, columns in EVENTS.items():
        for column in columns:
            moment = engine.execute(f"select max({column}) from canon.{table}").fetchall()[0][0]
            if moment is not None:
                found[f"{table}.{column}"] = pd.Timestamp(moment)
    return found


def _exported_at(source: Source, latest: dict[str, pd.Timestamp]) -> pd.Timestamp:
    """When the files were exported (aware UTC): as given, or the end of the local day of the latest event."""
    mapping = source.mapping
    if mapping.exported_at is not None:
        return instant(mapping.exported_at, mapping.zone)
    day = max(latest.values()).tz_localize("UTC").tz_convert(mapping.zone).date() + pd.Timedelta(days=1)
    return instant(day.isoformat(), mapping.zone)


def _rejected(source: Source, files: list[FileRead]) -> Iterator[Anomaly]:
    for read in files:
        if read.rejected:
            users = [
                table
                for table, spec in source.mapping.mapped()
                if spec.from_ == read.file.table or spec.select is not None
            ]
            affects = dict.fromkeys(conclusion for table in users for conclusion in _counts(table))
            message = "{count} of {of} lines of {file} cannot be read."
            yield Anomaly(
                "unreadable_lines",
                read.file.table,
                read.rejected,
                read.rows + read.rejected,
                message,
                tuple(affects),
                {"file": read.file.name},
            )


def _of_preset(source: Source) -> Iterator[Anomaly]:
    """What a preset could not read, or could not place."""
    told = source.prepare.told if source.prepare is not None else {}
    for column, (count, of) in told.get("unreadable", {}).items():
        message = "{count} of {of} values of {column} cannot be read and are taken for empty."
        kind = column.partition(".")[0]
        table = {"contacts": "leads", "history": "assignments", "submissions": "leads"}.get(kind, kind)
        yield Anomaly("unreadable_value", table, count, of, message, ("leads", "speed"), {"column": column})
    never = told.get("deals", {}).get("of people never presented to sales", 0)
    if never:
        deals = told["deals"]["deals"]
        message = "{count} of {of} deals are with people never presented to sales: they are unattributed."
        yield Anomaly("nurtured_deal", "deals", never, deals, message, ("close rate",), {})


def _left_out(tables: dict[str, TableReport]) -> Iterator[Anomaly]:
    for table, report in tables.items():
        for reason, count in report.quarantined.items():
            kind = "duplicate_id" if " repeats " in reason else "row_left_out"
            message = "{count} of {of} rows are left out: {reason}."
            yield Anomaly(kind, table, count, report.read, message, _counts(table), {"reason": reason})
        for column, count in report.emptied.items():
            message = "{count} values of {column} cannot be read and are empty now."
            affects = COUNTED_ON.get(column, ())
            yield Anomaly("unreadable_value", table, count, report.used, message, affects, {"column": column})
        for column, values in report.unknown.items():
            message = (
                "{count} of {of} rows hold a value of {column} that the mapping does not list: {values}."
            )
            listing = ", ".join(f'"{value}" ({count:,})' for value, count in list(values.items())[:5])
            more = " and others" if len(values) > 5 else ""
            yield Anomaly(
                "unknown_value",
                table,
                sum(values.values()),
                report.used,
                message,
                COUNTED_ON.get(column, ()),
                {"column": column, "values": listing + more},
            )


def _counts(table: str) -> tuple[str, ...]:
    return {"leads": ("leads", "close rate"), "deals": ("customers", "revenue")}.get(
        table, ("speed", "depth")
    )


def _table(source: Source, table: str, report: TableReport) -> dict[str, Any]:
    spec = source.mapping.table(table)
    return {
        "mapped": spec is not None,
        "from": None if spec is None else spec.from_ or "select",
        "read": report.read,
        "used": report.used,
        "quarantined": sum(report.quarantined.values()),
        "reasons": report.quarantined,
        "emptied": report.emptied,
        "unknown": report.unknown,
        "derived": report.derived,
    }


def _column(spec) -> dict[str, Any]:
    told = {"column": spec.column, "constant": spec.constant, "format": spec.format and list(spec.format)}
    return {key: value for key, value in told.items() if value is not None}


def _coverage(engine: duckdb.DuckDBPyConnection, source: Source) -> Iterator[tuple[str, dict[str, Any]]]:
    for table, _ in source.mapping.mapped():
        for column in TABLES[table]:
            if column.kind == "time":
                values, first, last = engine.execute(
                    f"select count({column.name}), min({column.name}), max({column.name}) from canon.{table}"
                ).fetchall()[0]
                if values:
                    yield (
                        f"{table}.{column.name}",
                        {
                            "values": values,
                            "earliest": _utc(pd.Timestamp(first)),
                            "latest": _utc(pd.Timestamp(last)),
                        },
                    )


def _utc(moment: pd.Timestamp) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"
