"""What can be signed: the largest goal for which leads come, are followed up, and bring it, all at once.

Part of `slanb.goals`. A leads goal that sales has no hours for is no help to either side.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from slanb.dictionary.figures import Figure
from slanb.dictionary.wording import Wording
from slanb.estimates.joint import Promise, largest_promise
from slanb.facts import Facts
from slanb.facts.capacity import ENOUGH_TRIES, Bandwidth, connect_curve
from slanb.facts.follow_up import HOUR, FollowUp, working_days
from slanb.goals.certainty import Learnt, agreed_sizes
from slanb.outlook import daily, supply
from slanb.periods import label, spans_of
from slanb.terms import Terms
from slanb.terms.goals import Goals


@dataclass(frozen=True)
class Signable:
    """The largest promise for a period, beside what is planned.

    promise : `estimates.Promise`, in revenue.
    tiers : leads to promise by tier, whole.
    hours : hours there are for marketing's leads.
    supply : mean and standard deviation of the leads marketing is likely to bring; None takes the plan's as
        sure.
    learnt : whether rates and deal sizes are the records' (else the agreed ones).
    """

    confidence: float
    promise: Promise
    tiers: pd.Series
    hours: float
    supply: tuple[float, float] | None
    learnt: bool
    goals: Goals

    def table(self, words: Wording) -> pd.DataFrame:
        """Planned and signable side by side: `what`, `planned`, `signable`, `unit`."""
        total, promise = self.goals.total, self.promise
        rows = [
            (words.text("Marketing revenue"), total["marketing_goal"], promise.goal, "money"),
            (words.text("Leads"), total["leads"], promise.leads.sum(), "leads"),
            *(
                (words.text("of tier {tier}", tier=tier), planned, self.tiers.get(tier, 0.0), "leads")
                for tier, planned in self.goals.by("tier").set_index("tier")["leads"].items()
                if tier
            ),
            (
                words.text("Hours of follow-up"),
                promise.hours * total["leads"] / max(promise.leads.sum(), 1) if promise.goal else np.nan,
                promise.hours,
                "hours",
            ),
            (words.text("Hours there are"), self.hours, self.hours, "hours"),
        ]
        return pd.DataFrame(rows, columns=["what", "planned", "signable", "unit"])

    def sentences(self, words: Wording) -> list[str]:
        """What can be signed at the agreed confidence, and what keeps it from being more."""
        said = {
            "confidence": words.share(self.confidence, 0),
            "period": words.period(label(self.goals.period)),
            "goal": words.money(self.promise.goal),
            "leads": words.number(self.promise.leads.sum()),
            "planned": words.money(self.goals.total["marketing_goal"]),
        }
        if not self.promise.goal:
            return [words.text("At {confidence} nothing can be signed for {period}.", **said)]
        limit = (
            words.text("The hours for follow-up keep it from being more.")
            if self.promise.limit == "hours"
            else words.text("The leads marketing can count on keep it from being more.")
        )
        return [
            words.text(
                "At {confidence}, leads, follow-up and revenue together allow {goal} from {leads} leads to "
                "be signed for {period}; planned are {planned}.",
                **said,
            )
            + " "
            + limit
        ]

    def note(self, words: Wording) -> str:
        """What the promise rests on."""
        rates = (
            words.text("Close rates and deal sizes as the records have them.")
            if self.learnt
            else words.text("Close rates and deal sizes as agreed: the records are too few.")
        )
        if self.supply is None:
            return rates + " " + words.text("The planned leads are taken as sure, for want of past months.")
        return (
            rates
            + " "
            + words.text(
                "Past months let {mean} leads be expected, give or take {spread}.",
                mean=words.number(self.supply[0]),
                spread=words.number(self.supply[1]),
            )
        )

    def figures(self) -> list[Figure]:
        """The goal and the leads that can be signed."""
        how = "largest goal with P(leads come) × P(hours suffice) × P(these leads bring it) ≥ confidence"
        return [
            Figure(f"plan.signable_{name}", value)
            for name, what, value, unit in (
                ("revenue", "Marketing revenue", self.promise.goal, "money"),
                ("leads", "Leads", float(self.promise.leads.sum()), "leads"),
            )
        ]


def signable(
    facts: Facts,
    terms: Terms,
    goals: Goals,
    learnt: Learnt,
    *,
    what_if: Mapping | None = None,
) -> Signable | None:
    """The largest promise for the period; None where no capacity or depth is agreed, or nothing is planned.

    Parameters
    ----------
    goals, learnt : the plan, and what the records say of its tiers.
    what_if : plan values that replace the agreed ones (`capacity`, `depth`, `confidence`).
    """
    spans = spans_of(goals.period, terms.agreement.measure)
    given = {key: value for key, value in (what_if or {}).items() if key != "quota"}
    plan = terms.plan(spans[-1], given)
    if plan.capacity is None or plan.depth is None or not goals.total["leads"] > 0:
        return None
    curve = connect_curve(FollowUp(facts, terms, goals.period, what_if=given).connects)
    room = _hours(terms, goals, plan, curve)
    coming = supply(daily(facts, terms, goals.period), goals.period)
    rows, sizes = _rows(goals, learnt)
    promise = largest_promise(
        rows,
        hours=room,
        minutes=plan.capacity.minutes_per_attempt,
        depth=plan.depth.attempts,
        connect_rate=_connects(curve, plan.depth.attempts),
        automated_share=plan.capacity.automated_share,
        supply=coming,
        deal_sizes=sizes,
        confidence=plan.confidence,
    )
    tiers = promise.leads.groupby(rows["tier"]).sum()
    return Signable(plan.confidence, promise, tiers, room, coming, learnt.enough, goals)


def _rows(goals: Goals, learnt: Learnt) -> tuple[pd.DataFrame, dict]:
    """The mix with the rates the records support where they can, else with the agreed ones; and the sizes."""
    if learnt.enough:
        rows = goals.by("tier").set_index("tier")[["leads"]].join(learnt.rates)
        return rows.assign(tier=rows.index), dict(learnt.amounts)
    rows = goals.cells.groupby(["tier", "close_rate", "deal_size"], as_index=False)["leads"].sum()
    return rows, agreed_sizes(rows, learnt)


def _connects(curve: pd.DataFrame, depth: int) -> list[float]:
    """Share connected by each attempt up to the depth promised; 0 beyond those tried often enough."""
    known = curve[curve["tried"] >= ENOUGH_TRIES].set_index("attempt")["rate"]
    return known.reindex(range(1, depth + 1)).fillna(0.0).tolist()


def _hours(terms: Terms, goals: Goals, plan, curve: pd.DataFrame) -> float:
    days = working_days(terms, goals.period.start_time, goals.period.end_time.normalize())
    windows = terms.calendar(spans_of(goals.period, terms.agreement.measure)[-1]).hours.values()
    lengths = [pd.Timedelta(f"{closes}:00") - pd.Timedelta(f"{opens}:00") for opens, closes in windows]
    return Bandwidth(
        period=label(goals.period),
        leads=float(goals.total["leads"]),
        sales_leads=0.0,
        working_hours=days["working_seconds"].sum() / HOUR,
        week_hours=sum(lengths, pd.Timedelta(0)) / pd.Timedelta(hours=1),
        capacity=plan.capacity,
        depth=plan.depth,
        speed=plan.speed,
        curve=curve,
    ).hours_available
