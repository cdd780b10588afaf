"""Scenarios side by side: a small chart for each answer, a bar for each scenario, the agreed plan first.

Floor 3.
"""

import pandas as pd
from matplotlib.figure import Figure

from slanb.dictionary.wording import Wording
from slanb.plots import style


def plot_scenarios(frame: pd.DataFrame, *, words: Wording) -> Figure:
    """Small charts side by side, each with its own scale from zero.

    Parameters
    ----------
    frame : long, columns `scenario`, `answer` (its name), `unit` and `value`; the agreed plan's rows first.

    Returns
    -------
    The figure; values stand at the bars, and an answer nobody can give has no chart.
    """
    frame = style.plain(frame, numbers=["value"], others=["scenario", "answer", "unit"])
    known = frame.groupby("answer", sort=False)["value"].transform(lambda values: values.notna().any())
    frame = frame[known]
    answers, scenarios = list(frame["answer"].unique()), list(frame["scenario"].unique())
    rows = max(-(-len(answers) // 2), 1)
    height = rows * (0.75 + 0.3 * max(len(scenarios), 1))
    figure = Figure(figsize=(1.35 * style.WIDTH, height), layout="constrained")
    axes = figure.subplots(rows, 2, squeeze=False).ravel()
    for ax in axes[len(answers) :]:
        ax.remove()
    for place, (ax, answer) in enumerate(zip(axes, answers, strict=False)):
        own = frame[frame["answer"] == answer]
        with style.drawing(ax, grid="") as drawn:
            _bars(drawn, own, words, named=place % 2 == 0)
            style.headline(drawn, words.text(answer), wide=38)
    return figure


def _bars(ax, own: pd.DataFrame, words: Wording, *, named: bool) -> None:
    places = range(len(own))
    looks = [{"color": style.MUTED}] + [{"color": style.BLUE}] * (len(own) - 1)
    for place, look, value in zip(places, looks, own["value"], strict=True):
        ax.barh(place, 0 if pd.isna(value) else value, height=0.62, **look)
    unit = own["unit"].iloc[0]
    low, high = min(own["value"].min(), 0), max(own["value"].max(), 0)
    for place, value in zip(places, own["value"], strict=True):
        text = words.value(value, unit, short=True)
        style.beside(ax, 0 if pd.isna(value) else max(value, 0), place, text, fontsize=9.5)
    room = (high - low or 1) * 0.34
    ax.set_xlim(low * 1.05, high + room)
    ax.set_xticks([])
    ax.set_yticks(places, [style.wrapped(name, words) if named else "" for name in own["scenario"]])
    ax.tick_params(axis="y", labelcolor=style.INK)
    ax.set_ylim(len(own) - 0.5, -0.5)
    ax.spines[:].set_visible(False)


def says_scenarios(frame: pd.DataFrame, *, words: Wording) -> str:
    """What `plot_scenarios` shows, its first answer in full: what each scenario comes to."""
    if frame.empty:
        return words.text("Scenarios: no data.")
    first = frame["answer"].iloc[0]
    own = frame[frame["answer"] == first]
    parts = [f"{row.scenario} {words.value(row.value, row.unit)}" for row in own.itertuples()]
    return words.text("{answer}: {scenarios}.", answer=words.text(first), scenarios=words.join(parts))
