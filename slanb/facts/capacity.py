"""Whether the follow-up that is promised fits into the time sales has for it, and what would fit.

Leads that connect need no further attempts, so the hours are those of expected attempts; how many are to be
expected is read from the past's attempts. What every promised attempt would take stands beside it, by name.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd

from slanb import formulas
from slanb.dictionary.figures import Figure
from slanb.dictionary.messages import Message
from slanb.estimates.rates import rate_interval
from slanb.facts import Facts
from slanb.facts.follow_up import HOUR, working_days
from slanb.periods import bounds, label, like, spans_of, trailing
from slanb.terms import Terms
from slanb.terms.goals import Goals, goals_of
from slanb.terms.plan import Capacity, Depth, Speed
from slanb.working_time import week_hours

ENOUGH_TRIES = 30  # leads tried so often, before the share connected is believed
LEVEL = 0.8
RECENT = 3  # spans whose leads of sales' own say how many to expect


def connect_curve(connects: pd.DataFrame) -> pd.DataFrame:
    """What each further attempt connects, of the leads still tried then.

    Observational: a lead that looks promising is tried more often, so the curve says what attempts came to,
    not what more of them would bring on leads given up earlier.

    Parameters
    ----------
    connects : `FollowUp.connects`.

    Returns
    -------
    One row an attempt, from 1: `attempt`, `tried`, `connected`, `rate` (connected ÷ tried) with `low` and
    `high` (Jeffreys, 80 %), `reached` (share reached by then, if every lead is tried until it connects).

    >>> past = pd.DataFrame({"attempt": [0, 1, 2], "tried": [110, 100, 60], "connected": [5, 40, 15]})
    >>> connect_curve(past)[["attempt", "rate", "reached"]].to_dict("list")
    {'attempt': [1, 2], 'rate': [0.4, 0.25], 'reached': [0.4, 0.55]}
    """
    frame = connects[connects["attempt"] >= 1].astype(float).astype({"attempt": int}).reset_index(drop=True)
    frame["rate"] = frame["connected"] / frame["tried"]
    frame["low"], frame["high"] = rate_interval(frame["connected"], frame["tried"], level=LEVEL)
    frame["reached"] = (1 - (1 - frame["rate"]).cumprod()).round(12)
    return frame


def expected_attempts(curve: pd.DataFrame, depth: int) -> np.ndarray:
    """Attempts a lead takes on average if it is tried until it connects, at most 1, 2, ... `depth` times.

    E(d) = 1 + (1 - h1) + (1 - h1)(1 - h2) + ..., d terms, h the share connected by each attempt. Beyond the
    last attempt made on at least 30 leads the share is taken as 0, so that no hours are promised away.

    >>> curve = pd.DataFrame({"attempt": [1, 2], "tried": [100, 60], "rate": [0.5, 0.2]})
    >>> expected_attempts(curve, depth=4).round(3).tolist()
    [1.0, 1.5, 1.9, 2.3]
    """
    known = curve[curve["tried"] >= ENOUGH_TRIES].set_index("attempt")["rate"]
    rates = known.reindex(range(1, depth + 1)).fillna(0.0).to_numpy()
    untouched = np.concatenate([[1.0], np.cumprod(1 - rates)[:-1]])
    return np.cumsum(untouched)


@lru_cache(maxsize=64)  # asked several times on a page, and people are counted one by one
def in_time_at_load(*, arrivals: float, minutes: float, agents: float, hours: float) -> float:
    """Share of jobs begun within `hours` when they queue for people who take `minutes` each: M/M/c.

    P(wait <= t) = 1 - C exp(-(c mu - lambda) t), C the chance to wait at all (Erlang C). A first check:
    it takes arrivals at random over the working hours and one common list.

    Parameters
    ----------
    arrivals : jobs an hour, >= 0.
    minutes : time of one job, > 0.
    agents : people, > 0; a part of a person works as one person at that part of the speed.
    hours : the promised wait, >= 0.

    Returns
    -------
    A share, 0-1; 0 where more comes in than can be done.

    Source: Erlang 1917; Kleinrock, *Queueing Systems* I, 1975, section 3.5.

    >>> in_time_at_load(arrivals=3.0, minutes=15, agents=1, hours=1)  # 1 - 0.75 exp(-1)
    0.724...
    >>> in_time_at_load(arrivals=9.0, minutes=15, agents=2, hours=1)
    0.0
    """
    people = max(math.floor(agents), 1)
    rate = 60 / minutes * agents / people
    load = arrivals / rate
    if load >= people:
        return 0.0
    blocked = 1.0  # Erlang B, by its recursion over people
    for person in range(1, people + 1):
        blocked = load * blocked / (person + load * blocked)
        if not blocked:  # so many people that nobody ever waits
            break
    waits = blocked / (1 - load / people * (1 - blocked))
    return 1 - waits * math.exp(-(people * rate - arrivals) * hours)


@dataclass(frozen=True, kw_only=True)
class Bandwidth:
    """Hours needed and hours there are, for one period.

    Parameters
    ----------
    period : its label.
    leads, sales_leads : marketing's goal; leads sales is to find by itself, as many as it found of late.
    working_hours, week_hours : hours the calendar is open in the period, and in a usual week.
    own_hours : segments whose own hours are in these, each by its part of the leads goal.
    capacity, depth, speed : as promised; speed may be None.
    curve : `connect_curve` of the past.
    """

    period: str
    leads: float
    sales_leads: float
    working_hours: float
    week_hours: float
    capacity: Capacity
    depth: Depth
    speed: Speed | None
    curve: pd.DataFrame
    own_hours: tuple[str, ...] = ()

    @property
    def weeks(self) -> float:
        """Weeks worked in the period, holidays and excluded days off."""
        return self.working_hours / self.week_hours

    @property
    def hours_all(self) -> float:
        """Hours all salespeople have for follow-up in the period."""
        return self.capacity.reps * self.capacity.hours_per_rep_per_week * self.weeks

    @property
    def hours_available(self) -> float:
        """Of these, the hours for marketing's leads."""
        return self.hours_all * self.capacity.marketing_sourced_share

    @property
    def expected_attempts(self) -> float:
        """Attempts on an average lead, if each is tried as often as promised or until it connects."""
        return float(expected_attempts(self.curve, self.depth.attempts)[-1])

    def hours(self, leads: float, attempts: float) -> float:
        """Hours of people for so many leads and attempts on each, what software does taken off."""
        by_hand = attempts * (1 - self.capacity.automated_share)
        return formulas.follow_up_hours(leads, attempts=by_hand, minutes=self.capacity.minutes_per_attempt)

    @property
    def hours_needed(self) -> float:
        """Hours the promise takes on marketing's leads."""
        return self.hours(self.leads, self.expected_attempts)

    @property
    def hours_needed_promised(self) -> float:
        """Hours it would take were every promised attempt made on every lead."""
        return self.hours(self.leads, self.depth.attempts)

    @property
    def spare(self) -> float:
        """Hours left over; below 0 what is short."""
        return self.hours_available - self.hours_needed

    @property
    def leads_affordable(self) -> float:
        """The most leads that can be followed up as promised in the hours there are."""
        by_hand = self.expected_attempts * (1 - self.capacity.automated_share)
        if by_hand == 0:
            return math.inf
        return formulas.leads_affordable(
            self.hours_available, attempts=by_hand, minutes=self.capacity.minutes_per_attempt
        )

    @property
    def depth_affordable(self) -> int:
        """The most attempts that can be promised for all of marketing's leads: 0 to 20."""
        needed = np.array([self.hours(self.leads, each) for each in expected_attempts(self.curve, 20)])
        return int((needed <= self.hours_available + 1e-9).sum())

    @property
    def by_depth(self) -> pd.DataFrame:
        """What each further attempt in the promise costs: `attempts`, `hours`, `available`, `promised`."""
        most = max(self.depth.attempts + 2, 8)
        hours = [self.hours(self.leads, each) for each in expected_attempts(self.curve, most)]
        frame = pd.DataFrame({"attempts": range(1, most + 1), "hours": hours})
        return frame.assign(available=self.hours_available, promised=frame["attempts"] == self.depth.attempts)

    @property
    def sides(self) -> pd.DataFrame:
        """Both kinds of lead: `kind` (marketing, sales), `leads`, `per_rep`, hours `needed`, `available`,
        `spare` and `by_software` (what software saves)."""
        rows = []
        for kind, leads, share in (
            ("marketing", self.leads, self.capacity.marketing_sourced_share),
            ("sales", self.sales_leads, 1 - self.capacity.marketing_sourced_share),
        ):
            needed = self.hours(leads, self.expected_attempts)
            by_hand = formulas.follow_up_hours(
                leads, attempts=self.expected_attempts, minutes=self.capacity.minutes_per_attempt
            )
            available = self.hours_all * share
            rows.append(
                {"kind": kind, "leads": leads, "per_rep": leads / self.capacity.reps, "needed": needed}
                | {"available": available, "spare": available - needed, "by_software": by_hand - needed}
            )
        return pd.DataFrame(rows)

    @property
    def speed_possible(self) -> float:
        """Share of marketing's leads first attempted within the promised hours at this load, at best: first
        attempts go before all others (`in_time_at_load`). NaN where no speed in working hours is promised."""
        return self._speed(1.0)

    @property
    def speed_in_turn(self) -> float:
        """The same where every attempt waits its turn, repeated ones too."""
        return self._speed(self.expected_attempts)

    def _speed(self, attempts: float) -> float:
        if self.speed is None or self.speed.clock != "working" or not self.working_hours:
            return math.nan
        by_hand = attempts * (1 - self.capacity.automated_share)
        share_of_day = self.hours_available / (self.capacity.reps * self.working_hours)
        if not share_of_day:
            return 0.0
        return in_time_at_load(
            arrivals=self.leads * by_hand / self.working_hours,
            minutes=self.capacity.minutes_per_attempt / min(share_of_day, 1.0),
            agents=self.capacity.reps,
            hours=self.speed.hours,
        )

    def verdict(self) -> Message:
        """Whether the promise fits, or by how many hours it is short."""
        hours = {"needed": self.hours_needed, "available": self.hours_available}
        shared = {"period": self.period, "leads": self.leads, **hours}
        if self.spare >= 0:
            return Message("capacity.fits", **shared)
        most, attempts = math.floor(self.leads_affordable), self.depth_affordable
        return Message("capacity.short", short=-self.spare, most=most, attempts=attempts, **shared)

    def if_all_made(self) -> Message:
        """The second view: what every promised attempt would take, were no lead to connect earlier."""
        needed = {"needed": self.hours_needed_promised, "available": self.hours_available}
        return Message("capacity.if_all_made", attempts=self.depth.attempts, **needed)

    def calendars(self) -> Message | None:
        """By whose hours the time there is was counted; None where all work in the company's."""
        if not self.own_hours:
            return None
        return Message("capacity.own_hours", segments=list(self.own_hours), weeks=self.weeks)

    def at_load(self) -> Message | None:
        """What the load lets speed be; None where that cannot be said."""
        if math.isnan(self.speed_possible):
            return None
        return Message(
            "capacity.at_load",
            best=self.speed_possible,
            turn=self.speed_in_turn,
            hours=self.speed.hours,
            promised=self.speed.share,
        )

    def figures(self) -> list[Figure]:
        """The verdict's numbers."""
        time = self.capacity
        work = {"minutes": time.minutes_per_attempt, "by_hand": 1 - time.automated_share}
        work |= {"leads": self.leads}
        room = {
            "reps": time.reps,
            "hours": time.hours_per_rep_per_week,
            "share": time.marketing_sourced_share,
        }
        most = self.leads_affordable
        expected, promised = self.expected_attempts, self.depth.attempts
        return [
            Figure("sales.hours_needed", self.hours_needed, parts=work | {"attempts": expected}),
            Figure(
                "sales.hours_needed_promised", self.hours_needed_promised, parts=work | {"attempts": promised}
            ),
            Figure("sales.hours_available", self.hours_available, parts=room | {"weeks": self.weeks}),
            Figure("sales.attempts_expected", expected),
            Figure("sales.leads_affordable", math.floor(most) if math.isfinite(most) else None),
            Figure("sales.depth_affordable", float(self.depth_affordable)),
            Figure(
                "sales.leads_per_rep",
                self.leads / time.reps,
                parts={"leads": self.leads, "reps": time.reps},
            ),
            Figure("sales.speed_possible", self.speed_possible),
        ]


