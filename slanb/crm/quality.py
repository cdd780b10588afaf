"""The quality report: what was read, used and left out, what the records span, what they cannot support.

Plain dicts in a fixed order, ready for `quality.json`; the same files give the same report. Only canonical
columns are named, never a person, an address or a free text. Findings and rules are ids, counts and values;
`finding_message` makes sentences of them.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import duckdb
import pandas as pd

from slanb.crm.anomalies import Anomaly, row_anomalies
from slanb.crm.attribution import shares_by_rule
from slanb.crm.months import month_anomalies
from slanb.crm.patterns import late_latest_event, pattern_anomalies, precision_of
from slanb.crm.presets.folder import ARCHIVE, NOT_RECOGNISED
from slanb.crm.quarantine import IN_NEWER, TableReport
from slanb.crm.reading import FileRead
from slanb.crm.shape import TABLES
from slanb.crm.source import Source
from slanb.crm.sql import statements
from slanb.dictionary.messages import Message
from slanb.periods import instant

EVENTS = {  # what shows that an export was taken later
    "leads": ("created_at", "handed_off_at", "lost_at"),
    "deals": ("closed_at",),
    "activities": ("occurred_at", "logged_at"),
}
MANY_ON_ONE = 4  # records with one address from which several people may share it
MOST_FILES = 10  # named in a finding
MOST_OFTEN = 5  # unknown values named in a finding
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
    `slanb`, `mapping`, `zone`, `currency` (or the sign at amounts, if several currencies share it),
    `rates` (`source`, `converted`: amounts by currency), `exported_at` (`value` UTC, `given`,
    `latest_event`), `files`, `tables`, `columns`, `coverage`, `recorded_from`, `leads_by_month`,
    `precision`, `anomalies` (each as `Anomaly.finding` gives it),
    `sourced_by` (see `attribution`), `meaning` (what a preset did; its `rules` are findings without counts),
    `unsafe` (conclusion: ids of the anomalies that make it unsafe).
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
        *_converted(source, tables["deals"]),
        *row_anomalies(engine, mapping, f"{exported:%Y-%m-%d %H:%M:%S}" if given else None),
        *pattern_anomalies(engine, mapping, files, precision),
        *month_anomalies(engine, mapping),
        *(() if given else late_latest_event(engine, latest, mapping.zone)),
    ]
    return {
        "slanb": version,
        "mapping": {"sha256": source.mapping_hash},
        "zone": mapping.zone,
        "currency": tables["deals"].money.currency or mapping.currency,
        "rates": mapping.rates
        and {"source": mapping.rates.source, "converted": tables["deals"].money.converted},
        "exported_at": {
            "value": _utc(exported),
            "given": given,
            "latest_event": max(latest, key=latest.get),
        },
        "files": {read.file.name: _file(read, hashes[read.file.name]) for read in files},
        "tables": {table: _table(source, table, report) for table, report in tables.items()},
        "columns": {
            f"{table}.{canonical}": _column(spec)
            for table, mapped in mapping.mapped()
            for canonical, spec in mapped.specs()
        },
        "coverage": dict(_coverage(engine, source)),
        "recorded_from": _recorded_from(engine, source),
        "leads_by_month": dict(engine.execute(statements("sql", "leads_by_month")).fetchall()),
        "precision": precision,
        "sourced_by": shares_by_rule(engine, source),
        "meaning": _meaning(source),
        "anomalies": [anomaly.finding() for anomaly in anomalies],
        "unsafe": _unsafe(anomalies),
        "may_hold": {} if source.prepare is None else source.prepare.account["may_hold"],
    }


def finding_message(finding: Mapping[str, Any]) -> Message:
    """The sentence of a finding (`anomalies`) or rule (`meaning.rules`) of the report.

    >>> finding = {"message": "crm.no_wins", "count": 3, "of": 3, "share": 1.0, "values": {}}
    >>> finding_message(finding).fields["of"]
    3
    """
    counts = {key: finding[key] for key in ("count", "of", "share") if key in finding}
    values = {key: _listed(value) for key, value in finding["values"].items()}
    return Message(finding["message"], **counts, **values)


def _listed(value: Any) -> Any:
    """Values with their counts, or names and how many more there are, as messages; anything else as it is."""
    if isinstance(value, dict):
        return [Message("crm.value_count", value=text, count=n) for text, n in value.items()]
    if isinstance(value, list):
        return [Message("crm.more", n=each) if isinstance(each, int) else each for each in value]
    return value


def done_message(what: str) -> Message:
    """What became of a CRM's records, by its name in `meaning`.

    >>> done_message("rows, one a lead touched").id
    'crm.done_rows_one_a_lead_touched'
    """
    return Message(f"crm.done_{re.sub('[^a-z]+', '_', what)}")


def table_message(table: str) -> Message:
    """What readers call one of the canonical tables.

    >>> table_message("deals").id
    'crm.table_deals'
    """
    return Message(f"crm.table_{table}")


def conclusion_message(conclusion: str) -> Message:
    """The name of a conclusion that a finding affects.

    >>> conclusion_message("close rate").id
    'crm.about_close_rate'
    """
    return Message(f"crm.about_{conclusion.replace(' ', '_')}")


def _unsafe(anomalies: list[Anomaly]) -> dict[str, list[str]]:
    by_conclusion: dict[str, dict[str, None]] = {}
    for anomaly in anomalies:
        for conclusion in anomaly.affects:
            by_conclusion.setdefault(conclusion, {})[anomaly.id] = None
    return {conclusion: list(ids) for conclusion, ids in sorted(by_conclusion.items())}


def _file(read: FileRead, sha256: str) -> dict[str, Any]:
    return {
        "table": read.file.table,
        "rows": read.rows + read.rejected,
        "readable": read.rows,
        "rejected": read.rejected,
        "no_record": read.rejected - read.unreadable,
        "repaired": read.repaired,
        "sha256": sha256,
        "size": read.file.path.stat().st_size,
    }


def _latest(engine: duckdb.DuckDBPyConnection) -> dict[str, pd.Timestamp]:
    """The latest event of each kind (naive UTC)."""
    latest = {}
    for table, columns in EVENTS.items():
        for column in columns:
            moment = engine.execute(f"select max({column}) from canon.{table}").fetchall()[0][0]
            if moment is not None:
                latest[f"{table}.{column}"] = pd.Timestamp(moment)
    return latest


def _exported_at(source: Source, latest: dict[str, pd.Timestamp]) -> pd.Timestamp:
    """When the files were exported (aware UTC): as given, or the end of the local day of the latest event."""
    mapping = source.mapping
    if mapping.exported_at is not None:
        return instant(mapping.exported_at, mapping.zone)
    day = max(latest.values()).tz_localize("UTC").tz_convert(mapping.zone).date() + pd.Timedelta(days=1)
    return instant(day.isoformat(), mapping.zone)


def _rejected(source: Source, files: list[FileRead]) -> Iterator[Anomaly]:
    for read in files:
        if read.unreadable:
            users = [
                table
                for table, spec in source.mapping.mapped()
                if spec.from_ == read.file.table or spec.select is not None
            ]
            affects = tuple(dict.fromkeys(conclusion for table in users for conclusion in _counts(table)))
            of, values = read.rows + read.rejected, {"file": read.file.name}
            yield Anomaly("unreadable_lines", read.file.table, read.unreadable, of, affects, values)
        yield from _besides_records(read)


def _besides_records(read: FileRead) -> Iterator[Anomaly]:
    """What a file holds besides its records, and columns of one name."""
    table, name, of = read.file.table, read.file.name, read.rows + read.rejected
    frame, empty = read.furniture.frame, read.furniture.empty
    if frame:
        yield Anomaly("report_frame", table, frame, of, (), {"file": name, "line": str(read.furniture.line)})
    if empty:
        yield Anomaly("empty_rows", table, empty, of, (), {"file": name})
    for column, (copy, differ) in read.twice.items():
        values = {"file": name, "column": column, "copy": copy}
        yield Anomaly("column_twice", table, differ, read.rows, (), values)


def _of_preset(source: Source) -> Iterator[Anomaly]:
    """What a preset could not read, or could not place."""
    if source.prepare is None:
        return
    account = source.prepare.account
    for column, (count, of) in account["unreadable"].items():
        kind = column.partition(".")[0]
        table = {"contacts": "leads", "history": "assignments", "submissions": "leads"}.get(kind, kind)
        yield Anomaly(
            "unreadable_value", table, count, of, ("leads", "speed"), {"column": column}, "unreadable_cells"
        )
    for kind, count in account["in_newer_files"].items():
        if count:
            yield Anomaly("in_newer_files", kind, count, count, (), {"kind": kind})
    for kind, (count, of) in account["cut_off"].items():
        affects = ("close rate", "marketing share") if kind == "deals" else ("speed", "depth")
        if count:
            yield Anomaly("people_cut_off", kind, count, of, affects, {"kind": kind})
    yield from _not_used(account)
    yield from _by_address(account["by_address"], account["people"]["records"])
    never = account["deals"]["of people never presented to sales"]
    if never:
        yield Anomaly("nurtured_deal", "deals", never, account["deals"]["deals"], ("close rate",))


def _not_used(account: Mapping[str, Any]) -> Iterator[Anomaly]:
    """Files of the folder that no record is taken from, though they may hold some."""
    unused, of = account["files_not_used"], len(account["files"] | account["files_not_used"])
    for why, kind in ((NOT_RECOGNISED, "files_not_used"), (ARCHIVE, "archives_not_read")):
        names = [file for file, reason in unused.items() if reason == why]
        if names:
            more = [len(names) - MOST_FILES] if len(names) > MOST_FILES else []
            values = {"files": [*names[:MOST_FILES], *more]}
            tables = [table for table, held in account["may_hold"].items() if {*held} & {*names}]
            affects = tuple(conclusion for table in tables for conclusion in _counts(table))
            yield Anomaly(kind, "leads", len(names), of, affects, values)


def _by_address(shared: dict[str, int], records: int) -> Iterator[Anomaly]:
    """Records taken for one person by their address alone; many on one are perhaps several people."""
    if shared["records"]:
        affects = ("leads", "marketing share") if shared["most"] >= MANY_ON_ONE else ()
        values = {"addresses": shared["addresses"], "most": shared["most"]}
        yield Anomaly("shared_address", "leads", shared["records"], records, affects, values)


def _left_out(tables: dict[str, TableReport]) -> Iterator[Anomaly]:
    for table, report in tables.items():
        for reason, count in report.quarantined.items():
            kind = "duplicate_id" if " repeats " in reason else "row_left_out"
            affects, values = () if reason.endswith(IN_NEWER) else _counts(table), {"reason": reason}
            yield Anomaly(kind, table, count, report.read, affects, values, "rows_left_out")
        for column, count in report.emptied.items():
            affects, values = COUNTED_ON.get(column, ()), {"column": column}
            yield Anomaly("unreadable_value", table, count, report.used, affects, values, "cells_emptied")
        for column, unknown in report.unknown.items():
            often = dict(list(unknown.items())[:MOST_OFTEN])
            message = "unknown_values" if len(unknown) > MOST_OFTEN else "unknown_value"
            affects, values = COUNTED_ON.get(column, ()), {"column": column, "often": often}
            count = sum(unknown.values())
            yield Anomaly("unknown_value", table, count, report.used, affects, values, message)


def _converted(source: Source, report: TableReport) -> Iterator[Anomaly]:
    """Amounts converted, by whose rates: nothing wrong, but it is to be known."""
    if converted := report.money.converted:
        values = {
            "often": converted,
            "currency": report.money.currency,
            "source": source.mapping.rates.source,
        }
        yield Anomaly("converted_amounts", "deals", sum(converted.values()), report.read, (), values)


def _meaning(source: Source) -> dict[str, Any]:
    if source.prepare is None:
        return {}
    rules = [{"message": f"crm.{key}", "values": values} for key, values in source.prepare.rules()]
    return source.prepare.account | {"rules": rules}


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
    keys = {"column": spec.column, "constant": spec.constant, "format": spec.format and list(spec.format)}
    return {key: value for key, value in keys.items() if value is not None}


def _coverage(engine: duckdb.DuckDBPyConnection, source: Source) -> Iterator[tuple[str, dict[str, Any]]]:
    for table, _ in source.mapping.mapped():
        for column in TABLES[table]:
            if column.kind == "time":
                values, first, last = engine.execute(
                    f"select count({column.name}), min({column.name}), max({column.name}) from canon.{table}"
                ).fetchall()[0]
                if values:
                    span = {"earliest": _utc(pd.Timestamp(first)), "latest": _utc(pd.Timestamp(last))}
                    yield f"{table}.{column.name}", {"values": values} | span


def _recorded_from(engine: duckdb.DuckDBPyConnection, source: Source) -> str | None:
    """When the first activity with a lead on record happened, also those that a preset does not count as
    touches."""
    of_leads = "where lead_id in (select lead_id from canon.leads)"
    places = [f"select min(occurred_at) as first from canon.activities {of_leads}"]
    if source.prepare is not None and source.prepare.has("activities", "id"):
        places.append("select min(happened) from staged.all_touches")
    first = engine.execute(f"select min(first) from ({' union all '.join(places)})").fetchall()[0][0]
    return None if first is None else _utc(pd.Timestamp(first))


def _utc(moment: pd.Timestamp) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"
