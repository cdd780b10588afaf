"""How long leads waited for their first attempt, those still waiting included.

Floor 3.
"""

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
        title = words.text("Leads attempted, by time waited")
        if curve.empty:
            style.empty(ax, words)
            style.headline(ax, title)
            return ax
        reach = max(curve["hours"].max(), 1.25 * np.nan_to_num(hours))
        ends = [0.0, *curve["hours"], reach]
        attempted = 1 - curve["untouched"]
        ax.plot(
            ends,
            [0.0, *attempted, attempted.iloc[-1]],
            color=style.BLUE,
            linewidth=2.6,
            drawstyle="steps-post",
        )
        style.value_axis(ax, "y", "share", words)
        ax.set_ylim(0, 1.09)
        ax.set_xlim(0, reach)
        ax.set_yticks([0, 0.25, 0.5, 0.75, 1])
        ax.set_ylabel(words.text("Leads attempted (percent)"))
        ax.set_xlabel(_axis(working, curve, words))
        style.name_ends(
            ax, [(attempted.iloc[-1], words.share(attempted.iloc[-1], 0), style.BLUE)], ax.get_xlim()[1]
        )
        if not np.isnan(hours):
            _promise(ax, attempted_by(curve, hours), hours, share, words)
        style.headline(ax, title)
    return ax


def _axis(working: bool, curve: pd.DataFrame, words: Wording) -> str:
    n = words.number(curve["at_risk"].iloc[0])
    if working:
        return words.text("Working hours waited (n = {n} leads)", n=n)
    return words.text("Hours waited (n = {n} leads)", n=n)


def _promise(ax: Axes, reached: float, hours: float, share: float, words: Wording) -> None:
    ax.vlines(hours, 0, max(share, reached), color=style.INK, linestyle=(0, (5, 2)), linewidth=1.2)
    hollow = {"markerfacecolor": "white", "markeredgewidth": 2, "linestyle": "", "zorder": 3}
    ax.plot(hours, share, marker="D", markersize=8, color=style.INK, **hollow)
    ax.plot(hours, reached, marker="o", markersize=8, color=style.BLUE, zorder=3)
    said = words.text("promised {share} by {hours}", share=words.share(share, 0), hours=words.hours(hours))
    look = {"textcoords": "offset points", "ha": "left", "annotation_clip": False}
    ax.annotate(
        said, (hours, share), (9, 2), va="bottom" if share > reached else "top", color=style.INK, **look
    )
    up = reached > share
    ax.annotate(
        words.text("{share} then", share=words.share(reached, 0)), (hours, reached), (9, 3 if up else -6),
        va="bottom" if up else "top", color=style.BLUE, fontweight="bold", **look,
    )  # fmt: skip


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
        return words.text("Leads attempted, by time waited: no data.")
    last, end = 1 - curve["untouched"].iloc[-1], curve["hours"].iloc[-1]
    n = words.value(curve["at_risk"].iloc[0], "leads")
    kind = words.text("working time") if working else words.text("time")
    parts = []
    if not np.isnan(hours):
        parts.append(
            words.text(
                "{reached} by {hours}, promised were {share}",
                reached=words.share(attempted_by(curve, hours)),
                hours=words.hours(hours),
                share=words.share(share, 0),
            )
        )
    parts.append(words.text("{last} by {end}", last=words.share(last), end=words.hours(end)))
    return words.text(
        "Share of {n} attempted, by {kind} waited, leads still waiting included: {parts}.",
        n=n,
        kind=kind,
        parts="; ".join(parts),
    )
