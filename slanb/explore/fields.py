"""One value to move: a slider, the same value to type, what the records suggest, and a refusal in words.

Part of `slanb.explore`.
"""

from collections.abc import Callable
from contextlib import contextmanager
from html import escape

import ipywidgets

from slanb.dictionary.wording import Wording
from slanb.errors import SlanbError
from slanb.explore.knobs import Knob
from slanb.explore.scenario import Path

Moved = Callable[[Path, float], None]


class Field:
    """A knob as widgets: `box` is displayed, `moved` is told of each new value and refuses it by an error.

    The slider tells while it is dragged. The browser holds further moves back until one has been answered, so
    that a fast drag asks no more often than answers come.
    """

    def __init__(self, knob: Knob, words: Wording, moved: Moved):
        self.knob, self._words, self._moved = knob, words, moved
        self._quiet = False
        self._shown = knob.agreed
        self.entry = ipywidgets.Text(
            value=knob.shown(knob.agreed, words),
            description=knob.label,
            continuous_update=False,
            style={"description_width": "auto"},
            layout={"width": "auto"},
        )
        self.entry.add_class("slanb-entry")
        self.slider = ipywidgets.FloatSlider(
            value=knob.on_grid(knob.agreed),
            min=knob.low,
            max=knob.high,
            step=knob.step,
            readout=False,
            layout={"width": "auto"},
        )
        self.slider.add_class("slanb-slider")
        self.note = ipywidgets.HTML(value=self._records())
        self.box = ipywidgets.VBox([self.entry, self.slider, self.note])
        self.box.add_class("slanb-field")
        self.entry.observe(self._typed, "value")
        self.slider.observe(self._dragged, "value")

    def show(self, value: float) -> None:
        """Shows a value, and tells no one."""
        with self._quietly():
            self.entry.value = self.knob.shown(value, self._words)
            self._place_slider(value)
            self.note.value = self._records()

    def refuse(self, problem: str) -> None:
        """Says in words why the value cannot be, and which one still counts."""
        self.note.value = f'<p class="slanb-refused" role="alert">{escape(problem)}</p>{self._records()}'

    def _dragged(self, change: dict) -> None:
        # The browser answers a value between two steps with the nearest one: that is no move of a reader.
        if not self._quiet and self.knob.on_grid(change["new"]) != self.knob.on_grid(self._shown):
            self._tell(self.knob.at_step(change["new"]), typed=False)

    def _typed(self, change: dict) -> None:
        if self._quiet:
            return
        try:
            value = self.knob.read(change["new"], self._words)
        except SlanbError as error:
            self.refuse(str(error))
        else:
            self._tell(value, typed=True)

    def _tell(self, value: float, *, typed: bool) -> None:
        try:
            self._moved(self.knob.path, value)
        except SlanbError as error:
            self.refuse(" ".join(_plain(problem) for problem in error.problems))
            return
        with self._quietly():
            self._shown = value
            self.entry.value = self.knob.shown(value, self._words)
            if typed:
                self._place_slider(value)
            self.note.value = self._records()

    def _place_slider(self, value: float) -> None:
        self._shown = value
        wider = self.knob.reaching(value)
        if wider is not self.knob:
            self.knob = wider
            self.slider.min, self.slider.max = wider.low, wider.high
        self.slider.value = self.knob.on_grid(value)

    @contextmanager
    def _quietly(self):
        before, self._quiet = self._quiet, True
        try:
            yield
        finally:
            self._quiet = before

    def _records(self) -> str:
        """The strip below the slider: agreed as a mark, what the records suggest as a band; and in words."""
        knob, words = self.knob, self._words
        said = [words.text("agreed {value}", value=knob.shown(knob.agreed, words))]
        band = ""
        if knob.observed is not None:
            low, high = knob.observed
            ends = [knob.brief(end, words) for end in (low, high)]
            said.append(
                words.text("records {value}", value=ends[0])
                if ends[0] == ends[1]
                else words.text("records {low} to {high}", low=ends[0], high=ends[1])
            )
            left, right = self._place(low), self._place(high)
            band = f'<i class="band" style="left:{left:.1f}%;width:{max(right - left, 0.8):.1f}%"></i>'
        mark = f'<i class="mark" style="left:{self._place(knob.agreed):.1f}%"></i>'
        return (
            f'<div class="slanb-strip" aria-hidden="true">{band}{mark}</div>'
            f'<p class="slanb-said">{escape(", ".join(said))}</p>'
        )

    def _place(self, value: float) -> float:
        knob = self.knob
        whole = knob.high - knob.low
        return min(max((value - knob.low) / whole, 0.0), 1.0) * 100 if whole else 0.0


def _plain(problem: str) -> str:
    """A problem of a parameter beside its own field, where "parameter" says nothing."""
    return problem.removeprefix("parameter ")
