"""What marketing must deliver: the goal by part, how sure it is, when it pays, whether it can be kept.

The goals themselves come from `slanb.terms.goals`, step by step in `01-set-goals`. Each decision shows the
plain number first and the honest one beside it.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from slanb import formulas
from slanb.dictionary.figures import Figure
from slanb.dictionary.messages import Message
from slanb.estimates.joint import Promise
from slanb.facts.evidence import months_differ
from slanb.facts.period import PeriodFacts
from slanb.goals.ahead import ahead, ahead_by, ahead_note
from slanb.goals.history import history, realism
from slanb.goals.moving import moved
from slanb.goals.parts import adds_up, by_grain, by_part, to_recompute, with_sum
from slanb.goals.phasing import in_time, phase, phasing_notes
from slanb.goals.sensitivity import around, leads_of, lever_labels, levers, measured_notes, points
from slanb.goals.signing import (
    can_be_signed,
    closes_in_time,
    drawn_notes,
    rates_behind,
    signable,
    signing,
    signing_notes,
)

__all__ = [
    "adds_up",
    "ahead",
    "ahead_by",
    "ahead_note",
    "around",
    "as_sure",
    "by_grain",
    "by_part",
    "can_be_signed",
    "certainty",
    "certainty_notes",
    "chance_curve",
    "figures",
    "headlines",
    "history",
    "in_time",
    "leads_of",
    "lever_labels",
    "levers",
    "measured_notes",
    "moved",
    "phase",
    "phasing_notes",
    "points",
    "realism",
    "signable",
    "signing",
    "signing_notes",
    "to_recompute",
    "with_sum",
]

STEPS = (
    "quota", "marketing_share", "marketing_goal", "sales_goal",
    "deal_size", "customers", "close_rate", "leads", "daily",
)  # fmt: skip


def headlines(
    case: PeriodFacts, phased: pd.DataFrame, promise: Promise | None, to_make_up: Sequence[Message] = ()
) -> list[Message]:
    """The goal in sentences, the decision first: what is promised, how sure it is, what can be signed.

    Parameters
    ----------
    phased : `phase` of the period. promise : `signable` of it. to_make_up : `scorecard.to_make_up` of it.
    """
    goal, sure = case.goals.total, case.certainty
    if not goal["leads"]:
        rest = [Message("goals.rest", rest=goal["sales_goal"])] if goal["sales_goal"] else []
        return [Message("goals.nothing", period=case.label), *to_make_up, *rest]
    lines = [
        Message(
            "goals.promise",
            leads=goal["leads"],
            period=case.label,
            daily=formulas.daily_goal(goal["leads"], days=len(case.days)),
            customers=goal["customers"],
            deal_size=goal["deal_size"],
            revenue=goal["marketing_goal"],
            share=goal["marketing_share"],
            quota=goal["quota"],
        ),
        *to_make_up,
    ]
    whole = np.ceil(goal["customers"] - 1e-9)
    for reading, of in sure.reaches:
        if of == "customers":
            enough = sure.leads(reading)
            key = f"goals.chance_{reading}" if np.isfinite(enough) else f"goals.chance_{reading}_never"
            numbers = {"plain": goal["leads"], "customers": whole, "confidence": sure.confidence}
            lines.append(Message(key, chance=sure.chance(reading), leads=enough, **numbers))
    lines += [can_be_signed(case, promise), rates_behind(case)] if promise else []
    lines += [in_time(phased)] if len(phased) else []
    lines.append(realism(case))
    return [*lines, Message("goals.rest", rest=goal["sales_goal"])] if goal["sales_goal"] else lines


def certainty(case: PeriodFacts) -> pd.DataFrame:
    """How sure the goal is: the leads needed, their chance, and the leads as sure as agreed.

    Returns
    -------
    One row a reading and goal: the columns of `Certainty.table`, and `goal_at_rates` (both, in a message).
    """
    frame = case.certainty.table()
    rows = zip(frame["reading"], frame["goal"], strict=True)
    return frame.assign(goal_at_rates=[Message(f"goals.{reading}_{goal}") for reading, goal in rows])


def certainty_notes(case: PeriodFacts) -> list[Message]:
    """What "as sure as agreed" means, how much months differ, and which tiers are not read as recorded."""
    return [
        as_sure(case),
        *drawn_notes(case),
        *(
            months_differ(case.month_effects, case.months_ahead.in_season, case.period)
            if case.learnt.enough
            else []
        ),
    ]


def as_sure(case: PeriodFacts) -> Message:
    """What "as sure as agreed" means in this period."""
    return Message("goals.as_sure", confidence=case.plan.confidence)


def chance_curve(case: PeriodFacts) -> pd.DataFrame:
    """The chance of the customers needed, by leads: `leads`, `agreed`, and `records` where that is known."""
    return case.certainty.curve()


def figures(case: PeriodFacts, phased: pd.DataFrame, promise: Promise | None) -> list[Figure]:
    """The goals as published numbers, plain and honest; `phased` and `promise` as for `headlines`."""
    goal, days = case.goals.total, len(case.days)
    numbers = {**goal, "days": days, "daily": formulas.daily_goal(goal["leads"], days=days)}
    made = [Figure(f"plan.{name}", numbers[name], parts=numbers) for name in STEPS]
    made.append(Figure("plan.value", goal["value_goal"], parts=numbers))
    for key in ("tier", "segment"):
        rows = case.goals.by(key).to_dict("records")
        made += [Figure(f"plan.{key}.{row[key]}.leads", row["leads"], parts=row) for row in rows if row[key]]
    made += case.certainty.figures()
    if len(phased):
        now = phased.iloc[0]
        made += [
            Figure("plan.leads_phased", now["leads_in_time"]),
            Figure("plan.pipe", now["pipe"]),
            Figure("plan.short", now["too_late"]),
        ]
    if promise:
        if closes_in_time(case):
            made.append(Figure("plan.signable_revenue", promise.goal))
        made.append(Figure("plan.signable_leads", float(promise.leads.sum())))
        made.append(Figure("plan.signable_worth", promise.eventual))
    return made
