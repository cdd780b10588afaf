"""How much of a promise was kept, and what is still open, period by period.

Floor 3.
"""

import pandas as pd
from matplotlib.axes import Axes

from slanb.dictionary.wording import Wording
from slanb.plots import style

PENDING = {"color": "white", "edgecolor": style.BLUE, "hatch": "...."}


def plot_kept(frame: pd.DataFrame, *, subject: str, words: Wording, ax: Axes | None = None) -> Axes:
    """Bars by period or day: the part of the leads for which the promise was kept, and what is pending.

    Parameters
    ----------
    frame : columns `period` (label, or a day), `kept`, `missed`, `pending` (leads; NaN where none) and `goal`
        (promised share, NaN where none was); one row a period, in order.
        A column `running`, if there, is true for a period that is not over.
    subject : what was promised, in a few words; the title.

    Returns
    -------
    The axes: kept plain (hatched while the period runs), pending dotted on top (where it may end), the
    promised share as lines across, the share of those decided at the foot.
    """
    frame = style.plain(frame, numbers=["kept", "missed", "pending", "goal"], others=["period"])
    with style.drawing(ax) as ax:
        if frame.empty:
            style.empty(ax, words)
            style.headline(ax, subject)
            return ax
        decided = frame["kept"] + frame["missed"]
        leads = (decided + frame["pending"]).where(lambda n: n > 0)
        kept, pending = (frame["kept"] / leads).fillna(0), (frame["pending"] / leads).fillna(0)
        running = frame["running"].eq(True) if "running" in frame else pd.Series(False, index=frame.index)
        ax.bar(frame.index[~running], kept[~running], width=0.76, color=style.BLUE)
        if running.any():
            name = words.text("not complete")
            ax.bar(frame.index[running], kept[running], width=0.76, label=name, **style.OPEN)
        if pending.any():
            name = words.text("pending: still in time")
            ax.bar(frame.index, pending, bottom=kept, width=0.76, label=name, **PENDING)
        _goals(ax, frame["goal"].dropna(), words)
        style.value_axis(ax, "y", "share", words)
        ax.set_ylim(0, 1.05)
        ax.set_yticks([0, 0.25, 0.5, 0.75, 1])
        style.period_axis(ax, frame["period"], words)
        _shares(ax, kept, frame["kept"] / decided.where(decided > 0), running, words)
        ax.set_ylabel(words.text("Share of leads (percent)"))
        style.headline(ax, style.by_period(subject, frame["period"], words), legend=True)
    return ax


def _goals(ax: Axes, goals: pd.Series, words: Wording) -> None:
    if goals.empty:
        return
    ax.hlines(goals, goals.index - 0.45, goals.index + 0.45, color=style.INK, linewidth=2.2)
    last = words.text("Promised {goal}", goal=words.share(goals.iloc[-1], 0)).replace(" ", "\n", 1)
    style.beside(ax, goals.index[-1] + 0.45, goals.iloc[-1], last)


def _shares(ax: Axes, kept: pd.Series, shares: pd.Series, running: pd.Series, words: Wording) -> None:
    """Whole percents at the foot of their bars, where all of them fit; the axis says that they are."""
    texts = [words.number(100 * share) for share in shares]
    if max(map(len, texts)) * 7 * len(texts) > style.points_wide(ax):
        return
    for place, text in enumerate(texts):
        solid = kept[place] > 0.1 and not running[place]
        look = {"color": "white"} if solid else {"color": style.INK}
        if running[place]:  # legible on the hatch
            look["bbox"] = {"facecolor": style.PALE_BLUE, "edgecolor": "none", "pad": 1}
        ax.annotate(text, (place, 0), (0, 4), textcoords="offset points", ha="center", fontsize=9.5, **look)


def says_kept(frame: pd.DataFrame, *, subject: str, words: Wording) -> str:
    """What `plot_kept` shows: the last period with its promise, what is pending, how often it was kept."""
    frame = style.plain(frame, numbers=["kept", "missed", "pending", "goal"], others=["period"])
    decided = frame["kept"] + frame["missed"]
    frame = frame.assign(share=frame["kept"] / decided.where(decided > 0), decided=decided)
    known = frame[frame["share"].notna()]
    if known.empty:
        return words.text("{subject}: no data.", subject=subject)
    last = known.iloc[-1]
    said = {
        "title": style.by_period(subject, frame["period"], words),
        "share": words.share(last["share"]),
        "n": words.value(last["decided"], "leads"),
        "period": words.period(last["period"]),
    }
    if pd.isna(last["goal"]):
        parts = [words.text("{title}: {share} of {n} ({period})", **said)]
    else:
        goal = words.share(last["goal"], 0)
        parts = [words.text("{title}: {share} of {n} ({period}), promised {goal}", goal=goal, **said)]
    if last["pending"]:
        parts.append(words.text("{n} pending", n=words.number(last["pending"])))
    judged = known[known["goal"].notna()]
    if len(judged) > 1:
        parts.append(
            words.text(
                "the promised share was reached {kept} of {all} times, from {least} to {most}",
                kept=words.number((judged["share"] >= judged["goal"]).sum()),
                all=words.number(len(judged)),
                least=words.share(judged["share"].min(), 0),
                most=words.share(judged["share"].max(), 0),
            )
        )
    return "; ".join(parts) + "."
