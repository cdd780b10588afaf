"""Where the period's revenue fell short of its plan, or passed it, in parts that add up to the cent."""

import pandas as pd

from slanb.dictionary.messages import Message
from slanb.estimates.gap import customers_gap, revenue_gap
from slanb.estimates.settling import NO_CUSTOMERS
from slanb.facts.period import PeriodFacts
from slanb.facts.sides import by_rule
from slanb.periods import label
from slanb.recalculation.feeding import cells, fed_by, first_agreed, not_promised, parts_of
from slanb.recalculation.run_off import why_not

PROPERTY = ("plan_months",)  # parts that are no departure from the plan
RARE = ("not_promised", "no_lead", "upgrades", "refunds")  # parts that most periods do not have


def gap(case: PeriodFacts) -> pd.DataFrame:
    """The gap between the revenue closed in the period and its quota, over the months (weeks, where goals
    are set by them) whose leads closed in it (`estimates.revenue_gap`); without their run-off, over its
    customers (`customers_gap`).

    Returns
    -------
    `key` (`plan_months`, `volume`, `mix`, `close_rate`, `timing`, `deal_size`, `not_promised`, `no_lead`,
    `upgrades` and `refunds` where there is any, `marketing_share`; or `customers`, `deal_size`,
    `marketing_share`; all but `refunds` are of revenue before refunds),
    `part` (its name, a message), `amount` (money), `controlled_by`; empty while the period runs, without
    a quota, and where many won deals are in no period (`no_gap` says so).
    """
    now, total = case.tracked.iloc[-1], case.goals.total
    unknown = now[["all_revenue", "closed_revenue"]].isna().any()
    if not now["complete"] or not total["quota"] > 0 or unknown or _undated(case)[0]:
        return pd.DataFrame(columns=["key", "part", "amount", "controlled_by"])
    apart = case.agreement.customers.upgrades == "revenue_only"
    upgraded, of_marketing = (float(now[name]) * apart for name in ("upgraded", "closed_upgraded"))
    known = {
        "plan_marketing": float(total["marketing_goal"]),
        "actual_marketing": float(now["closed_gross"]) - of_marketing,
        "plan_other": float(total["sales_goal"]),
        "actual_other": float(now["rest_gross"]) - (upgraded - of_marketing),
    }
    if _unknown(case):
        parts = customers_gap(_by_tier(case, apart), **known)
    else:
        parts = revenue_gap(cells(case), **known, not_promised=not_promised(case))
    parts.loc["upgrades", ["amount", "controlled_by"]] = [upgraded, "sales"]
    parts.loc["refunds", ["amount", "controlled_by"]] = [-float(now["all_refunds"]), "both"]
    amounts = parts["amount"].astype(float).round(2)
    left = now["all_revenue"] - total["quota"] - amounts.sum()
    amounts[amounts.abs().idxmax()] += left  # the largest takes what rounding leaves over
    parts["amount"] = amounts.round(2) + 0.0
    frame = parts.rename_axis("key").reset_index()
    frame["key"] = frame["key"].str.replace(" ", "_")
    frame = frame[~frame["key"].isin(RARE) | (frame["amount"] != 0)].reset_index(drop=True)
    frame["part"] = [Message(f"recalculation.gap_{key}") for key in frame["key"]]
    return frame[["key", "part", "amount", "controlled_by"]]


def gap_notes(case: PeriodFacts, gap: pd.DataFrame) -> list[Message]:
    """What the parts of the gap rest on: what the plan's own months bring, and where something is not known;
    nothing where nothing is decomposed."""
    if gap.empty:
        return []
    sides = _by_rule(case)
    if reason := _unknown(case):
        return [Message("recalculation.gap_untimed", why=why_not(reason)), *sides]
    own = float(gap.set_index("key").loc["plan_months", "amount"])
    goal, months, agreed = case.goals.total["marketing_goal"], fed_by(case), first_agreed(case)
    way = "level" if abs(own) < 0.005 * goal else "less" if own < 0 else "more"
    notes = [Message(f"recalculation.gap_by_plan_{way}", planned=goal + own, goal=goal, amount=abs(own))]
    reach = max(months[0], parts_of(case)[0] - len(case.run_off[1].shares))
    if agreed > reach:
        notes.append(Message("recalculation.gap_before_agreement", period=label(agreed)))
    return [*notes, *sides]


def _undated(case: PeriodFacts) -> tuple[int, float]:
    """Won deals that nobody dated, and their revenue; both 0 where they are few."""
    deals, revenue = case.undated_deals[["deals", "revenue"]].sum()
    return int(deals), float(revenue)


def _by_rule(case: PeriodFacts) -> list[Message]:
    """What of the closed revenue is marketing's by the other rules; nothing where they agree."""
    rules = by_rule(case.facts, [case.period])
    others = rules[~rules["in_force"]]
    if len(others) == len(rules) or rules["marketing_revenue"].nunique() < 2:
        return []
    own = float(rules.loc[rules["in_force"], "marketing_revenue"].iloc[0])
    listed = [
        Message("recalculation.gap_rule", rule=row.rule, amount=row.marketing_revenue)
        for row in others.itertuples()
    ]
    return [Message("recalculation.gap_rules", own=own, period=case.label, list=listed)]


def _unknown(case: PeriodFacts) -> str:
    """Why the run-off cannot be read; empty where it can."""
    developed = case.run_off[1]
    return NO_CUSTOMERS if developed is None else developed.reason


def _by_tier(case: PeriodFacts, apart: bool) -> pd.DataFrame:
    """Customers and deal size of each tier, planned, and as marketing's deals closed in the period;
    before refunds and, where these are apart, without upgrades."""
    closed = case.facts.closings([case.period])
    closed = closed[closed["sourced_by"] == "marketing"]
    closed = closed.assign(revenue=closed["gross"] - closed["upgraded"] * apart)
    if not case.goals.tiers:
        closed = closed.assign(tier="")
    closed = closed.groupby("tier")[["deals", "revenue"]].sum().rename(columns={"deals": "customers"})
    plan = case.goals.by("tier").set_index("tier")[["customers", "deal_size"]]
    return plan.rename(columns={"customers": "plan_customers"}).join(closed, how="outer")


def untold(case: PeriodFacts) -> list[Message]:
    """That nothing can be decomposed, since many won deals are in no period; nothing where they are few."""
    n, revenue = _undated(case) if case.complete else (0, 0.0)
    return [Message("recalculation.gap_untold", n=n, amount=revenue)] if n else []


def no_gap(case: PeriodFacts) -> list[Message]:
    """Why `gap` is empty."""
    return untold(case) or [Message("plots.gap_later")]


def gap_said(gap: pd.DataFrame) -> list[Message]:
    """The largest departure on either side, in a sentence; nothing where nothing is decomposed."""
    if gap.empty:
        return []
    gap = gap[~gap["key"].isin(PROPERTY)]
    below, above = gap.loc[gap["amount"].idxmin()], gap.loc[gap["amount"].idxmax()]
    lost = {"why": Message(f"recalculation.gap_{below['key']}_lower"), "loss": -below["amount"]}
    won = {"reason": Message(f"recalculation.gap_{above['key']}_higher"), "gain": above["amount"]}
    if below["amount"] < 0 < above["amount"]:
        return [Message("recalculation.gap_both", **lost, **won)]
    if below["amount"] < 0:
        return [Message("recalculation.gap_lower", **lost)]
    return [Message("recalculation.gap_higher", **won)] if above["amount"] > 0 else []
