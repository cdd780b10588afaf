"""Bench: all facts of a month's report, beside hand-written SQL and pandas that answer its main questions."""

import hashlib
import json
from pathlib import Path

import pandas as pd

from tests.bench import rivals
from tests.bench.measure import ROOT, Measured

LEADS, TEN_TIMES = 1_000_000, 10_000_000
PERIOD, FIRST = "2026-10", "2025-11"  # the month reported, and the first of twelve
ALL = "cohorts closings cycles run_off ages triangle closings_by_cohort amounts undated unpresented"
FOLLOWED = "speed clocks depth depth_open worked connects left_out attention attention_list"


def make(folder: Path) -> str:
    return _make(folder, LEADS)


def make_ten_times(folder: Path) -> str:
    return _make(folder, TEN_TIMES)


def _make(folder: Path, leads: int) -> str:
    from tests.bench.records import write_records

    files = write_records(folder, leads)
    return f"{sum(file.stat().st_size for file in files.values()) / 1e6:,.0f} MB of Parquet"


def opened(folder: Path, leads: int):
    """The month opened on the records."""
    from slanb.facts import Facts
    from slanb.facts.period import PeriodFacts
    from slanb.periods import bounds
    from slanb.terms import load_terms
    from tests.bench.records import snapshot_of

    terms, snapshot = load_terms(ROOT / "params/agreement.yml"), snapshot_of(folder)
    span, zone = terms.parse(PERIOD), terms.agreement.calendar.zone
    facts = Facts(
        {table: folder / f"records-{leads}" / path.name for table, path in snapshot.tables.items()},
        as_of=bounds(span, zone)[1],
        exported_at=snapshot.exported_at,
        zone=zone,
        days=snapshot.days,
        days_of=snapshot.quality["zone"],
        recorded_from=snapshot.recorded_from,
        sides=snapshot.quality["sourced_by"],
    )
    return PeriodFacts(facts, terms, span)


def all_facts(folder: Path) -> str:
    return _all_facts(opened(folder, LEADS))


def all_facts_ten_times(folder: Path) -> str:
    return _all_facts(opened(folder, TEN_TIMES))


def _all_facts(case) -> str:
    """Every question that a page asks, of all leads and of those that are promised."""
    for facts in (case.facts, case.promised):
        for question in ALL.split():
            getattr(facts, question)(case.trailing)
        facts.names(), facts.coverage, facts.undated_deals, facts.daily_leads(case.period)
    followed = [getattr(case.follow_up, name) for name in FOLLOWED.split()]
    case.follow_up.curve(100)
    leads = case.facts.coverage["leads"]
    return f"{leads:,} leads, {case.daily['leads'].sum():,.0f} delivered, {len(followed)} frames of follow-up"


def main_facts(folder: Path) -> str:
    """The questions that the rivals answer."""
    case = opened(folder, LEADS)
    cohorts, closings = case.facts.cohorts(case.trailing), case.facts.closings(case.trailing)
    cohorts = cohorts[cohorts["sourced_by"] == "marketing"].groupby("period", as_index=False)
    answers = {
        "cohorts": cohorts[["leads", "customers", "revenue"]].sum(),
        "closings": closings.groupby("period", as_index=False)[["deals", "revenue"]].sum(),
        "speed": _by_month(case.follow_up.speed),
        "depth": _by_month(case.follow_up.depth),
        "worked": case.follow_up.worked,
    }
    return _told(answers)


def hand_written(folder: Path) -> str:
    return _told(rivals.by_sql(**_asked(folder)))


def with_pandas(folder: Path) -> str:
    return _told(rivals.by_pandas(**_asked(folder)))


def _by_month(frame: pd.DataFrame) -> pd.DataFrame:
    return frame[(frame["grain"] == "period") & (frame["cut"] == "all")]


def _asked(folder: Path) -> dict:
    """What was promised in each month and when the company works, which a rival is told."""
    from slanb.facts.follow_up import promises, working_time
    from slanb.facts.promised import handed_off
    from slanb.periods import period_table, trailing

    case = opened(folder, LEADS)
    months = trailing(case.period, 13)  # a window that ends in the first of twelve began in the one before
    promised = promises(case.terms, months, (), None)
    table = period_table(months, case.facts.zone)[["period", "starts_at", "ends_at"]].assign(
        limit_seconds=promised["hours"] * 3600,
        attempts_promised=promised["attempts"],
        window_seconds=(promised["within_days"] * 86_400).astype("Int64"),
    )
    day = pd.Timedelta(days=2)
    first = case.facts.coverage["earliest_lead"]
    as_of = case.as_of.tz_convert("UTC").tz_localize(None)
    calendar = working_time(case.terms, first - day, as_of + day)
    windows = calendar[calendar["hours_of"] == ""].drop_duplicates("opens_at").drop(columns="hour")
    tables = {path.stem: path for path in (folder / f"records-{LEADS}").glob("*.parquet")}
    tiers = handed_off(case.terms, case.period, list(case.plan.tiers))
    return {
        "tables": tables, "as_of": as_of, "months": table, "tiers": tiers,
        "windows": windows[["opens_at", "working_seconds", "seconds_before"]].reset_index(drop=True),
    }  # fmt: skip


def _told(answers: dict[str, pd.DataFrame]) -> str:
    """The answers of the last twelve months, in a word: two that are told alike are equal."""
    columns = {"cohorts": rivals.WINS, "closings": rivals.CLOSED, "speed": rivals.SPEED}
    columns |= {"depth": rivals.DEPTH, "worked": rivals.WORK}
    rows = {}
    for question, names in columns.items():
        frame = answers[question][names].round(2)
        frame = frame[frame["period"] >= FIRST].sort_values(names[:2])
        rows[question] = [[str(value).removesuffix(".0") for value in row] for row in frame.to_numpy()]
    digest = hashlib.sha256(json.dumps(rows, sort_keys=True).encode()).hexdigest()[:12]
    return f"{sum(map(len, rows.values()))} rows, {digest}"


ALL_FACTS, MAIN = "all facts of a month's report", "its main facts: slanb"
BY_SQL, BY_PANDAS = "the same by hand-written SQL", "the same by pandas"
MEASURED = {
    "make a million leads": Measured(make),
    ALL_FACTS: Measured(all_facts),
    MAIN: Measured(main_facts),
    BY_SQL: Measured(hand_written),
    BY_PANDAS: Measured(with_pandas),
    "make ten million": Measured(make_ten_times),
    "all facts of ten million leads": Measured(all_facts_ten_times, seconds=120, gigabytes=4),
}


def compare(found: dict[str, dict]) -> str:
    """slanb beside its rivals, and ten million leads beside one."""
    slanb, sql, rows = (found[name] for name in (MAIN, BY_SQL, BY_PANDAS))
    ten, one = found["all facts of ten million leads"], found[ALL_FACTS]
    return (
        f"slanb / hand-written SQL: {slanb['cpu'] / sql['cpu']:.2f} of the CPU time [at most 1.5]; "
        f"slanb / pandas: {slanb['cpu'] / rows['cpu']:.2f} [below 1]; the same answers: "
        f"{slanb['what'] == sql['what'] == rows['what']}; "
        f"ten million leads / one: {ten['cpu'] / one['cpu']:.1f} [about 10]"
    )
