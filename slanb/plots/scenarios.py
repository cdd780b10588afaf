"""Scenarios side by side: a small chart for each answer, a bar for each scenario, the agreed plan first."""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from slanb.dictionary.messages import Message
from slanb.dictionary.wording import Wording
from slanb.plots import fitted, style
from slanb.plots.settled import Settled


def plot_scenarios(frame: pd.DataFrame, *, words: Wording) -> Figure:
    """Small charts side by side, each with its own scale from zero.

    Parameters
    ----------
    frame : long, columns `scenario`, `answer` (names), `unit` and `value`; the agreed plan's rows first.

    Returns
    -------
    The figure; values stand at the bars, and an answer nobody can give has no chart.
    """
    frame = _known(frame, words)
    answers, scenarios = list(frame["answer"].unique()), list(frame["scenario"].unique())
    rows = max(-(-len(answers) // 2), 1)
    height = max(rows * (0.75 + 0.3 * max(len(scenarios), 1)), 1.5)
    figure = Figure(figsize=(1.35 * style.WIDTH, height), layout=Settled())
    axes = figure.subplots(rows, 2, squeeze=False).ravel()
    for ax in axes[max(len(answers), 1) :]:
        ax.remove()
    if not answers:
        with style.drawing(axes[0], grid="") as ax:
            style.nothing(ax, frame, words.say("plots.scenarios_title"), words)
    for place, (ax, answer) in enumerate(zip(axes, answers, strict=False)):
        with style.drawing(ax, grid="") as drawn:
            _bars(drawn, frame[frame["answer"] == answer], words, named=place % 2 == 0)
            style.headline(drawn, answer, share=0.61)
    return figure


def _known(frame: pd.DataFrame, words: Wording) -> pd.DataFrame:
    """The answers that some scenario can give."""
    frame = style.plain(frame, numbers=["value"], others=["unit"], names=["scenario", "answer"], words=words)
    return frame[frame.groupby("answer", sort=False)["value"].transform("count") > 0]


def _bars(ax: Axes, own: pd.DataFrame, words: Wording, *, named: bool) -> None:
    for place, row in enumerate(own.itertuples()):
        length = 0 if pd.isna(row.value) else row.value
        ax.barh(place, length, height=0.62, color=style.BLUE if place else style.MUTED)
        style.beside(ax, max(length, 0), place, words.value(row.value, row.unit, short=True))
    low, high = min(own["value"].min(), 0), max(own["value"].max(), 0)
    ax.set_xlim(low * 1.05, high + 0.34 * (high - low or 1))
    ax.set_xticks([])
    style.rows_axis(ax, [fitted.wrapped(name) if named else "" for name in own["scenario"]], pad=5)
    ax.spines[:].set_visible(False)


def says_scenarios(frame: pd.DataFrame, *, words: Wording) -> str:
    """What `plot_scenarios` shows, its first answer in full: what each scenario comes to."""
    frame = _known(frame, words)
    if frame.empty:
        return words.say("plots.nothing", title=words.say("plots.scenarios_title"))
    answer = frame["answer"].iloc[0]
    parts = [
        Message("plots.scenarios_part", scenario=row.scenario, amount=words.value(row.value, row.unit))
        for row in frame[frame["answer"] == answer].itertuples()
    ]
    return words.say("plots.scenarios", answer=answer, parts=parts)
