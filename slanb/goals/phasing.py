"""The goal in time: which month's quota this month's leads pay for, and what a shortfall now does later.

The plain steps ask this month's leads for this month's customers; most of those come from leads that are
already there, and this month's leads are for the months to come.
"""

import numpy as np
import pandas as pd

from slanb.dictionary.messages import Message
from slanb.estimates.timephased import shortfall_effect, time_phased
from slanb.facts.deliveries import delivered_by
from slanb.facts.evidence import corrected_by
from slanb.facts.period import PeriodFacts
from slanb.periods import label, months_of, trailing
from slanb.terms.goals import goals_of, has_goals, whole_leads

AHEAD = 6  # months planned
BURST = 1.5  # times the best month so far: what marketing can bring at most
NOTICED = 0.01  # share of a goal below which what comes too late is not mentioned
SURE_ENOUGH = 0.01  # leads come whole, so a chance is met only nearly
ASSUMED = 0.1  # share of the goal taken to be missing while the month still runs
COLUMNS = [
    "period", "month_goal", "pipe", "plain_leads", "leads_in_time", "leads_in_time_confident", "expected",
    "too_late", "chance", "effect",
]  # fmt: skip


def phase(case: PeriodFacts) -> pd.DataFrame:
    """Leads needed month by month so that each month's marketing revenue goal closes in it.

    Returns
    -------
    One row a month, the period's first one and those after it: `period`; `month_goal`, `pipe` (expected from
    leads already created), `expected` (with the planned ones), `too_late` (missing whatever is done now), in
    money; `plain_leads` (as if leads closed at once), `leads_in_time` (needed), `leads_in_time_confident` (so
    that each month reaches its goal as surely as agreed; NaN where not even the most marketing can bring do),
    `chance` (with `leads_in_time`); and `effect` (money: what the leads missing in the first month, or above
    its goal, do to each month's revenue). Empty where the agreement does not count by month, or nothing is
    known of when customers come.
    """
    terms, own, evidence = case.terms, set(months_of(case.period)), case.evidence
    if terms.agreement.measure != "month" or evidence.by_month is None:
        return pd.DataFrame(columns=COLUMNS)
    months = pd.period_range(min(own), periods=max(AHEAD, len(own)))
    months = [month for month in months if has_goals(terms, month)]
    given = {key: value for key, value in case.what_if.items() if key != "quota" or len(own) == 1}
    plans = [goals_of(terms, month, given if month in own else None).total for month in months]
    first, goal = plans[0], pd.Series([plan["marketing_goal"] for plan in plans], index=map(label, months))
    if not goal.iloc[0] > 0 or not first["leads"] > 0:
        return pd.DataFrame(columns=COLUMNS)
    table = _planned(case, goal, first)
    missing, _ = missing_leads(case, first["leads"])
    lost = shortfall_effect(missing, close_rate=first["close_rate"], shares=evidence.by_month.shares)
    lost = first["deal_size"] * lost.reindex(range(len(table)), fill_value=0.0).to_numpy()
    return table.assign(effect=0.0 - lost).rename_axis("period").reset_index()[COLUMNS]


def _planned(case: PeriodFacts, goal: pd.Series, first: pd.Series) -> pd.DataFrame:
    """Leads by coming month, on average and as surely as agreed; `first` is the goals of the first month."""
    evidence, shares = case.evidence, case.evidence.by_month.shares
    begins = pd.Period(goal.index[0], "M")
    before = [month for month in trailing(begins - 1, len(shares)) if month >= evidence.months[0]]
    seen = pd.DataFrame({"n": [], "credible": [], "plain": []})
    seen = corrected_by(case.facts, before, evidence) if before else seen
    rates = seen["credible"].astype(float).fillna(seen["plain"]).fillna(first["close_rate"])
    settings = {
        "close_rate": first["close_rate"],
        "shares": shares,
        "created": seen["n"].to_numpy(dtype=float),
        "created_rate": rates.to_numpy(dtype=float),  # corrected for age, else plain, else as agreed
        "deal_size": first["deal_size"],
        "deal_spread": spread_of(np.concatenate([*case.learnt.amounts.values()])),
        "most": BURST * max(seen["n"].max() if len(seen) else 0.0, first["leads"]),
    }
    sure = time_phased(goal, confidence=case.plan.confidence, **settings)
    enough = sure["chance"] >= case.plan.confidence - SURE_ENOUGH
    names = {"goal": "month_goal", "leads": "leads_in_time", "short": "too_late", "naive": "plain_leads"}
    return (
        time_phased(goal, **settings)
        .rename(columns=names)
        .assign(leads_in_time_confident=sure["leads"].where(enough))
    )


def missing_leads(case: PeriodFacts, needed: float) -> tuple[float, bool]:
    """Leads by which the period's first month fell short of its goal of whole leads (negative: a surplus),
    and whether that is an assumption: a tenth of the goal, while the month runs."""
    goal, month = float(whole_leads(needed)), months_of(case.period)[0]
    if not case.ended(month):
        return ASSUMED * goal, True
    return goal - delivered_by(case.deliveries, [month])["leads"].iloc[0], False


def in_time(phased: pd.DataFrame) -> Message:
    """How much of the first month's goal is in the pipe, and what its leads cannot bring in time."""
    now = phased.iloc[0]
    late = now["too_late"] >= NOTICED * now["month_goal"]
    return Message(
        "goals.too_late" if late else "goals.in_time",
        goal=now["month_goal"],
        month=now["period"],
        share=now["pipe"] / now["month_goal"],
        too_late=now["too_late"],
        leads=now["leads_in_time"],
        plain=now["plain_leads"],
    )


def phasing_notes(case: PeriodFacts, phased: pd.DataFrame) -> list[Message]:
    """What the effect in the table is about, and what limits it."""
    if phased.empty:
        return [Message("goals.no_phasing")]
    missing, assumed = missing_leads(case, phased["plain_leads"].iloc[0])
    key = "assumed" if assumed else "missing" if missing > 0 else "surplus" if missing < 0 else "none"
    note = Message(f"goals.effect_{key}", leads=abs(missing), month=phased["period"].iloc[0])
    notes = [note, Message("goals.most", times=BURST)]
    return [*notes, Message("goals.still_rising")] if case.evidence.by_month.reason else notes


def spread_of(amounts: np.ndarray) -> float:
    """Standard deviation of deal sizes over their mean; 0 with fewer than two.

    >>> spread_of(np.array([50.0, 150.0])), spread_of(np.array([]))
    (0.5, 0.0)
    """
    return float(amounts.std() / amounts.mean()) if len(amounts) > 1 and amounts.mean() > 0 else 0.0
