"""The goal in time: which month's quota this month's leads pay for, and what a shortfall now does later.

The plain steps ask this month's leads for this month's customers; most of those come from leads that are
already there, and this month's leads are for the months to come.
"""

import numpy as np
import pandas as pd

from slanb.dictionary.messages import Message
from slanb.estimates.timephased import LONGEST, shortfall_effect, time_phased
from slanb.facts.deliveries import delivered_by
from slanb.facts.evidence import corrected_by
from slanb.facts.period import PeriodFacts
from slanb.periods import between, label, months_of, trailing
from slanb.terms.goals import goals_in, has_goals, whole_leads

AHEAD = 6  # months planned
NOTICED = 0.01  # share of a goal below which what comes too late is not mentioned
ASSUMED = 0.1  # share of the goal taken to be missing while the month still runs
COLUMNS = [
    "period", "month_goal", "pipe", "plain_leads", "leads_in_time", "chance_in_time",
    "leads_in_time_confident", "expected", "too_late", "effect",
]  # fmt: skip


def phase(case: PeriodFacts) -> pd.DataFrame:
    """Leads needed month by month so that each month's marketing revenue goal closes in it.

    Each month by its own terms, an even part of a longer period of the agreement's measure; the months after
    one that has ended count on the leads it really brought, and those still to come before the period on the
    leads planned for them.

    Returns
    -------
    One row a month, the period's first one and those after it: `period`; `month_goal`, `pipe` (expected from
    leads already created), `expected` (with the planned ones), `too_late` (missing all the same), in money;
    `plain_leads` (as if leads closed at once), `leads_in_time` (needed), `chance_in_time` (of reaching the
    goal with them), `leads_in_time_confident` (so that the month reaches its goal as surely as agreed; NaN
    where leads created now do not make it so); and `effect` (money: what the leads missing in the first
    month, or above its goal, do to each month's revenue). Empty where nothing is known of when customers
    come.
    """
    own, evidence = months_of(case.period), case.evidence
    if evidence.by_month is None:
        return pd.DataFrame(columns=COLUMNS)
    months = [
        month for month in between(own[0], own[0] + (max(AHEAD, len(own)) - 1)) if _planned_in(case, month)
    ]
    totals = [goals_in(case.terms, month, case.what_if_in).total for month in months]
    plans = pd.DataFrame(totals, index=[label(month) for month in months])
    if not (plans["leads"] > 0).all():
        return pd.DataFrame(columns=COLUMNS)
    table, ended = _planned(case, plans, months[0]), sum(case.ended(month) for month in own)
    if 0 < ended < len(plans):
        table = pd.concat([table.iloc[:ended], _planned(case, plans.iloc[ended:], months[ended])])
    missing, _ = missing_leads(case, plans["leads"].iloc[0])
    lost = shortfall_effect(missing, close_rate=plans["close_rate"].iloc[0], shares=evidence.by_month.shares)
    lost = plans["deal_size"] * lost.reindex(range(len(table)), fill_value=0.0).to_numpy()
    return table.assign(effect=0.0 - lost).rename_axis("period").reset_index()[COLUMNS]


def _planned_in(case: PeriodFacts, month: pd.Period) -> bool:
    """Whether the agreement is in force in all periods of its measure that lie in the month."""
    return all(has_goals(case.terms, span) for span, _ in case.terms.spans_in(month))


def _created(case: PeriodFacts, before: list[pd.Period]) -> np.ndarray:
    """Leads of the months before the planned ones; of those that have not ended at least the planned ones."""
    seen = corrected_by(case.promised, before, case.evidence)["n"].to_numpy(dtype=float)
    plans = [
        0.0
        if case.ended(month) or not _planned_in(case, month)
        else goals_in(case.terms, month, case.what_if_in).total["leads"]
        for month in before
    ]
    return np.maximum(seen, plans)


def _planned(case: PeriodFacts, plans: pd.DataFrame, begins: pd.Period) -> pd.DataFrame:
    """Leads by coming month, on average and as surely as agreed; `plans` is the goals by month, `begins` the
    first of them, the month after the last whose leads are counted on."""
    evidence, shares = case.evidence, case.evidence.by_month.shares.iloc[:LONGEST]
    before = [month for month in trailing(begins - 1, len(shares)) if month >= evidence.months[0]]
    seen = pd.DataFrame({"n": [], "credible": [], "plain": []})
    seen = corrected_by(case.promised, before, evidence) if before else seen
    rates = seen["credible"].astype(float).fillna(seen["plain"]).fillna(plans["close_rate"].iloc[0])
    settings = {
        "close_rate": plans["close_rate"].to_numpy(),
        "shares": shares,
        "created": _created(case, before) if before else np.zeros(0),
        "created_rate": rates.to_numpy(dtype=float),  # corrected for age, else plain, else as agreed
        "deal_size": plans["deal_size"].to_numpy(),
        "deal_spread": spread_of(np.concatenate([*case.learnt.amounts.values()])),
        "month_spread": _month_spread(case, shares),
    }
    sure = time_phased(plans["marketing_goal"], confidence=case.plan.confidence, **settings)
    enough = sure["chance"] >= case.plan.confidence - 1e-9
    names = {"goal": "month_goal", "leads": "leads_in_time", "short": "too_late", "naive": "plain_leads"}
    return (
        time_phased(plans["marketing_goal"], **settings)
        .rename(columns=names | {"chance": "chance_in_time"})
        .assign(leads_in_time_confident=sure["leads"].where(enough))
    )


def _month_spread(case: PeriodFacts, shares: pd.Series) -> float:
    """By what share a month's revenue varies beyond chance: cohorts differ, each as far as it closes in the
    month, and the level of them all is not known for sure."""
    months = case.month_effects
    level = months.factors(2000, month=False).std()
    return float(np.hypot(months.spread * np.sqrt(np.square(shares).sum()), level))


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
    notes = [note, Message("goals.asked_for")]
    if case.ended(months_of(case.period)[0]) and len(phased) > 1:
        notes.append(Message("goals.brought", month=phased["period"].iloc[0]))
    return [*notes, Message("goals.still_rising")] if case.evidence.by_month.reason else notes


def spread_of(amounts: np.ndarray) -> float:
    """Standard deviation of deal sizes over their mean; 0 with fewer than two.

    >>> spread_of(np.array([50.0, 150.0])), spread_of(np.array([]))
    (0.5, 0.0)
    """
    return float(amounts.std() / amounts.mean()) if len(amounts) > 1 and amounts.mean() > 0 else 0.0
