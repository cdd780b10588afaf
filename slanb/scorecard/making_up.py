"""Make-up plans: what was missed, turned into extra leads over the periods that follow, within capacity.

Part of `slanb.scorecard`. What was missed stays missed; a plan only says how the loss is won back, and how
much of it has been, by deliveries above the goal since.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from slanb.formulas import leads_affordable
from slanb.scorecard.following import Event
from slanb.scorecard.judging import Judgement
from slanb.terms.targets import Targets

WEEKS = {"month": 52 / 12, "quarter": 13.0, "year": 52.0}


@dataclass(frozen=True)
class MakeUp:
    """The plan to make up for one missed span.

    Parameters
    ----------
    event : the remedy set off.
    missing : in the clause's own unit.
    leads, revenue : what that comes to (whole leads, money); None where the clause is about neither.
    parts : the extra leads (or amount) asked of each following span; what capacity has no room for is in
        `unplaced`.
    recovered : delivered above the goal in those spans so far, in the clause's own unit, not above `missing`.
    state : `made up`, `open`, or `not made up` once all its spans are over. `done_in`: the span that did it.
    """

    event: Event
    missing: float
    unit: str
    leads: int | None
    revenue: float | None
    parts: tuple[tuple[pd.Period, float], ...] = ()
    unplaced: float = 0.0
    recovered: float = 0.0
    state: str = "open"
    done_in: pd.Period | None = None

    @property
    def left(self) -> float:
        """What is still to be made up, in the clause's own unit."""
        return max(self.missing - self.recovered, 0.0)


@dataclass
class _Pot:
    """Surplus of a span, from which plans are served in order."""

    left: float


def make_ups(
    found: Sequence[Event],
    histories: Mapping[str, Sequence[Judgement]],
    targets_of: Callable[[pd.Period], Targets | None],
) -> list[MakeUp]:
    """The make-up plan of each event that calls for one, in order.

    Parameters
    ----------
    found : events, in order of their spans.
    histories : verdicts by clause.
    targets_of : the terms of a span with their goals; None where the agreement is not in force.
    """
    pots: dict[tuple[str, pd.Period], _Pot] = {}
    taken: dict[tuple[str, pd.Period], float] = {}  # one lead makes up for number and for value
    made = []
    for event in found:
        if event.remedy.kind == "make_up_plan":
            history = {each.span: each for each in histories[event.clause]}
            made.append(_plan(event, history, targets_of, pots, taken))
    return made


def _plan(
    event: Event,
    history: Mapping[pd.Period, Judgement],
    targets_of: Callable[[pd.Period], Targets | None],
    pots: dict[tuple[str, pd.Period], _Pot],
    taken: dict[tuple[str, pd.Period], float],
) -> MakeUp:
    judged = history[event.span]
    unit = judged.aim.unit if judged.aim else ""
    leads, revenue = _worth(judged, targets_of(event.span))
    spans = [event.span + step for step in range(1, (event.remedy.over_periods or 1) + 1)]
    amount = judged.missing if leads is None else leads
    places = [(event.clause, span) for span in spans]
    rooms = [math.inf] * len(spans)
    if leads is not None:
        rooms = [_room(targets_of(place[1])) - taken.get(place, 0.0) for place in places]
    parts = spread(amount, rooms, whole=leads is not None)
    for place, part in zip(places, parts, strict=True):
        taken[place] = taken.get(place, 0.0) + part
    later = [history[span] for span in spans if span in history]
    recovered, done_in = _recovered(event.clause, judged.missing, later, pots)
    over = all(span in history and history[span].verdict != "pending" for span in spans)
    done = done_in is not None
    return MakeUp(
        event,
        judged.missing,
        unit,
        leads,
        revenue,
        tuple(zip(spans, parts, strict=True)),
        max(amount - sum(parts), 0.0),
        recovered,
        "made up" if done else "not made up" if over else "open",
        done_in,
    )


def _worth(judged: Judgement, targets: Targets | None) -> tuple[int | None, float | None]:
    """Missed leads and missed revenue, each from the other by the plan of the span."""
    figure, plan = judged.clause.figure or "", targets.plan if targets else None
    if plan is None:
        return None, None
    blend = plan.blended()
    each = blend.close_rate * blend.deal_size
    if judged.aim is not None and judged.aim.unit == "leads":
        return math.ceil(judged.missing - 1e-9), judged.missing * each
    if figure == "marketing.value" and blend.value:
        leads = judged.missing / blend.value
        return math.ceil(leads - 1e-9), leads * each
    if figure.startswith("closing.") and judged.aim is not None and judged.aim.unit == "money":
        return math.ceil(judged.missing / each - 1e-9), judged.missing
    return None, None


def _room(targets: Targets | None) -> float:
    """Leads that can be followed up in a span beyond its goal; without end where no capacity is agreed."""
    if targets is None:
        return 0.0
    plan, goals = targets.plan, targets.goals
    if plan is None or goals is None or plan.capacity is None or plan.depth is None:
        return math.inf
    time = plan.capacity
    hours = time.reps * time.hours_per_rep_per_week * WEEKS[targets.agreement.measure]
    attempts = plan.depth.attempts * (1 - time.automated_share)
    if not attempts:
        return math.inf
    most = leads_affordable(
        hours=hours * time.marketing_sourced_share, attempts=attempts, minutes=time.minutes_per_attempt
    )
    return max(math.floor(most - goals.total["leads"] + 1e-9), 0)


def spread(amount: float, rooms: Sequence[float], *, whole: bool) -> list[float]:
    """An amount over spans in equal parts, none above its room; what one has no room for goes to the others.

    >>> spread(10, [math.inf] * 3, whole=True), spread(10, [2, math.inf, 3], whole=True)
    ([4.0, 3.0, 3.0], [2.0, 5.0, 3.0])
    >>> spread(10, [1, 2], whole=True)
    [1.0, 2.0]
    """
    parts = [0.0] * len(rooms)
    left = float(amount)
    while left > 1e-9:
        open_ = [place for place, room in enumerate(rooms) if room - parts[place] > 1e-9]
        if not open_:
            break
        for number, place in enumerate(open_):
            equal = left / (len(open_) - number)
            given = min(math.ceil(equal - 1e-9) if whole else equal, rooms[place] - parts[place], left)
            parts[place] += given
            left -= given
    return parts


def _recovered(
    clause: str, missing: float, later: Sequence[Judgement], pots: dict[tuple[str, pd.Period], _Pot]
) -> tuple[float, pd.Period | None]:
    """What spans since brought above their goal, each surplus used once, and which of them made it enough."""
    recovered = 0.0
    for each in later:
        if each.value is None or each.aim is None or each.aim.at_least is None:
            continue
        pot = pots.setdefault((clause, each.span), _Pot(max(each.value - each.aim.at_least, 0.0)))
        used = min(pot.left, missing - recovered)
        pot.left -= used
        recovered += used
        if recovered >= missing - 1e-9:
            return recovered, each.span
    return recovered, None
