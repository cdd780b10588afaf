"""What each period brought, against its own goal."""

import pandas as pd
from matplotlib.axes import Axes

from slanb.dictionary.messages import Message
from slanb.dictionary.wording import Wording
from slanb.plots import style
from slanb.plots.changed import mark_changes, says_changes


def plot_history(
    frame: pd.DataFrame,
    *,
    value: str = "leads",
    subject: Message | str | None = None,
    words: Wording,
    ax: Axes | None = None,
) -> Axes:
    """Bars by period, each period's own goal as a step; a period that is not complete is hatched.

    Parameters
    ----------
    frame : columns `period` (label), `value` (NaN where not known), `goal` (the period's own, NaN where none
        was set) and `complete` (false while the period runs); one row a period, in order. `promise`, if
        there, names what was promised.
    value : the column to draw, one of the dictionary, which knows its unit, and its name unless there is a
        `subject`.

    Returns
    -------
    The axes: bars at 0, 1, 2, ..., the goals as one stepped line.
    """
    heading, unit = style.subject_of(value, words)
    subject = words.say(subject or heading)
    frame = style.plain(frame, numbers=[value, "goal"], others=["period", "complete"])
    with style.drawing(ax) as ax:
        title = style.by_period(subject, frame["period"], words)
        if style.nothing(ax, frame, title, words):
            return ax
        running = ~frame["complete"].astype(bool)
        heights = frame[value].fillna(0)
        ax.bar(frame.index[~running], heights[~running], width=0.76, color=style.BLUE)
        if running.any():
            name = words.say("plots.not_complete")
            ax.bar(frame.index[running], heights[running], width=0.76, label=name, **style.OPEN)
        if frame["goal"].notna().any():
            last = frame["goal"].dropna().iloc[-1]
            text = words.say("plots.goal_below", goal=style.short(last, unit, words))
            style.stepped(ax, frame["goal"], text)
        style.value_axis(ax, "y", unit, words)
        style.period_axis(ax, frame["period"], words)
        mark_changes(ax, frame, words)
        texts = [style.short(amount, unit, words) for amount in frame[value]]
        if not style.at_foot(ax, texts, heights, running):
            for place in heights.index[~(heights > 0)]:  # what has no bar is said in any case
                style.above(ax, place, 0, texts[place])
        ax.set_ylabel(style.with_unit(subject, unit, words))
        style.headline(ax, title, legend=True)
    return ax


def says_history(
    frame: pd.DataFrame,
    *,
    value: str = "leads",
    subject: Message | str | None = None,
    words: Wording,
) -> str:
    """What `plot_history` shows: the latest complete period, how many reached their own goal, what runs."""
    heading, unit = style.subject_of(value, words)
    subject = words.say(subject or heading)
    frame = style.plain(frame, numbers=[value, "goal"], others=["period", "complete"])
    title = style.by_period(subject, frame["period"], words)
    if frame.empty:
        return words.say("plots.nothing", title=title)
    complete = frame["complete"].astype(bool)
    latest = (frame[complete] if complete.any() else frame).iloc[-1]
    amount, goal = words.value(latest[value], unit), words.value(latest["goal"], unit, short=True)
    key = "plots.history" if pd.isna(latest["goal"]) else "plots.history_goal"
    sentences = [words.say(key, title=title, period=latest["period"], amount=amount, goal=goal)]
    judged = frame[complete & frame["goal"].notna() & frame[value].notna()]
    if len(judged):
        reached = int((judged[value] >= judged["goal"]).sum())
        sentences.append(words.say("plots.history_reached", reached=reached, n=len(judged)))
    if not complete.all():
        running = list(frame.loc[~complete, "period"])
        sentences.append(words.say("plots.running", n=len(running), periods=running))
    return " ".join(sentences + says_changes(frame, words))
