"""The bandwidth panel: the time sales has against what its promise takes, and where the promise breaks.

Part of `slanb.explore`. The verdict is the one notebook 05 gives.
"""

from html import escape
from typing import TYPE_CHECKING

import ipywidgets
import pandas as pd

from slanb.explore.breaks import breaking_points
from slanb.explore.knobs import CAPACITY
from slanb.explore.panel import Panel
from slanb.tables import Table

if TYPE_CHECKING:
    from slanb.explore.bench import Bench


class BandwidthPanel(Panel):
    """Sliders of capacity, depth and speed, and the verdict."""

    def __init__(self, bench: "Bench"):
        super().__init__(bench)
        self.title = self.words.text("Bandwidth")
        self.verdict, self.breaks = ipywidgets.HTML(), ipywidgets.HTML()
        self.verdict.add_class("slanb-sentence")
        self.box = ipywidgets.VBox([self.grid(CAPACITY), self.verdict, self.breaks])

    def show(self) -> None:
        words, bandwidth = self.words, self.bench.answers.bandwidth
        if bandwidth is None:
            nothing = words.text(
                "No capacity or no depth is agreed, so there is no promise to hold it against."
            )
            self.verdict.value = f"<p>{escape(nothing)}</p>"
            return
        said = [bandwidth.verdict(words), bandwidth.speed_sentence(words)]
        self.verdict.value = "".join(f"<p>{escape(line)}</p>" for line in said if line)
        self.breaks.value = self._table(breaking_points(bandwidth))

    def _table(self, points: pd.DataFrame) -> str:
        words = self.words
        names = {"leads": words.text("Leads needed"), "attempts": words.text("Attempts promised")}
        names |= {path[-1]: knob.label for path, knob in self.bench.knobs.items() if path[0] == "capacity"}
        units = {path[-1]: knob.unit for path, knob in self.bench.knobs.items() if path[0] == "capacity"}
        units |= {"leads": "leads", "attempts": "attempts"}
        ways = {True: words.text("below"), False: words.text("above")}
        rows = points.assign(
            name=points["key"].map(names),
            unit=points["key"].map(units),
            way=[
                words.text("never, by itself") if pd.isna(row.breaks) else ways[row.at_least]
                for row in points.itertuples()
            ],
        )
        table = Table(
            rows,
            columns={
                "name": (words.text("Number"), "text"),
                "now": (words.text("Now"), "unit"),
                "way": (words.text("The promise breaks"), "text"),
                "breaks": (words.text("Limit"), "unit"),
            },
            words=words,
            caption=words.text("Where the promise breaks, each number moved by itself"),
            id="breaks",
        )
        return table._repr_html_()
