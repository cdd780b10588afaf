"""What can be signed: the largest goal that leads, pipe, follow-up hours and closings reach together.

A month's revenue goal is held against what closes in the month, most of it from leads of earlier months; a
leads goal that sales has no hours for is no help to either side.
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from slanb.dictionary.messages import Message
from slanb.estimates.joint import Promise, largest_promise
from slanb.estimates.runoff import Incidence
from slanb.facts.capacity import ENOUGH_TRIES
from slanb.facts.chance import agreed_sizes, on_record
from slanb.facts.deliveries import supply
from slanb.facts.learnt import UNDATED
from slanb.facts.period import PeriodFacts
from slanb.periods import bounds, days_of, label
from slanb.terms.goals import goals_of, has_goals

COLUMNS = ["item", "planned", "signable", "unit"]
DAY = pd.Timedelta(days=1)


def signable(case: PeriodFacts) -> Promise | None:
    """The largest promise for the period, in revenue that closes in it (`estimates.Promise`).

    Close rates and deal sizes are those on record where every tier's can be read there, else the agreed
    ones; the leads marketing can count on are what past months let expect. Where the records do not show when
    leads close, the goal is what the period's leads bring in the end (`closes_in_time`). None where no
    capacity or depth is agreed, or nothing is planned.
    """
    plan = case.plan
    if case.bandwidth is None or not case.goals.total["leads"] > 0:
        return None
    mix, sizes = _mix(case)
    known = case.connects[case.connects["tried"] >= ENOUGH_TRIES].set_index("attempt")["rate"]
    timing = {}
    if closes_in_time(case):
        timing = {"pipe": _pipe(case), "own_share": [_own_share(case, tier) for tier in mix.index]}
    return largest_promise(
        mix,
        hours=case.bandwidth.hours_available,
        minutes=plan.capacity.minutes_per_attempt,
        depth=plan.depth.attempts,
        connect_rate=known.reindex(range(1, plan.depth.attempts + 1)).fillna(0.0).tolist(),
        automated_share=plan.capacity.automated_share,
        supply=supply(case.daily, case.period),
        deal_sizes=sizes,
        months=case.months_ahead,
        confidence=plan.confidence,
        **timing,
    )


def closes_in_time(case: PeriodFacts) -> bool:
    """Whether the records show when leads close, so that a promise is about what closes in the period."""
    return not case.evidence.whole.reason


def _mix(case: PeriodFacts) -> tuple[pd.DataFrame, Mapping]:
    """The planned leads by tier with the rates the promise counts by, and deal sizes."""
    goals, learnt = case.goals, case.learnt
    tiers = goals.by("tier").set_index("tier", drop=False)
    if not learnt.enough:
        rows = tiers[["tier", "leads", "close_rate", "deal_size"]]
        return rows, agreed_sizes(rows, learnt)
    rows, amounts = on_record(goals, learnt)
    return rows[["leads", "won", "of"]], amounts


def _pipe(case: PeriodFacts) -> pd.DataFrame:
    """Promised leads of earlier months, by month and tier, and what of their customers is due in the period
    (`pipe` of `largest_promise`)."""
    before = [month for month in case.evidence.months if month.end_time < case.period.start_time]
    rows = case.promised.ages(before) if before else pd.DataFrame(columns=["period", "tier", "age", "leads"])
    begins, ends = ((edge - case.facts.as_of) / DAY for edge in bounds(case.period, case.facts.zone))
    parts = []
    for tier, own in rows.groupby("tier"):
        run_off, age = _run_off(case, tier), own["age"].to_numpy(dtype=float)
        due = _share_in(run_off, age + ends) - _share_in(run_off, age + begins)
        parts.append(own.assign(came=_share_in(run_off, age) * own["leads"], due=due * own["leads"]))
    parts += _to_come(case, begins, ends)
    if not parts:
        return pd.DataFrame(columns=["cohort", "part", "leads", "won", "came", "due"], dtype=float)
    rows = pd.concat(parts)
    rows["part"] = rows["tier"] if case.goals.tiers else ""
    sums = rows.groupby(["period", "part"], as_index=False)[["leads", "won", "came", "due"]].sum()
    for name in ("came", "due"):
        sums[name] = (sums[name] / sums["leads"]).clip(0.0, 1.0)
    return sums.rename(columns={"period": "cohort"})


def _to_come(case: PeriodFacts, begins: float, ends: float) -> list[pd.DataFrame]:
    """The leads planned for days that are still to come before the period, as rows of the pipe.

    Parameters
    ----------
    begins, ends : days from the clock to the period's begin and end.
    """
    until, rows = np.arange(max(np.floor(begins), 0.0)), []  # days from the clock to each of these days
    today = case.facts.as_of.tz_convert(case.facts.zone).tz_localize(None)
    if not len(until):
        return []
    days = today + pd.to_timedelta(until, unit="D")
    for month in case.terms.stretches(days[0], days[-1]):
        if not has_goals(case.terms, span := case.terms.span(month)):
            continue
        ahead = until[(days >= month.start_time) & (days <= month.end_time)]
        share = len(ahead) / len(days_of(span))
        for tier, leads in goals_of(case.terms, span).by("tier").set_index("tier")["leads"].items():
            run_off = _run_off(case, tier)
            due = (_share_in(run_off, ends - ahead) - _share_in(run_off, begins - ahead)).mean()
            if not (n := round(leads * share)):
                continue
            row = {"period": label(month), "tier": tier, "leads": n, "won": 0, "came": 0.0, "due": due * n}
            rows.append(pd.DataFrame([row]))
    return rows


def _own_share(case: PeriodFacts, tier: str) -> float:
    """Share of the eventual customers of the period's own leads that closes in it, created day by day."""
    return float(_share_in(_run_off(case, tier), np.arange(len(case.days))).mean())


