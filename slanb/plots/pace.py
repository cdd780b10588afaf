"""Where the month is heading: leads so far, the range they are expected to reach, and the chance of the goal.

Floor 3.
"""

import pandas as pd
from matplotlib.axes import Axes

from slanb.dictionary.wording import Wording
from slanb.plots import style


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
    shown = days.reset_index()
    shown = style.plain(shown, numbers=["so_far", "profile", "straight", "expected", "low", "high", "chance"])
    with style.drawing(ax, height=3.8) as ax:
        style.headline(ax, words.text("Where the month is heading"))
        if shown.empty:
            style.empty(ax, words)
            return ax
        over = shown["chance"].last_valid_index()
        last = len(shown) - 1
        ax.plot(shown.index, shown["profile"], color=style.INK, linestyle=(0, (5, 2)), linewidth=1.6)
        ax.plot(shown.index, shown["straight"], color=style.MUTED, linestyle=":", linewidth=1.2)
        top = goal
        if over is not None:
            today, now = shown["so_far"][over], shown.loc[over]
            ax.plot(shown.index[: over + 1], shown["so_far"][: over + 1], color=style.BLUE, linewidth=3)
            ax.plot(over, today, marker="o", markersize=8, color=style.BLUE)
            if over < last:
                ax.fill_between(
                    [over, last],
                    [today, now["low"]],
                    [today, now["high"]],
                    color=style.PALE_BLUE,
                    linewidth=0,
                )
                ax.plot([over, last], [today, now["expected"]], color=style.BLUE, linewidth=1.4)
                style.name_ends(
                    ax,
                    [
                        (goal, words.text("goal {goal}", goal=words.number(goal)), style.INK),
                        (
                            now["expected"],
                            words.text("about {n}", n=words.number(now["expected"])),
                            style.BLUE,
                        ),
                    ],
                    last,
                )
            top = max(goal, now["high"], today)
            text = words.text("chance {chance}", chance=words.share(now["chance"], 0))
            ax.annotate(text, (over, today), (-8, 8), textcoords="offset points", ha="right", va="bottom",
                        color=style.BLUE, fontweight="bold")  # fmt: skip
        style.value_axis(ax, "y", "leads", words)
        ax.set_ylim(0, 1.1 * max(top, 1))
        dates = pd.to_datetime(shown["day"])
        named = [place for place in shown.index if dates[place].day in (1, 8, 15, 22, 29)]
        ax.set_xticks(named, [words.date(dates[place], short=True) for place in named])
        ax.set_xlim(-0.5, last + 0.5)
        ax.set_ylabel(words.text("Leads"))
    return ax


def says_pace(days: pd.DataFrame, *, goal: float, words: Wording) -> str:
    """What `plot_pace` shows: leads so far, the range expected by the end, and the chance of the goal."""
    over = days["chance"].last_valid_index()
    if over is None:
        return words.text("The month has not begun: the goal is {goal}.", goal=words.value(goal, "leads"))
    now = days.loc[over]
    return words.text(
        "{so_far} by {day}; {low} to {high} are expected by the end, and the goal of {goal} is reached with "
        "a chance of {chance}.",
        so_far=words.value(now["so_far"], "leads"),
        day=words.date(over),
        low=words.number(now["low"]),
        high=words.number(now["high"]),
        goal=words.number(goal),
        chance=words.share(now["chance"], 0),
    )
