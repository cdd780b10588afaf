"""When customers come: the share of leads won by age.

Floor 3.
"""

import pandas as pd
from matplotlib.axes import Axes

from slanb.dictionary.wording import Wording
from slanb.plots import style


def plot_run_off(
    frame: pd.DataFrame,
    *,
    final_age: int,
    reason: str = "",
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
        title = words.text("Close rate by age of the lead")
        if frame.empty or not frame["rate"].max() > 0:
            style.empty(ax, words)
            style.headline(ax, title)
            return ax
        read, beyond = frame[frame["age"] <= final_age], frame[frame["age"] >= final_age]
        ax.fill_between(frame["age"], frame["low"], frame["high"], color=style.PALE_BLUE, linewidth=0)
        ax.plot(read["age"], read["rate"], color=style.BLUE, linewidth=2.6)
        ax.plot(beyond["age"], beyond["rate"], color=style.BLUE, linewidth=1.2, linestyle=(0, (2, 2)))
        if by_month is not None and len(by_month):
            ax.plot(
                by_month["age"], by_month["rate"], linestyle="", marker="s", markersize=6, color=style.ORANGE,
                markeredgecolor=style.BROWN, label=words.text("by the run-off triangle, in months"),
            )  # fmt: skip
        style.value_axis(ax, "y", "share", words)
        style.value_axis(ax, "x", "days", words)
        ax.set_xlabel(words.text("Days since the lead was created"))
        ax.set_ylabel(words.text("Close rate (percent)"))
        last = read.iloc[-1]
        if reason:
            text = words.text("not the end: {reason}", reason=_said(reason, words))
        else:
            text = words.text("in the end {rate}", rate=words.share(last["rate"]))
            half = read.loc[read["rate"] >= last["rate"] / 2 - 1e-12, "age"].iloc[0]
            ax.vlines(half, 0, last["rate"] / 2, color=style.INK, linewidth=1.2, linestyle=":")
            name = words.text("half after {days}", days=words.days(half))
            look = {"textcoords": "offset points", "ha": "left", "va": "top", "color": style.INK}
            ax.annotate(name, (half, last["rate"] / 2), (8, -4), **look)
        ax.annotate(text, (last["age"], last["rate"]), (0, 12), textcoords="offset points", ha="right",
                    va="bottom", color=style.BLUE, fontweight="bold")  # fmt: skip
        ax.set_ylim(0, 1.22 * max(frame["high"].max(), last["rate"]))
        style.headline(ax, title, legend=True)
    return ax


def says_run_off(frame: pd.DataFrame, *, final_age: int, reason: str = "", words: Wording) -> str:
    """What `plot_run_off` shows: the rate in the end, by when half and nine in ten are in, or why not."""
    frame = style.plain(frame, numbers=["age", "rate", "low", "high"])
    read = frame[frame["age"] <= final_age]
    if read.empty or not read["rate"].max() > 0:
        return words.text("Close rate by age of the lead: no customers yet.")
    last = read.iloc[-1]
    if reason:
        return words.text(
            "After {days} {rate} of the leads are customers, and no rate in the end is given: {reason}.",
            days=words.days(last["age"]),
            rate=words.share(last["rate"]),
            reason=_said(reason, words),
        )
    half, most = (read.loc[read["rate"] >= part * last["rate"] - 1e-12, "age"].iloc[0] for part in (0.5, 0.9))
    return words.text(
        "In the end {rate} of the leads become customers ({low} to {high}); half of them within {half}, nine "
        "in ten within {most}.",
        rate=words.share(last["rate"]),
        low=words.share(last["low"]),
        high=words.share(last["high"]),
        half=words.days(half),
        most=words.days(most),
    )


def _said(reason: str, words: Wording) -> str:
    known = {
        "still rising at its last age": words.text("still rising at its last age"),
        "too few leads old enough": words.text("too few leads old enough"),
        "no customers yet": words.text("no customers yet"),
    }
    return known.get(reason, reason)