def _run_off(case: PeriodFacts, tier: str) -> Incidence:
    own = case.evidence.of(tier if case.goals.tiers else None)
    return case.evidence.whole if own.reason else own


def _share_in(run_off: Incidence, ages: np.ndarray) -> np.ndarray:
    """Share of the eventual customers that is in by ages of whole days, half of the next one over."""
    ages = np.floor(ages)
    return (run_off.share_in(ages - 1) + run_off.share_in(ages)) / 2


def signing(case: PeriodFacts, promise: Promise | None) -> pd.DataFrame:
    """Planned and signable side by side: `item` (a name, in a message), `planned`, `signable`, `unit`.

    Leads by tier where the plan has tiers; hours are those of expected attempts, as on the page of sales.
    Empty without a promise.
    """
    if promise is None:
        return pd.DataFrame(columns=COLUMNS)
    total, leads, hours = case.goals.total, float(promise.leads.sum()), case.bandwidth
    tiers = case.goals.by("tier").set_index("tier")["leads"]
    rows = []
    if closes_in_time(case):
        rows += [
            (Message("goals.sign_revenue"), total["marketing_goal"], promise.goal, "money"),
            (Message("goals.sign_average"), np.nan, promise.simulated["brought"].mean(), "money"),
            (Message("goals.sign_pipe"), np.nan, promise.pipe, "money"),
        ]
    else:
        rows.append((Message("goals.sign_in_the_end"), total["marketing_goal"], promise.goal, "money"))
    rows += [
        (Message("goals.sign_leads"), total["leads"], leads, "leads"),
        *(
            (Message("goals.part_tier", tier=tier), planned, promise.leads.get(tier, 0.0), "leads")
            for tier, planned in tiers.items()
            if tier
        ),
        (Message("goals.sign_worth"), total["marketing_goal"], promise.eventual, "money"),
        (
            Message("goals.sign_hours_needed"),
            hours.hours_needed,
            _hours_of(case, promise),
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
    shared |= {"goal": promise.goal, "leads": float(promise.leads.sum()), "hours": _hours_of(case, promise)}
    shared |= {"pipe": promise.pipe, "average": float(promise.simulated["brought"].mean())}
    shared |= {"eventual": promise.eventual, "followed": promise.goal_if_followed_up}
    when = "" if closes_in_time(case) else "_in_the_end"
    return Message(f"goals.signable_by_{promise.limit}{when}", **shared)


def _hours_of(case: PeriodFacts, promise: Promise) -> float:
    """Hours of follow-up that the leads of a promise take, as on the page of sales."""
    return case.bandwidth.hours(float(promise.leads.sum()), case.bandwidth.expected_attempts)


def rates_behind(case: PeriodFacts) -> Message:
    """Which close rates and deal sizes a promise counts by."""
    return Message("goals.rates_learnt" if case.learnt.enough else "goals.rates_agreed")


def drawn_notes(case: PeriodFacts) -> list[Message]:
    """Which tiers' own records are too few, or hold too many wins without a date, to be read as they are;
    nothing where no tier is read from its records, so that all is as agreed."""
    rates, read = case.learnt.rates, case.learnt.read
    low = ~read & (rates["undated"] > UNDATED * rates["won"])
    names = {"thin": [*rates.index[~read & ~low]] if read.any() else [], "undated": [*rates.index[low]]}
    return [
        Message(f"goals.{why}", n=len(tiers), tiers=tiers) if tiers != [""] else Message(f"goals.{why}_whole")
        for why, tiers in names.items()
        if tiers
    ]


def signing_notes(case: PeriodFacts, promise: Promise | None) -> list[Message]:
    """What the promise rests on, besides its rates (`rates_behind`)."""
    if promise is None:
        return [Message("goals.no_capacity" if case.bandwidth is None else "goals.nothing_planned")]
    notes = drawn_notes(case)
    coming = supply(case.daily, case.period)
    if coming is None:
        notes.append(Message("goals.supply_unknown"))
    else:
        notes.append(Message("goals.supply", mean=coming[0], spread=coming[1]))
    timed = closes_in_time(case)
    return [*notes, Message("goals.sign_alone" if timed else "goals.closing_unknown")]
