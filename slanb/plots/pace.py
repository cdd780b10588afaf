"""Where the month is heading: leads so far, the range to expect by its end, and the chance of the goal."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from slanb.dictionary.wording import Wording
from slanb.plots import style

COLUMNS = ["so_far", "profile", "straight", "expected", "low", "high", "chance"]


def plot_pace(days: pd.DataFrame, *, goal: float, words: Wording, ax: Axes | None = None) -> Axes:
    """Cumulative leads with the learnt profile of the goal, and the range expected by the month's end.

    Parameters
    ----------
    days : by `day` (index), columns `so_far`, `profile` (cumulative goal), `straight`, and for days that are
        over `expected`, `low`, `high` (of the month's total) and `chance`.
    goal : leads the month is to bring.

    Returns
    -------
    The axes: a fan from today to the end.
    """
    days = style.plain(days.reset_index(), numbers=COLUMNS, others=["day"])
    with style.drawing(ax, height=3.8) as ax:
        title = words.say("plots.pace_title")
        if style.nothing(ax, days, title, words):
            return ax
        style.day_axis(ax, days["day"], words)
        ax.plot(days["profile"], label=words.say("plots.line_profile"), **style.AGREED)
        look = {"color": style.MUTED, "linestyle": ":", "linewidth": 1.4}
        ax.plot(days["straight"], label=words.say("plots.line_straight"), **look)
        style.value_axis(ax, "y", "leads", words)
        over, last = days["chance"].last_valid_index(), len(days) - 1
        known = [goal] if over is None else [goal, *days.loc[over, ["so_far", "high"]]]
        ax.set_ylim(0, 1.1 * max(np.nanmax(known), 1))
        text = words.say("plots.goal", goal=style.short(goal, "leads", words))
        style.beside(ax, last, goal, text, fontweight="bold", fontsize=10)
        if over is not None:
            _fan(ax, days, over, words)
        ax.set_ylabel(words.say("plots.leads"))
        style.headline(ax, title, legend=True)
    return ax


def _fan(ax: Axes, days: pd.DataFrame, over: int, words: Wording) -> None:
    """The leads so far, and from the last day that is over what is expected by the end."""
    now, last = days.loc[over], len(days) - 1
    today = now["so_far"]
    ax.plot(days["so_far"][: over + 1], color=style.BLUE, linewidth=3)
    ax.plot(over, today, marker="o", markersize=8, color=style.BLUE)
    look = {"color": style.BLUE, "fontweight": "bold", "fontsize": 10}
    if over < last:
        ends = ([over, last], [today, now["low"]], [today, now["high"]])
        ax.fill_between(*ends, color=style.PALE_BLUE, linewidth=0)
        ax.plot([over, last], [today, now["expected"]], color=style.BLUE, linewidth=1.4)
        text = words.say("plots.pace_about", leads=style.short(round(now["expected"]), "leads", words))
        style.beside(ax, last, now["expected"], text, **look)
    text = words.say("plots.pace_chance", chance=now["chance"])
    side = {"xytext": (-8, 8), "ha": "right"} if over > last / 4 else {"xytext": (8, -14), "ha": "left"}
    style.above(ax, over, today, text, **look | side)


def says_pace(days: pd.DataFrame, *, goal: float, words: Wording) -> str:
    """What `plot_pace` shows: leads so far, the range expected by the end, and the chance of the goal."""
    days = style.plain(days.reset_index(), numbers=COLUMNS, others=["day"])
    over = days["chance"].last_valid_index()
    if over is None:
        return words.say("plots.pace_not_begun", goal=goal)
    now = days.loc[over]
    span = style.span(round(now["low"]), round(now["high"]), "leads", words)
    numbers = {"leads": now["so_far"], "day": now["day"], "chance": now["chance"]}
    if over == len(days) - 1:
        return words.say("plots.pace_over", goal=goal, **numbers)
    return words.say("plots.pace", goal=goal, span=span, expected=round(now["expected"]), **numbers)
