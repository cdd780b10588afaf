"""Figures that live: drawn once, then moved and shown again, each with its meaning in words.

A figure is built by the plot function the reports use. Afterwards only what it shows moves, in axes of
settled size and in layers, and its picture is put in place of the one before.
"""

import base64
import io
import math
from abc import ABC, abstractmethod
from html import escape

import ipywidgets
import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image

from slanb import formulas, goals, plots
from slanb.dictionary.wording import Wording
from slanb.explore.scenario import Scenario
from slanb.explore.suggested import Suggested
from slanb.plots import Picture
from slanb.plots.style import WIDTH

DOTS_PER_INCH = 84
SPREAD = 0.6  # of close rate and deal size on the map, around the agreed plan


class LiveFigure(ABC):
    """A figure in a widget; `show` moves it to a scenario. Where there is nothing to show it says so."""

    height: float

    def __init__(self, words: Wording):
        self.words = words
        self.widget = ipywidgets.HTML()
        self.widget.add_class("slanb-figure")
        self._axes: Axes | None = None
        self._kept: list = []  # pictures of what is below each layer, as far up as they still hold

    def show(self, scenario: Scenario) -> None:
        """Moves the figure to the scenario and shows it."""
        if not scenario.goals.total["leads"] > 0:
            self.widget.value = f"<p>{escape(self.words.say('explore.nothing_to_draw'))}</p>"
            return
        if self._axes is None:
            self._axes = self._drawn(scenario)
            self._axes.figure.canvas.draw()
            self._axes.figure.set_layout_engine("none")  # settled: what moves now moves within these axes
        del self._kept[self.move(self._axes, scenario) :]
        self._redraw(self._axes)
        self.widget.value = self._html(self._axes.figure, self.says(scenario))

    def _redraw(self, ax: Axes) -> None:
        """Makes the picture anew: what did not move is kept from the last time."""
        canvas, layers = ax.figure.canvas, self.layers(ax)
        if not self._kept:
            moving = [artist for layer in layers for artist in layer]
            for artist in moving:
                artist.set_visible(False)
            canvas.draw()
            for artist in moving:
                artist.set_visible(True)
            self._kept.append(canvas.copy_from_bbox(ax.figure.bbox))
        canvas.restore_region(self._kept[-1])
        for place in range(len(self._kept), len(layers) + 1):
            for artist in layers[place - 1]:
                ax.draw_artist(artist)
            if place < len(layers):
                self._kept.append(canvas.copy_from_bbox(ax.figure.bbox))

    def still(self, scenario: Scenario) -> Picture:
        """The figure of a scenario by itself, as a report shows it."""
        return Picture(self._drawn(scenario), self.says(scenario))

    def _drawn(self, scenario: Scenario) -> Axes:
        figure = Figure(figsize=(WIDTH, self.height), dpi=DOTS_PER_INCH, layout="constrained")
        FigureCanvasAgg(figure)
        self.draw(figure.add_subplot(), scenario)
        return figure.axes[0]

    @abstractmethod
    def draw(self, ax: Axes, scenario: Scenario) -> None:
        """Draws the figure, once."""

    @abstractmethod
    def move(self, ax: Axes, scenario: Scenario) -> int:
        """Moves what was drawn; returns the number of the lowest layer that changed, 0 for what is below."""

    @abstractmethod
    def layers(self, ax: Axes) -> list[list[Artist]]:
        """What moves, in the order in which it is drawn; what moves most often in the last layer."""

    @abstractmethod
    def says(self, scenario: Scenario) -> str:
        """The figure's meaning in a sentence."""

    def _html(self, figure: Figure, says: str) -> str:
        pixels = np.asarray(figure.canvas.buffer_rgba())[..., :3]
        file = io.BytesIO()
        Image.fromarray(np.ascontiguousarray(pixels)).save(file, format="png", compress_level=1)
        image = base64.b64encode(file.getvalue()).decode("ascii")
        height, width = pixels.shape[:2]
        says = escape(says)
        # Decoded along with the page, so that the picture before stays until this one can be seen.
        return (
            f'<figure><img alt="{says}" decoding="sync" width="{width}" height="{height}" '
            f'src="data:image/png;base64,{image}"><figcaption aria-hidden="true">{says}</figcaption></figure>'
        )


