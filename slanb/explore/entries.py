"""A number that is typed and belongs to no plan: a bound, a target, an effort.

Part of `slanb.explore`.
"""

from collections.abc import Callable
from html import escape

import ipywidgets

from slanb.dictionary.figures import Unit
from slanb.dictionary.wording import Wording
from slanb.errors import SlanbError
from slanb.explore.knobs import Knob


class NumberEntry:
    """A labelled field that holds a number of 0 or more; `value` is the last one that was possible."""

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
        self.entry = ipywidgets.Text(
            value="" if value is None else self._knob.shown(value, words),
            description=label,
            continuous_update=False,
            layout={"width": "auto"},
        )
        self.entry.add_class("slanb-entry")
        self.note = ipywidgets.HTML()
        self.box = ipywidgets.VBox([self.entry, self.note])
        self.box.add_class("slanb-field")
        self.entry.observe(self._typed, "value")

    def _typed(self, change: dict) -> None:
        try:
            self.value = self._read(change["new"])
        except SlanbError as error:
            self.note.value = f'<p class="slanb-refused" role="alert">{escape(str(error))}</p>'
            return
        self.note.value = ""
        self._changed()

    def _read(self, text: str) -> float | None:
        if self._optional and not text.strip():
            return None
        value = self._knob.read(text, self._words)
        if value < 0 or (self._above_zero and value == 0):
            allowed = "above 0" if self._above_zero else "of 0 or more"
            raise SlanbError(f"{self._knob.label}: {text.strip()} is not allowed, a number {allowed} is.")
        return value
