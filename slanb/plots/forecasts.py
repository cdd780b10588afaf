"""What was expected of past months, and what came."""

import pandas as pd
from matplotlib.axes import Axes

from slanb.dictionary.wording import Wording
from slanb.plots import style

COLUMNS = ["day", "low", "expected", "high", "happened", "goal"]


def plot_forecasts(
    frame: pd.DataFrame, *, skill: float = float("nan"), words: Wording, ax: Axes | None = None
) -> Axes:
    """Each past month's range as said at the end of one of its days, what came, and its goal.

    Parameters
    ----------
    frame : columns `month` (period or label), `day` (of the month, after which it was said), `low`,
        `expected`, `high`, `happened` (leads of the whole month) and `goal` (NaN where none was set); one row
        a month, in order.
    skill : share of the even line's error that the forecasts save (`estimates.Calibration`); NaN where not
        known.

    Returns
    -------
    The axes: the ranges as bars with their middle, a dot where the leads lay within and a cross where not,
    the goals as one stepped line.
    """
    frame = _known(frame)
    with style.drawing(ax) as ax:
        title = words.say("plots.forecasts_title")
        if style.nothing(ax, frame, title, words):
            return ax
        ends = frame["high"] - frame["low"]
        name = words.say("plots.forecasts_range", day=frame["day"].max())
        ax.bar(frame.index, ends, bottom=frame["low"], width=0.5, color=style.PALE_BLUE, label=name)
        ax.hlines(frame["expected"], frame.index - 0.25, frame.index + 0.25, color=style.BLUE, linewidth=1.6)
        for within, marker, text in ((True, "o", "plots.forecasts_in"), (False, "X", "plots.forecasts_out")):
            some = frame[frame["within"] == within]
            look = {"color": style.BLUE if within else style.ORANGE, "linestyle": "", "markersize": 8}
            if len(some):
                ax.plot(some.index, some["happened"], marker=marker, label=words.say(text), **look)
        if frame["goal"].notna().any():
            last = frame["goal"].dropna().iloc[-1]
            text = words.say("plots.goal_below", goal=style.short(last, "leads", words))
            style.stepped(ax, frame["goal"], text, linewidth=1.4)
        style.value_axis(ax, "y", "leads", words)
        ax.set_ylim(0, 1.08 * max(frame[["high", "happened", "goal"]].fillna(0).to_numpy().max(), 1))
        style.period_axis(ax, frame["month"], words)
        ax.set_ylabel(words.say("plots.leads"))
        ax.set_xlabel(_skill("plots.forecasts_note", skill, words))
        style.headline(ax, title, legend=True)
    return ax


def _known(frame: pd.DataFrame) -> pd.DataFrame:
    """The months whose range and leads are known, and whether these lay `within` it."""
    frame = style.plain(frame, numbers=COLUMNS, others=["month"])
    frame = frame.dropna(subset=["low", "expected", "high", "happened"], ignore_index=True)
    within = frame["happened"].between(frame["low"], frame["high"])
    return frame.assign(month=frame["month"].astype(str), within=within)


def _skill(key: str, skill: float, words: Wording) -> str:
    """The skill in words; nothing where it is not known."""
    if pd.isna(skill):
        return ""
    return words.say(f"{key}_{'better' if skill >= 0 else 'worse'}", skill=abs(skill))


def says_forecasts(frame: pd.DataFrame, *, skill: float = float("nan"), words: Wording) -> str:
    """What `plot_forecasts` shows: how many months lay in the range said, the latest one's numbers, and how
    the chances fared against the even line."""
    frame = _known(frame)
    if frame.empty:
        return words.say("plots.nothing", title=words.say("plots.forecasts_title"))
    latest = frame.iloc[-1]
    span = style.span(round(latest["low"]), round(latest["high"]), "leads", words)
    held = words.say(
        "plots.forecasts_held", held=int(frame["within"].sum()), n=len(frame), day=int(frame["day"].max())
    )
    key = "plots.forecasts_latest" if pd.isna(latest["goal"]) else "plots.forecasts_goal"
    numbers = latest[["happened", "goal"]].to_dict() | {"period": latest["month"], "span": span}
    return f"{held} {words.say(key, **numbers)} {_skill('plots.forecasts_skill', skill, words)}".strip()