class Tornado(LiveFigure):
    """What moves the leads goal most, around the scenario."""

    height = 3.4

    def __init__(self, words: Wording, suggested: Suggested):
        super().__init__(words)
        self._recent = suggested.recent
        self._scenario: Scenario | None = None
        self._frame = pd.DataFrame()

    def _levers(self, scenario: Scenario) -> pd.DataFrame:
        if scenario is not self._scenario:
            levers = goals.levers(scenario.goals, self._recent)
            self._scenario, self._frame = scenario, goals.lever_labels(levers, self.words)
        return self._frame

    def _base(self, scenario: Scenario) -> dict:
        base = {"base": scenario.goals.total["leads"], "words": self.words}
        return base | ({"base_name": self.words.say("explore.scenario")} if scenario.changes else {})

    def draw(self, ax: Axes, scenario: Scenario) -> None:
        plots.plot_levers(self._levers(scenario), ax=ax, **self._base(scenario))

    def move(self, ax: Axes, scenario: Scenario) -> int:
        before = [label.get_text() for label in ax.get_yticklabels()]
        plots.move_levers(ax, self._levers(scenario), **self._base(scenario))
        return int([label.get_text() for label in ax.get_yticklabels()] == before)

    def layers(self, ax: Axes) -> list[list[Artist]]:
        return [[ax.xaxis, *ax.patches, *ax.lines, *ax.texts]]

    def says(self, scenario: Scenario) -> str:
        base = scenario.goals.total["leads"]
        return plots.says_levers(self._levers(scenario), base=base, words=self.words)


class GoalMap(LiveFigure):
    """Leads needed over close rate and deal size: the map lies around the agreed plan, the scenario moves."""

    height = 3.8

    def __init__(self, words: Wording, suggested: Suggested, agreed: Scenario):
        super().__init__(words)
        self._around = goals.around(agreed.goals, spread=SPREAD)
        self._agreed, self._measured = goals.points(agreed.goals, suggested.recent)
        self._goal = None  # the revenue goal of the level lines drawn
        self._said: tuple[float, str] = (math.nan, "")  # of a revenue goal's whole map

    def _map(self, scenario: Scenario) -> pd.DataFrame:
        """The agreed plan's map with the leads that the scenario's revenue goal takes."""
        goal, frame = scenario.goals.total["marketing_goal"], self._around
        customers = formulas.customers_needed(revenue_goal=goal, deal_size=frame["deal_size"])
        return frame.assign(leads=formulas.leads_needed(customers=customers, close_rate=frame["close_rate"]))

    def draw(self, ax: Axes, scenario: Scenario) -> None:
        points = {"agreed": self._agreed, "measured": self._measured, "chosen": _point(scenario)}
        plots.plot_goal_map(self._map(scenario), words=self.words, ax=ax, **points)

    def move(self, ax: Axes, scenario: Scenario) -> int:
        goal = scenario.goals.total["marketing_goal"]
        same = goal == self._goal
        levels = None if same else self._map(scenario)
        plots.move_goal_map(ax, levels, chosen=_point(scenario), words=self.words)
        self._goal = goal
        return 2 if same else 1

    def layers(self, ax: Axes) -> list[list[Artist]]:
        levels = [artist for artist in (*ax.collections, *ax.texts) if artist.get_gid() == plots.LEVELS]
        frame = [spine for spine in ax.spines.values() if spine.get_visible()]  # the lines end below it
        points = [artist for artist in (*ax.lines, *ax.texts) if artist.get_gid() in plots.POINTS]
        return [levels + frame, points]

    def says(self, scenario: Scenario) -> str:
        rate, size = _point(scenario)
        leads = scenario.goals.total["leads"]
        own = self.words.say("explore.scenario_point", leads=leads, close_rate=rate, deal_size=size)
        goal = scenario.goals.total["marketing_goal"]
        if goal != self._said[0]:
            points = {"agreed": self._agreed, "measured": self._measured}
            self._said = goal, plots.says_goal_map(self._map(scenario), words=self.words, **points)
        return f"{own} {self._said[1]}"


def _point(scenario: Scenario) -> tuple[float, float]:
    total = scenario.goals.total
    return float(total["close_rate"]), float(total["deal_size"])
