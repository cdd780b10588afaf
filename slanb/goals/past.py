"""Whether the past says the goal can be kept.

Part of `slanb.goals`.
"""

from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from slanb.facts import Facts
from slanb.facts.deliveries import deliveries
from slanb.facts.tracked import covered
from slanb.periods import label, trailing
from slanb.terms import Terms
from slanb.terms.goals import Goals


def delivered(
    facts: Facts, terms: Terms, goals: Goals, first: pd.Timestamp, last: pd.Timestamp
) -> pd.DataFrame:
    """The leads that count toward the goals, by the rule in force in their period: `day`, `leads`, ..."""
    rule = terms.in_force(goals.period)
    rows = deliveries(facts, terms, first, last, rule=rule, tiers=goals.tiers)
    promised = rows["tier"].isin(goals.tiers) if goals.tiers else True
    return rows[rows["counts"] & promised]


@dataclass(frozen=True)
class History:
    """Past periods beside the goal: `period`, `leads`, `goal`, `complete`; the planned one is last."""

    periods: pd.DataFrame
    goal: float

    @cached_property
    def past(self) -> pd.Series:
        """Leads of the complete periods before the one planned."""
        earlier = self.periods.iloc[:-1]
        return earlier.loc[earlier["complete"], "leads"]

    @property
    def reached(self) -> int:
        """In how many past periods this goal would have been reached."""
        return int((self.past >= self.goal).sum())

    @property
    def growth_needed(self) -> float:
        """Leads goal over the average of the last three complete periods, minus 1; NaN without history."""
        recent = self.past.tail(3)
        return self.goal / recent.mean() - 1 if len(recent) and recent.mean() else float("nan")


def against_history(goals: Goals, facts: Facts, terms: Terms, *, n: int = 12) -> History:
    """What the `n` periods before this one delivered, by the rule agreed now, beside this period's goal."""
    spans = covered(facts, [*trailing(goals.period - 1, n), goals.period])
    rows = delivered(facts, terms, goals, spans[0].start_time, spans[-1].end_time.normalize())
    leads = rows.groupby(rows["day"].dt.to_period(goals.period.freqstr).map(label))["leads"].sum()
    frame = facts.standing(spans)[["period", "complete"]]
    frame = frame.assign(leads=frame["period"].map(leads).fillna(0.0), goal=goals.total["leads"])
    return History(frame, goals.total["leads"])
