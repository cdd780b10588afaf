"""The bandwidth panel: the time sales has against what its promise takes, and where the promise breaks."""

import ipywidgets
import pandas as pd

from slanb.explore.breaks import breaking_points
from slanb.explore.knobs import CAPACITY
from slanb.explore.panels import Panel


class BandwidthPanel(Panel):
    """Sliders of capacity, depth and speed, and the verdict, which is the one of the sales page."""

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.title = self.words.say("explore.bandwidth")
        self.verdict, self.breaks = ipywidgets.HTML(), ipywidgets.HTML()
        self.verdict.add_class("slanb-sentence")
        self.box = ipywidgets.VBox([self.grid(CAPACITY), self.verdict, self.breaks])

    def draw(self) -> None:
        """Shows the verdict and the breaking points."""
        bandwidth = self.answers.bandwidth
        if bandwidth is None:
            self.verdict.value = self.lines("explore.no_capacity")
            return
        self.verdict.value = self.lines(bandwidth.verdict(), bandwidth.at_load())
        points = breaking_points(bandwidth)
        self.breaks.value = self.table("breaks", self._named(points))

    def _named(self, points: pd.DataFrame) -> pd.DataFrame:
        knobs = {path[-1]: knob for path, knob in self.knobs.items() if path[0] == "capacity"}
        names = {key: knob.label for key, knob in knobs.items()}
        names |= {key: self.words.say(f"explore.{key}") for key in ("leads", "attempts")}
        units = {key: knob.unit for key, knob in knobs.items()} | {"leads": "leads", "attempts": "attempts"}
        whens = [
            "never" if pd.isna(row.breaks) else "below" if row.at_least else "above"
            for row in points.itertuples()
        ]
        return points.assign(
            number=points["key"].map(names),
            unit=points["key"].map(units),
            breaks_when=[self.words.say(f"explore.breaks_{when}") for when in whens],
        )
