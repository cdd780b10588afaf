"""How sure a number of leads is: the chance of reaching the goal, by leads.

Floor 3.
"""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from slanb.dictionary.wording import Wording
from slanb.plots import style

READINGS = ("agreed", "records")


def plot_chance(
    frame: pd.DataFrame, *, plain: float, confidence: float, words: Wording, ax: Axes | None = None
) -> Axes:
    """The chance of reaching the goal rising with the leads, the plain goal and the confident one marked.

    Parameters
    ----------
    frame : columns `leads`, `agreed` (chance at agreed rates, 0-1), and `records` (at the rates the records
        support) where there is one; one row a number of leads, rising.
    plain : leads of the plain goal.
    confidence : the chance agreed for the goal.

    Returns
    -------
    The axes: one line a reading, with a dot where it meets the confidence.
    """
    known = [reading for reading in READINGS if reading in frame]
    frame = style.plain(frame, numbers=["leads", *known])
    with style.drawing(ax, height=3.6) as ax:
        title = words.text("Chance of reaching the goal, by leads")
        if frame.empty or not known:
            style.empty(ax, words)
            style.headline(ax, title)
            return ax
        names = {
            "agreed": (words.text("rates as agreed"), style.BLUE, style.BLUE, "-"),
            "records": (words.text("rates of the records"), style.ORANGE, style.BROWN, (0, (5, 2))),
        }
        ends = []
        for reading in known:
            name, color, ink, line = names[reading]
            ax.plot(frame["leads"], frame[reading], color=color, linewidth=2.4, linestyle=line)
            leads = _meets(frame, reading, confidence)
            if np.isfinite(leads):
                ax.plot(leads, confidence, marker="o", markersize=8, color=color)
                text = words.value(np.ceil(leads), "leads", short=True)
                ax.annotate(text, (leads, confidence), (0, 8), textcoords="offset points", ha="right",
                            va="bottom", color=ink, fontweight="bold")  # fmt: skip
            ends.append((frame[reading].iloc[-1], name, ink))
        ax.axvline(plain, color=style.INK, linewidth=1.4)
        ax.axhline(confidence, color=style.MUTED, linewidth=1.2, linestyle=":")
        style.value_axis(ax, "x", "leads", words, zero=False)
        style.value_axis(ax, "y", "share", words)
        ax.set_ylim(0, 1.04)
        first, last = frame["leads"].iloc[0], frame["leads"].iloc[-1]
        ax.set_xlim(min(first, 0.95 * plain), max(last, 1.05 * plain))
        ax.set_xlabel(words.text("Leads"))
        ax.set_ylabel(words.text("Chance (percent)"))
        style.name_ends(ax, ends, frame["leads"].iloc[-1])
        amount = words.value(plain, "leads", short=True)
        style.headline(ax, title, line=(plain, words.text("plain goal: {amount}", amount=amount)))
    return ax


def _meets(frame: pd.DataFrame, reading: str, confidence: float) -> float:
    """Leads at which the line reaches the confidence; infinite where it does not."""
    reached = frame[reading].to_numpy() >= confidence
    if not reached.any():
        return np.inf
    place = int(reached.argmax())
    if place == 0:
        return float(frame["leads"].iloc[0])
    here, before = frame.iloc[place], frame.iloc[place - 1]
    step = (confidence - before[reading]) / (here[reading] - before[reading])
    return float(before["leads"] + step * (here["leads"] - before["leads"]))


def says_chance(frame: pd.DataFrame, *, plain: float, confidence: float, words: Wording) -> str:
    """What `plot_chance` shows: each reading's chance at the plain goal, and the leads for the confidence."""
    known = [reading for reading in READINGS if reading in frame]
    frame = style.plain(frame, numbers=["leads", *known])
    if frame.empty or not known:
        return words.text("Chance of reaching the goal, by leads: no data.")
    names = {
        "agreed": words.text("At the agreed rates"),
        "records": words.text("at the rates of the records"),
    }
    parts = []
    for reading in known:
        leads = _meets(frame, reading, confidence)
        parts.append(
            words.text(
                "{reading} the plain goal of {plain} suffices with a chance of {chance}",
                reading=names[reading],
                plain=words.value(plain, "leads"),
                chance=words.share(np.interp(plain, frame["leads"], frame[reading]), 0),
            )
        )
        if np.isfinite(leads):
            parts[-1] += " " + words.text(
                "and {confidence} takes about {leads}",
                confidence=words.share(confidence, 0),
                leads=words.number(np.ceil(leads)),
            )
    return "; ".join(parts) + "."
