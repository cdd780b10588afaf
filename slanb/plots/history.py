"""What each period brought, against its goal.

Floor 3.
"""

import pandas as pd
from matplotlib.axes import Axes

from slanb.dictionary.figures import Unit
from slanb.dictionary.wording import Wording
from slanb.plots import style


def plot_history(
    frame: pd.DataFrame,
    *,
    value: str = "leads",
    unit: Unit | None = None,
    subject: str | None = None,
    words: Wording,
    ax: Axes | None = None,
) -> Axes:
    """Bars by period with a mark where the goal was; a period that is not complete is hatched.

    Parameters
    ----------
    frame : columns `period` (label), `value` (NaN where not known), `goal` (NaN where none was set) and
        `complete` (false while the period runs); one row a period, in order.
    value : the column to draw. `unit` and `subject` (its name for readers) are known for the field's own
        columns.

    Returns
    -------
    The axes: bars at 0, 1, 2, ..., the goals as short lines across them.
    """
    known_subject, known_unit = style.subject_of(value, words)
    subject, unit = subject or known_subject, unit or known_unit
    frame = style.plain(frame, numbers=[value, "goal"], others=["period", "complete"])
    with style.drawing(ax) as ax:
        if frame.empty:
            style.empty(ax, words)
            style.headline(ax, subject)
            return ax
        complete = frame["complete"].astype(bool)
        _bars(ax, frame.loc[complete, value], color=style.BLUE)
        if not complete.all():
            name = words.text("not complete")
            _bars(ax, frame.loc[~complete, value], label=name, **style.OPEN)
        _goals(ax, frame["goal"].dropna(), unit, words)
        style.value_axis(ax, "y", unit, words)
        style.period_axis(ax, frame["period"], words)
        _values(ax, frame[value], complete, unit, words)
        ax.set_ylabel(style.with_unit(subject, unit, words))
        title = style.by_period(subject, frame["period"], words)
        style.headline(ax, title, legend=True)
    return ax


def _bars(ax: Axes, heights: pd.Series, **look) -> None:
    ax.bar(heights.index, heights.fillna(0), width=0.76, **look)


def _goals(ax: Axes, goals: pd.Series, unit: Unit, words: Wording) -> None:
    if goals.empty:
        return
    ax.hlines(goals, goals.index - 0.45, goals.index + 0.45, color=style.INK, linewidth=2.2)
    last = words.text("Goal {goal}", goal=words.value(goals.iloc[-1], unit, short=True)).replace(" ", "\n", 1)
    style.beside(ax, goals.index[-1] + 0.45, goals.iloc[-1], last)


def _values(ax: Axes, values: pd.Series, complete: pd.Series, unit: Unit, words: Wording) -> None:
    """The numbers at the foot of their bars, where no goal mark can hide them; if they do not fit, only
    what has no bar."""
    texts = [style.short(value, unit, words) for value in values]
    fit = max(map(len, texts)) * 7 * len(texts) < style.points_wide(ax)
    high = values.max()
    for place, (value, text) in enumerate(zip(values, texts, strict=True)):
        if value > 0 and not fit:
            continue
        inside = pd.notna(value) and high > 0 and value / high > 0.12
        look = {"color": "white" if complete[place] else style.INK} if inside else {"color": style.INK}
        if inside and not complete[place]:  # legible on the hatch
            look["bbox"] = {"facecolor": style.PALE_BLUE, "edgecolor": "none", "pad": 1}
        foot = 0 if inside or pd.isna(value) else max(value, 0)
        ax.annotate(
            text, (place, foot), (0, 4), textcoords="offset points", ha="center", fontsize=9.5, **look
        )


def says_history(
    frame: pd.DataFrame,
    *,
    value: str = "leads",
    unit: Unit | None = None,
    subject: str | None = None,
    words: Wording,
) -> str:
    """What `plot_history` shows: the latest complete period, how often goals were reached, what runs on."""
    known_subject, known_unit = style.subject_of(value, words)
    subject, unit = subject or known_subject, unit or known_unit
    frame = style.plain(frame, numbers=[value, "goal"], others=["period", "complete"])
    if frame.empty:
        return words.text("{subject}: no data.", subject=subject)
    complete = frame["complete"].astype(bool)
    latest = (frame[complete] if complete.any() else frame).iloc[-1]
    said = {
        "title": style.by_period(subject, frame["period"], words),
        "amount": words.value(latest[value], unit),
        "period": words.period(latest["period"]),
    }
    if pd.isna(latest["goal"]):
        parts = [words.text("{title}: {amount} in {period}", **said)]
    else:
        goal = words.value(latest["goal"], unit)
        parts = [words.text("{title}: {amount} in {period} against a goal of {goal}", goal=goal, **said)]
    judged = frame[complete & frame["goal"].notna() & frame[value].notna()]
    if len(judged) > 1:
        kept = (judged[value] >= judged["goal"]).sum()
        parts.append(
            words.text(
                "the goal was reached in {kept} of {all} complete periods",
                kept=words.number(kept),
                all=words.number(len(judged)),
            )
        )
    if not complete.all():
        open_ones = words.join([words.period(period) for period in frame.loc[~complete, "period"]])
        count = (~complete).sum()
        parts.append(
            words.plural("{periods} is not complete", "{periods} are not complete", count, periods=open_ones)
        )
    return "; ".join(parts) + "."
