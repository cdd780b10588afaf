"""Make-up plans: what was missed, turned into extra leads over the periods that follow, within capacity.

What was missed stays missed; a plan only says how the loss is won back, and how
much of it has been, by deliveries above the goal since.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from slanb.scorecard.following import Event
from slanb.scorecard.judging import Judgement
from slanb.terms.targets import Targets


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


def make_ups(
    set_off: Sequence[Event],
    histories: Mapping[str, Sequence[Judgement]],
    targets_of: Callable[[pd.Period], Targets | None],
    room_of: Callable[[pd.Period], float],
) -> list[MakeUp]:
    """The make-up plan of each event that calls for one, in order.

    Parameters
    ----------
    set_off : events, in order of their spans.
    histories : verdicts by clause.
    targets_of : the terms of a span with their goals; None where the agreement is not in force.
    room_of : leads that can be followed up in a span beyond its goal.
    """
    surplus: dict[tuple[str, pd.Period], float] = {}  # what spans brought beyond their goal, not yet used
    taken: dict[tuple[str, pd.Period], float] = {}  # one lead makes up for number and for value
    made = []
    for event in set_off:
        if event.remedy.kind == "make_up_plan":
            history = {each.span: each for each in histories[event.clause]}
            worth = _worth(history[event.span], targets_of(event.span))
            made.append(_plan(event, history, worth, room_of, surplus, taken))
    return made


def _plan(
    event: Event,
    history: Mapping[pd.Period, Judgement],
    worth: tuple[int | None, float | None],
    room_of: Callable[[pd.Period], float],
    surplus: dict[tuple[str, pd.Period], float],
    taken: dict[tuple[str, pd.Period], float],
) -> MakeUp:
    judged, (leads, revenue) = history[event.span], worth
    unit = judged.aim.unit if judged.aim else ""
    spans = [event.span + step for step in range(1, (event.remedy.over_periods or 1) + 1)]
    amount = judged.missing if leads is None else leads
    places = [(event.clause, span) for span in spans]
    rooms = [math.inf] * len(spans)
    if leads is not None:
        rooms = [room_of(span) - taken.get((clause, span), 0.0) for clause, span in places]
    parts = spread(amount, rooms, whole=leads is not None)
    for place, part in zip(places, parts, strict=True):
        taken[place] = taken.get(place, 0.0) + part
    later = [history[span] for span in spans if span in history]
    recovered, done_in = _recovered(event.clause, judged.missing, later, surplus)
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
    clause: str, missing: float, later: Sequence[Judgement], surplus: dict[tuple[str, pd.Period], float]
) -> tuple[float, pd.Period | None]:
    """What spans since brought above their goal, each surplus used once, and which of them made it enough."""
    recovered = 0.0
    for each in later:
        if each.value is None or each.aim is None or each.aim.at_least is None:
            continue
        place = (clause, each.span)
        surplus.setdefault(place, max(each.value - each.aim.at_least, 0.0))
        used = min(surplus[place], missing - recovered)
        surplus[place] -= used
        recovered += used
        if recovered >= missing - 1e-9:
            return recovered, each.span
    return recovered, None
