"""What the promised depth costs in hours, against the hours there are.

Floor 3.
"""

import pandas as pd
from matplotlib.axes import Axes

from slanb.dictionary.wording import Wording
from slanb.plots import style


def plot_hours(frame: pd.DataFrame, *, words: Wording, ax: Axes | None = None) -> Axes:
    """Hours needed for one attempt, two, three ... on each lead, against the hours there are.

    Parameters
    ----------
    frame : columns `attempts` (promised on each lead), `hours` (needed), `available` (hours, the same in
        all rows) and `promised` (true for the promise in force); one row a number of attempts, in order.

    Returns
    -------
    The axes: plain bars where the hours suffice, hatched ones beyond, the promise named below its bar.
    """
    frame = style.plain(frame, numbers=["attempts", "hours", "available"], others=["promised"])
    with style.drawing(ax) as ax:
        title = words.text("Hours needed, by attempts promised")
        if frame.empty:
            style.empty(ax, words)
            style.headline(ax, title)
            return ax
        fits = frame["hours"] <= frame["available"] + 1e-9
        within, beyond = words.text("fits"), words.text("more than there are")
        ax.bar(
            frame.loc[fits, "attempts"], frame.loc[fits, "hours"], width=0.72, color=style.BLUE, label=within
        )
        if not fits.all():
            part = frame[~fits]
            ax.bar(part["attempts"], part["hours"], width=0.72, label=beyond, **style.HATCHED_ORANGE)
        available = frame["available"].iloc[0]
        ax.axhline(available, color=style.INK, linewidth=1.6, linestyle=(0, (5, 2)))
        style.value_axis(ax, "y", "hours", words)
        highest = frame[["hours", "available"]].max().max()
        ax.set_ylim(0, 1.15 * (highest if highest > 0 else 1))
        names = [
            f"{words.number(row.attempts)}\n{words.text('promised') if row.promised else ''}"
            for row in frame.itertuples()
        ]
        ax.set_xticks(frame["attempts"], names)
        ax.set_xlim(frame["attempts"].min() - 0.6, frame["attempts"].max() + 0.6)
        for label, promised in zip(ax.get_xticklabels(), frame["promised"], strict=True):
            label.set_fontweight("bold" if promised else "normal")
        ax.set_ylabel(words.text("Hours for marketing's leads"))
        ax.set_xlabel(words.text("Attempts promised on each lead not reached"))
        text = words.text("there are\n{hours}", hours=words.hours(available, short=True))
        style.name_ends(ax, [(available, text, style.INK)], ax.get_xlim()[1])
        style.headline(ax, title, legend=not fits.all())
    return ax


def says_hours(frame: pd.DataFrame, *, words: Wording) -> str:
    """What `plot_hours` shows: hours the promise needs, hours there are, and the most attempts that fit."""
    frame = style.plain(frame, numbers=["attempts", "hours", "available"], others=["promised"])
    if frame.empty:
        return words.text("Hours needed, by attempts promised: no data.")
    available = frame["available"].iloc[0]
    fits = frame[frame["hours"] <= available + 1e-9]
    parts = [
        words.text(
            "{attempts} as promised need {hours}",
            attempts=words.value(row.attempts, "attempts"),
            hours=words.hours(row.hours),
        )
        for row in frame[frame["promised"].astype(bool)].itertuples()
    ]
    parts.append(words.text("there are {hours}", hours=words.hours(available)))
    if fits.empty:
        parts.append(words.text("not even one attempt on each fits"))
    elif len(fits) < len(frame):
        most = words.value(fits["attempts"].max(), "attempts")
        parts.append(words.text("{attempts} fit", attempts=most))
    else:
        most = words.value(fits["attempts"].max(), "attempts")
        parts.append(words.text("even {attempts} fit", attempts=most))
    return words.text("Hours needed, by attempts promised: {parts}.", parts="; ".join(parts))
