"""What looks wrong in the records as a whole: cut histories, gaps, default dates, capped exports.

Floor 2.
"""

from collections.abc import Iterator

import duckdb
import pandas as pd

from slanb.crm.anomalies import Anomaly
from slanb.crm.mapping import SourceMapping
from slanb.crm.mapping_words import has_clock
from slanb.crm.reading import FileRead
from slanb.crm.shape import TABLES

EXPECTED_WINS = 5  # wins missing before the first one on record; whole histories reach it once in 150
EXPECTED_LEADS = 20  # leads missing in a gap
SHORTEST_GAP = 3  # days
MONTH_ENDS = 0.2  # share of closings on the last day of a month; 0.03 is usual
LATE_EVENT = 90  # days from the latest lead to the latest event
TIERS = 50
CAPS = (1_000, 2_000, 5_000, 65_535, 65_536, 1_048_575, 1_048_576)  # rows at which exports stop
MINUTES = {"leads": ("created_at", "handed_off_at"), "activities": ("occurred_at",)}  # judged in minutes


def pattern_anomalies(
    engine: duckdb.DuckDBPyConnection, mapping: SourceMapping, files: list[FileRead], precision: dict
) -> Iterator[Anomaly]:
    """Everything wrong with `canon.*` as a whole."""
    yield from _truncated_history(engine, mapping.zone)
    yield from _no_wins(engine)
    yield from _gaps(engine, mapping.zone)
    yield from _month_ends(engine, mapping.zone)
    yield from _tiers(engine, mapping)
    yield from _round_counts(files)
    yield from _date_only(precision)
    if mapping.tables.activities is None:
        message = "No activities are mapped: how fast and how often leads are followed up cannot be judged."
        yield Anomaly("no_activities", "activities", 0, 0, message, ("speed", "depth"), {})
    elif mapping.tables.leads.columns.handed_off_at is None:
        leads = engine.execute("select count(*) from canon.leads").fetchall()[0][0]
        message = "No hand-off is mapped: the clock of all {count} leads runs from their creation."
        yield Anomaly("hand_off_not_mapped", "leads", leads, leads, message, ("speed",), {})


def precision_of(engine: duckdb.DuckDBPyConnection, mapping: SourceMapping) -> dict[str, dict]:
    """For each mapped time column: its format, and whether its values carry a time of day.

    `midnight_share` is the share of values at exactly local midnight; None where there are no values.
    """
    found = {}
    for table, spec in mapping.mapped():
        for column in TABLES[table]:
            mapped = getattr(spec.columns, column.name)
            if column.kind != "time" or mapped is None:
                continue
            clock = f"local({column.name}, '{mapped.zone or mapping.zone}')"
            values, midnights = engine.execute(
                f"select count({column.name}), count(*) filter (where {clock} = date_trunc('day', {clock})) "
                f"from canon.{table}"
            ).fetchall()[0]
            timed = any(has_clock(text) for text in mapped.format)
            if not timed:
                midnights = values  # also where the clock jumps over midnight
            found[f"{table}.{column.name}"] = {
                "format": list(mapped.format),
                "time_of_day": timed and midnights < values,
                "values": values,
                "midnights": midnights,
                "midnight_share": round(midnights / values, 6) if values else None,
            }
    return found


def _truncated_history(engine: duckdb.DuckDBPyConnection, zone: str) -> Iterator[Anomaly]:
    """No wins before a date, though leads were there: at the pace of later leads, how many are missing?"""
    first, old, leads, expected, examples = engine.execute(f"""
        with wins as (
            select d.lead_id, min(d.closed_at) as closed_at
            from canon.deals as d where d.won and d.closed_at is not null group by d.lead_id
        ),
        opening as (select min(closed_at) as first_win from wins),
        before as (
            select date_diff('day', created_at, first_win) as age, count(*) as n
            from canon.leads, opening where created_at < first_win group by age
        ),
        later as (
            select l.created_at, w.closed_at
            from canon.leads as l left join wins as w on l.lead_id = w.lead_id, opening
            where l.created_at >= first_win
        ),
        cycles as (
            select greatest(date_diff('day', created_at, closed_at), 0) as days, count(*) as n
            from later where closed_at is not null group by days
        )
        select strftime(local(first_win, '{zone}'), '%Y-%m-%d'),
            (select coalesce(sum(n), 0)::bigint from before where age > 30),
            (select count(*) from canon.leads),
            (select sum(b.n * c.n) from before as b, cycles as c where b.age >= c.days)
                / nullif((select count(*) from later), 0),
            (select list(lead_id) from (
                select lead_id from canon.leads, opening
                where date_diff('day', created_at, first_win) > 30 order by lead_id limit 5
            ))
        from opening
    """).fetchall()[0]
    if first is not None and old and (expected or 0) > EXPECTED_WINS:
        yield Anomaly(
            "truncated_history",
            "deals",
            old,
            leads,
            "No win is recorded before {first_win}, although {count} of {of} leads were created more than 30 "
            "days earlier; at the pace of later leads about {expected_wins} wins were due by then. Close "
            "rates of leads created before that day are too low.",
            ("close rate", "customers", "revenue", "sales cycle", "lead value"),
            {"first_win": first, "expected_wins": round(expected)},
            tuple(examples or ()),
        )


