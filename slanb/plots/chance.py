"""How sure a number of leads is: the chance of reaching the goal, by leads."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from slanb.dictionary.wording import Wording
from slanb.plots import style

LOOKS = {"agreed": (style.BLUE, style.BLUE, "-"), "records": (style.ORANGE, style.BROWN, (0, (5, 2)))}


def plot_chance(frame: pd.DataFrame, *, marks: pd.DataFrame, words: Wording, ax: Axes | None = None) -> Axes:
    """The chance of reaching the goal rising with the leads, with the numbers the agreement rests on marked.

    Parameters
    ----------
    frame : columns `leads`, `agreed` (chance at agreed rates, 0-1), and `records` (at the rates on record)
        where there is one; one row a number of leads, rising.
    marks : one row a reading and goal; those whose `goal` is "customers" are drawn: `reading` ("agreed",
        "records"), `plain` (leads needed), `chance` (with these), `leads_confident` (infinite where no
        number of leads is enough), and `confidence` (the chance agreed).

    Returns
    -------
    The axes: one line a reading, a hollow dot at its chance with the leads needed, a full one at its
    confident leads.
    """
    frame, marks = _known(frame, marks)
    with style.drawing(ax, height=3.6) as ax:
        title = words.say("plots.chance_title")
        if style.nothing(ax, frame if len(marks) else marks, title, words):
            return ax
        plain, confidence = marks[["plain", "confidence"]].iloc[0]
        ax.axvline(plain, color=style.INK, linewidth=1.4)
        ax.axhline(confidence, color=style.MUTED, linewidth=1.2, linestyle=":")
        style.value_axis(ax, "x", "leads", words, zero=False)
        style.share_axis(ax, words)
        first, last = frame["leads"].iloc[0], frame["leads"].iloc[-1]
        ax.set_xlim(min(first, 0.95 * plain), max(last, 1.05 * plain))
        for row in marks.itertuples():
            color, ink, dashes = LOOKS[row.Index]
            ax.plot(frame["leads"], frame[row.Index], color=color, linewidth=2.4, linestyle=dashes)
            look = {"marker": "o", "markersize": 8, "color": color}
            ax.plot(plain, row.chance, **look | {"markerfacecolor": "white", "markeredgewidth": 2})
            text = {"color": ink, "fontweight": "bold"}
            style.beside(ax, plain, row.chance, words.share(row.chance, 0), xytext=(9, -5), **text)
            if row.leads_confident <= ax.get_xlim()[1]:
                ax.plot(row.leads_confident, confidence, **look)
                text |= {"xytext": (-3, 8), "ha": "right", "va": "bottom"}
                style.above(ax, row.leads_confident, confidence, _leads(row.leads_confident, words), **text)
            name = words.say(f"plots.chance_{row.Index}")
            style.beside(ax, last, frame[row.Index].iloc[-1], name, color=ink, fontweight="bold", fontsize=10)
        ax.set_xlabel(words.say("plots.leads"))
        ax.set_ylabel(words.say("plots.chance_axis"))
        style.headline(ax, title, line=(plain, words.say("plots.chance_plain", leads=_leads(plain, words))))
    return ax


def _known(frame: pd.DataFrame, marks: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The lines, and the marks of the goal in customers by reading; of readings that have both."""
    numbers = ["plain", "chance", "leads_confident", "confidence"]
    marks = style.plain(marks, numbers=numbers, others=["reading", "goal"])
    marks = marks[marks["goal"] == "customers"].set_index("reading")
    known = [reading for reading in LOOKS if reading in frame and reading in marks.index]
    return style.plain(frame, numbers=["leads", *known]), marks.loc[known]


def _leads(leads: float, words: Wording) -> str:
    return style.short(leads, "leads", words)


def says_chance(frame: pd.DataFrame, *, marks: pd.DataFrame, words: Wording) -> str:
    """What `plot_chance` shows: each reading's chance with the leads needed, and its confident leads."""
    frame, marks = _known(frame, marks)
    if frame.empty or marks.empty:
        return words.say("plots.nothing", title=words.say("plots.chance_title"))
    numbers = ["plain", "chance", "leads_confident", "confidence"]
    return " ".join(
        words.say(
            f"plots.chance_{reading}_{'reached' if np.isfinite(row['leads_confident']) else 'never'}", **row
        )
        for reading, row in marks[numbers].to_dict("index").items()
    )
