"""The goals panel: the assumptions of the goal chain, whole and by segment and tier, with tornado and map.

Part of `slanb.explore`.
"""

from typing import TYPE_CHECKING

import ipywidgets
import pandas as pd

from slanb.explore.knobs import OF_SEGMENT, OF_TIER, WHOLE
from slanb.explore.live import GoalMap, Tornado
from slanb.explore.panel import Panel, folded, laid
from slanb.explore.scenario import Path

if TYPE_CHECKING:
    from slanb.explore.bench import Bench


class GoalsPanel(Panel):
    """Sliders of the plan; the two figures follow them."""

    def __init__(self, bench: "Bench"):
        super().__init__(bench)
        self.title = self.words.text("Goals")
        plan = bench.agreed.scenario.plan
        groups = {
            "segments": (self.words.text("By segment"), plan.segments, OF_SEGMENT),
            "tiers": (self.words.text("By tier"), plan.tiers, OF_TIER),
        }
        parts = {
            title: self.grid([(group, name, key) for name in names for key in keys])
            for group, (title, names, keys) in groups.items()
            if names
        }
        self._groups = [group for group, (_, names, _) in groups.items() if names]
        self.folds = folded(parts)
        self.folds.observe(lambda _: self.show_fields(), "selected_index")
        whole = self.grid([(key,) for key in WHOLE])
        self.tornado = Tornado(self.words, bench.evidence)
        self.map = GoalMap(self.words, bench.evidence, bench.agreed.scenario)
        self.cycle = ipywidgets.HTML()
        figures = laid([self.tornado.widget, self.map.widget], "slanb-figures")
        self.box = ipywidgets.VBox([whole, self.cycle, *([self.folds] if parts else []), figures])

    def in_sight(self, path: Path) -> bool:
        opened = self.folds.selected_index
        return len(path) == 1 or (opened is not None and path[0] == self._groups[opened])

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
