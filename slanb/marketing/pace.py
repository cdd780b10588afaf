"""Will the month's goal be reached? The chance after each day, and how such forecasts fared in past months.

The past is forecast in the same way, each month from the months before it alone, against goals near what was
expected of it, so that every chance stands beside what became of its like.
"""

from typing import NamedTuple

import numpy as np
import pandas as pd

from slanb.dictionary.figures import Figure
from slanb.dictionary.messages import Message
from slanb.estimates.calibration import MIDDLE, Calibration, pace_calibration
from slanb.estimates.habits import learn_habits
from slanb.estimates.pace import month_pace
from slanb.facts.period import PeriodFacts
from slanb.facts.tracked import LEVEL
from slanb.marketing.lines import goal, whole_months
from slanb.periods import grain
from slanb.terms.goals import goals_of, has_goals
from slanb.terms.targets import promised_deliveries


class Outlook(NamedTuple):
    """The chance of reaching a month's goal, day by day.

    goal : whole leads.
    days : `estimates.month_pace`, one row a day of the month; `chance`, `expected`, `low`, `high` are missing
        on days not over.
    fared : how forecasts of this kind did in earlier months, their ranges as of the same day of the month.
    """

    goal: float
    days: pd.DataFrame
    fared: Calibration

    @property
    def today(self) -> pd.Series | None:
        """The row of the last day that is over; None before the first is."""
        over = self.days["chance"].last_valid_index()
        return None if over is None else self.days.loc[over]


def outlook(case: PeriodFacts) -> Outlook | None:
    """The outlook of a month as of the clock; None of anything longer, and with fewer than three whole months
    on record before it."""
    before = whole_months(case)
    if grain(case.period) != "month" or before.empty:
        return None
    promised = goal(case)
    days = month_pace(case.daily, promised, level=LEVEL, habits=learn_habits(before))
    months = [month for month in before["month"].unique() if has_goals(case.terms, month)]
    goals = {
        month: promised_deliveries(case.terms, month, goals_of(case.terms, month))["leads"]
        for month in months
    }
    over = int(days["chance"].count())
    day = over if 0 < over < len(days) else MIDDLE
    fared = pace_calibration(before, pd.Series(goals, dtype=float), day=day, level=LEVEL)
    return Outlook(promised, days, fared)


def outlook_lines(case: PeriodFacts, ahead: Outlook | None) -> list[Message]:
    """The chance today, the range expected, and how past forecasts fared; nothing before the first day is
    over or once the month has ended."""
    if case.complete or ahead is None or ahead.today is None:
        return []
    today = ahead.today
    numbers = today[["chance", "so_far", "low", "high"]].to_dict()
    line = Message("marketing.chance", day=today.name, goal=ahead.goal, period=case.label, **numbers)
    return [line, *_track_record(ahead)]


def _track_record(ahead: Outlook) -> list[Message]:
    """How past forecasts of this kind fared, those within the same tenth of chance as today's apart."""
    fared = ahead.fared
    if fared.months.empty:
        return [Message("marketing.no_track_record")]
    n, day = len(fared.months), int(fared.months["day"].max())
    numbers = fared.brier[["profile", "straight"]].to_dict()
    lines = [
        Message("marketing.track_record", n=n, **numbers),
        Message("marketing.ranges_held", n=n, held=fared.held, day=day),
    ]
    tenth = min(np.floor(ahead.today["chance"] * 10), 9) / 10
    if tenth in fared.deciles.index:
        like = fared.deciles.loc[tenth]
        lines.append(Message("marketing.like_it", chance=like["said"], reached=like["reached"], n=like["n"]))
    return lines


def outlook_figures(case: PeriodFacts, ahead: Outlook | None) -> list[Figure]:
    """The chance today and the leads expected, of a month that still runs."""
    if case.complete or ahead is None or ahead.today is None:
        return []
    today, n = ahead.today, int(ahead.today["so_far"])
    ends = {"low": today["low"], "high": today["high"], "level": LEVEL}
    return [
        Figure("outlook.chance", today["chance"], n=n),
        Figure("outlook.leads", today["expected"], n=n, **ends),
    ]
