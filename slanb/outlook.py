"""Will the month's goal be reached? The chance after each day, and how such forecasts fared in past months.

Floor 2. The profile of days is learnt from past months; the past is then forecast in the same way, each month
from the months before it alone, so that every chance stands beside what became of its like.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from slanb.dictionary.figures import Figure
from slanb.dictionary.wording import Wording
from slanb.estimates.calibration import Calibration, pace_calibration
from slanb.estimates.pace import Habits, learn_habits, month_pace
from slanb.facts import Facts
from slanb.facts.deliveries import deliveries
from slanb.facts.follow_up import working_days
from slanb.facts.tracked import LEVEL, covered
from slanb.periods import bounds, grain, label, months_of, trailing
from slanb.terms import Terms
from slanb.terms.goals import goals_of, has_goals

MONTHS = 24  # of history
FEWEST = 3  # whole months before a chance is told


@dataclass(frozen=True)
class Outlook:
    """The chance of reaching a month's goal, day by day.

    days : `estimates.month_pace`, one row a day of the month; `chance`, `expected`, `low`, `high` are missing
        on days not over.
    past : how forecasts of this kind fared in the past months; None with too few.
    """

    period: pd.Period
    goal: float
    days: pd.DataFrame
    past: Calibration | None

    @property
    def today(self) -> pd.Series | None:
        """The row of the last day that is over; None before the first is."""
        over = self.days["chance"].last_valid_index()
        return None if over is None else self.days.loc[over]

    @cached_property
    def like_it(self) -> pd.Series | None:
        """Past forecasts within the same tenth of chance as today's: `n`, `said`, `reached`; None if none."""
        if self.past is None or self.today is None or self.past.deciles.empty:
            return None
        tenth = min(np.floor(self.today["chance"] * 10), 9) / 10
        found = self.past.deciles
        return found.loc[tenth] if tenth in found.index else None

    def sentences(self, words: Wording) -> list[str]:
        """The chance today, the range expected, and how past forecasts fared; empty before the first day."""
        today = self.today
        if today is None:
            return []
        lines = [
            words.text(
                "After {day} the chance of reaching {goal} in {period} is {chance}: {so_far} so far, {low} "
                "to {high} expected by its end.",
                day=words.date(today.name),
                goal=words.value(self.goal, "leads"),
                period=words.period(label(self.period)),
                chance=words.share(today["chance"], 0),
                so_far=words.number(today["so_far"]),
                low=words.number(today["low"]),
                high=words.number(today["high"]),
            )
        ]
        return [*lines, self.track_record(words)]

    def track_record(self, words: Wording) -> str:
        """How past forecasts of this kind fared, in a sentence."""
        if self.past is None or self.past.forecasts.empty:
            return words.text("There are too few past months to tell how such forecasts fared.")
        months = self.past.forecasts["month"].nunique()
        said = words.plural(
            "In {n} past month forecasts of this kind had a Brier score of {profile} (0 is best, a coin has "
            "0.25), the straight line one of {straight}.",
            "Over {n} past months forecasts of this kind had a Brier score of {profile} (0 is best, a coin "
            "has 0.25), the straight line one of {straight}.",
            months,
            profile=words.number(self.past.brier["profile"], 3),
            straight=words.number(self.past.brier["straight"], 3),
        )
        if self.like_it is None:
            return said
        return words.text(
            "{said} When they said about {chance}, the goal was reached in {reached} of {n} cases.",
            said=said,
            chance=words.share(self.like_it["said"], 0),
            reached=words.share(self.like_it["reached"], 0),
            n=words.number(self.like_it["n"]),
        )

    def figures(self) -> list[Figure]:
        """The chance today and the leads expected, for a month that still runs."""
        if self.today is None:
            return []
        today, n = self.today, int(self.today["so_far"])
        return [
            Figure("outlook.chance", today["chance"], n=n),
            Figure(
                "outlook.leads", today["expected"], n=n, low=today["low"], high=today["high"], level=LEVEL
            ),
        ]


