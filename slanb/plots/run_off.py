"""When customers come: the share of leads won by age."""

import pandas as pd
from matplotlib.axes import Axes

from slanb.dictionary.messages import Message
from slanb.dictionary.wording import Wording
from slanb.plots import style

REASONS = {  # as the estimates give them
    "still rising at its last age": "still_rising",
    "too few leads old enough": "too_few",
    "no customers yet": "no_customers",
}


def plot_run_off(
    frame: pd.DataFrame,
    *,
    final_age: int,
    reason: Message | str = "",
    by_month: pd.DataFrame | None = None,
    words: Wording,
    ax: Axes | None = None,
) -> Axes:
    """Close rate by days since creation with its interval, as far as it may be read.

    Parameters
    ----------
    frame : columns `age` (days), `rate`, `low`, `high` (shares 0-1), one row a day, oldest last.
    final_age : the age at which the rate is read as the eventual one; beyond it the line is thin.
    reason : why it may not be; said in the figure, and no eventual rate is marked.
    by_month : `age` and `rate` from the run-off triangle, drawn as dots for comparison; may be left out.

    Returns
    -------
    The axes.
    """
    frame = style.plain(frame, numbers=["age", "rate", "low", "high"])
    with style.drawing(ax, height=3.6) as ax:
        title = words.say("plots.run_off_title")
        if style.nothing(ax, frame if frame["rate"].max() > 0 else frame[:0], title, words):
            return ax
        read, beyond = frame[frame["age"] <= final_age], frame[frame["age"] >= final_age]
        ax.fill_between(frame["age"], frame["low"], frame["high"], color=style.PALE_BLUE, linewidth=0)
        ax.plot(read["age"], read["rate"], color=style.BLUE, linewidth=2.6)
        ax.plot(beyond["age"], beyond["rate"], color=style.BLUE, linewidth=1.2, linestyle=(0, (2, 2)))
        if by_month is not None and len(by_month):
            look = {"marker": "s", "markersize": 6, "color": style.ORANGE, "markeredgecolor": style.BROWN}
            name = words.say("plots.run_off_triangle")
            ax.plot(by_month["age"], by_month["rate"], linestyle="", label=name, **look)
        style.value_axis(ax, "y", "share", words)
        style.value_axis(ax, "x", "days", words)
        last = read.iloc[-1]
        ax.set_ylim(0, 1.25 * max(frame["high"].max(), last["rate"]))
        ax.set_xlabel(words.say("plots.run_off_age"))
        ax.set_ylabel(words.say("plots.map_rate"))
        if reason:
            text = words.say("plots.run_off_open", reason=_named(reason))
        else:
            text = words.say("plots.run_off_end", rate=last["rate"])
            half = _age_at(read, 0.5)
            ax.vlines(half, 0, last["rate"] / 2, color=style.INK, linewidth=1.2, linestyle=":")
            name = words.say("plots.run_off_half", days=half)
            style.above(ax, half, 0, name, xytext=(8, 4), ha="left", bbox=None)
        look = {"color": style.BLUE, "fontweight": "bold", "fontsize": 10}
        style.above(ax, last["age"], max(last["rate"], last["high"]), text, ha="right", **look)
        style.headline(ax, title, legend=True)
    return ax


def _age_at(read: pd.DataFrame, part: float) -> float:
    """The age by which this part of the last rate is in."""
    return read.loc[read["rate"] >= part * read["rate"].iloc[-1] - 1e-12, "age"].iloc[0]


def says_run_off(
    frame: pd.DataFrame,
    *,
    final_age: int,
    reason: Message | str = "",
    by_month: pd.DataFrame | None = None,
    words: Wording,
) -> str:
    """What `plot_run_off` shows: the rate in the end, by when half and nine in ten are in, or why not."""
    frame = style.plain(frame, numbers=["age", "rate", "low", "high"])
    read = frame[frame["age"] <= final_age]
    if read.empty or not read["rate"].max() > 0:
        return words.say("plots.nothing", title=words.say("plots.run_off_title"))
    last = read.iloc[-1]
    if reason:
        return words.say("plots.run_off_open_at", days=last["age"], rate=last["rate"], reason=_named(reason))
    span = style.span(last["low"], last["high"], "share", words)
    ages = {"half": _age_at(read, 0.5), "most": _age_at(read, 0.9)}
    return words.say("plots.run_off", rate=last["rate"], span=span, **ages)


def _named(reason: Message | str) -> Message | str:
    return (
        Message(f"plots.reason_{REASONS[reason]}")
        if isinstance(reason, str) and reason in REASONS
        else reason
    )
