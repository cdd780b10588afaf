"""The goal line with actuals: where the period stands today (the field calls it the waterfall).

Floor 3.
"""

import pandas as pd
from matplotlib.axes import Axes

from slanb.dictionary.figures import Unit
from slanb.dictionary.wording import Wording
from slanb.plots import style


def plot_goal_line(
    days: pd.DataFrame,
    *,
    value: str = "leads",
    unit: Unit | None = None,
    subject: str | None = None,
    words: Wording,
    ax: Axes | None = None,
) -> Axes:
    """The cumulative goal by day, and the cumulative actuals as far as they are known.

    Parameters
    ----------
    days : columns `day` (date), `goal` and `actual` (both cumulative; `actual` NaN after as-of, `goal` NaN
        where none was agreed), one row a day, in order.
    value : what is counted: names the axis, with `unit` and `subject` known for the field's own columns.

    Returns
    -------
    The axes: the goal dashed, the actuals thick and ending in a dot that says how far ahead or behind.
    """
    known_subject, known_unit = style.subject_of(value, words)
    subject, unit = subject or known_subject, unit or known_unit
    days = style.plain(days, numbers=["goal", "actual"], others=["day"])
    dates = pd.to_datetime(days["day"])
    with style.drawing(ax, height=3.6) as ax:
        style.headline(ax, words.text("{subject} against the goal line", subject=subject))
        if days.empty:
            style.empty(ax, words)
            return ax
        goal, actual = days["goal"].dropna(), days["actual"].dropna()
        ax.plot(goal.index, goal, color=style.INK, linestyle=(0, (5, 2)), linewidth=1.6, marker=_dot(goal))
        ax.plot(actual.index, actual, color=style.BLUE, linewidth=3, marker=_dot(actual))
        style.value_axis(ax, "y", unit, words)
        ax.set_ylim(0, 1.15 * max([*goal, *actual, 1]))  # room for a label above the end
        day_axis(ax, dates, words)
        ax.set_ylabel(style.with_unit(subject, unit, words))
        if len(goal):
            text = words.text("Goal {goal}", goal=words.value(goal.iloc[-1], unit, short=True))
            style.beside(ax, goal.index[-1], goal.iloc[-1], text)
        if len(actual):
            _today(ax, dates, days, unit, words)
    return ax


def _dot(line: pd.Series) -> str:
    return "o" if len(line) == 1 else ""  # a line of one day would not be seen


def gap_text(days: pd.DataFrame, unit: Unit, words: Wording) -> str:
    today = days["actual"].last_valid_index()
    gap = days["actual"][today] - days["goal"][today]
    if pd.isna(gap):
        return ""
    amount = words.value(abs(gap), unit, short=True)
    if amount == words.value(0, unit, short=True):
        return words.text("on the line")
    return (
        words.text("{amount} ahead", amount=amount)
        if gap > 0
        else words.text("{amount} behind", amount=amount)
    )


def _today(ax: Axes, dates: pd.Series, days: pd.DataFrame, unit: Unit, words: Wording) -> None:
    today = days["actual"].last_valid_index()
    actual, goal = days["actual"][today], days["goal"][today]
    ax.plot(today, actual, marker="o", markersize=8, color=style.BLUE)
    ax.vlines(
        today, min(actual, goal), max(actual, goal), color=style.ORANGE, linewidth=2, linestyle=":", zorder=1
    )
    amount = words.value(actual, unit, short=True)
    said = [f"{words.date(dates[today], short=True)}: {amount}", gap_text(days, unit, words)]
    look = {
        "color": style.BLUE,
        "fontweight": "bold",
        "annotation_clip": False,
        "textcoords": "offset points",
    }
    if today < len(days) / 4 and len(days) > 1:  # both lines are near the corner: right of them, in one line
        ax.annotate(", ".join(filter(None, said)), (today, actual), (24, -2), ha="left", va="center", **look)
    elif actual >= goal:
        ax.annotate("\n".join(said), (today, actual), (-8, 8), ha="right", va="bottom", **look)
    else:
        ax.annotate("\n".join(filter(None, said)), (today, actual), (8, -8), ha="left", va="top", **look)


def day_axis(ax: Axes, dates: pd.Series, words: Wording) -> None:
    """Weekly days of a month, first days of months in anything longer."""
    months = dates.dt.to_period("M")
    if months.nunique() > 2:
        named = months.drop_duplicates().index
        names = [words.tick(months[place], year=place == named[0]) for place in named]
        ax.set_xticks(named, style.level(names))
    else:
        named = [place for place in dates.index if dates[place].day in (1, 8, 15, 22, 29) or len(dates) < 5]
        ax.set_xticks(named, [words.date(dates[place], short=True) for place in named])
    last = len(dates) - 1
    ax.set_xlim(-0.02 * last - 0.4, last + 0.02 * last + 0.4)


def says_goal_line(
    days: pd.DataFrame,
    *,
    value: str = "leads",
    unit: Unit | None = None,
    subject: str | None = None,
    words: Wording,
) -> str:
    """What `plot_goal_line` shows of the same days: the actuals at as-of, against the line and the goal."""
    known_subject, known_unit = style.subject_of(value, words)
    subject, unit = subject or known_subject, unit or known_unit
    days = style.plain(days, numbers=["goal", "actual"], others=["day"])
    goal, actual = days["goal"].dropna(), days["actual"].dropna()
    if goal.empty and actual.empty:
        return words.text("{subject}: no data.", subject=subject)
    parts = []
    if len(actual):
        day = words.date(days["day"][actual.index[-1]])
        amount, gap = words.value(actual.iloc[-1], unit), gap_text(days, unit, words)
        if gap:
            parts.append(
                words.text(
                    "{subject}: {amount} by {day}, {gap}", subject=subject, amount=amount, day=day, gap=gap
                )
            )
        else:
            parts.append(words.text("{subject}: {amount} by {day}", subject=subject, amount=amount, day=day))
    if len(goal) and not parts:
        day, amount = words.date(days["day"][goal.index[-1]]), words.value(goal.iloc[-1], unit)
        parts.append(
            words.text("{subject}: the goal is {goal} by {day}", subject=subject, goal=amount, day=day)
        )
    elif len(goal):
        day = words.date(days["day"][goal.index[-1]])
        parts.append(
            words.text("the goal is {goal} by {day}", goal=words.value(goal.iloc[-1], unit), day=day)
        )
    return "; ".join(parts) + "."
