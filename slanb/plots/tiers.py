"""Tiers side by side: what a lead of each is worth, and how much of each goal was reached."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from slanb.dictionary.wording import Wording
from slanb.plots import fitted, style

VALUES = ["agreed", "realised", "low", "high", "n"]


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
    frame = style.plain(frame, numbers=VALUES, names=["tier"], words=words)
    with style.drawing(ax, height=1.5 + 0.55 * max(len(frame), 1), grid="x") as ax:
        title = words.say("plots.values_title")
        if style.nothing(ax, frame, title, words):
            return ax
        ax.hlines(
            frame.index, frame["low"], frame["high"], label=words.say("plots.interval"), **style.INTERVAL
        )
        dots = {
            "realised": {"color": style.BLUE, "marker": "o", "markersize": 9},
            "agreed": {"color": style.INK, "marker": "D", "markersize": 8, "markerfacecolor": "none"},
        }
        for column, look in dots.items():
            look |= {"linestyle": "", "clip_on": False, "markeredgewidth": 2}
            ax.plot(frame[column], frame.index, label=words.say(f"plots.{column}"), **look)
        for row in frame[frame["realised"].isna()].itertuples():
            look = {"color": style.MUTED, "fontstyle": "italic", "xytext": (12, 0)}
            style.beside(ax, np.nan_to_num(row.agreed), row.Index, words.say("plots.too_few"), **look)
        style.value_axis(ax, "x", "money per lead", words)
        names = zip(frame["tier"], frame["n"], strict=True)
        style.rows_axis(
            ax, [words.say("plots.values_tier", tier=fitted.wrapped(tier), n=n) for tier, n in names]
        )
        ax.set_xlabel(words.unit("money per lead"))
        style.headline(ax, title, share=0.71, legend=True)
    return ax


def says_lead_values(frame: pd.DataFrame, *, words: Wording) -> str:
    """What `plot_lead_values` shows: each tier's realised value, its interval, and what was agreed."""
    frame = style.plain(frame, numbers=VALUES, names=["tier"], words=words)
    sentences = []
    for row in frame.itertuples():
        if pd.isna(row.realised):
            key = "unknown"
        elif pd.isna(row.agreed):
            key = "not_agreed"
        elif pd.isna(row.low):
            key = "untold"
        else:
            key = "above" if row.agreed < row.low else "below" if row.agreed > row.high else "in_line"
        amounts = {column: getattr(row, column) for column in ("realised", "agreed")}
        sentences.append(words.say(f"plots.values_{key}", tier=row.tier, **amounts))
    return " ".join(sentences) or words.say("plots.nothing", title=words.say("plots.values_title"))


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
    frame = style.plain(frame, numbers=["number", "value"], names=["tier"], words=words)
    with style.drawing(ax, height=1.5 + 0.66 * max(len(frame), 2), grid="x") as ax:
        title = words.say("plots.reached_title")
        if style.nothing(ax, frame, title, words):
            return ax
        looks = {"number": (-0.19, {"color": style.BLUE}), "value": (0.19, style.HATCHED_ORANGE)}
        for column, (shift, look) in looks.items():
            rows, reached = frame.index + shift, frame[column].fillna(0)
            ax.barh(rows, reached, height=0.36, label=words.say(f"plots.reached_{column}"), **look)
            for row, end, share in zip(rows, reached, frame[column], strict=True):
                style.beside(ax, max(end, 0), row, words.share(share, 0))
        ax.axvline(1, color=style.INK, linewidth=1.4)
        style.value_axis(ax, "x", "share", words)
        ax.set_xlim(0, max(1.1, 1.12 * np.nanmax([1, *frame["number"], *frame["value"]])))
        style.rows_axis(ax, [fitted.wrapped(tier) for tier in frame["tier"]])
        ax.set_xlabel(words.say("plots.reached_axis"))
        style.headline(ax, title, share=0.71, legend=True, line=(1, words.say("plots.whole_goal")))
    return ax


def says_attainment(frame: pd.DataFrame, *, words: Wording) -> str:
    """What `plot_attainment` shows: the share of its goal each row reached, in number and in value."""
    frame = style.plain(frame, numbers=["number", "value"], names=["tier"], words=words)
    none = frame[["number", "value"]].isna().all(axis=1)
    rows = zip(none, frame[["tier", "number", "value"]].to_dict("records"), strict=True)
    sentences = [
        words.say("plots.reached_no_goal" if no_goal else "plots.reached", **row) for no_goal, row in rows
    ]
    return " ".join(sentences) or words.say("plots.nothing", title=words.say("plots.reached_title"))
