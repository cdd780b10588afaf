"""What can be signed: the largest goal for which leads come, are followed up, and bring it, all at once.

A leads goal that sales has no hours for is no help to either side.
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from slanb.dictionary.messages import Message
from slanb.estimates.joint import Promise, largest_promise
from slanb.facts.capacity import ENOUGH_TRIES
from slanb.facts.chance import agreed_sizes
from slanb.facts.deliveries import supply
from slanb.facts.period import PeriodFacts

COLUMNS = ["item", "planned", "signable", "unit"]


def signable(case: PeriodFacts) -> Promise | None:
    """The largest promise for the period, in revenue (`estimates.Promise`); its leads are by row of the mix.

    Close rates and deal sizes are those on record where every tier's can be read there, else the agreed
    ones; the leads marketing can count on are what past months let expect. None where no capacity or depth
    is agreed, or nothing is planned.
    """
    plan = case.plan
    if case.bandwidth is None or not case.goals.total["leads"] > 0:
        return None
    mix, sizes = _mix(case)
    known = case.connects[case.connects["tried"] >= ENOUGH_TRIES].set_index("attempt")["rate"]
    return largest_promise(
        mix,
        hours=case.bandwidth.hours_available,
        minutes=plan.capacity.minutes_per_attempt,
        depth=plan.depth.attempts,
        connect_rate=known.reindex(range(1, plan.depth.attempts + 1)).fillna(0.0).tolist(),
        automated_share=plan.capacity.automated_share,
        supply=supply(case.daily, case.period),
        deal_sizes=sizes,
        confidence=plan.confidence,
    )


def _mix(case: PeriodFacts) -> tuple[pd.DataFrame, Mapping]:
    """The planned leads with the rates the promise counts by (`tier`, `leads`, ...), and the deal sizes."""
    goals, learnt = case.goals, case.learnt
    if learnt.enough:
        rows = goals.by("tier").set_index("tier", drop=False)[["tier", "leads"]]
        return rows.join(learnt.rates[["won", "of"]]), dict(learnt.amounts)
    rows = goals.cells.groupby(["tier", "close_rate", "deal_size"], as_index=False)["leads"].sum()
    return rows, agreed_sizes(rows, learnt)


def signing(case: PeriodFacts, promise: Promise | None) -> pd.DataFrame:
    """Planned and signable side by side: `item` (a name, in a message), `planned`, `signable`, `unit`.

    Leads by tier where the plan has tiers; hours are those of expected attempts, as on the page of sales.
    Empty without a promise.
    """
    if promise is None:
        return pd.DataFrame(columns=COLUMNS)
    total, leads, hours = case.goals.total, float(promise.leads.sum()), case.bandwidth
    tiers = case.goals.by("tier").set_index("tier")["leads"]
    can = promise.leads.groupby(_mix(case)[0]["tier"]).sum()
    rows = [
        (Message("goals.sign_revenue"), total["marketing_goal"], promise.goal, "money"),
        (Message("goals.sign_leads"), total["leads"], leads, "leads"),
        *(
            (Message("goals.part_tier", tier=tier), planned, can.get(tier, 0.0), "leads")
            for tier, planned in tiers.items()
            if tier
        ),
        (
            Message("goals.sign_hours_needed"),
            hours.hours_needed,
            hours.hours(leads, hours.expected_attempts) if promise.goal else np.nan,
            "hours",
        ),
        (Message("goals.sign_hours_available"), hours.hours_available, hours.hours_available, "hours"),
    ]
    return pd.DataFrame(rows, columns=COLUMNS)


def can_be_signed(case: PeriodFacts, promise: Promise) -> Message:
    """What can be signed at the agreed confidence, and what keeps it from being more."""
    shared = {"confidence": case.plan.confidence, "period": case.label}
    shared |= {"planned": case.goals.total["marketing_goal"]}
    if not promise.goal:
        return Message("goals.nothing_signable", **shared)
    numbers = {"goal": promise.goal, "leads": float(promise.leads.sum())}
    return Message(f"goals.signable_by_{promise.limit}", **numbers, **shared)


def signing_notes(case: PeriodFacts, promise: Promise | None) -> list[Message]:
    """What the promise rests on."""
    if promise is None:
        return [Message("goals.no_capacity" if case.bandwidth is None else "goals.nothing_planned")]
    rates = Message("goals.rates_learnt" if case.learnt.enough else "goals.rates_agreed")
    coming = supply(case.daily, case.period)
    if coming is None:
        return [rates, Message("goals.supply_unknown")]
    return [rates, Message("goals.supply", mean=coming[0], spread=coming[1])]
