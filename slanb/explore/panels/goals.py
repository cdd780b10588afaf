"""The goals panel: the assumptions of the goals, whole and by segment and tier, with tornado and map."""

import ipywidgets
import pandas as pd

from slanb.dictionary.messages import Message
from slanb.explore.knobs import OF_SEGMENT, OF_TIER, WHOLE
from slanb.explore.live import GoalMap, Tornado
from slanb.explore.panels import Panel, laid
from slanb.explore.scenario import Path


class GoalsPanel(Panel):
    """Sliders of the plan; the two figures follow them."""

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.title = self.words.say("explore.goals")
        plan = self.agreed.scenario.plan
        groups = {"segments": (plan.segments, OF_SEGMENT), "tiers": (plan.tiers, OF_TIER)}
        self._groups = [group for group, (names, _) in groups.items() if names]
        grids = [
            self.grid([(group, name, key) for name in names for key in keys])
            for group, (names, keys) in groups.items()
            if names
        ]
        self.folds = ipywidgets.Accordion(grids, selected_index=None)
        for place, group in enumerate(self._groups):
            self.folds.set_title(place, self.words.say(f"explore.by_{group}"))
        self.folds.observe(lambda _: self.show_fields(), "selected_index")
        whole = self.grid([(key,) for key in WHOLE])
        self.tornado = Tornado(self.words, self.agreed.suggested)
        self.map = GoalMap(self.words, self.agreed.suggested, self.agreed.scenario)
        self.cycle = ipywidgets.HTML()
        figures = laid([self.tornado.widget, self.map.widget], "slanb-figures")
        self.box = ipywidgets.VBox([whole, self.cycle, *([self.folds] if grids else []), figures])

    def in_sight(self, path: Path) -> bool:
        """Whether the field is in sight: those of a folded group are not."""
        unfolded = self.folds.selected_index
        return len(path) == 1 or (unfolded is not None and path[0] == self._groups[unfolded])

    def draw(self) -> None:
        """Shows when the customers come, and the two figures."""
        scenario = self.answers.scenario
        self.cycle.value = self.lines(self._cycle())
        for figure in (self.tornado, self.map):
            figure.show(scenario)

    def _cycle(self) -> Message | None:
        """When the customers come: the one thing the sales cycle decides."""
        days, period = self.answers.scenario.plan.sales_cycle_days, self.answers.scenario.period
        if days is None:
            return None
        middle = period.start_time + (period.end_time - period.start_time) / 2
        date = middle + pd.Timedelta(days=days)
        return Message("explore.cycle", date=date, days=days, period=period)
