"""What each further attempt connects, and how many attempts and leads were worked.

Floor 3.
"""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from slanb.dictionary.wording import Wording
from slanb.plots import style


def plot_connects(
    frame: pd.DataFrame, *, promised: float = np.nan, words: Wording, ax: Axes | None = None
) -> Axes:
    """The share of leads connected by the first, second, third ... attempt, with its interval.

    Parameters
    ----------
    frame : columns `attempt` (1, 2, ...), `rate` (connected ÷ tried so often), `low`, `high` and `tried`
        (leads); one row an attempt, in order.
    promised : attempts promised; NaN for none.

    Returns
    -------
    The axes: dots with pale intervals, the number of leads below each, the promise as an upright line.
    """
    frame = style.plain(frame, numbers=["attempt", "rate", "low", "high", "tried"])
    with style.drawing(ax) as ax:
        title = words.text("Leads connected by each attempt")
        if frame.empty:
            style.empty(ax, words)
            style.headline(ax, title)
            return ax
        look = {"color": style.PALE_BLUE, "linewidth": 8, "label": words.text("interval")}
        ax.vlines(frame["attempt"], frame["low"], frame["high"], **look)
        ax.plot(frame["attempt"], frame["rate"], color=style.BLUE, linewidth=1.4, marker="o", markersize=8)
        for row in frame.itertuples():
            top = row.rate if np.isnan(row.high) else row.high
            ax.annotate(
                words.share(row.rate, 0), (row.attempt, top), (0, 4), textcoords="offset points", ha="center",
                color=style.BLUE, fontweight="bold", fontsize=9.5,
                bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.8},
            )  # fmt: skip
        style.value_axis(ax, "y", "share", words)
        highest = np.nan_to_num(frame[["high", "rate"]].max().max())
        ax.set_ylim(0, 1.18 * max(highest, 0.01))
        names = [f"{words.number(row.attempt)}\n{words.number(row.tried)}" for row in frame.itertuples()]
        ax.set_xticks(frame["attempt"], names)
        ax.set_xlim(frame["attempt"].min() - 0.6, frame["attempt"].max() + 0.6)
        ax.set_ylabel(words.text("Connected by it (percent)"))
        ax.set_xlabel(words.text("Attempt, and leads tried so often"))
        line = None
        if frame["attempt"].min() <= promised <= frame["attempt"].max():
            ax.axvline(promised, color=style.INK, linestyle=(0, (5, 2)), linewidth=1.2, zorder=0)
            line = (promised, words.text("promised"))
        style.headline(ax, title, legend=True, line=line)
    return ax


def says_connects(frame: pd.DataFrame, *, promised: float = np.nan, words: Wording) -> str:
    """What `plot_connects` shows: the first attempt, the promised one or the last, and their intervals."""
    frame = style.plain(frame, numbers=["attempt", "rate", "low", "high", "tried"])
    if frame.empty:
        return words.text("Leads connected by each attempt: no data.")
    last = frame[frame["attempt"] == promised]
    shown = pd.concat([frame.iloc[:1], last if len(last) else frame.iloc[-1:]]).drop_duplicates("attempt")
    parts = [
        words.text(
            "attempt {n} {rate} ({low} to {high}, n = {tried})",
            n=words.number(row.attempt),
            tried=words.number(row.tried),
            **{key: words.share(getattr(row, key)) for key in ("rate", "low", "high")},
        )
        for row in shown.itertuples()
    ]
    return words.text("Leads connected by each attempt: {parts}.", parts="; ".join(parts))


def plot_work(frame: pd.DataFrame, *, words: Wording, ax: Axes | None = None) -> Axes:
    """Attempts made and leads worked, side by side by period.

    Parameters
    ----------
    frame : columns `period` (label), `attempts`, `leads_worked` and `complete`; one row a period, in order.

    Returns
    -------
    The axes: two bars a period, attempts plain, leads hatched; "so far" above those of a running period.
    """
    frame = style.plain(frame, numbers=["attempts", "leads_worked"], others=["period", "complete"])
    with style.drawing(ax) as ax:
        title = words.text("Attempts made and leads worked")
        if frame.empty:
            style.empty(ax, words)
            style.headline(ax, title)
            return ax
        attempts, leads = words.text("attempts"), words.text("leads worked")
        ax.bar(frame.index - 0.2, frame["attempts"].fillna(0), width=0.38, color=style.BLUE, label=attempts)
        ax.bar(
            frame.index + 0.2,
            frame["leads_worked"].fillna(0),
            width=0.38,
            label=leads,
            **style.HATCHED_ORANGE,
        )
        style.value_axis(ax, "y", "count", words)
        style.period_axis(ax, frame["period"], words)
        running = frame.index[~frame["complete"].astype(bool)]
        for place in running:
            at, look = (place, frame.loc[place, "attempts"]), {"color": style.MUTED, "fontstyle": "italic"}
            ax.annotate(words.text("so far"), at, (0, 4), textcoords="offset points", ha="center", **look)
        ax.set_ylabel(words.text("Number"))
        style.headline(ax, style.by_period(title, frame["period"], words), legend=True)
    return ax


def says_work(frame: pd.DataFrame, *, words: Wording) -> str:
    """What `plot_work` shows of the last period: attempts, leads, attempts a lead, and the period before."""
    frame = style.plain(frame, numbers=["attempts", "leads_worked"], others=["period", "complete"])
    if frame.empty:
        return words.text("Attempts made and leads worked: no data.")
    parts = [
        words.text(
            "{attempts} on {leads} in {period}",
            attempts=words.value(row.attempts, "attempts"),
            leads=words.value(row.leads_worked, "leads"),
            period=words.period(row.period),
        )
        + ("" if row.complete else " " + words.text("so far"))
        for row in frame.iloc[:-3:-1].itertuples()
    ]
    return words.text("Attempts made and leads worked: {parts}.", parts="; ".join(parts))
