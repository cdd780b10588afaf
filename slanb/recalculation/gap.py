"""Where the period's revenue fell short of its plan, or passed it, in parts that add up to the cent.

Part of `slanb.recalculation`.
"""

import pandas as pd

from slanb.dictionary.figures import Figure
from slanb.dictionary.wording import Wording
from slanb.estimates.gap import revenue_gap
from slanb.facts import Facts
from slanb.facts.evidence import Evidence, foreseen
from slanb.terms.goals import Goals

COLUMNS = ["key", "amount", "controlled_by"]


def decompose(facts: Facts, goals: Goals, evidence: Evidence, now: pd.Series) -> pd.DataFrame:
    """The gap between the revenue closed in the period and its quota (`estimates.revenue_gap`).

    The close rate is that of the period's own leads as they are foreseen to end, the deal size that of what
    marketing's leads closed in the period, tier by tier.

    Parameters
    ----------
    now : the period's row of `track_periods`.

    Returns
    -------
    `key` (`volume`, `mix`, ...), `amount`, `controlled_by`; empty while the period runs, or without a quota.
    """
    if not now["complete"] or not goals.total["quota"] > 0:
        return pd.DataFrame(columns=COLUMNS)
    plan = goals.by("tier").set_index("tier")[["leads", "close_rate", "deal_size"]]
    leads, closed = foreseen(facts, goals.period, evidence), facts.closings([goals.period])
    closed = closed[closed["sourced_by"] == "marketing"]
    if not goals.tiers:
        customers = (leads["leads"] * leads["close_rate"]).sum()
        whole = leads["leads"].sum()
        leads = pd.DataFrame({"leads": [whole], "close_rate": [customers / whole if whole else 0.0]}, [""])
        closed = closed.assign(tier="")
    sums = closed.groupby("tier")[["revenue", "priced"]].sum()
    size = sums["revenue"].where(sums["revenue"] > 0) / sums["priced"].where(sums["priced"] > 0)
    found = revenue_gap(
        plan,
        leads.join(size.rename("deal_size")),
        plan_other=float(goals.total["sales_goal"]),
        actual_other=float(now["all_revenue"] - now["closed_revenue"]),
        actual_marketing=float(now["closed_revenue"]),
        plan_marketing=float(goals.total["marketing_goal"]),
    )
    return found.rename_axis("key").reset_index()[COLUMNS]


def named(gap: pd.DataFrame, words: Wording) -> pd.DataFrame:
    """The parts with their names for readers: `part`, `amount`, `controlled_by`."""
    names = {
        "volume": words.text("Number of leads"),
        "mix": words.text("Mix of tiers"),
        "close rate": words.text("Close rate"),
        "deal size": words.text("Deal size"),
        "marketing share": words.text("Revenue not from marketing"),
        "timing": words.text("Timing of deals"),
    }
    return gap.assign(part=gap["key"].map(names))[["part", "amount", "controlled_by"]]


def sentence(gap: pd.DataFrame, words: Wording) -> str:
    """The largest part on either side, in a sentence; empty where nothing is decomposed."""
    if gap.empty:
        return ""
    shown = named(gap, words)
    below, above = shown.loc[shown["amount"].idxmin()], shown.loc[shown["amount"].idxmax()]
    said = []
    if below["amount"] < 0:
        said.append(
            words.text("{part} took {amount}", part=below["part"], amount=words.money(-below["amount"]))
        )
    if above["amount"] > 0:
        said.append(
            words.text("{part} added {amount}", part=above["part"], amount=words.money(above["amount"]))
        )
    return words.text("Against the plan, {parts}.", parts=words.join(said)) if said else ""


def figures(gap: pd.DataFrame, deals: int) -> list[Figure]:
    """Each part as published, with the side that controls it."""
    return [Figure(f"gap.{row.key.replace(' ', '_')}", row.amount, n=deals) for row in gap.itertuples()]
