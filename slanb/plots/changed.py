"""Where a promise changed, so that a tightened one does not look like a collapse."""

from itertools import pairwise

import pandas as pd
from matplotlib.axes import Axes

from slanb.dictionary.wording import Wording
from slanb.plots import style


def mark_changes(ax: Axes, frame: pd.DataFrame, words: Wording) -> None:
    """An upright dotted line before each period whose promise is not that of the one before.

    frame : as drawn, with `promise` (a message or text, None where nothing was promised); else no mark.
    """
    for number, (place, _, _) in enumerate(_changes(frame, words)):
        name = {} if number else {"label": words.say("plots.promise_changed")}
        ax.axvline(place - 0.5, color=style.INK, linewidth=1.2, linestyle=(0, (1, 1.6)), **name)


def says_changes(frame: pd.DataFrame, words: Wording) -> list[str]:
    """The same in sentences."""
    return [
        words.say("plots.promise_was", period=frame["period"][place], now=now, before=before)
        for place, before, now in _changes(frame, words)
    ]


def _changes(frame: pd.DataFrame, words: Wording) -> list[tuple[int, str, str]]:
    """Where it changed: the row, and the promise before and from it on."""
    if "promise" not in frame:
        return []
    said = [(place, words.say(each)) for place, each in enumerate(frame["promise"]) if pd.notna(each)]
    return [(place, before, now) for (_, before), (place, now) in pairwise(said) if before != now]
