"""Tiers side by side: what a lead of each is worth, and how much of each goal was reached.

Floor 3.
"""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from slanb.dictionary.wording import Wording
from slanb.plots import style


def plot_lead_values(frame: pd.DataFrame, *, words: Wording, ax: Axes | None = None) -> Axes:
    """For each tier the realised value per lead with its interval, against the agreed weight.

    Parameters
    ----------
    frame : columns `tier`, `agreed`, `realised`, `low`, `high` (money per lead, NaN where not known) and `n`
        (leads); the first row is drawn on top.

    Returns
    -------
    The axes: dots realised, diamonds agreed, one row a tier.
    """
    frame = style.plain(frame, numbers=["agreed", "realised", "low", "high", "n"], others=["tier"])
    with style.drawing(ax, height=1.5 + 0.55 * max(len(frame), 1), grid="x") as ax:
        title = words.text("Value of a lead, by tier")
        if frame.empty:
            style.empty(ax, words)
            style.headline(ax, title)
            return ax
        rows = frame.index
        look = {"color": style.PALE_BLUE, "linewidth": 7, "label": words.text("interval")}
        ax.hlines(rows, frame["low"], frame["high"], **look)
        ax.plot(
            frame["realised"],
            rows,
            color=style.BLUE,
            marker="o",
            markersize=9,
            linestyle="",
            clip_on=False,
            label=words.text("realised"),
        )
        hollow = {"markerfacecolor": "none", "markeredgewidth": 2, "linestyle": "", "clip_on": False}
        ax.plot(
            frame["agreed"],
            rows,
            color=style.INK,
            marker="D",
            markersize=8,
            label=words.text("agreed"),
            **hollow,
        )
        for row, tier in enumerate(frame.itertuples()):
            if pd.isna(tier.realised):
                right_of = 0 if pd.isna(tier.agreed) else tier.agreed
                text = "  " + words.text("not enough data")
                style.beside(ax, right_of, row, text, color=style.MUTED, fontstyle="italic")
        style.value_axis(ax, "x", "money per lead", words)
        names = [
            words.text("{tier}\n(n = {n})", tier=style.wrapped(tier, words), n=words.number(n))
            for tier, n in zip(frame["tier"], frame["n"], strict=True)
        ]
        _rows(ax, names)
        ax.set_xlabel(style.unit_name("money per lead", words))
        style.headline(ax, title, wide=44, legend=True)
    return ax


def plot_attainment(frame: pd.DataFrame, *, words: Wording, ax: Axes | None = None) -> Axes:
    """For each tier the share of its goal reached in number and in value, against the whole goal.

    Parameters
    ----------
    frame : columns `tier` (and a row for all, named as readers should see it), `number` and `value`
        (shares of the goal reached, 1 is all of it; NaN where there was no goal); the first row is on top.

    Returns
    -------
    The axes: two bars a row, number plain and value hatched, and a line at 100 percent.
    """
    frame = style.plain(frame, numbers=["number", "value"], others=["tier"])
    with style.drawing(ax, height=1.5 + 0.66 * max(len(frame), 2), grid="x") as ax:
        title = words.text("Goal reached, in number and in value")
        if frame.empty:
            style.empty(ax, words)
            style.headline(ax, title)
            return ax
        looks = {
            "number": (-0.19, words.text("in number"), {"color": style.BLUE}),
            "value": (0.19, words.text("in value"), style.HATCHED_ORANGE),
        }
        for column, (shift, name, look) in looks.items():
            rows = frame.index + shift
            ax.barh(rows, frame[column].fillna(0), height=0.36, label=name, **look)
            for row, reached in zip(rows, frame[column], strict=True):
                style.beside(
                    ax, reached if pd.notna(reached) else 0, row, words.share(reached, 0), fontsize=9.5
                )
        ax.axvline(1, color=style.INK, linewidth=1.4)
        style.value_axis(ax, "x", "share", words)
        ax.set_xlim(0, max(1.1, 1.12 * np.nanmax([1, *frame["number"], *frame["value"]])))
        _rows(ax, [style.wrapped(tier, words) for tier in frame["tier"]])
        ax.set_xlabel(words.text("Share of the goal (percent)"))
        style.headline(ax, title, wide=44, legend=True, line=(1, words.text("goal")))
    return ax


def _rows(ax: Axes, names: list[str]) -> None:
    ax.set_yticks(range(len(names)), names)
    ax.tick_params(axis="y", labelcolor=style.INK, pad=9)
    ax.set_ylim(len(names) - 0.5, -0.5)


def says_lead_values(frame: pd.DataFrame, *, words: Wording) -> str:
    """What `plot_lead_values` shows: each tier's realised value, its interval, and what was agreed."""
    frame = style.plain(frame, numbers=["agreed", "realised", "low", "high"], others=["tier"])
    parts = []
    for tier in frame.itertuples():
        said = {
            "tier": style.named(tier.tier, words),
            "realised": words.value(tier.realised, "money per lead", short=True),
            "agreed": words.value(tier.agreed, "money per lead", short=True),
        }
        if pd.isna(tier.realised):
            parts.append(words.text("{tier}: not enough data (agreed {agreed})", **said))
            continue
        if pd.isna(tier.agreed):
            parts.append(words.text("{tier}: {realised} realised, nothing agreed", **said))
        elif pd.notna(tier.low) and tier.agreed < tier.low:
            parts.append(words.text("{tier}: {realised} realised, above the agreed {agreed}", **said))
        elif pd.notna(tier.high) and tier.agreed > tier.high:
            parts.append(words.text("{tier}: {realised} realised, below the agreed {agreed}", **said))
        else:
            parts.append(words.text("{tier}: {realised} realised, in line with the agreed {agreed}", **said))
    if not parts:
        return words.text("Value of a lead, by tier: no data.")
    return words.text("Value of a lead, by tier: {tiers}.", tiers="; ".join(parts))


def says_attainment(frame: pd.DataFrame, *, words: Wording) -> str:
    """What `plot_attainment` shows: the share of its goal each row reached, in number and in value."""
    frame = style.plain(frame, numbers=["number", "value"], others=["tier"])
    parts = []
    for row in frame.itertuples():
        tier = style.named(row.tier, words)
        if pd.isna(row.number) and pd.isna(row.value):
            parts.append(words.text("{tier} had no goal", tier=tier))
            continue
        shares = {"number": words.share(row.number, 0), "value": words.share(row.value, 0)}
        parts.append(words.text("{tier} {number} in number and {value} in value", tier=tier, **shares))
    if not parts:
        return words.text("Goal reached, in number and in value: no data.")
    return words.text("Goal reached: {rows}.", rows="; ".join(parts))
