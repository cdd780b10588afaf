"""What marketing must deliver: the steps of the goal, its levers, and whether history says it is realistic.

Floor 3, for `01-set-goals`. The goals themselves come from `slanb.chain`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from slanb import formulas
from slanb.chain import Goals, goal_chain, has_goals
from slanb.facts import Facts
from slanb.facts.tracked import covered
from slanb.figures import Figure
from slanb.periods import containing, days_of, label, trailing
from slanb.terms import Terms
from slanb.wording import Wording

LEVERS = ("quota", "marketing_share", "deal_size", "close_rate")
MEASURED = {
    "marketing_share": "marketing_share",
    "deal_size": "deal_size",
    "close_rate": "close_rate",
}
NAMES = {
    "quota": "Quota",
    "marketing_share": "Marketing share",
    "deal_size": "Deal size",
    "close_rate": "Close rate",
}
SHARES = ("marketing_share", "close_rate")


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
    rows = [goal_chain(terms, span, what_if if span == period else scaled).total for span in spans]
    return pd.DataFrame(rows).assign(period=[label(span) for span in spans]).reset_index(drop=True)


def points(goals: Goals, recent: pd.DataFrame) -> tuple[tuple[float, float], tuple[float, float] | None]:
    """Close rate and deal size as agreed, and as the records have them (None where they do not)."""
    agreed = (goals.total["close_rate"], goals.total["deal_size"])
    if recent.empty or recent[["close_rate", "deal_size"]].iloc[0].isna().any():
        return agreed, None
    return agreed, (recent["close_rate"].iloc[0], recent["deal_size"].iloc[0])


def levers(goals: Goals, recent: pd.DataFrame, *, change: float = 0.1) -> pd.DataFrame:
    """What the leads goal becomes if one assumption alone lies at either end of what the records support.

    Parameters
    ----------
    goals : the goals of the period.
    recent : what the records support now (`track_recent`), for the whole company; may be empty.
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
        column = MEASURED.get(lever)
        measured = column is not None and len(recent) > 0 and recent[f"{column}_low"].iloc[0] > 0
        if measured:
            ends = [recent[f"{column}_low"].iloc[0], recent[f"{column}_high"].iloc[0]]
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
    return levers.assign(lever=[words.text(NAMES[lever]) for lever in levers["lever"]], **ends)


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
    figures = [
        Figure(id=id_, label=text, value=goal[column], unit=unit, basis="plan", formula=formula)
        for id_, text, column, unit, formula in rows
    ]
    for key in ("tier", "segment"):
        parts = goals.by(key)
        figures += [
            Figure(
                id=f"plan.{key}.{part[key]}.leads",
                label=f"Leads needed, {key} {part[key]}",
                value=part["leads"],
                unit="leads",
                basis="plan",
                formula="customers needed ÷ close rate",
            )
            for part in parts.to_dict("records")
            if part[key]
        ]
    return figures


def leads_of(*, quota: float, marketing_share: float, deal_size: float, close_rate: float) -> float:
    """The whole chain at once: leads needed for a quota.

    >>> leads_of(quota=5_000, marketing_share=1, deal_size=100, close_rate=0.5)
    100.0
    """
    goal = formulas.marketing_revenue_goal(quota=quota, marketing_share=marketing_share)
    customers = formulas.customers_needed(revenue_goal=goal, deal_size=deal_size)
    return formulas.leads_needed(customers=customers, close_rate=close_rate)


@dataclass(frozen=True)
class History:
    """Past periods beside the goal: `period`, `leads`, `goal`, `complete`; the planned one is last."""

    periods: pd.DataFrame
    goal: float

    @cached_property
    def past(self) -> pd.Series:
        """Leads of the complete periods before the one planned."""
        earlier = self.periods.iloc[:-1]
        return earlier.loc[earlier["complete"], "leads"]

    @property
    def reached(self) -> int:
        """In how many past periods this goal would have been reached."""
        return int((self.past >= self.goal).sum())

    @property
    def growth_needed(self) -> float:
        """Leads goal over the average of the last three complete periods, minus 1; NaN without history."""
        recent = self.past.tail(3)
        return self.goal / recent.mean() - 1 if len(recent) and recent.mean() else float("nan")


def against_history(goals: Goals, facts: Facts, *, n: int = 12) -> History:
    """What the `n` periods before this one delivered of the promised tiers, beside this period's goal."""
    spans = covered(facts, [*trailing(goals.period - 1, n), goals.period])
    cohorts = facts.cohorts(spans)
    promised = cohorts["tier"].isin(goals.tiers) if goals.tiers else True
    leads = cohorts[(cohorts["sourced_by"] == "marketing") & promised].groupby("period")["leads"].sum()
    frame = facts.standing(spans)[["period", "complete"]]
    frame = frame.assign(leads=frame["period"].map(leads).fillna(0.0), goal=goals.total["leads"])
    return History(frame, goals.total["leads"])


def headlines(goals: Goals, history: History, words: Wording) -> list[str]:
    """The goal in sentences: what is promised, and whether the past says it can be done."""
    goal = goals.total
    promise = words.text(
        "Marketing is to deliver {leads} leads in {period}, {daily} a day: {customers} customers at {size} "
        "make {revenue}, {share} of the quota of {quota}.",
        leads=words.number(goal["leads"]),
        period=words.period(label(goals.period)),
        daily=words.number(formulas.daily_goal(goal=goal["leads"], days=len(days_of(goals.period))), 1),
        customers=words.number(goal["customers"], 1),
        size=words.money(goal["deal_size"]),
        revenue=words.money(goal["marketing_goal"]),
        share=words.share(goal["marketing_share"], 0),
        quota=words.money(goal["quota"]),
    )
    if history.past.empty:
        return [promise, words.text("There is no complete past period to hold this goal against.")]
    realism = words.text(
        "{reached} of the {n} periods before brought that many leads; the best brought {best}.",
        reached=words.number(history.reached),
        n=words.number(len(history.past)),
        best=words.number(history.past.max()),
    )
    growth = history.growth_needed
    compared = (
        words.text("The goal is {growth} above the average of the last three.", growth=words.share(growth, 0))
        if growth >= 0
        else words.text("It is {growth} below the average of the last three.", growth=words.share(-growth, 0))
    )
    rest = words.text("Sales is to find the other {rest} by itself.", rest=words.money(goal["sales_goal"]))
    told = [promise, f"{realism} {compared}"]
    return [*told, rest] if goal["sales_goal"] else told
