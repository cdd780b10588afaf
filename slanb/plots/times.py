"""How long leads waited for their first attempt, by month, week and day, against the time agreed."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from slanb.dictionary.messages import Message
from slanb.dictionary.wording import Wording
from slanb.plots import fitted, style
from slanb.plots.changed import mark_changes, says_changes

NUMBERS = ["mean_hours", "median_hours", "in_time", "goal"]
OTHERS = ["grain", "period"]


def plot_times(
    frame: pd.DataFrame, *, subject: Message | str, words: Wording, axes: np.ndarray | None = None
) -> np.ndarray:
    """Bars of the average time to the first attempt, one axes for each grain, below each other.

    Parameters
    ----------
    frame : tidy, columns `grain` (`period`, `week`, `day`, in the order to be drawn), `period` (label or
        first day), `mean_hours`, `median_hours`, `in_time` (share of the decided leads), `goal` (hours
        agreed, at most); NaN where not known. `running`, if there, is true where it is not over;
        `promise`, if there, names what was promised.
    subject : what is timed, in a few words.

    Returns
    -------
    The axes: averages as bars at 0, 1, 2, ..., medians as diamonds, the agreed time as a stepped line, and
    above them the averages and the percent in time, where there is room.
    """
    frame = style.plain(frame, numbers=NUMBERS, others=OTHERS)
    grains = list(frame["grain"].unique())
    if axes is None:
        figure = style.figure(0.9 + 2.0 * max(len(grains), 1))
        axes = figure.subplots(max(len(grains), 1), squeeze=False)[:, 0]
    if not grains:
        with style.drawing(axes[0]) as drawn:
            style.nothing(drawn, frame, words.say(subject), words)
    for place, (grain, ax) in enumerate(zip(grains, axes, strict=bool(grains))):
        part = frame[frame["grain"] == grain].reset_index(drop=True)
        with style.drawing(ax) as drawn:
            _bars(drawn, part, words)
            style.headline(drawn, _title(part, subject, words), legend=place == 0)
    return np.asarray(axes)


def _bars(ax: Axes, frame: pd.DataFrame, words: Wording) -> None:
    ax.set_axisbelow(True)
    running, heights = style.flags(frame, "running"), frame["mean_hours"].fillna(0)
    ax.bar(frame.index[~running], heights[~running], width=0.76, color=style.BLUE)
    if running.any():
        name = words.say("plots.not_complete")
        ax.bar(frame.index[running], heights[running], width=0.76, label=name, **style.OPEN)
    look = {"marker": "D", "markersize": 5, "linestyle": "", "color": "white", "markeredgecolor": style.INK}
    ax.plot(frame["median_hours"], label=words.say("plots.times_median"), **look)
    style.value_axis(ax, "y", "hours", words)
    style.period_axis(ax, frame["period"], words, share_of_width=0.9)
    top = max(np.nanmax([*frame[["mean_hours", "median_hours", "goal"]].to_numpy().ravel(), 0]), 0.1)
    goals = frame["goal"].dropna()
    if len(goals):
        text = words.say("plots.times_goal", goal=style.short(goals.iloc[-1], "hours", words))
        style.stepped(ax, frame["goal"], text)
    mark_changes(ax, frame, words)
    averages = {place: words.number(mean, 1) for place, mean in frame["mean_hours"].dropna().items()}
    shares = {place: words.number(100 * share) for place, share in frame["in_time"].dropna().items()}
    fit = _fit(ax, [*averages.values(), *shares.values()], len(frame))
    ax.set_ylim(0, (1.6 if fit else 1.12) * top)
    if fit:
        _row(ax, averages, 1.26 * top, words.say("plots.times_average"), len(frame))
        _row(ax, shares, 1.48 * top, words.say("plots.times_in_time"), len(frame))
    ax.set_ylabel(words.say("units.name_hours").capitalize())


def _row(ax: Axes, texts: Mapping[int, str], height: float, name: str, places: int) -> None:
    """Numbers in a row above the bars, named at its end."""
    for place, text in texts.items():
        ax.text(place, height, text, ha="center", va="center", fontsize=fitted.SMALL)
    if texts:
        style.beside(ax, places - 0.5, height, name)


def _fit(ax: Axes, texts: Sequence[str], places: int) -> bool:
    return 0 < max(map(fitted.letters, texts), default=0) + 3 < fitted.points_wide(ax) / max(places, 3)


def _title(frame: pd.DataFrame, subject: Message | str, words: Wording) -> str:
    grain, subject = frame["grain"].iloc[0], words.say(subject)
    if grain == "period":
        return style.by_period(subject, frame["period"], words)
    return words.say(f"plots.by_{grain}", subject=subject)


def says_times(frame: pd.DataFrame, *, subject: Message | str, words: Wording) -> str:
    """What `plot_times` shows: the last average and median beside the agreed time and the share in time, of
    the first grain; of each, how often the average was within what was agreed; where the promise changed."""
    frame = style.plain(frame, numbers=NUMBERS, others=OTHERS)
    sentences: list[str] = []
    for _, rows in frame.groupby("grain", sort=False):
        part = rows.reset_index(drop=True)
        known = part[part["mean_hours"].notna()]
        if not sentences:
            title = _title(part, subject, words)
            nothing = words.say("plots.nothing", title=title)
            sentences.append(nothing if known.empty else _last(known.iloc[-1], title, words))
        agreed = known[known["goal"].notna() & ~style.flags(known, "running")]
        if len(agreed) > 1:
            within = (agreed["mean_hours"] <= agreed["goal"] + 1e-9).sum()
            sentences.append(
                words.say(f"plots.times_within_{part['grain'][0]}", within=within, n=len(agreed))
            )
        sentences += says_changes(part, words)
    return " ".join(sentences) or words.say("plots.nothing", title=words.say(subject))


def _last(row: pd.Series, title: str, words: Wording) -> str:
    numbers = {key: words.value(row[f"{key}_hours"], "hours", short=True) for key in ("mean", "median")} | {
        "goal": words.value(row["goal"], "hours", short=True)
    }
    key = "plots.times" + "_agreed" * pd.notna(row["goal"])
    said = words.say(key, title=title, period=row["period"], **numbers)
    if pd.isna(row["in_time"]):
        return said
    return words.say("plots.times_share", said=said, share=row["in_time"])