def bandwidth_of(
    facts: Facts,
    terms: Terms,
    period: pd.Period,
    curve: pd.DataFrame,
    *,
    goals: Goals | None = None,
    what_if: Mapping | None = None,
) -> Bandwidth | None:
    """The agreed capacity against the leads goal of a period; None where no capacity or no depth is agreed.

    Parameters
    ----------
    curve : `connect_curve` of the past.
    goals : of the period; those of the terms in force if left out.
    what_if : plan keys that replace the plan's.
    """
    spans = spans_of(period, terms.agreement.measure)
    plan = terms.plan(spans[-1], {key: value for key, value in (what_if or {}).items() if key != "quota"})
    if plan.capacity is None or plan.depth is None:
        return None
    goals = goals_of(terms, period, what_if) if goals is None else goals
    seen = like(spans[0], facts.as_of.tz_convert(facts.zone).tz_localize(None))
    before = trailing(min(spans[0], seen) - 1, RECENT)
    recent = [span for span in before if bounds(span, facts.zone)[1] <= facts.as_of]
    cohorts = facts.cohorts(recent)
    of_sales = cohorts.loc[cohorts["sourced_by"] == "sales", "leads"].sum()
    return Bandwidth(
        period=label(period),
        leads=float(goals.total["leads"]),
        sales_leads=float(of_sales / max(len(recent), 1) * len(spans)),
        capacity=plan.capacity,
        depth=plan.depth,
        speed=plan.speed,
        curve=curve,
        **open_hours(terms, period, goals),
    )


