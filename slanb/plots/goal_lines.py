"""The goal by several lines, each named, with actuals; and the same for each part of the goal.

Floor 3.
"""

import math
from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from slanb.dictionary.figures import Unit
from slanb.dictionary.wording import Wording
from slanb.plots import style
from slanb.plots.goal_line import day_axis, gap_text, says_goal_line

LOOKS = (  # of the lines after the first, so that no two differ by colour alone
    {"color": style.BROWN, "linestyle": (0, (1, 1.2)), "linewidth": 2},
    {"color": style.MUTED, "linestyle": "-", "linewidth": 1.2},
)


def plot_goal_lines(
    days: pd.DataFrame,
    *,
    lines: Mapping[str, str],
    value: str = "leads",
    unit: Unit | None = None,
    subject: str | None = None,
    due: str | pd.Timestamp | None = None,
    words: Wording,
    ax: Axes | None = None,
) -> Axes:
    """The cumulative goal by up to three lines, and the cumulative actuals as far as they are known.

    Parameters
    ----------
    days : columns `day` (date), `actual` (cumulative, NaN after as-of) and one for each of `lines`.
    lines : column -> name for readers. The first is the agreed goal line.
    value, unit, subject : what is counted, as in `plot_goal_line`.
    due : the promised day, marked where it is not the last one.

    Returns
    -------
    The axes: the first line dashed, the second dotted, the third thin, the actuals thick with a dot at as-of.
    """
    known_subject, known_unit = style.subject_of(value, words)
    subject, unit = subject or known_subject, unit or known_unit
    days = style.plain(days, numbers=[*lines, "actual"], others=["day"])
    dates = pd.to_datetime(days["day"])
    with style.drawing(ax, height=4.0) as ax:
        title = words.text("{subject} against the goal lines", subject=subject)
        if days.empty:
            style.empty(ax, words)
            style.headline(ax, title)
            return ax
        looks = ({"color": style.INK, "linestyle": (0, (5, 2)), "linewidth": 1.6}, *LOOKS)
        for (column, name), look in zip(lines.items(), looks, strict=False):
            if days[column].notna().any():
                ax.plot(days.index, days[column], label=name, **look)
        actual = days["actual"].dropna()
        ax.plot(actual.index, actual, color=style.BLUE, linewidth=3, label=subject)
        style.value_axis(ax, "y", unit, words)
        ax.set_ylim(0, 1.15 * max(np.nan_to_num(days[[*lines, "actual"]].max().max()), 1))
        day_axis(ax, dates, words)
        ax.set_ylabel(style.with_unit(subject, unit, words))
        goal = days[next(iter(lines))].dropna()
        if len(goal):
            text = words.text("Goal {goal}", goal=words.value(goal.iloc[-1], unit, short=True))
            style.beside(ax, goal.index[-1], goal.iloc[-1], text)
        if len(actual):
            ax.plot(actual.index[-1], actual.iloc[-1], marker="o", markersize=8, color=style.BLUE)
            reached = style.short(actual.iloc[-1], unit, words)
            text = f"{words.date(dates[actual.index[-1]], short=True)}: {reached}"
            _near_end(ax, actual, len(days), text)
        _legend(ax)
        style.headline(ax, title)
        ax.set_title(ax.get_title(loc="left"), loc="left", pad=10 + 16 * math.ceil((len(lines) + 1) / 2))
        if due is not None and pd.Timestamp(due) < dates.iloc[-1] and (dates == pd.Timestamp(due)).any():
            _due(ax, dates.index[dates == pd.Timestamp(due)][0], pd.Timestamp(due), words)
    return ax


def _near_end(ax: Axes, actual: pd.Series, n: int, text: str) -> None:
    """The as-of label: left above the line, or right of the dot early in the period."""
    look = {
        "color": style.BLUE,
        "fontweight": "bold",
        "annotation_clip": False,
        "textcoords": "offset points",
    }
    at = (actual.index[-1], actual.iloc[-1])
    if at[0] < n / 4:
        ax.annotate(text, at, (12, -2), ha="left", va="center", **look)
    else:
        ax.annotate(text, at, (-8, 10), ha="right", va="bottom", **look)


def _legend(ax: Axes) -> None:
    ax.legend(loc="lower left", bbox_to_anchor=(-0.01, 1.0), ncols=2, handlelength=2.6)


def _due(ax: Axes, place: int, day: pd.Timestamp, words: Wording) -> None:
    ax.axvline(place, color=style.INK, linewidth=1, linestyle=":", zorder=0)
    said = words.text("promised by\n{day}", day=words.date(day, short=True))
    ax.annotate(
        said, (place, 0), (4, 6), xycoords=("data", "axes fraction"), textcoords="offset points", ha="left",
        va="bottom", color=style.INK, fontsize=9.5,
    )  # fmt: skip


