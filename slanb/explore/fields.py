"""One number to move or type: slider and entry, what the records suggest, and refusals in words."""

from collections.abc import Callable
from contextlib import contextmanager
from html import escape

import ipywidgets

from slanb.dictionary.figures import Unit
from slanb.dictionary.wording import Wording
from slanb.errors import SlanbError
from slanb.explore.knobs import Knob
from slanb.explore.scenario import Path

Moved = Callable[[Path, float], None]


def typed_entry(label: str, value: str) -> ipywidgets.Text:
    """A labelled field to type in, read when the reader leaves it."""
    entry = ipywidgets.Text(
        value=value,
        description=label,
        continuous_update=False,
        style={"description_width": "auto"},
        layout={"width": "auto"},
    )
    entry.add_class("slanb-entry")
    return entry


def refusal(problem: str) -> str:
    """Why something cannot be, beside its own field, where the word "parameter" says nothing."""
    return f'<p class="slanb-refused" role="alert">{escape(problem.removeprefix("parameter "))}</p>'


def read_as(knob: Knob, text: str, words: Wording) -> str:
    """How a typed number was read that could be two; nothing where it could not."""
    other = knob.confusable(text, words)
    if other is None:
        return ""
    values = {"value": knob.read(text, words), "other": other}
    told = words.say("explore.read_as", **{name: knob.shown(each, words) for name, each in values.items()})
    return f'<p class="slanb-beside" role="status">{escape(told)}</p>'


class Field:
    """A knob as widgets: `box` is displayed, `moved` gets each new value and refuses it by an error.

    The slider reports while it is dragged. The browser holds further moves back until one has been answered,
    so that a fast drag asks no more often than answers come.
    """

    def __init__(self, knob: Knob, words: Wording, moved: Moved):
        self.knob = self._narrow = knob  # as it is now, and before it had to reach further
        self._words, self._moved = words, moved
        self._quiet = False
        self._shown = knob.agreed
        self.entry = typed_entry(knob.label, knob.shown(knob.agreed, words))
        self.slider = ipywidgets.FloatSlider(
            value=knob.on_grid(knob.agreed),
            min=knob.low,
            max=knob.high,
            step=knob.step,
            readout=False,
            layout={"width": "auto"},
        )
        self.slider.add_class("slanb-slider")
        self.note = ipywidgets.HTML(value=self._suggestion())
        self.box = ipywidgets.VBox([self.entry, self.slider, self.note])
        self.box.add_class("slanb-field")
        self.entry.observe(self._typed, "value")
        self.slider.observe(self._dragged, "value")

    def show(self, value: float) -> None:
        """Shows a value without reporting it."""
        with self._quietly():
            self.entry.value = self.knob.shown(value, self._words)
            self._place_slider(value)
            self.note.value = self._suggestion()

    def refuse(self, error: SlanbError) -> None:
        """Says in words why the value cannot be, and which one still counts."""
        self.note.value = "".join(map(refusal, error.problems)) + self._suggestion()

    def _dragged(self, change: dict) -> None:
        # The browser answers a value between two steps with the nearest one: that is no move of a reader.
        if not self._quiet and self.knob.on_grid(change["new"]) != self.knob.on_grid(self._shown):
            self._report(self.knob.at_step(change["new"]), typed=False)

    def _typed(self, change: dict) -> None:
        if self._quiet:
            return
        try:
            value = self.knob.read(change["new"], self._words)
        except SlanbError as error:
            self.refuse(error)
        else:
            self._report(value, typed=True, told=read_as(self.knob, change["new"], self._words))

    def _report(self, value: float, *, typed: bool, told: str = "") -> None:
        try:
            self._moved(self.knob.path, value)
        except SlanbError as error:
            self.refuse(error)
            return
        with self._quietly():
            self._shown = value
            self.entry.value = self.knob.shown(value, self._words)
            if typed:
                self._place_slider(value)
            self.note.value = told + self._suggestion()

    def _place_slider(self, value: float) -> None:
        self._shown = value
        self.knob = self._narrow.reaching(value)
        low, high = self.knob.low, self.knob.high
        self.slider.min, self.slider.max = min(low, self.slider.min), max(high, self.slider.max)
        self.slider.value = self.knob.on_grid(value)  # before the ends close in, which would move it
        self.slider.min, self.slider.max = low, high

    @contextmanager
    def _quietly(self):
        before, self._quiet = self._quiet, True
        try:
            yield
        finally:
            self._quiet = before

    def _suggestion(self) -> str:
        """The strip below the slider: agreed as a mark, what the records suggest as a band; and in words."""
        knob, words = self.knob, self._words
        agreed, band = knob.shown(knob.agreed, words), ""
        shown = words.say("explore.agreed_value", agreed=agreed)
        if knob.observed is not None:
            low, high = (knob.brief(end, words) for end in knob.observed)
            key = "explore.agreed_beside_one" if low == high else "explore.agreed_beside"
            shown = words.say(key, agreed=agreed, low=low, high=high)
            left, right = (self._place(end) for end in knob.observed)
            band = f'<i class="band" style="left:{left:.1f}%;width:{max(right - left, 0.8):.1f}%"></i>'
        mark = f'<i class="mark" style="left:{self._place(knob.agreed):.1f}%"></i>'
        return (
            f'<div class="slanb-strip" aria-hidden="true">{band}{mark}</div>'
            f'<p class="slanb-beside">{escape(shown)}</p>'
        )

    def _place(self, value: float) -> float:
        whole = self.knob.high - self.knob.low
        return min(max((value - self.knob.low) / whole, 0.0), 1.0) * 100 if whole else 0.0


class NumberEntry:
    """A labelled number of 0 or more that belongs to no plan: a bound, a target, an effort. `value` is the
    last one that was possible."""

    def __init__(
        self,
        label: str,
        words: Wording,
        changed: Callable[[], None],
        *,
        value: float | None = None,
        unit: Unit = "count",
        optional: bool = False,
        above_zero: bool = False,
    ):
        self.value, self._words, self._changed = value, words, changed
        self._optional, self._above_zero = optional, above_zero
        self._knob = Knob(("number",), label, unit, value or 0.0, 0.0, 1.0, 1.0)
        self.entry = typed_entry(label, "" if value is None else self._knob.shown(value, words))
        self.note = ipywidgets.HTML()
        self.box = ipywidgets.VBox([self.entry, self.note])
        self.box.add_class("slanb-field")
        self.entry.observe(self._typed, "value")

    def _typed(self, change: dict) -> None:
        try:
            self.value = self._read(change["new"])
        except SlanbError as error:
            self.note.value = refusal(str(error))
            return
        self.note.value = read_as(self._knob, change["new"], self._words)
        self._changed()

    def _read(self, text: str) -> float | None:
        if self._optional and not text.strip():
            return None
        value = self._knob.read(text, self._words)
        if value < 0 or (self._above_zero and value == 0):
            which = "not_above_zero" if self._above_zero else "below_zero"
            raise SlanbError(self._words.say(f"explore.{which}", name=self._knob.label, text=text.strip()))
        return value
