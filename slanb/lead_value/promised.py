"""What was delivered of the promised leads, in number and in value, against the goals: the two figures.

Part of `slanb.lead_value`. Clauses of the agreement are decided by them, so they can be had alone, for any
past period, without the values of leads that the rest of this room is about.
"""

import pandas as pd

from slanb.dictionary.figures import Figure, judge
from slanb.facts import Facts
from slanb.facts.tracked import track
from slanb.terms import Terms
from slanb.terms.goals import Goals, goals_of

NAMES = {
    "marketing.leads": ("Leads delivered by marketing", "leads", "delivered", "goal"),
    "marketing.value": ("Value of the leads delivered", "money", "value", "value_goal"),
}
HOW = {
    "marketing.leads": "marketing leads of promised tiers that count in the period by the agreed rule",
    "marketing.value": "leads delivered × agreed worth of a lead of their tier",
}


def promised_figures(total: pd.Series, *, complete: bool) -> list[Figure]:
    """The figures of deliveries: `delivered` of `goal` leads, `value` of `value_goal`."""
    return [
        Figure(
            id_,
            total[value],
            n=int(total["delivered"]),
            target=total[goal],
            verdict=judge(total[value], at_least=total[goal], complete=complete),
        )
        for id_, (name, unit, value, goal) in NAMES.items()
    ]


def deliveries(facts: Facts, terms: Terms, period: pd.Period) -> list[Figure]:
    """The figures of what a period delivered, as of the clock and by the terms in force in it.

    Raises
    ------
    SlanbError : where the agreement is not in force in `period`.
    """
    goals = goals_of(terms, period)
    delivered = track(facts, [period], keys=["tier"]).set_index("tier")["leads"]
    total = pd.Series(with_goals(goals))
    if goals.tiers:
        delivered = delivered.reindex(goals.tiers).fillna(0.0)
        worth = goals.by("tier").set_index("tier")["value"]
        total["value"] = float((delivered * worth).sum())
    else:
        total["value"] = float(delivered.sum() * goals.total["value"])
    total["delivered"] = float(delivered.sum())
    return promised_figures(total, complete=bool(facts.standing([period])["complete"].iloc[0]))


def with_goals(goals: Goals) -> dict[str, float]:
    """`goal` and `value_goal` of the promised leads, which come whole: their goal is the nearest number."""
    return {"goal": round(goals.total["leads"]), "value_goal": goals.total["value_goal"]}
