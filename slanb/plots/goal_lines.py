"""The goal by several lines, each named, with actuals (the waterfall); and the same for each part of it."""

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from slanb.dictionary.figures import Unit
from slanb.dictionary.messages import Message
from slanb.dictionary.wording import Wording
from slanb.plots import fitted, style

LOOKS = {  # no two lines differ by colour alone
    "straight": style.AGREED,
    "working_days": {"color": style.BROWN, "linestyle": (0, (1, 1.2)), "linewidth": 2},
    "profile": {"color": style.MUTED, "linestyle": "-", "linewidth": 1.2},
}
LABEL = {"color": style.BLUE, "fontweight": "bold", "fontsize": 10, "bbox": None}


def plot_goal_lines(
    days: pd.DataFrame,
    *,
    value: str = "leads",
    due: str | pd.Timestamp | None = None,
    words: Wording,
    ax: Axes | None = None,
) -> Axes:
    """The cumulative goal by up to three lines, and the cumulative actuals as far as they are known.

    Parameters
    ----------
    days : columns `day` (date), `actual` (cumulative, NaN after as-of) and the cumulative goal by the line
        agreed, `straight`; by `working_days` and by the `profile` of past months where they are known.
    value : what is counted, a column of the dictionary, which knows its name and unit.
    due : the promised day, marked where it is not the last one.

    Returns
    -------
    The axes: the first line dashed, the second dotted, the third thin, the actuals thick with a dot at as-of.
    """
    subject, unit = style.subject_of(value, words)
    days, lines = _plain(days)
    with style.drawing(ax, height=4.0) as ax:
        title = words.say("plots.lines_title", subject=subject)
        if style.nothing(ax, days, title, words):
            return ax
        dates = style.day_axis(ax, days["day"], words)
        dot = {"marker": "o" if len(days) == 1 else ""}  # a line of one day would not be seen
        for line in lines:
            ax.plot(days[line], label=words.say(f"plots.line_{line}"), **LOOKS[line] | dot)
        actual = days["actual"].dropna()
        ax.plot(actual, color=style.BLUE, linewidth=3, label=subject, **dot)
        style.value_axis(ax, "y", unit, words)
        ax.set_ylim(0, 1.15 * max(np.nan_to_num(days[[*lines, "actual"]].max().max()), 1))
        ax.set_ylabel(style.with_unit(subject, unit, words))
        goal = days["straight"].dropna()
        if len(goal):
            text = words.say("plots.goal", goal=style.short(goal.iloc[-1], unit, words))
            style.beside(ax, goal.index[-1], goal.iloc[-1], text, fontsize=10)
        if len(actual):
            _today(ax, dates, actual, unit, words)
        style.headline(ax, title, legend=True)
        place = dates.index[dates == pd.Timestamp(due)] if due is not None else []
        if len(place) and place[0] < len(days) - 1:
            ax.axvline(place[0], color=style.INK, linewidth=1, linestyle=":", zorder=0)
            text = words.say("plots.lines_due", day=pd.Timestamp(due))
            style.above(ax, place[0], 0, text, xytext=(4, 6), ha="left")
    return ax


