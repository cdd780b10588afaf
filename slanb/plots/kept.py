"""How much of a promise was kept, and what is still open, period by period."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from slanb.dictionary.messages import Message
from slanb.dictionary.wording import Wording
from slanb.plots import fitted, style
from slanb.plots.changed import mark_changes, says_changes


def plot_kept(frame: pd.DataFrame, *, subject: Message | str, words: Wording, ax: Axes | None = None) -> Axes:
    """Bars by period or day: the share of the decided leads for which the promise was kept.

    A lead is decided when its time has run out or the promise was kept; one that is pending is in no share.

    Parameters
    ----------
    frame : columns `period` (label, or a day), `kept`, `missed`, `pending` (leads; NaN where none) and `goal`
        (promised share, NaN where none was); one row a period, in order.
        A column `running`, if there, is true for a period that is not over; `promise`, if there, names what
        was promised.
    subject : what was promised, in a few words; the title.

    Returns
    -------
    The axes: kept ÷ (kept + missed) as bars with the percents at their feet, hatched where leads are pending
    or the period runs, with the number pending above; the promised shares as a stepped line.
    """
    frame = _shares(frame)
    with style.drawing(ax) as ax:
        title = style.by_period(words.say(subject), frame["period"], words)
        if style.nothing(ax, frame, title, words):
            return ax
        open_, heights = frame["open"], frame["share"].fillna(0)
        ax.bar(frame.index[~open_], heights[~open_], width=0.76, color=style.BLUE)
        if open_.any():
            pending = frame["pending"].sum()
            name = words.say("plots.kept_open" if pending else "plots.not_complete", n=pending)
            ax.bar(frame.index[open_], heights[open_], width=0.76, label=name, **style.OPEN)
        style.share_axis(ax, words, top=1.16)
        style.period_axis(ax, frame["period"], words)
        if frame["goal"].notna().any():
            text = words.say("plots.kept_goal", goal=frame["goal"].dropna().iloc[-1])
            style.stepped(ax, frame["goal"], text)
        mark_changes(ax, frame, words)
        style.at_foot(ax, [words.number(100 * share) for share in frame["share"]], heights, open_)
        waiting = {place: words.say("plots.kept_n", n=n) for place, n in frame["pending"].items() if n > 0}
        if max(map(fitted.letters, waiting.values()), default=0) < fitted.points_wide(ax) / len(frame):
            for place, text in waiting.items():
                style.above(ax, place, np.nanmax([heights[place], frame["goal"][place]]), text)
        ax.set_ylabel(words.say("plots.kept_axis"))
        style.headline(ax, title, legend=True)
    return ax


def _shares(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with `decided` (leads), `share` (kept of them, NaN of none), `open` (not all decided), and
    `reached` and `lost`: the period is over, and no pending lead can change that it is so."""
    frame = style.plain(frame, numbers=["kept", "missed", "pending", "goal"], others=["period"])
    decided = frame["kept"].fillna(0) + frame["missed"].fillna(0)
    share = frame["kept"] / decided.where(decided > 0)
    pending, running = frame["pending"].fillna(0), style.flags(frame, "running")
    asked = frame["goal"] * (decided + pending)
    return frame.assign(
        decided=decided,
        share=share,
        open=running | (pending > 0),
        reached=~running & (frame["kept"] >= asked - 1e-9),
        lost=~running & (frame["kept"] + pending < asked - 1e-9),
    )


def says_kept(frame: pd.DataFrame, *, subject: Message | str, words: Wording) -> str:
    """What `plot_kept` shows: the last period with its promise, what is pending, how often it was kept."""
    frame = _shares(frame)
    title = style.by_period(words.say(subject), frame["period"], words)
    known = frame[frame["share"].notna()]
    if known.empty:
        return words.say("plots.nothing", title=title)
    last = known.iloc[-1]
    key = "plots.kept" if pd.isna(last["goal"]) else "plots.kept_promised"
    numbers = last[["period", "share", "decided", "goal"]].to_dict()
    sentences = [words.say(key, title=title, **numbers)]
    if last["pending"] > 0:
        sentences.append(words.say("plots.kept_pending", n=last["pending"]))
    judged = known[known["reached"] | known["lost"]]
    if len(judged) > 1:
        reached = judged["reached"].sum()
        ends = judged["share"].agg(["min", "max"])
        sentences.append(
            words.say(
                "plots.kept_reached", reached=reached, n=len(judged), span=style.span(*ends, "share", words)
            )
        )
    return " ".join(sentences + says_changes(frame, words))