def look_ahead(
    facts: Facts, terms: Terms, period: pd.Period, *, what_if: Mapping | None = None
) -> Outlook | None:
    """The outlook of a month as of the clock.

    Parameters
    ----------
    period : a month; of anything longer there is no outlook (None), nor with fewer than three whole months
        on record before it.
    what_if : plan values that replace the agreed ones in `period`.

    Raises
    ------
    SlanbError : where the agreement is not in force in `period`.
    """
    if grain(period) != "month":
        return None
    days = daily(facts, terms, period)
    past = days[days["day"].dt.to_period("M") < period]
    if past["day"].dt.to_period("M").nunique() < FEWEST or not past["leads"].sum() > 0:
        return None
    goal = float(round(goals_of(terms, period, what_if).total["leads"]))  # leads come whole, as judged
    months = past["day"].dt.to_period("M").unique()
    goals = {
        month: round(goals_of(terms, month).total["leads"]) for month in months if has_goals(terms, month)
    }
    record = pace_calibration(past, pd.Series(goals, dtype=float)) if goals else None
    return Outlook(period, goal, month_pace(days, goal, level=LEVEL, habits=learn_habits(past)), record)


def daily(facts: Facts, terms: Terms, period: pd.Period, *, n: int = MONTHS) -> pd.DataFrame:
    """Marketing's promised leads by day, of the `n` months before a period and of the period itself.

    What counts, and on which day, is said by the rule in force in the period, for the days before it too.

    Returns
    -------
    `day`, `leads` (NaN on days not over as of the clock), `working` (by the calendar in force), for every
    calendar day from the first whole month on record.
    """
    own = months_of(period)
    spans = covered(facts, [*trailing(own[0] - 1, n), *own])
    first = facts.coverage["earliest_lead"]
    if len(spans) > 1 and not pd.isna(first):  # the month of the first lead may lack days
        latest = [bounds(span, facts.zone)[0].tz_localize(None) + pd.Timedelta(days=1) for span in spans]
        spans = [span for span, day in zip(spans, latest, strict=True) if day >= first] or spans
    first, last = spans[0].start_time, own[-1].end_time.normalize()
    tiers = goals_of(terms, period).tiers
    rows = deliveries(facts, terms, first, last, rule=terms.in_force(period), tiers=tiers)
    promised = rows["tier"].isin(tiers) if tiers else True
    counts = rows[rows["counts"] & promised].groupby("day")["leads"].sum()
    table = working_days(terms, first, last, figure="marketing.leads")
    over = table["ends_at"] <= facts.as_of.tz_convert("UTC").tz_localize(None)
    return pd.DataFrame(
        {
            "day": table["day"],
            "leads": table["day"].map(counts).fillna(0.0).where(over),
            "working": table["working_seconds"] > 0,
        }
    )


def supply(outlook_days: pd.DataFrame, period: pd.Period) -> tuple[float, float] | None:
    """Mean and standard deviation of the leads a period is likely to bring, from the months before it; None
    with fewer than three. `outlook_days` is `daily`."""
    within = outlook_days["day"] >= period.start_time
    past = outlook_days[~within]
    if past["day"].dt.to_period("M").nunique() < FEWEST or not past["leads"].sum() > 0:
        return None
    return expected_leads(learn_habits(past), outlook_days[within])


def expected_leads(habits: Habits, days: pd.DataFrame) -> tuple[float, float]:
    """Mean and standard deviation of the leads of these days, by what past months said of them.

    >>> habits = Habits(np.ones(8), level=10.0, error=0.1, dispersion=1.0)
    >>> days = pd.DataFrame({"day": pd.date_range("2026-06-01", "2026-06-30"), "leads": 0, "working": True})
    >>> mean, spread = expected_leads(habits, days)
    >>> round(mean), round(spread, 1)  # square root of 300 + 30 x 30
    (300, 34.6)
    """
    weight = habits.kinds[days["day"].dt.day_of_week].sum()
    mean = weight * habits.level
    return float(mean), float(np.sqrt(habits.dispersion * mean + (habits.error * mean) ** 2))
