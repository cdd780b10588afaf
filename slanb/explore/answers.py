"""What a scenario comes to: leads, customers, value, a day's part, the chance, the hours of sales.

Every number is asked of the function the reports ask.
"""

import math
from dataclasses import dataclass, replace
from functools import cached_property

import pandas as pd

from slanb import formulas
from slanb.dictionary.messages import Message
from slanb.explore.scenario import Scenario
from slanb.explore.suggested import Suggested
from slanb.facts.capacity import Bandwidth
from slanb.facts.chance import Certainty, certain
from slanb.periods import days_of
from slanb.terms.goals import whole_leads

ANSWERS = {  # by key: the unit; the name is the message `explore.<key>`
    "leads": "leads",
    "customers": "customers",
    "value": "money",
    "daily": "leads",
    "leads_sure": "leads",
    "chance": "share",
    "chance_records": "share",
    "hours": "hours",
    "spare": "hours",
}


@dataclass(frozen=True)
class Answers:
    """What one scenario comes to, worked out as it is asked for; NaN where nothing is agreed or on record.

    scenario, suggested : what it is worked out from.
    """

    scenario: Scenario
    suggested: Suggested

    @cached_property
    def tiers(self) -> pd.DataFrame:
        """`Goals.by("tier")`: one row a tier, or one for all."""
        return self.scenario.goals.by("tier")

    @cached_property
    def bandwidth(self) -> Bandwidth | None:
        """The capacity of sales against this scenario's leads; None where none is agreed."""
        base, plan = self.suggested.bandwidth, self.scenario.plan
        if base is None or plan.capacity is None or plan.depth is None:
            return None
        leads = float(self.scenario.goals.total["leads"])
        return replace(base, leads=leads, capacity=plan.capacity, depth=plan.depth, speed=plan.speed)

    @cached_property
    def certainty(self) -> Certainty:
        """How sure the leads goal is."""
        confidence = self.scenario.plan.confidence
        known, months = self.suggested.learnt, self.suggested.months
        return certain(self.scenario.goals, confidence, known, months=months, of=["customers"])

    @cached_property
    def numbers(self) -> pd.Series:
        """The answers, by the keys of `ANSWERS`."""
        goal, capacity, sure = self.scenario.goals.total, self.bandwidth, self.certainty
        days = len(days_of(self.scenario.period))
        numbers = {
            "leads": goal["leads"],
            "customers": goal["customers"],
            "value": goal["value_goal"],
            "daily": formulas.daily_goal(goal=goal["leads"], days=days),
            "leads_sure": sure.leads(),
            "chance": sure.chance(),
            "chance_records": sure.chance("records"),
            "hours": capacity.hours_needed if capacity else math.nan,
            "spare": capacity.spare if capacity else math.nan,
        }
        return pd.Series(numbers, dtype=float)

    def beside(self, agreed: "Answers") -> pd.DataFrame:
        """The answers beside those of the agreed plan: `unit`, `bench`, `agreed`, `bench_change`, by key."""
        frame = pd.DataFrame({"bench": self.numbers, "bench_agreed": agreed.numbers})
        return frame.assign(unit=pd.Series(ANSWERS), bench_change=frame["bench"] - frame["bench_agreed"])

    def headline(self, agreed: "Answers") -> Message:
        """The scenario in one sentence, against the agreed plan."""
        leads, before = (whole_leads(each.scenario.goals.total["leads"]) for each in (self, agreed))
        if not self.scenario.changes:
            return Message("explore.as_agreed", leads=leads)
        if leads == before:
            return Message("explore.same", leads=leads)
        key = "explore.more" if leads > before else "explore.fewer"
        return Message(key, leads=leads, difference=abs(leads - before), agreed=before)
