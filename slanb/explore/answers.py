"""What a scenario comes to: leads, customers, value, a day's part, the chance, the hours of sales.

Part of `slanb.explore`. Every number is asked of the function the reports ask.
"""

import math
from dataclasses import dataclass, replace
from functools import cached_property

import pandas as pd

from slanb import formulas
from slanb.dictionary.figures import Unit
from slanb.dictionary.wording import Wording
from slanb.explore.evidence import Evidence
from slanb.explore.scenario import Scenario
from slanb.facts.capacity import Bandwidth
from slanb.goals.certainty import Certainty, certain
from slanb.periods import days_of

ANSWERS: dict[str, tuple[str, Unit]] = {
    "leads": ("Leads needed", "leads"),
    "customers": ("Customers needed", "customers"),
    "value": ("Value of these leads", "money"),
    "daily": ("Leads a day", "leads"),
    "leads_sure": ("Leads for the confidence asked", "leads"),
    "chance": ("Chance they suffice, if these rates hold", "share"),
    "chance_records": ("Chance at the rates on record", "share"),
    "hours": ("Hours sales needs", "hours"),
    "spare": ("Hours left over", "hours"),
}


@dataclass(frozen=True)
class Answers:
    """What one scenario comes to; NaN where the agreement or the records say nothing.

    scenario, evidence : what it is worked out from.
    """

    scenario: Scenario
    evidence: Evidence

    @cached_property
    def tiers(self) -> pd.DataFrame:
        """`Goals.by("tier")`: one row a tier, or one for all."""
        return self.scenario.goals.by("tier")

    @cached_property
    def bandwidth(self) -> Bandwidth | None:
        """The capacity of sales against this scenario's leads; None where none is agreed."""
        base, plan = self.evidence.bandwidth, self.scenario.plan
        if base is None or plan.capacity is None or plan.depth is None:
            return None
        leads = float(self.scenario.goals.total["leads"])
        return replace(base, leads=leads, capacity=plan.capacity, depth=plan.depth, speed=plan.speed)

    @cached_property
    def certainty(self) -> Certainty:
        """How sure the leads goal is, as notebook 01 has it."""
        return certain(
            self.scenario.goals, self.scenario.plan.confidence, self.evidence.learnt, of=["customers"]
        )

    @cached_property
    def numbers(self) -> pd.Series:
        """The answers, by the keys of `ANSWERS`."""
        goal, capacity, sure = self.scenario.goals.total, self.bandwidth, self.certainty
        days = len(days_of(self.scenario.period))
        return pd.Series(
            {
                "leads": goal["leads"],
                "customers": goal["customers"],
                "value": goal["value_goal"],
                "daily": formulas.daily_goal(goal=goal["leads"], days=days),
                "leads_sure": sure.leads(),
                "chance": sure.chance(),
                "chance_records": sure.chance("records"),
                "hours": capacity.hours_needed if capacity else math.nan,
                "spare": capacity.spare if capacity else math.nan,
            },
            dtype=float,
        )

    def beside(self, agreed: "Answers", words: Wording) -> pd.DataFrame:
        """The answers beside those of the agreed plan: `answer`, `unit`, `value`, `agreed`, `change`."""
        frame = pd.DataFrame({"value": self.numbers, "agreed": agreed.numbers})
        frame["answer"] = [words.text(ANSWERS[key][0]) for key in frame.index]
        frame["unit"] = [ANSWERS[key][1] for key in frame.index]
        frame["change"] = frame["value"] - frame["agreed"]
        return frame[["answer", "unit", "value", "agreed", "change"]]

    def sentence(self, agreed: "Answers", words: Wording) -> str:
        """The scenario in one sentence, against the agreed plan."""
        leads, before = (float(each.scenario.goals.total["leads"]) for each in (self, agreed))
        said = {"leads": words.value(leads, "leads"), "agreed": words.number(before)}
        if not self.scenario.changes:
            return words.text("As agreed: {leads} are needed.", **said)
        difference = round(leads) - round(before)
        if not difference:
            return words.text("{leads} are needed, as in the agreed plan.", **said)
        more = words.number(abs(difference))
        if difference > 0:
            return words.text("{leads} are needed, {more} more than the agreed {agreed}.", more=more, **said)
        return words.text("{leads} are needed, {less} fewer than the agreed {agreed}.", less=more, **said)


def answer(scenario: Scenario, evidence: Evidence) -> Answers:
    """What a scenario comes to, worked out as it is asked for.

    Raises
    ------
    SlanbError : when asked, where the scenario is not possible.
    """
    return Answers(scenario, evidence)
