"""Twelve months of goals on one page: what each period ahead asks of both sides, and their sum."""

from dataclasses import replace

import numpy as np
import pandas as pd

from slanb.dictionary.messages import Message
from slanb.facts.capacity import open_hours
from slanb.facts.period import PeriodFacts
from slanb.periods import between, containing, label, spans_of
from slanb.terms.goals import goals_of, has_goals, rated

ADDED = ["quota", "marketing_goal", "customers", "leads", "value_goal", "hours_needed", "hours_available"]


def ahead(case: PeriodFacts) -> pd.DataFrame:
    """The goals of the twelve months from the period's first one on, by the agreement's measure.

    Each by its own terms; what-ifs hold in the reported period alone. Hours of follow-up are those of
    expected attempts, as connected in the past, by each period's own calendar.

    Returns
    -------
    One row a period in which the agreement is in force, and their sum: `part` (a name, in a message),
    `quota`, `marketing_goal`, `customers`, `leads`, `value_goal`, `hours_needed` and `hours_available` (NaN
    where no capacity is agreed), `whole` (the row of the sum).
    """
    rows = []
    for span in _spans(case):
        total = goals_of(case.terms, span, case.what_if_in(span)).total
        name = Message("goals.part_period", period=label(span))
        rows.append({"part": name, "whole": False, **total, **_hours(case, span, total["leads"])})
    frame = pd.DataFrame(rows)
    total = rated(frame[ADDED].sum(min_count=1).to_frame().T)
    return pd.concat([frame, total.assign(part=[_sum()], whole=True)], ignore_index=True)


def ahead_by(case: PeriodFacts, key: str) -> pd.DataFrame:
    """The leads of `ahead` by `tier` or `segment`: `part`, a column `leads.<name>` for each, `leads` (their
    sum). Empty where the plan tells none apart."""
    cells = pd.concat([goals_of(case.terms, span, case.what_if_in(span)).cells for span in _spans(case)])
    if not cells[key].astype(bool).any():
        return pd.DataFrame(columns=["part", "leads"])
    table = cells.pivot_table(index="period", columns=key, values="leads", aggfunc="sum", sort=False)
    table = table.fillna(0.0).add_prefix("leads.").rename_axis(columns=None)
    table.loc[""] = table.sum()
    names = [Message("goals.part_period", period=name) for name in table.index[:-1]]
    table.insert(0, "part", [*names, _sum()])
    return table.assign(leads=table.drop(columns="part").sum(axis=1)).reset_index(drop=True)


def ahead_note(case: PeriodFacts) -> list[Message]:
    """What the table rests on, and where the agreement ends within the twelve months."""
    last = case.terms.versions[-1].agreement.effective_until
    short = len(_spans(case)) < len(_year(case))
    ends = [Message("goals.ahead_ends", last=pd.Timestamp(last))] if short and last else []
    return [Message("goals.ahead"), *ends]


def _hours(case: PeriodFacts, span: pd.Period, leads: float) -> dict[str, float]:
    """Hours of follow-up that the leads of a period need, and those there are, as on the page of sales."""
    plan, known = case.terms.plan(span, case.what_if_in(span)), case.bandwidth
    if known is None or plan.capacity is None or plan.depth is None:
        return {"hours_needed": np.nan, "hours_available": np.nan}
    goals = goals_of(case.terms, span, case.what_if_in(span))
    agreed = {"capacity": plan.capacity, "depth": plan.depth, **open_hours(case.terms, span, goals)}
    own = replace(known, period=label(span), leads=float(leads), **agreed)
    return {"hours_needed": own.hours_needed, "hours_available": own.hours_available}


def _spans(case: PeriodFacts) -> list[pd.Period]:
    return [span for span in _year(case) if has_goals(case.terms, span)]


def _year(case: PeriodFacts) -> list[pd.Period]:
    """As many periods of the agreement's measure as the year has in which the first one lies."""
    first = case.spans[0]
    n = len(spans_of(containing(first, case.terms.agreement.years)[-1], case.terms.agreement.measure))
    return between(first, first + (n - 1))


def _sum() -> Message:
    return Message("goals.ahead_sum")
