"""The recalculated numbers as published figures: each with unit, clock, n, interval, target and formula.

Part of `slanb.recalculation`.
"""

import pandas as pd

from slanb.dictionary.figures import Figure, judge
from slanb.facts.tracked import LEVEL
from slanb.recalculation.drift import measured_rates
from slanb.terms.goals import Goals

PERIOD = {  # id: label, column of `track_periods`, unit, cases behind it
    "cohort.leads": ("Leads created, marketing-sourced", "leads", "leads", "leads"),
    "cohort.customers": ("Customers of these leads", "customers", "customers", "leads"),
    "cohort.revenue": ("Revenue from these customers", "revenue", "money", "priced"),
    "cohort.close_rate": ("Close rate of these leads", "close_rate", "share", "leads"),
    "closing.deals": ("Deals won", "all_deals", "deals", "all_deals"),
    "closing.revenue": ("Revenue closed", "all_revenue", "money", "all_deals"),
    "closing.marketing_revenue": (
        "Revenue from marketing's leads",
        "closed_revenue",
        "money",
        "closed_deals",
    ),
    "closing.sales_revenue": ("Revenue from sales' own leads", "sales_revenue", "money", "rest_deals"),
    "closing.unattributed_revenue": ("Unattributed revenue", "unattributed_revenue", "money", "rest_deals"),
    "closing.marketing_share": ("Marketing share of revenue", "marketing_share", "share", "all_deals"),
    "closing.deal_size": ("Deal size", "closing_deal_size", "money", "closed_priced"),
    "closing.sales_cycle": ("Sales cycle, median", "median_days", "days", "cycle_deals"),
}
HOW = {
    "cohort.leads": "marketing-sourced leads created in the period",
    "cohort.customers": "of these leads, those with a won deal by as-of",
    "cohort.revenue": "sum of these customers' won deals",
    "cohort.close_rate": "customers ÷ leads",
    "closing.deals": "all deals won and closed in the period",
    "closing.revenue": "sum of all deals won and closed in the period",
    "closing.marketing_revenue": "marketing-sourced deals won and closed in the period",
    "closing.sales_revenue": "sales-sourced deals won and closed in the period",
    "closing.unattributed_revenue": "deals won and closed in the period whose source nobody knows",
    "closing.marketing_share": "marketing-sourced revenue closed ÷ all revenue closed",
    "closing.deal_size": "marketing-sourced revenue closed ÷ its deals with a known amount",
    "closing.sales_cycle": "median of days from lead to win, of those who bought; open leads are not in it",
    "recent.marketing_share": "marketing revenue ÷ all revenue, of deals closed in the trailing periods",
    "recent.close_rate": "customers ÷ leads, of the trailing cohorts old enough to judge",
    "recent.deal_size": "revenue ÷ customers with a known amount, of the same cohorts",
}
TARGETS = {  # id: the goal it is held against, and the side that controls it
    "closing.revenue": ("quota", "both"),
    "closing.marketing_revenue": ("marketing_goal", "marketing"),
    "closing.sales_revenue": ("sales_goal", "sales"),
}
CHAIN = "quota × marketing share ÷ deal size ÷ close rate, summed over tiers and segments"


def of_period(now: pd.Series, goals: Goals) -> list[Figure]:
    """The figures of one period (a row of `track_periods`) against its goals."""
    young = "young cohort: wins are still to come" if now["young"] else ""
    figures = []
    for id_, (name, column, unit, n) in PERIOD.items():
        goal, side = TARGETS.get(id_, (None, ""))
        target = (goals.total[goal] or None) if goal else None  # nothing promised, nothing judged
        basis = id_.partition(".")[0]
        ranged = f"{column}_low" in now
        figures.append(
            Figure(
                id_,
                now[column],
                n=int(now[n]),
                low=now[f"{column}_low"] if ranged else None,
                high=now[f"{column}_high"] if ranged else None,
                level=LEVEL if ranged else None,
                target=target,
                verdict=judge(now[column], at_least=target, complete=now["complete"]) if target else None,
                note=young if basis == "cohort" else "",
            )
        )
    return figures


def of_recent(recent: pd.DataFrame) -> list[Figure]:
    """The rates the records support now, over the trailing periods."""
    return [
        Figure(
            f"recent.{key}",
            found["measured"],
            n=found["n"],
            low=found["low"],
            high=found["high"],
            level=LEVEL,
        )
        for key, found in measured_rates(recent).items()
    ]


def of_next(next_period: str, planned: float, proposed: float) -> list[Figure]:
    """The next period's leads goal, as planned and with the proposed parameters."""
    return [
        Figure(f"next.leads_{name}", value) for name, value in (("planned", planned), ("proposed", proposed))
    ]
