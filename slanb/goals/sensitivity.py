"""Which assumption moves the leads goal, and how far the records let it move."""

import numpy as np
import pandas as pd

from slanb import formulas
from slanb.dictionary.messages import Message
from slanb.dictionary.wording import Wording
from slanb.facts.period import PeriodFacts
from slanb.facts.sides import rules_said
from slanb.terms.goals import Goals

LEVERS = ("quota", "marketing_share", "deal_size", "close_rate")
MEASURED = ("marketing_share", "deal_size", "close_rate")  # the quota is a decision
SHARES = ("marketing_share", "close_rate")
ALIKE = 0.05  # difference in leads below which two mixes are the same


def points(goals: Goals, recent: pd.DataFrame) -> tuple[tuple[float, float], tuple[float, float] | None]:
    """Close rate and deal size as agreed, and as the records have them (None where they do not)."""
    agreed = (goals.total["close_rate"], goals.total["deal_size"])
    if recent.empty or recent[["close_rate", "deal_size"]].iloc[0].isna().any():
        return agreed, None
    return agreed, (recent["close_rate"].iloc[0], recent["deal_size"].iloc[0])


def measured_notes(case: PeriodFacts) -> list[Message]:
    """How the measured rates depend on the mix of tiers and on the rule that says whose a deal is."""
    return [*_mix_said(case), *rules_said(case.rules)]


def _mix_said(case: PeriodFacts) -> list[Message]:
    """What the measured pair would be in the mix of tiers that came, where that makes a difference to the
    leads needed; nothing where it does not, or is not known."""
    row, goal = case.recent_as_planned, case.goals.total["marketing_goal"]
    if (
        row.empty
        or not goal > 0
        or not (row[["close_rate", "deal_size", "came_rate", "came_size"]] > 0).all(axis=None)
    ):
        return []
    values = row.iloc[0].to_dict()
    pairs = {"leads": ("close_rate", "deal_size"), "came_leads": ("came_rate", "came_size")}
    needed = {name: goal / (values[rate] * values[size]) for name, (rate, size) in pairs.items()}
    if abs(needed["came_leads"] / needed["leads"] - 1) < ALIKE:
        return []
    keys = ("close_rate", "deal_size", "came_rate", "came_size")
    return [Message("goals.mix", **{key: values[key] for key in keys}, **needed)]


def levers(goals: Goals, recent: pd.DataFrame, *, change: float = 0.1) -> pd.DataFrame:
    """What the leads goal becomes if one assumption alone lies at either end of what the records support.

    Parameters
    ----------
    goals : the goals of the period.
    recent : what the records support now in the planned mix (`PeriodFacts.recent_as_planned`); may be empty.
    change : where the records support nothing (the quota is a decision), the ends are this share below and
        above the agreed value.

    Returns
    -------
    One row a lever, the one that moves the answer most first: `lever`, `agreed`, `low_value`, `high_value`,
    `low`, `high` (leads at those values), `measured` (the ends come from the records).
    """
    goal = goals.total
    agreed = {lever: goal[lever] for lever in LEVERS}
    rows = []
    for lever in LEVERS:
        ends = [agreed[lever] * (1 - change), agreed[lever] * (1 + change)]
        measured = lever in MEASURED and len(recent) > 0 and recent[f"{lever}_low"].iloc[0] > 0
        if measured:
            ends = [recent[f"{lever}_low"].iloc[0], recent[f"{lever}_high"].iloc[0]]
        if lever in SHARES:
            ends = [min(end, 1.0) for end in ends]
        low, high = (leads_of(**agreed | {lever: end}) for end in ends)
        rows.append((lever, agreed[lever], *ends, low, high, measured))
    columns = ["lever", "agreed", "low_value", "high_value", "low", "high", "measured"]
    frame = pd.DataFrame(rows, columns=columns)
    reach = frame[["low", "high"]].sub(goal["leads"]).abs().max(axis=1)
    return frame.loc[reach.sort_values(ascending=False, kind="stable").index].reset_index(drop=True)


def lever_labels(levers: pd.DataFrame, words: Wording) -> pd.DataFrame:
    """The levers with names and ends in words: `lever`, `low`, `high`, `low_at`, `high_at`."""
    ends = {
        f"{end}_at": [
            words.value(row[f"{end}_value"], "share" if row["lever"] in SHARES else "money")
            for row in levers.to_dict("records")
        ]
        for end in ("low", "high")
    }
    return levers.assign(lever=[words.say(f"goals.lever_{lever}") for lever in levers["lever"]], **ends)


def around(goals: Goals, *, spread: float = 0.4, steps: int = 17) -> pd.DataFrame:
    """The leads goal over a grid of close rates and deal sizes around the agreed ones.

    Returns
    -------
    Long frame `close_rate`, `deal_size`, `leads`, from 1 - `spread` to 1 + `spread` of the agreed.
    """
    goal = goals.total
    factors = np.linspace(1 - spread, 1 + spread, steps)
    rates, sizes = np.meshgrid(np.minimum(goal["close_rate"] * factors, 1), goal["deal_size"] * factors)
    frame = pd.DataFrame({"close_rate": rates.ravel(), "deal_size": sizes.ravel()})
    customers = formulas.customers_needed(revenue_goal=goal["marketing_goal"], deal_size=frame["deal_size"])
    return frame.assign(leads=formulas.leads_needed(customers=customers, close_rate=frame["close_rate"]))


def leads_of(*, quota: float, marketing_share: float, deal_size: float, close_rate: float) -> float:
    """All steps at once: leads needed for a quota.

    >>> leads_of(quota=5_000, marketing_share=1, deal_size=100, close_rate=0.5)
    100.0
    """
    goal = formulas.marketing_revenue_goal(quota=quota, marketing_share=marketing_share)
    customers = formulas.customers_needed(revenue_goal=goal, deal_size=deal_size)
    return formulas.leads_needed(customers=customers, close_rate=close_rate)