def says_goal_lines(
    days: pd.DataFrame,
    *,
    lines: Mapping[str, str],
    value: str = "leads",
    unit: Unit | None = None,
    subject: str | None = None,
    due: str | pd.Timestamp | None = None,
    words: Wording,
) -> str:
    """What `plot_goal_lines` shows: the actuals at as-of, and where each line then is."""
    known_subject, known_unit = style.subject_of(value, words)
    subject, unit = subject or known_subject, unit or known_unit
    days = style.plain(days, numbers=[*lines, "actual"], others=["day"])
    first = next(iter(lines))
    said = says_goal_line(
        days.assign(goal=days[first])[["day", "goal", "actual"]], unit=unit, subject=subject, words=words
    )
    actual = days["actual"].dropna()
    if actual.empty:
        return said
    there = [
        words.text(
            "{name}, {amount}",
            name=name,
            amount=words.value(days[column][actual.index[-1]], unit, short=True),
        )
        for column, name in lines.items()
        if pd.notna(days[column][actual.index[-1]])
    ]
    return said + (" " + words.text("Due by then: {lines}.", lines="; ".join(there)) if there else "")


def plot_goal_parts(
    days: pd.DataFrame,
    *,
    value: str = "leads",
    unit: Unit | None = None,
    subject: str | None = None,
    words: Wording,
    axes: Sequence[Axes] | None = None,
) -> np.ndarray:
    """A small goal line for each tier and segment, two in a row.

    Parameters
    ----------
    days : columns `part` (its name for readers), `day`, `goal` and `actual` (both cumulative; `actual` NaN
        after as-of); the parts in the order in which they come.
    axes : one for each part; a new figure's if none.

    Returns
    -------
    The axes, one for each part: each says what it reached and how far it is from its line.
    """
    known_subject, known_unit = style.subject_of(value, words)
    subject, unit = subject or known_subject, unit or known_unit
    days = style.plain(days, numbers=["goal", "actual"], others=["part", "day"])
    parts = list(days["part"].unique())
    if axes is None:
        rows = max(math.ceil(len(parts) / 2), 1)
        figure = plt.figure(figsize=(style.WIDTH, 0.5 + 1.9 * rows), layout="constrained")
        grid = figure.subplots(rows, min(max(len(parts), 1), 2), squeeze=False)
        axes = grid.ravel()[: max(len(parts), 1)]
        for spare in grid.ravel()[len(axes) :]:
            spare.remove()
        with plt.style.context(["default", style.LOOK]):
            title = words.text("{subject} against the goal line, by part", subject=subject)
            figure.suptitle(title, x=0.01, ha="left", fontsize=11.5, fontweight="bold", color=style.INK)
    if not parts:
        with style.drawing(axes[0]) as ax:
            style.empty(ax, words)
    for part, ax in zip(parts, axes, strict=False):
        own = days[days["part"] == part].reset_index(drop=True)
        with style.drawing(ax) as drawn:
            _part(drawn, part, own, unit, words)
    return np.asarray(axes)


def _part(ax: Axes, part: str, days: pd.DataFrame, unit: Unit, words: Wording) -> None:
    actual = days["actual"].dropna()
    ax.plot(days.index, days["goal"], color=style.INK, linestyle=(0, (5, 2)), linewidth=1.4)
    ax.plot(actual.index, actual, color=style.BLUE, linewidth=2.6)
    style.value_axis(ax, "y", unit, words)
    ax.set_ylim(0, 1.1 * max(np.nan_to_num(days[["goal", "actual"]].max().max()), 1))
    dates = pd.to_datetime(days["day"])
    day_axis(ax, dates, words)
    ends = [0, len(days) - 1]
    ax.set_xticks(ends, [words.date(dates[place], short=True) for place in ends])
    said = part
    if len(actual):
        ax.plot(actual.index[-1], actual.iloc[-1], marker="o", markersize=7, color=style.BLUE)
        said = words.text(
            "{part}: {actual} of {goal}",
            part=part,
            actual=style.short(actual.iloc[-1], unit, words),
            goal=style.short(days["goal"].iloc[-1], unit, words),
        )
        gap = gap_text(days, unit, words)
        said += f"\n{gap}" if gap else ""
    ax.set_title(said, loc="left", fontsize=10, fontweight="normal", color=style.INK, pad=7)


def says_goal_parts(
    days: pd.DataFrame,
    *,
    value: str = "leads",
    unit: Unit | None = None,
    subject: str | None = None,
    words: Wording,
) -> str:
    """What `plot_goal_parts` shows: each part at as-of, and how far it is from its line."""
    known_subject, known_unit = style.subject_of(value, words)
    subject, unit = subject or known_subject, unit or known_unit
    days = style.plain(days, numbers=["goal", "actual"], others=["part", "day"])
    said = []
    for part, own in days.groupby("part", sort=False):
        actual = own["actual"].dropna()
        if actual.empty:
            continue
        text = words.text("{part} {amount}", part=part, amount=words.value(actual.iloc[-1], unit, short=True))
        gap = gap_text(own, unit, words)
        said.append(f"{text}, {gap}" if gap else text)
    if not said:
        return words.text("{subject} by part: no data.", subject=subject)
    return words.text("{subject} by part: {parts}.", subject=subject, parts="; ".join(said))