def open_hours(terms: Terms, period: pd.Period, goals: Goals) -> dict[str, Any]:
    """Hours worked in a period (`working_hours`) and in a usual week (`week_hours`), and the segments whose
    own hours are in them (`own_hours`).

    Salespeople are agreed on as a whole: each segment takes as large a part of their weeks as it has of the
    leads goal, in its own hours where it has such, else in the company's.
    """
    last = spans_of(period, terms.agreement.measure)[-1]
    stated = terms.in_force(last).calendar
    leads = goals.by("segment").set_index("segment")["leads"]
    own = tuple(name for name in leads.index if name in stated.by_segment and leads[name] > 0)
    parts = leads / leads.sum() if own else pd.Series({"": 1.0})
    parts = parts.groupby([name if name in own else "" for name in parts.index]).sum()
    hours, weeks = 0.0, 0.0
    for name, part in parts.items():
        worked = _hours_worked(terms, period, name)
        hours += part * worked
        weeks += part * worked / week_hours(terms.calendar(last, segment=name).hours)
    usual = hours / weeks if own and weeks else week_hours(terms.calendar(last).hours)
    return {"working_hours": hours, "week_hours": usual, "own_hours": own}


@lru_cache(maxsize=64)  # of the same periods, whatever their goals are
def _hours_worked(terms: Terms, period: pd.Period, segment: str) -> float:
    days = working_days(terms, period.start_time, period.end_time.normalize(), segment=segment)
    return float(days["working_seconds"].sum() / HOUR)
