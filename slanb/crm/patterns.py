"""What looks wrong in the records as a whole: cut histories, gaps, default dates, capped exports."""

from collections.abc import Collection, Iterator

import duckdb
import pandas as pd

from slanb.crm.anomalies import Anomaly
from slanb.crm.mapping import SourceMapping
from slanb.crm.mapping_words import has_clock
from slanb.crm.reading import FileRead
from slanb.crm.shape import TABLES
from slanb.crm.sql import count, literal, statements

EXPECTED_WINS = 5  # wins missing before the first one on record; whole histories reach it once in 150
EXPECTED_LEADS = 20  # leads missing in a gap
SHORTEST_GAP = 3  # days
MONTH_ENDS = 0.2  # share of closings on the last day of a month; 0.03 is usual
LATE_EVENT = 90  # days from the latest lead to the latest event
TIERS = 50
CAPS = (1_000, 2_000, 5_000, 65_535, 65_536, 1_048_575, 1_048_576)  # rows at which exports stop
MINUTES = {"leads": ("created_at", "handed_off_at"), "activities": ("occurred_at",)}  # judged in minutes
_DAY = pd.Timedelta(days=1)


def pattern_anomalies(
    engine: duckdb.DuckDBPyConnection, mapping: SourceMapping, files: list[FileRead], precision: dict
) -> Iterator[Anomaly]:
    """Everything wrong with `canon.*` as a whole."""
    yield from _truncated_history(engine)
    yield from _no_wins(engine)
    yield from _gaps(engine)
    yield from _month_ends(engine)
    if mapping.tables.leads.columns.tier is not None:
        yield from _tiers(engine)
    yield from _round_counts(files)
    yield from _date_only(precision)
    absent = {
        f"{table}.{column.name}"
        for table in ("leads", "deals")
        for column in TABLES[table]
        if getattr(getattr(mapping.tables, table).columns, column.name) is None
    }
    if mapping.tables.activities is None:
        absent.add("activities")
    yield from not_mapped(absent, count(engine, "canon.leads"))


def not_mapped(absent: Collection[str], leads: int) -> Iterator[Anomaly]:
    """What cannot be judged for want of a table or a column, wherever the records are.

    Parameters
    ----------
    absent : such tables (`activities`) and columns (`deals.amount`).
    leads : how many there are.
    """
    if "deals.amount" in absent:
        yield Anomaly("no_amounts", "deals", 0, 0, ("revenue", "deal size", "marketing share", "lead value"))
    if "activities" in absent:
        yield Anomaly("no_activities", "activities", 0, 0, ("speed", "depth"))
    elif "leads.handed_off_at" in absent:
        yield Anomaly("hand_off_not_mapped", "leads", leads, leads, ("speed",))


def precision_of(engine: duckdb.DuckDBPyConnection, mapping: SourceMapping) -> dict[str, dict]:
    """For each mapped time column: its format, and whether its values carry a time of day.

    `midnight_share` is the share of values at exactly local midnight; None where there are no values.
    """
    precision = {}
    for table, spec in mapping.mapped():
        for column in TABLES[table]:
            mapped = getattr(spec.columns, column.name)
            if column.kind != "time" or mapped is None:
                continue
            values, *midnights = engine.execute(
                f"select count({column.name}), {_midnights(column.name, mapped.zone or mapping.zone)}, "
                f"{_midnights(column.name, mapping.zone)} from canon.{table}"
            ).fetchall()[0]
            midnights = max(midnights)  # dates are days of the source's clock, whatever the column's
            timed = any(has_clock(text) for text in mapped.format)
            if not timed:
                midnights = values  # also where the clock jumps over midnight
            precision[f"{table}.{column.name}"] = {
                "format": list(mapped.format),
                "time_of_day": timed and midnights < values,
                "values": values,
                "midnights": midnights,
                "midnight_share": round(midnights / values, 6) if values else None,
            }
    return precision


def _midnights(column: str, zone: str) -> str:
    """SQL for how many instants are midnights; clocks are only looked at where a quarter of an hour is full,
    as all have differed by such since 1972."""
    clock = f"local({column}, {literal(zone)})"
    full = f"({column} < timestamp '1973-01-01' or epoch({column}) % 900 = 0)"
    return f"count(*) filter (where case when {full} then {clock} = date_trunc('day', {clock}) end)"


def _truncated_history(engine: duckdb.DuckDBPyConnection) -> Iterator[Anomaly]:
    first, old, leads, expected, examples = engine.execute(statements("sql", "truncated_history")).fetchall()[
        0
    ]
    if first is not None and old and (expected or 0) > EXPECTED_WINS:
        affects = ("close rate", "customers", "revenue", "sales cycle", "lead value")
        values = {"first_win": first, "expected_wins": round(expected)}
        yield Anomaly(
            "truncated_history", "deals", old, leads, affects, values, examples=tuple(examples or ())
        )