def _plain(days: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    """The frame, and its lines that are known, the agreed one in any case."""
    more = [line for line in LOOKS if line in days and line != "straight" and days[line].notna().any()]
    return style.plain(days, numbers=["straight", *more, "actual"], others=["day"]), ["straight", *more]


def _today(ax: Axes, dates: pd.Series, actual: pd.Series, unit: Unit, words: Wording) -> None:
    """The dot at as-of and its label: left above the line, or right of the dot early in the period."""
    today, reached = actual.index[-1], actual.iloc[-1]
    ax.plot(today, reached, marker="o", markersize=8, color=style.BLUE)
    text = words.say("plots.lines_today", day=dates[today], amount=style.short(reached, unit, words))
    if today < len(dates) / 4:
        style.beside(ax, today, reached, text, xytext=(12, -2), **LABEL)
    else:
        style.above(ax, today, reached, text, xytext=(-8, 10), ha="right", **LABEL)


def says_goal_lines(
    days: pd.DataFrame,
    *,
    value: str = "leads",
    due: str | pd.Timestamp | None = None,
    words: Wording,
) -> str:
    """What `plot_goal_lines` shows: the actuals at as-of, where each line then is, the goal and its day."""
    subject, unit = style.subject_of(value, words)
    days, lines = _plain(days)
    goal, actual = days["straight"].dropna(), days["actual"].dropna()
    if goal.empty and actual.empty:
        return words.say("plots.nothing", title=words.say("plots.lines_title", subject=subject))
    sentences = []
    if len(actual):
        today, reached = actual.index[-1], words.value(actual.iloc[-1], unit)
        key, gap = _gap(actual.iloc[-1] - days["straight"][today], unit, words)
        numbers = {"subject": subject, "amount": reached, "day": days["day"][today], "gap": gap}
        sentences.append(words.say(f"plots.lines_{key}", **numbers))
        sentences += _lines_then(days.loc[today, lines], unit, words)
    if len(goal):
        last = pd.Timestamp(days["day"][goal.index[-1]])
        early = due is not None and pd.Timestamp(due) < last
        key = "promised" if early else "goal" if sentences else "not_begun"
        ends = {"goal": words.value(goal.iloc[-1], unit), "day": pd.Timestamp(due) if early else last}
        sentences.append(words.say(f"plots.lines_{key}", subject=subject, **ends))
    return " ".join(sentences)


def _gap(gap: float, unit: Unit, words: Wording) -> tuple[str, str]:
    """Whether the actuals are `ahead`, `behind`, `even` or have `no_line`, and by how much."""
    if pd.isna(gap):
        return "no_line", ""
    counts = not unit.startswith("money")  # nobody is half a lead behind
    text = style.short(math.floor(abs(gap) + 0.5) if counts else abs(gap), unit, words)
    even = text == style.short(0, unit, words)
    return "even" if even else "ahead" if gap > 0 else "behind", text


def _lines_then(then: pd.Series, unit: Unit, words: Wording) -> list[str]:
    """What was due by each line; once, where all lines agree."""
    amounts = then.dropna().map(lambda amount: words.value(amount, unit))
    if len(amounts) < 2:
        return []
    if amounts.eq(amounts.iloc[0]).all():
        return [words.say("plots.lines_agree", amount=amounts.iloc[0])]
    parts = [
        Message(
            "plots.lines_part",
            amount=style.short(then[line], unit, words),
            line=Message(f"plots.line_{line}"),
        )
        for line in amounts.index
    ]
    return [words.say("plots.lines_differ", parts=parts)]


def plot_goal_parts(days: pd.DataFrame, *, words: Wording, axes: Sequence[Axes] | None = None) -> np.ndarray:
    """A small goal line for each tier and segment, two in a row.

    Parameters
    ----------
    days : columns `part` (its name for readers), `day`, `goal` and `actual` (leads, both cumulative;
        `actual` NaN after as-of); the parts in the order in which they come.
    axes : one for each part; a new figure's if none.

    Returns
    -------
    The axes, one for each part: each says what it reached and how far it is from its line.
    """
    days = style.plain(days, numbers=["goal", "actual"], others=["day"], names=["part"], words=words)
    parts = list(days["part"].unique())
    if axes is None:
        rows = max(math.ceil(len(parts) / 2), 1)
        figure = style.figure(0.5 + 1.9 * rows)
        grid = figure.subplots(rows, min(max(len(parts), 1), 2), squeeze=False).ravel()
        axes = grid[: max(len(parts), 1)]
        for spare in grid[len(axes) :]:
            spare.remove()
        look = {"fontsize": 11.5, "fontweight": "bold", "color": style.INK, "fontfamily": fitted.FONTS}
        figure.suptitle(words.say("plots.parts_title"), x=0.01, ha="left", **look)
    if not parts:
        with style.drawing(axes[0]) as ax:
            style.nothing(ax, days, "", words)
    for part, ax in zip(parts, axes, strict=False):
        with style.drawing(ax) as drawn:
            _part(drawn, part, days[days["part"] == part].reset_index(drop=True), words)
    return np.asarray(axes)


def _part(ax: Axes, part: str, days: pd.DataFrame, words: Wording) -> None:
    actual = days["actual"].dropna()
    ax.plot(days["goal"], **style.AGREED)
    ax.plot(actual, color=style.BLUE, linewidth=2.6)
    style.value_axis(ax, "y", "leads", words)
    ax.set_ylim(0, 1.1 * max(np.nan_to_num(days[["goal", "actual"]].max().max()), 1))
    style.day_axis(ax, days["day"], words, ends=True)
    lines = [fitted.wrapped(part, 28)]
    if len(actual):
        ax.plot(actual.index[-1], actual.iloc[-1], marker="o", markersize=7, color=style.BLUE)
        lines.append(fitted.wrapped(words.say(_standing(days, words)), 28))
    look = {"fontsize": 10, "fontweight": "normal", "color": style.INK, "pad": 7}
    ax.set_title("\n".join(lines), loc="left", **look)


def _standing(days: pd.DataFrame, words: Wording) -> Message:
    """A part at as-of: reached, goal, and how far it is from its line."""
    actual = days["actual"].dropna()
    key, gap = _gap(actual.iloc[-1] - days["goal"][actual.index[-1]], "leads", words)
    reached, goal = (style.short(end, "leads", words) for end in (actual.iloc[-1], days["goal"].iloc[-1]))
    return Message(f"plots.part_{key}", actual=reached, goal=goal, gap=gap)


def says_goal_parts(days: pd.DataFrame, *, words: Wording) -> str:
    """What `plot_goal_parts` shows: each part at as-of, and how far it is from its line."""
    days = style.plain(days, numbers=["goal", "actual"], others=["day"], names=["part"], words=words)
    parts = [
        words.say("plots.part", part=part, standing=_standing(own, words))
        for part, own in days.groupby("part", sort=False)
        if own["actual"].notna().any()
    ]
    return " ".join(parts) or words.say("plots.nothing", title=words.say("plots.parts_title"))
