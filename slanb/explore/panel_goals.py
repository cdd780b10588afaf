"""The goals panel: the assumptions of the goal chain, whole and by segment and tier, with tornado and map.

Part of `slanb.explore`.
"""

from typing import TYPE_CHECKING

import ipywidgets
import pandas as pd

from slanb.explore.knobs import OF_SEGMENT, OF_TIER, WHOLE
from slanb.explore.live import GoalMap, Tornado
from slanb.explore.panel import Panel, folded, laid

if TYPE_CHECKING:
    from slanb.explore.bench import Bench


class GoalsPanel(Panel):
    """Sliders of the plan; the two figures follow them."""

    def __init__(self, bench: "Bench"):
        super().__init__(bench)
        self.title = self.words.text("Goals")
        plan = bench.agreed.scenario.plan
        parts = {
            name: self.grid([("segments", name, key) for key in OF_SEGMENT]) for name in plan.segments
        } | {
            self.words.text("Tier {tier}", tier=name): self.grid([("tiers", name, key) for key in OF_TIER])
            for name in plan.tiers
        }
        whole = self.grid([(key,) for key in WHOLE])
        self.tornado = Tornado(self.words, bench.evidence)
        self.map = GoalMap(self.words, bench.evidence, bench.agreed.scenario)
        self.cycle = ipywidgets.HTML()
        figures = laid([self.tornado.widget, self.map.widget], "slanb-figures")
        self.box = ipywidgets.VBox([whole, self.cycle, *([folded(parts)] if parts else []), figures])

    def show(self) -> None:
        scenario = self.bench.scenario
        self.cycle.value = self._cycle()
        for figure in (self.tornado, self.map):
            figure.show(scenario)

    def _cycle(self) -> str:
        """When the customers come: the one thing the sales cycle decides."""
        days, period = self.bench.scenario.plan.sales_cycle_days, self.bench.scenario.period
        if days is None:
            return ""
        middle = period.start_time + (period.end_time - period.start_time) / 2
        said = self.words.text(
            "Half of these customers have signed by about {date}, {days} after the middle of {period}.",
            date=self.words.date(middle + pd.Timedelta(days=days)),
            days=self.words.days(days),
            period=self.words.period(period),
        )
        return f"<p>{said}</p>"
