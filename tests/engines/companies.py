"""The companies whose questions are asked of every engine."""

import numpy as np
import pandas as pd

from slanb.facts import Facts
from slanb.facts.deliveries import deliveries
from slanb.facts.follow_up import FollowUp
from slanb.facts.promised import about
from slanb.terms import Terms
from slanb.terms.goals import goals_of


def ask_everything(facts: Facts, terms: Terms, period: pd.Period) -> None:
    """Every question there is, of one company."""
    periods = list(pd.period_range(period - 5, period, freq=period.freqstr))
    facts.coverage  # noqa: B018
    for question in ("cohorts", "closings", "cycles", "run_off", "ages", "triangle", "undated"):
        getattr(facts, question)(periods)
    facts.closings_by_cohort(periods)
    facts.amounts(periods, most=3)
    facts.unpresented(periods)
    facts.converted(periods)
    facts.daily_leads(period)
    facts.names()
    facts.undated_deals  # noqa: B018
    facts.undated(periods, sourced_by="sales")
    for counted in (facts.counting("revenue_only"), about(facts, terms, goals_of(terms, period))):
        counted.cohorts(periods)
        counted.closings(periods)
    deliveries(facts, terms, period.start_time, period.end_time.normalize())
    follow_up = FollowUp(facts, terms, period, n=3)
    for answer in ("speed", "clocks", "depth", "depth_open", "worked", "connects", "left_out"):
        getattr(follow_up, answer)
    follow_up.curve(48.0)
    follow_up.attention, follow_up.attention_list  # noqa: B018


def random_company(seed: int, *, leads: int = 300) -> dict[str, pd.DataFrame]:
    """Records of 2026 in which anything may be missing, late, repeated or out of order."""
    draw = np.random.default_rng(seed)

    def moments(n: int, empty: float = 0.0) -> pd.Series:
        micros = draw.integers(0, 300 * 86_400, n) * 1_000_000 + draw.integers(0, 2, n) * 123_456
        times = pd.Series(pd.Timestamp("2026-01-20") + pd.to_timedelta(micros, unit="us")).astype(
            "datetime64[us]"
        )
        return times.mask(draw.random(n) < empty)

    def one_of(names: list, n: int) -> pd.Series:
        return pd.Series([names[number] for number in draw.integers(0, len(names), n)], dtype=object)

    ids = np.array([f"L{n}" for n in range(leads)])
    created = moments(leads)
    table = pd.DataFrame({"lead_id": ids, "created_at": created})
    table["handed_off_at"] = (created + pd.to_timedelta(draw.integers(-3600, 200_000, leads), unit="s")).mask(
        draw.random(leads) < 0.2
    )
    table["sourced_by"] = one_of(["marketing", "marketing", "sales", None], leads)
    table["tier"] = one_of(["A", "B", "a", "ä", None], leads)
    table["segment"] = one_of(["North", "South", "north", "", None], leads)
    table["owner"] = one_of(["Ann", "ben", "Ben", "Øl", None], leads)
    table["lost_at"] = moments(leads, 0.7)
    table["lost_reason"] = one_of(["wrong number", 'it\'s "no"', "a\\b", None], leads)
    table["presented"] = one_of([True, True, True, False, None], leads)
    n = leads // 2
    deals = pd.DataFrame({"deal_id": [f"D{k}" for k in range(n)], "lead_id": draw.choice(ids, n)})
    deals["lead_id"] = deals["lead_id"].astype(object).where(draw.random(n) > 0.1, None)
    deals["sourced_by"] = one_of(["marketing", "sales", None], n)
    deals["segment"] = one_of(["North", "South", None], n)
    deals["closed_at"] = moments(n, 0.2)
    deals["won"] = one_of([True, True, False, None], n)
    deals["amount"] = pd.Series(draw.normal(900, 700, n).round(2)).mask(draw.random(n) < 0.1)
    deals["converted_from"] = one_of(["USD", "GBP", None, None], n)
    n = leads * 4
    activities = pd.DataFrame({"activity_id": [f"T{k}" for k in range(n)]})
    activities["lead_id"] = draw.choice([*ids, "nobody"], n)
    happened = table.set_index("lead_id")["created_at"].reindex(activities["lead_id"]).reset_index(drop=True)
    later = pd.to_timedelta((draw.exponential(200_000, n) - 20_000).astype(int), unit="s")
    activities["occurred_at"] = happened.fillna(pd.Timestamp("2026-06-01")) + later
    activities["kind"] = one_of(["call", "email", "meeting", None], n)
    activities["by_human"] = one_of([True, True, True, False, None], n)
    activities["outbound"] = one_of([True, True, False, None], n)
    activities["connected"] = one_of([True, False, False, None], n)
    activities["owner"] = one_of(["Ann", "ben", "Ben", None], n)
    activities["logged_at"] = (
        activities["occurred_at"] + pd.to_timedelta(draw.exponential(30_000, n).astype(int), unit="s")
    ).mask(draw.random(n) < 0.3)
    n = leads // 3
    assignments = pd.DataFrame(
        {"lead_id": draw.choice(ids, n), "from_owner": one_of(["Ann", "Ben", None], n)}
    )
    assignments["to_owner"], assignments["assigned_at"] = one_of(["ben", "Øl"], n), moments(n)
    return {"leads": table, "deals": deals, "activities": activities, "assignments": assignments}