def _no_wins(engine: duckdb.DuckDBPyConnection) -> Iterator[Anomaly]:
    deals, wins = engine.execute("select count(*), count(*) filter (where won) from canon.deals").fetchall()[
        0
    ]
    if not wins:
        message = "None of {of} deals is won." if deals else "There are no deals."
        affects = ("customers", "close rate", "deal size", "revenue", "marketing share", "sales cycle")
        yield Anomaly("no_wins", "deals", deals, deals, message, affects, {})


def _gaps(engine: duckdb.DuckDBPyConnection, zone: str) -> Iterator[Anomaly]:
    """Runs of days without a lead where the four weeks around them make that incredible."""
    days = engine.execute(
        f"select date_trunc('day', local(created_at, '{zone}')) as day, count(*) as leads "
        "from canon.leads group by day order by day"
    ).df()
    daily = days.set_index("day")["leads"]
    daily = daily.reindex(pd.date_range(daily.index.min(), daily.index.max(), freq="D"), fill_value=0)
    run = (daily > 0).cumsum()[daily == 0]
    gaps = []
    for _, gap in daily[daily == 0].groupby(run):
        start, end = gap.index[0], gap.index[-1]
        day = pd.Timedelta(days=1)
        before = daily[start - 28 * day : start - day].mean()
        after = daily[end + day : end + 28 * day].mean()
        if len(gap) >= SHORTEST_GAP and len(gap) * min(before, after) >= EXPECTED_LEADS:
            gaps.append((len(gap), start, end))
    if gaps:
        longest, start, end = max(gaps, key=lambda gap: gap[0])
        yield Anomaly(
            "gap_without_leads",
            "leads",
            sum(length for length, _, _ in gaps),
            len(daily),
            "{count} of {of} days lie in gaps without a single lead, the longest from {start} to {end}: "
            "leads are missing from the export, perhaps.",
            ("leads", "close rate"),
            {"gaps": len(gaps), "longest": longest, "start": f"{start:%Y-%m-%d}", "end": f"{end:%Y-%m-%d}"},
        )


def _month_ends(engine: duckdb.DuckDBPyConnection, zone: str) -> Iterator[Anomaly]:
    closings, at_end = engine.execute(
        "select count(*), count(*) filter (where day::date = last_day(day)) from "
        f"(select local(closed_at, '{zone}') as day from canon.deals where won and closed_at is not null)"
    ).fetchall()[0]
    if closings >= 20 and at_end > MONTH_ENDS * closings:
        yield Anomaly(
            "closings_at_month_end",
            "deals",
            at_end,
            closings,
            "{percent} of won deals ({count} of {of}) were closed on the last day of a month: a CRM's "
            "default closing date, perhaps.",
            ("sales cycle", "closing basis"),
            {},
        )


def _tiers(engine: duckdb.DuckDBPyConnection, mapping: SourceMapping) -> Iterator[Anomaly]:
    if mapping.tables.leads.columns.tier is None:
        return
    leads, tiers, bought, bought_with, others, others_with = engine.execute(
        "select count(*), count(distinct tier), count(*) filter (where has_won), "
        "count(tier) filter (where has_won), count(*) filter (where not has_won), "
        "count(tier) filter (where not has_won) from work.checked_leads"
    ).fetchall()[0]
    if tiers > TIERS:
        message = "tier has {count} different values over {of} leads: too many to compare."
        yield Anomaly("many_tiers", "leads", tiers, leads, message, ("lead value",), {})
    if bought >= 20 and others >= 20 and bought_with / bought - others_with / others > 0.3:
        yield Anomaly(
            "tier_after_win",
            "leads",
            others - others_with,
            others,
            "tier is filled for {of_customers} of customers but empty for {percent} of other leads: it is "
            "known because they bought. Compare deal sizes by it, never close rates.",
            ("lead value", "close rate"),
            {"of_customers": f"{100 * bought_with / bought:.1f} %"},
        )


def _round_counts(files: list[FileRead]) -> Iterator[Anomaly]:
    for read in files:
        rows = read.rows + read.rejected
        if rows in CAPS or (rows and rows % 10_000 == 0):
            yield Anomaly(
                "round_row_count",
                read.file.table,
                rows,
                rows,
                "{file} has exactly {count} rows: the export was cut off at a limit, perhaps.",
                ("leads", "customers", "revenue"),
                {"file": read.file.name},
            )


def _date_only(precision: dict[str, dict]) -> Iterator[Anomaly]:
    for table, columns in MINUTES.items():
        for column in columns:
            found = precision.get(f"{table}.{column}")
            if found and found["values"] and (not found["time_of_day"] or found["midnight_share"] >= 0.5):
                yield Anomaly(
                    "date_only",
                    table,
                    found["midnights"],
                    found["values"],
                    "{percent} of the values of {column} carry a date without a time of day: nothing can be "
                    "judged in hours or minutes by it.",
                    ("speed",),
                    {"column": column},
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
    after = engine.execute(
        f"select count(*) filter (where {clause}{event} > ?), count({event}) from canon.{table}", [last_lead]
    ).fetchall()[0]
    yield Anomaly(
        "events_after_last_lead",
        table,
        *after,
        "The records run to {latest} ({column}), {days} days after the last lead: leads are missing at the "
        "end, or a date is mistyped. Say when the files were exported (`exported_at:`).",
        ("leads", "closing basis"),
        {"column": event, "days": days, "latest": f"{moment.tz_localize('UTC').tz_convert(zone):%Y-%m-%d}"},
    )
