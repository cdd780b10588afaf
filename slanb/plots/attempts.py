"""What each further attempt connects, and how many attempts and leads were worked."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from slanb.dictionary.wording import Wording
from slanb.plots import style

CONNECTS = ["attempt", "rate", "low", "high", "tried"]


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
    frame = style.plain(frame, numbers=CONNECTS)
    with style.drawing(ax) as ax:
        title = words.say("plots.connects_title")
        if style.nothing(ax, frame, title, words):
            return ax
        ax.vlines(
            frame["attempt"], frame["low"], frame["high"], label=words.say("plots.interval"), **style.INTERVAL
        )
        ax.plot(frame["attempt"], frame["rate"], color=style.BLUE, linewidth=1.4, marker="o", markersize=8)
        style.value_axis(ax, "y", "share", words)
        highest = np.nan_to_num(frame[["high", "rate"]].max().max())
        ax.set_ylim(0, 1.2 * max(highest, 0.01))
        for row in frame.itertuples():
            look = {"color": style.BLUE, "fontweight": "bold"}
            style.above(ax, row.attempt, np.nanmax([row.rate, row.high, 0]), words.share(row.rate, 0), **look)
        names = [
            f"{words.number(row.attempt)}\n{words.compact(row.tried, 'leads')}" for row in frame.itertuples()
        ]
        ax.set_xticks(frame["attempt"], names)
        ax.set_xlim(frame["attempt"].min() - 0.6, frame["attempt"].max() + 0.6)
        ax.set_ylabel(words.say("plots.connects_axis"))
        ax.set_xlabel(words.say("plots.connects_attempts"))
        line = None
        if frame["attempt"].min() <= promised <= frame["attempt"].max():
            ax.axvline(promised, zorder=0, **style.AGREED)
            line = (promised, words.say("plots.promised"))
        style.headline(ax, title, legend=True, line=line)
    return ax


def says_connects(frame: pd.DataFrame, *, promised: float = np.nan, words: Wording) -> str:
    """What `plot_connects` shows: the first attempt, the promised one or the last, and their intervals."""
    frame = style.plain(frame, numbers=CONNECTS)
    if frame.empty:
        return words.say("plots.nothing", title=words.say("plots.connects_title"))
    last = frame[frame["attempt"] == promised]
    shown = pd.concat([frame.iloc[:1], last if len(last) else frame.iloc[-1:]]).drop_duplicates("attempt")
    return " ".join(
        words.say(
            "plots.connects",
            attempt=row.attempt,
            rate=row.rate,
            tried=row.tried,
            span=style.span(row.low, row.high, "share", words),
        )
        for row in shown.itertuples()
    )


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
        title = style.by_period(words.say("plots.work_title"), frame["period"], words)
        if style.nothing(ax, frame, title, words):
            return ax
        looks = {"attempts": (-0.2, {"color": style.BLUE}), "leads_worked": (0.2, style.HATCHED_ORANGE)}
        for column, (shift, look) in looks.items():
            name = words.say(f"plots.work_{column}")
            ax.bar(frame.index + shift, frame[column].fillna(0), width=0.38, label=name, **look)
        style.value_axis(ax, "y", "count", words)
        ax.set_ylim(0, 1.12 * max(ax.get_ylim()[1], 1))
        style.period_axis(ax, frame["period"], words)
        for place in frame.index[~frame["complete"].astype(bool)]:
            top = np.nanmax([*frame.loc[place, list(looks)], 0])
            style.above(ax, place, top, words.say("plots.so_far"), color=style.MUTED, fontstyle="italic")
        ax.set_ylabel(words.say("units.name_count").capitalize())
        style.headline(ax, title, legend=True)
    return ax


def says_work(frame: pd.DataFrame, *, words: Wording) -> str:
    """What `plot_work` shows of the last period: attempts and leads, and those of the period before."""
    frame = style.plain(frame, numbers=["attempts", "leads_worked"], others=["period", "complete"])
    if frame.empty:
        return words.say("plots.nothing", title=words.say("plots.work_title"))
    return " ".join(
        words.say(
            "plots.work" if row.complete else "plots.work_so_far",
            attempts=row.attempts,
            leads=row.leads_worked,
            period=row.period,
        )
        for row in frame.iloc[:-3:-1].itertuples()
    )
