"""The value panel: what leads of each kind are worth, what a mix brings, which mix needs the fewest leads.

Part of `slanb.explore`.
"""

from html import escape
from typing import TYPE_CHECKING

import ipywidgets
import pandas as pd

from slanb.errors import SlanbError
from slanb.explore.entries import NumberEntry
from slanb.explore.mix import best_mix, bounds_of, usual_mix
from slanb.explore.panel import Panel, laid
from slanb.tables import Table

if TYPE_CHECKING:
    from slanb.explore.bench import Bench


class ValuePanel(Panel):
    """Weights and shares of the tiers, bounds for the best mix."""

    def __init__(self, bench: "Bench"):
        super().__init__(bench)
        words = self.words
        self.title = words.text("Value")
        tiers = list(bench.agreed.scenario.plan.tiers)
        self.goal = NumberEntry(
            words.text("Value goal (empty: the plan's)"), words, self.show, unit="money", optional=True
        )
        ends = bounds_of(bench.evidence.arrivals).set_index("tier")
        self.bounds = {
            (tier, end): NumberEntry(
                words.text("{tier}: {end} leads", tier=tier, end=name),
                words,
                self.show,
                value=float(ends.loc[tier, end]) if tier in ends.index else 0.0,
            )
            for tier in tiers
            for end, name in (("low", words.text("fewest")), ("high", words.text("most")))
        }
        self.usual, self.best = ipywidgets.HTML(), ipywidgets.HTML()
        weights = self.grid([("tiers", tier, key) for tier in tiers for key in ("value", "share")])
        stated = laid([self.goal.box, *(entry.box for entry in self.bounds.values())], "slanb-grid")
        if not tiers:
            nothing = words.text("This agreement tells no kinds of lead apart: there is no mix to choose.")
            weights = ipywidgets.HTML(f"<p>{escape(nothing)}</p>")
            stated = ipywidgets.Box([])
        self.box = ipywidgets.VBox([weights, self.usual, stated, self.best])

    def show(self) -> None:
        answers = self.bench.answers
        if not answers.scenario.plan.tiers:
            return
        words, tiers = self.words, answers.tiers
        if not answers.numbers["leads"] > 0:
            self.usual.value = (
                f"<p>{escape(words.text('No leads are needed: there is no mix to choose.'))}</p>"
            )
            self.best.value = ""
            return
        usual = usual_mix(tiers, self.bench.evidence.arrivals.tail(3), answers.numbers["leads"])
        goal = self.goal.value if self.goal.value is not None else answers.numbers["value"]
        self.usual.value = self._usual(usual, goal)
        try:
            bounds = pd.DataFrame(
                [{"tier": t, "low": self._end(t, "low"), "high": self._end(t, "high")} for t in tiers["tier"]]
            )
            found = best_mix(tiers[["tier", "value"]].merge(bounds, on="tier"), goal)
        except SlanbError as error:
            self.best.value = f'<p class="slanb-refused" role="alert">{escape(str(error))}</p>'
            return
        said = {
            "leads": words.value(found.leads, "leads"),
            "value": words.money(found.brings),
            "goal": words.money(goal),
        }
        if found.reached:
            sentence = words.text(
                "The fewest leads worth {goal} within these bounds: {leads}, worth {value}.", **said
            )
        else:
            sentence = words.text(
                "These bounds do not reach {goal}: at most {leads} come, worth {value}.", **said
            )
        table = Table(
            found.tiers,
            columns={
                "tier": (words.text("Tier"), "text"),
                "leads": (words.text("Leads"), "leads"),
                "share": (words.text("Share"), "share"),
                "value": (words.text("Worth of a lead"), "money"),
                "brings": (words.text("Together worth"), "money"),
                ("low", "high"): (words.text("Bounds"), "interval:leads"),
            },
            words=words,
            caption=words.text("The mix with the fewest leads"),
            id="best-mix",
        )
        self.best.value = f"<p><b>{escape(sentence)}</b></p>{table._repr_html_()}"

    def _end(self, tier: str, end: str) -> float:
        entry = self.bounds[(tier, end)]
        return entry.value

    def _usual(self, usual: pd.DataFrame, goal: float) -> str:
        words = self.words
        total = usual[["planned_brings", "came_brings"]].sum(min_count=1)
        sentence = words.text(
            "As many leads in the mix of the last three periods are worth {came}, {share} of the value "
            "goal of {goal}.",
            came=words.money(total["came_brings"]),
            share=words.share(total["came_brings"] / goal if goal else None, 0),
            goal=words.money(goal),
        )
        table = Table(
            usual,
            columns={
                "tier": (words.text("Tier"), "text"),
                "value": (words.text("Worth of a lead"), "money"),
                "planned": (words.text("Leads as planned"), "leads"),
                "planned_brings": (words.text("worth"), "money"),
                "came": (words.text("Leads in the mix of late"), "leads"),
                "came_brings": (words.text("worth"), "money"),
            },
            words=words,
            caption=words.text("What the mix brings"),
            id="usual-mix",
        )
        return f"<p><b>{escape(sentence)}</b></p>{table._repr_html_()}"
