"""What the promised depth costs in hours, against the hours there are."""

import pandas as pd
from matplotlib.axes import Axes

from slanb.dictionary.wording import Wording
from slanb.plots import style

COLUMNS = {"numbers": ["attempts", "hours", "available"], "others": ["promised"]}


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
    frame = style.plain(frame, **COLUMNS)
    with style.drawing(ax) as ax:
        title = words.say("plots.hours_title")
        if style.nothing(ax, frame, title, words):
            return ax
        fits, available = _fits(frame), frame["available"].iloc[0]
        looks = {"fits": (fits, {"color": style.BLUE}), "beyond": (~fits, style.HATCHED_ORANGE)}
        for key, (rows, look) in looks.items():
            part = frame[rows]
            if len(part) or key == "fits":
                name = words.say(f"plots.hours_{key}")
                ax.bar(part["attempts"], part["hours"], width=0.72, label=name, **look)
        ax.axhline(available, **style.AGREED)
        style.value_axis(ax, "y", "hours", words)
        highest = frame[["hours", "available"]].max().max()
        ax.set_ylim(0, 1.15 * (highest if highest > 0 else 1))
        names = [words.number(attempts) for attempts in frame["attempts"]]
        promise = [words.say("plots.promised") if promised else "" for promised in frame["promised"]]
        ax.set_xticks(frame["attempts"], [f"{n}\n{below}" for n, below in zip(names, promise, strict=True)])
        ax.set_xlim(frame["attempts"].min() - 0.6, frame["attempts"].max() + 0.6)
        for label, promised in zip(ax.get_xticklabels(), frame["promised"], strict=True):
            label.set_fontweight("bold" if promised else "normal")
        ax.set_ylabel(words.say("plots.hours_axis"))
        ax.set_xlabel(words.say("plots.hours_attempts"))
        text = words.say("plots.hours_there", hours=words.hours(available, short=True))
        style.beside(ax, ax.get_xlim()[1], available, text, fontweight="bold", fontsize=10)
        style.headline(ax, title, legend=not fits.all())
    return ax


def _fits(frame: pd.DataFrame) -> pd.Series:
    return frame["hours"] <= frame["available"] + 1e-9


def says_hours(frame: pd.DataFrame, *, words: Wording) -> str:
    """What `plot_hours` shows: hours the promise needs, hours there are, and the most attempts that fit."""
    frame = style.plain(frame, **COLUMNS)
    if frame.empty:
        return words.say("plots.nothing", title=words.say("plots.hours_title"))
    fits = frame[_fits(frame)]
    promised = frame[frame["promised"].astype(bool)]
    sentences = [
        words.say("plots.hours_promised", attempts=row.attempts, hours=row.hours)
        for row in promised.itertuples()
    ]
    sentences.append(words.say("plots.hours_available", hours=frame["available"].iloc[0]))
    key = "none" if fits.empty else "most" if len(fits) < len(frame) else "all"
    sentences.append(words.say(f"plots.hours_fit_{key}", attempts=fits["attempts"].max()))
    return " ".join(sentences)
