"""The goal as the guides compute it: step by step, by part, by day, and as published numbers.

Part of `slanb.goals`.
"""

from collections.abc import Mapping

import pandas as pd

from slanb import formulas
from slanb.dictionary.figures import Figure
from slanb.periods import containing, days_of, label
from slanb.terms import Terms
from slanb.terms.goals import Goals, goals_of, has_goals


def goal_line(goals: Goals) -> pd.DataFrame:
    """The goal line: `day`, `goal` (cumulative leads due by the end of that day), in equal steps."""
    days = days_of(goals.period)
    return pd.DataFrame({"day": days, "goal": formulas.goal_line(goal=goals.total["leads"], days=len(days))})


def steps(goals: Goals) -> pd.DataFrame:
    """The steps from quota to leads, in reading order: `step`, `value`, `unit`, `how`."""
    goal = goals.total
    days = len(days_of(goals.period))
    rows = [
        ("Quota", goal["quota"], "money", "agreed"),
        ("Marketing share", goal["marketing_share"], "share", "agreed"),
        ("Marketing revenue goal", goal["marketing_goal"], "money", "quota × marketing share"),
        ("Sales revenue goal", goal["sales_goal"], "money", "the rest of the quota"),
        ("Deal size", goal["deal_size"], "money", "agreed"),
        ("Customers needed", goal["customers"], "customers", "marketing revenue goal ÷ deal size"),
        ("Close rate", goal["close_rate"], "share", "agreed"),
        ("Leads needed", goal["leads"], "leads", "customers needed ÷ close rate"),
        (
            "Leads a day",
            formulas.daily_goal(goal=goal["leads"], days=days),
            "leads",
            f"leads needed ÷ {days} days",
        ),
        ("Value of these leads", goal["value_goal"], "money", "leads × agreed value of a lead"),
    ]
    return pd.DataFrame(rows, columns=["step", "value", "unit", "how"])


def parts(goals: Goals) -> pd.DataFrame:
    """The goals by tier, by segment and whole: `part`, `whole` (the last row), and `Goals.by`'s columns."""
    whole = goals.total.to_frame().T.assign(part="All", whole=True)
    rows = [
        goals.by(key).query(f"{key} != ''").rename(columns={key: "part"}).assign(whole=False)
        for key in ("tier", "segment")
    ]
    return pd.concat([*(part for part in rows if len(part)), whole], ignore_index=True)


def by_grain(terms: Terms, period: pd.Period, what_if: Mapping | None = None) -> pd.DataFrame:
    """The goals of the period and of the quarter and year around it: `period` and `Goals.total`'s columns.

    A quarter or year in which the agreement is not in force throughout has no goal, and no row.
    """
    spans = [span for span in containing(period) if has_goals(terms, span)]
    scaled = {key: value for key, value in (what_if or {}).items() if key != "quota"}
    rows = [goals_of(terms, span, what_if if span == period else scaled).total for span in spans]
    return pd.DataFrame(rows).assign(period=[label(span) for span in spans]).reset_index(drop=True)


def figures(goals: Goals) -> list[Figure]:
    """The goals as published numbers, whole and by tier and segment."""
    goal = goals.total
    rows = [
        ("plan.quota", "Quota", "quota", "money", "agreed"),
        (
            "plan.marketing_goal",
            "Marketing revenue goal",
            "marketing_goal",
            "money",
            "quota × marketing share",
        ),
        ("plan.sales_goal", "Sales revenue goal", "sales_goal", "money", "quota − marketing revenue goal"),
        (
            "plan.customers",
            "Customers needed",
            "customers",
            "customers",
            "marketing revenue goal ÷ deal size",
        ),
        ("plan.leads", "Leads needed", "leads", "leads", "customers needed ÷ close rate"),
        ("plan.value", "Value of the leads needed", "value_goal", "money", "leads × agreed value of a lead"),
    ]
    figures = [Figure(id_, goal[column]) for id_, text, column, unit, formula in rows]
    for key in ("tier", "segment"):
        parts = goals.by(key)
        figures += [
            Figure(f"plan.{key}.{part[key]}.leads", part["leads"])
            for part in parts.to_dict("records")
            if part[key]
        ]
    return figures
