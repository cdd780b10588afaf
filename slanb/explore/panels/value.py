"""The value panel: what leads of each kind are worth, what a mix brings, which mix needs the fewest leads."""

import ipywidgets
import pandas as pd

from slanb.dictionary.messages import Message
from slanb.errors import SlanbError
from slanb.explore.fields import NumberEntry, refusal
from slanb.explore.mix import best_mix, bounds_of, usual_mix
from slanb.explore.panels import Panel, laid
from slanb.explore.suggested import LATELY


class ValuePanel(Panel):
    """Weights and shares of the tiers, bounds for the best mix."""

    def __init__(self, *arguments):
        super().__init__(*arguments)
        say = self.words.say
        self.title = say("explore.worth")
        tiers = list(self.agreed.scenario.plan.tiers)
        self.goal = NumberEntry(say("explore.value_goal"), self.words, self.draw, unit="money", optional=True)
        ends = bounds_of(self.agreed.suggested.arrivals).set_index("tier")
        self.bounds = {
            (tier, end): NumberEntry(
                say(f"explore.bound_{end}", tier=tier),
                self.words,
                self.draw,
                value=float(ends.loc[tier, end]) if tier in ends.index else 0.0,
            )
            for tier in tiers
            for end in ("low", "high")
        }
        self.usual, self.best = ipywidgets.HTML(), ipywidgets.HTML()
        weights = self.grid([("tiers", tier, key) for tier in tiers for key in ("value", "share")])
        stated = laid([self.goal.box, *(entry.box for entry in self.bounds.values())], "slanb-grid")
        if not tiers:
            weights, stated = ipywidgets.HTML(self.lines("explore.no_tiers")), ipywidgets.Box([])
        self.box = ipywidgets.VBox([weights, self.usual, stated, self.best])

    def draw(self) -> None:
        """Shows what the usual mix brings, and the mix with the fewest leads."""
        tiers, numbers = self.answers.tiers, self.answers.numbers
        if not self.answers.scenario.plan.tiers:
            return
        if not numbers["leads"] > 0:
            self.usual.value, self.best.value = self.lines("explore.no_mix"), ""
            return
        goal = self.goal.value if self.goal.value is not None else numbers["value"]
        lately = self.agreed.suggested.arrivals.tail(LATELY)
        self.usual.value = self._usual(usual_mix(tiers, lately, numbers["leads"]), goal)
        self.best.value = self._best(tiers, goal)

    def _best(self, tiers: pd.DataFrame, goal: float) -> str:
        ends = {end: [self.bounds[(tier, end)].value for tier in tiers["tier"]] for end in ("low", "high")}
        try:
            best = best_mix(tiers[["tier", "value"]].assign(**ends), goal)
        except SlanbError as error:
            return refusal(str(error))
        key = "explore.fewest" if best.reached else "explore.out_of_bounds"
        headline = Message(key, goal=goal, leads=best.leads, brings=best.brings)
        frame = best.tiers.rename(
            columns={
                "value": "worth_each",
                "low": "bounds_low",
                "high": "bounds_high",
                "share": "share_of_leads",
            }
        )
        table = self.table("best-mix", frame)
        return self.lines(headline, strong=True) + table

    def _usual(self, usual: pd.DataFrame, goal: float) -> str:
        total = usual["came_brings"].sum(min_count=1)
        headline = Message("explore.usual", came=total, share=total / goal if goal else None, goal=goal)
        frame = usual.rename(columns={"value": "worth_each"})
        return self.lines(headline, strong=True) + self.table("usual-mix", frame)
