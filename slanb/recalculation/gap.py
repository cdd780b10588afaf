"""Where the period's revenue fell short of its plan, or passed it, in parts that add up to the cent."""

import pandas as pd

from slanb.dictionary.messages import Message
from slanb.estimates.gap import revenue_gap
from slanb.facts.evidence import foreseen
from slanb.facts.period import PeriodFacts


def gap(case: PeriodFacts) -> pd.DataFrame:
    """The gap between the revenue closed in the period and its quota (`estimates.revenue_gap`).

    The close rate is that of the period's own leads as they are foreseen to end, the deal size that of what
    marketing's leads closed in the period, tier by tier.

    Returns
    -------
    `key` (`volume`, `mix`, `close_rate`, `deal_size`, `marketing_share`, `timing`), `part` (its name, a
    message), `amount` (money), `controlled_by`; empty while the period runs, or without a quota.
    """
    now, goals = case.tracked.iloc[-1], case.goals
    if not now["complete"] or not goals.total["quota"] > 0 or pd.isna(now["all_revenue"]):
        return pd.DataFrame(columns=["key", "part", "amount", "controlled_by"])
    plan = goals.by("tier").set_index("tier")[["leads", "close_rate", "deal_size"]]
    leads, closed = foreseen(case.facts, case.period, case.evidence), case.facts.closings([case.period])
    closed = closed[closed["sourced_by"] == "marketing"]
    if not goals.tiers:
        customers, whole = (leads["leads"] * leads["close_rate"]).sum(), leads["leads"].sum()
        leads = pd.DataFrame({"leads": [whole], "close_rate": [customers / whole if whole else 0.0]}, [""])
        closed = closed.assign(tier="")
    sums = closed.groupby("tier")[["revenue", "priced"]].sum()
    size = sums["revenue"].where(sums["revenue"] > 0) / sums["priced"].where(sums["priced"] > 0)
    parts = revenue_gap(
        plan,
        leads.join(size.rename("deal_size")),
        plan_other=float(goals.total["sales_goal"]),
        actual_other=float(now["all_revenue"] - now["closed_revenue"]),
        actual_marketing=float(now["closed_revenue"]),
        plan_marketing=float(goals.total["marketing_goal"]),
    )
    frame = parts.rename_axis("key").reset_index()
    frame["key"] = frame["key"].str.replace(" ", "_")
    frame["part"] = [Message(f"recalculation.gap_{key}") for key in frame["key"]]
    return frame[["key", "part", "amount", "controlled_by"]]


def gap_said(gap: pd.DataFrame) -> list[Message]:
    """The largest part on either side, in a sentence; nothing where nothing is decomposed."""
    if gap.empty:
        return []
    below, above = gap.loc[gap["amount"].idxmin()], gap.loc[gap["amount"].idxmax()]
    lost = {"why": Message(f"recalculation.gap_{below['key']}_lower"), "loss": -below["amount"]}
    won = {"reason": Message(f"recalculation.gap_{above['key']}_higher"), "gain": above["amount"]}
    if below["amount"] < 0 < above["amount"]:
        return [Message("recalculation.gap_both", **lost, **won)]
    if below["amount"] < 0:
        return [Message("recalculation.gap_lower", **lost)]
    return [Message("recalculation.gap_higher", **won)] if above["amount"] > 0 else []
