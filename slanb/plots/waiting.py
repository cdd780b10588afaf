"""How long leads waited for their first attempt, those still waiting included."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from slanb.dictionary.wording import Wording
from slanb.plots import style


def plot_waiting(
    curve: pd.DataFrame,
    *,
    hours: float = np.nan,
    share: float = np.nan,
    working: bool = True,
    words: Wording,
    ax: Axes | None = None,
) -> Axes:
    """The share of leads attempted by so many hours (Kaplan-Meier), against the promise.

    Parameters
    ----------
    curve : columns `hours` (rising), `untouched` (share still waiting, leads never attempted among them) and
        `at_risk` (leads observed so long); the first row tells how many leads there are.
    hours, share : the promise: this share within these hours; NaN where nothing is promised.
    working : the hours are working hours.

    Returns
    -------
    The axes: a step line, the promise as a hollow diamond, a dot where the line then is.
    """
    curve = style.plain(curve, numbers=["hours", "untouched", "at_risk"])
    with style.drawing(ax, height=3.6) as ax:
        title = words.say("plots.waiting_title")
        if style.nothing(ax, curve, title, words):
            return ax
        reach = max(curve["hours"].max(), 1.25 * np.nan_to_num(hours))
        attempted = 1 - curve["untouched"]
        line = {"color": style.BLUE, "linewidth": 2.6, "drawstyle": "steps-post"}
        ax.plot([0.0, *curve["hours"], reach], [0.0, *attempted, attempted.iloc[-1]], **line)
        style.share_axis(ax, words, top=1.09)
        style.value_axis(ax, "x", "hours", words)
        ax.set_xlim(0, reach)
        ax.set_ylabel(words.say("plots.waiting_axis"))
        n = style.short(curve["at_risk"].iloc[0], "leads", words)
        ax.set_xlabel(words.say("plots.waiting_hours_working" if working else "plots.waiting_hours", n=n))
        last = attempted.iloc[-1]
        look = {"color": style.BLUE, "fontweight": "bold", "fontsize": 10}
        style.beside(ax, reach, last, words.share(last, 0), **look)
        if not np.isnan(hours):
            reached = attempted_by(curve, hours)
            ax.vlines(hours, 0, max(share, reached), **style.AGREED)
            hollow = {"markerfacecolor": "white", "markeredgewidth": 2, "zorder": 3}
            ax.plot(hours, share, marker="D", markersize=8, color=style.INK, **hollow)
            ax.plot(hours, reached, marker="o", markersize=8, color=style.BLUE, zorder=3)
            text = words.say("plots.waiting_promise", share=share, hours=hours)
            style.beside(ax, hours, share, text, xytext=(9, 8 if share > reached else -8), bbox=None)
            text = words.say("plots.waiting_then", share=reached)
            style.beside(
                ax, hours, reached, text, xytext=(9, -8 if share > reached else 8), **look, bbox=None
            )
        style.headline(ax, title)
    return ax


def attempted_by(curve: pd.DataFrame, hours: float) -> float:
    """The curve's share of leads attempted within so many hours.

    >>> attempted_by(pd.DataFrame({"hours": [0.5, 4, 5], "untouched": [0.9, 0.5, 0.1]}), hours=4)
    0.5
    """
    before = curve.loc[curve["hours"] <= hours, "untouched"]
    return float(1 - before.iloc[-1]) if len(before) else 0.0


def says_waiting(
    curve: pd.DataFrame,
    *,
    hours: float = np.nan,
    share: float = np.nan,
    working: bool = True,
    words: Wording,
) -> str:
    """What `plot_waiting` shows: the share attempted by the promised time, and at the end of the curve."""
    curve = style.plain(curve, numbers=["hours", "untouched", "at_risk"])
    if curve.empty:
        return words.say("plots.nothing", title=words.say("plots.waiting_title"))
    numbers = {"leads": curve["at_risk"].iloc[0], "last": 1 - curve["untouched"].iloc[-1]}
    numbers["end"] = curve["hours"].iloc[-1]
    if np.isnan(hours):
        sentence = words.say("plots.waiting", **numbers)
    else:
        reached = attempted_by(curve, hours)
        sentence = words.say("plots.waiting_promised", reached=reached, hours=hours, share=share, **numbers)
    return f"{sentence} {words.say('plots.waiting_clock_working' if working else 'plots.waiting_clock')}"