def _no_wins(engine: duckdb.DuckDBPyConnection) -> Iterator[Anomaly]:
    if not count(engine, "canon.deals where won"):
        deals = count(engine, "canon.deals")
        affects = ("customers", "close rate", "deal size", "revenue", "marketing share", "sales cycle")
        yield Anomaly("no_wins", "deals", deals, deals, affects, message="no_wins" if deals else "no_deals")


def _gaps(engine: duckdb.DuckDBPyConnection) -> Iterator[Anomaly]:
    """Runs of days without a lead where the four weeks around them make that incredible."""
    daily = engine.execute(statements("sql", "daily_leads")).df().set_index("day")["leads"]
    daily = daily.reindex(pd.date_range(daily.index.min(), daily.index.max(), freq="D"), fill_value=0)
    run = (daily > 0).cumsum()[daily == 0]
    gaps = []
    for _, gap in daily[daily == 0].groupby(run):
        start, end = gap.index[0], gap.index[-1]
        before = daily[start - 28 * _DAY : start - _DAY].mean()
        after = daily[end + _DAY : end + 28 * _DAY].mean()
        if len(gap) >= SHORTEST_GAP and len(gap) * min(before, after) >= EXPECTED_LEADS:
            gaps.append((len(gap), start, end))
    if gaps:
        longest, start, end = max(gaps, key=lambda gap: gap[0])
        values = {
            "gaps": len(gaps),
            "longest": longest,
            "start": f"{start:%Y-%m-%d}",
            "end": f"{end:%Y-%m-%d}",
        }
        missing = sum(length for length, _, _ in gaps)
        yield Anomaly("gap_without_leads", "leads", missing, len(daily), ("leads", "close rate"), values)


def _month_ends(engine: duckdb.DuckDBPyConnection) -> Iterator[Anomaly]:
    closings, at_end = engine.execute(statements("sql", "month_ends")).fetchall()[0]
    if closings >= 20 and at_end > MONTH_ENDS * closings:
        yield Anomaly("closings_at_month_end", "deals", at_end, closings, ("sales cycle", "closing basis"))


def _tiers(engine: duckdb.DuckDBPyConnection) -> Iterator[Anomaly]:
    leads, tiers, bought, bought_with, others, others_with = engine.execute(
        statements("sql", "tiers")
    ).fetchall()[0]
    if tiers > TIERS:
        yield Anomaly("many_tiers", "leads", tiers, leads, ("lead value",))
    if bought >= 20 and others >= 20 and bought_with / bought - others_with / others > 0.3:
        values = {"of_customers": bought_with / bought}
        yield Anomaly(
            "tier_after_win", "leads", others - others_with, others, ("lead value", "close rate"), values
        )


def _round_counts(files: list[FileRead]) -> Iterator[Anomaly]:
    for read in files:
        rows = read.rows + read.unreadable
        if rows in CAPS or (rows and rows % 10_000 == 0):
            affects = ("leads", "customers", "revenue")
            yield Anomaly("round_row_count", read.file.table, rows, rows, affects, {"file": read.file.name})


def _date_only(precision: dict[str, dict]) -> Iterator[Anomaly]:
    for table, columns in MINUTES.items():
        for column in columns:
            one = precision.get(f"{table}.{column}")
            if one and one["values"] and (not one["time_of_day"] or one["midnight_share"] >= 0.5):
                yield Anomaly(
                    "date_only", table, one["midnights"], one["values"], ("speed",), {"column": column}
                )


def late_latest_event(
    engine: duckdb.DuckDBPyConnection, latest: dict[str, pd.Timestamp], zone: str
) -> Iterator[Anomaly]:
    """An export instant taken from an event long after the last lead."""
    column, moment = max(latest.items(), key=lambda item: item[1])
    last_lead = latest["leads.created_at"]
    days = (moment - last_lead).days
    if days <= LATE_EVENT:
        return
    table, event = column.split(".")
    clause = "won is not null and " if table == "deals" else ""
    after, events = engine.execute(
        f"select count(*) filter (where {clause}{event} > ?), count({event}) from canon.{table}", [last_lead]
    ).fetchall()[0]
    day = f"{moment.tz_localize('UTC').tz_convert(zone):%Y-%m-%d}"
    values = {"column": event, "days": days, "latest": day}
    yield Anomaly("events_after_last_lead", table, after, events, ("leads", "closing basis"), values)
