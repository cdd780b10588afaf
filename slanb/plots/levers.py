"""What moves the answer: each lever from its low to its high end, the longest bar on top (a tornado)."""

import math

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.text import Annotation

from slanb.dictionary.messages import Message
from slanb.dictionary.wording import Wording
from slanb.plots import fitted, style

HALF = 0.28  # of a bar's height, in rows
ROOM = 34  # points for a row


def plot_levers(
    frame: pd.DataFrame,
    *,
    base: float,
    base_name: str | None = None,
    words: Wording,
    ax: Axes | None = None,
) -> Axes:
    """A bar for each lever, from the leads needed at its low end to those at its high end, around the plan.

    Parameters
    ----------
    frame : columns `lever` (its name), `low` and `high` (leads needed at the lever's low and high end; NaN
        or infinite where that end is impossible) and `low_at`, `high_at` (those ends in words: "4.0%").
    base : leads needed as agreed.
    base_name : what `base` is called; "agreed" if left out.

    Returns
    -------
    The axes; lever names on the left, at each end the lever's value and the result there. Where both ends
    lie on one side of the plan, a pale bar leads from the plan to the nearer one, which is named above it.
    """
    ranked = _ranked(frame, base, words)
    with style.drawing(ax, height=1.5 + 0.5 * max(len(ranked), 1), grid="x") as ax:
        title = words.say("plots.levers_title")
        if style.nothing(ax, ranked, title, words):
            return ax
        for place, lever in enumerate(ranked.itertuples()):
            for (start, stop), color in zip(_bars(lever, base), (style.BLUE, style.PALE_BLUE), strict=True):
                ax.barh(place, stop - start, left=start, height=2 * HALF, color=color)
            for label in _labels(place, lever, base, words):
                at = {"xytext": (0, 0), "textcoords": "offset points", "annotation_clip": False, "gid": "end"}
                _place(ax.annotate("", (0, 0), fontsize=fitted.SMALL, bbox=style.WHITE, **at), *label)
        ax.axvline(base, color=style.INK, linewidth=1.4)
        style.value_axis(ax, "x", "leads", words, zero=False)
        _room_for_labels(ax, ranked, base, words)
        style.rows_axis(ax, [fitted.wrapped(name) for name in ranked["lever"]], pad=5, above=0.75)
        ax.set_xlabel(words.say("plots.levers_axis"))
        style.headline(ax, title, share=0.71, line=(base, _base_label(base, base_name, words)))
    return ax


def move_levers(
    ax: Axes, frame: pd.DataFrame, *, base: float, base_name: str | None = None, words: Wording
) -> Axes:
    """Moves what `plot_levers` drew on `ax` to other numbers of as many levers; nothing is drawn anew.

    Raises
    ------
    ValueError : if there are more or fewer levers than were drawn.
    """
    ranked = _ranked(frame, base, words)
    if len(ax.patches) != 2 * len(ranked):
        raise ValueError(f"{len(ax.patches) // 2} levers were drawn, but {len(ranked)} are given")
    for place, lever in enumerate(ranked.itertuples()):
        for (start, stop), bar in zip(_bars(lever, base), ax.patches[2 * place : 2 * place + 2], strict=True):
            bar.set(x=start, width=stop - start)
        drawn = list(ax.texts)[2 * place : 2 * place + 2]
        for text, label in zip(drawn, _labels(place, lever, base, words), strict=True):
            _place(text, *label)
    ax.lines[0].set_xdata([base, base])
    ax.texts[-1].set_text(_base_label(base, base_name, words))
    ax.texts[-1].xy = (base, 1)
    _room_for_labels(ax, ranked, base, words)
    names = [fitted.wrapped(name) for name in ranked["lever"]]
    if names != [label.get_text() for label in ax.get_yticklabels()]:
        ax.set_yticks(range(len(ranked)), names)
    return ax


def _base_label(base: float, name: str | None, words: Wording) -> str:
    name = name or words.say("plots.agreed")
    return words.say("plots.levers_base", name=name, amount=style.short(base, "leads", words))


def _ranked(frame: pd.DataFrame, base: float, words: Wording) -> pd.DataFrame:
    """The levers in words, the one that leads farthest from end to end, the plan included, first."""
    names = ["lever", "low_at", "high_at"]
    known = style.plain(frame, numbers=["low", "high"], names=names, words=words)
    known = known.replace([np.inf, -np.inf], np.nan)
    ends = known[["low", "high"]].assign(base=base)
    possible = known[["low", "high"]].notna().all(axis=1)
    return known.assign(swing=(ends.max(axis=1) - ends.min(axis=1)).where(possible)).sort_values(
        "swing", ascending=False, kind="stable", na_position="first", ignore_index=True
    )


def _ends(lever, base: float) -> list[tuple[float, float, str]]:
    """(place, result, lever's value), the lesser result first; an impossible end stays at the plan."""
    ends = [(lever.low, lever.low_at), (lever.high, lever.high_at)]
    return sorted((base if math.isnan(result) else result, result, at) for result, at in ends)


def _bars(lever, base: float) -> list[tuple[float, float]]:
    """From result to result; and from the plan to the nearer one, where both lie on one side of it."""
    (low, *_), (high, *_) = _ends(lever, base)
    return [(low, high), (base, min(max(base, low), high))]


def _labels(place: int, lever, base: float, words: Wording) -> list[tuple]:
    """Each end's label: text, point, offset and alignment. Beside its end; the end that lies between the
    plan and the other one is named above the bar, from its own place on."""
    (low, *_), (high, *_) = ends = _ends(lever, base)
    labels = []
    for right, (edge, result, at) in enumerate(ends):
        key = "plots.levers_impossible" if math.isnan(result) else "plots.levers_at"
        text = words.say(key, at=at, result=style.short(result, "leads", words))
        between = high < base if right else base < low
        outward, inward = ("left", "right") if right else ("right", "left")
        if between:
            labels.append((text, (edge, place - HALF), (0, 2), inward, "bottom"))
        else:
            labels.append((text, (edge, place), (6 if right else -6, 0), outward, "center"))
    return labels


def _place(text: Annotation, words: str, at: tuple, offset: tuple, ha: str, va: str) -> None:
    text.set(text=words, ha=ha, va=va)
    text.xy, text.xyann = at, offset


def _room_for_labels(ax: Axes, ranked: pd.DataFrame, base: float, words: Wording) -> None:
    """Widens the axis until the labels beside the bars fit in; only the range of results is marked."""
    labels = [label for lever in ranked.itertuples() for label in _labels(0, lever, base, words)]
    edges = [base, *(at[0] for _, at, *_ in labels)]
    low, high = min(edges), max(edges)
    if low == high:
        low, high = low - 1, high + 1
    wide = fitted.points_wide(ax) * 0.75  # names of levers take the rest
    left, right = low, high
    for _ in range(30):  # wider axes make the same label longer in their units: settles quickly
        a_point = min(right - left, 6 * (high - low)) / wide
        reach = [(at[0], (fitted.letters(text) + 6) * a_point, ha) for text, at, _, ha, _ in labels]
        left = min(low, *(edge - size for edge, size, ha in reach if ha == "right"), high)
        right = max(high, *(edge + size for edge, size, ha in reach if ha == "left"), low)
    ax.set_xlim(left, right)
    ax.xaxis.get_major_locator().within = (low, high)


def says_levers(frame: pd.DataFrame, *, base: float, base_name: str | None = None, words: Wording) -> str:
    """What `plot_levers` shows: the leads needed, and what moves them most and least."""
    ranked = _ranked(frame, base, words)
    if ranked.empty:
        return words.say("plots.nothing", title=words.say("plots.levers_title"))
    key = "plots.levers_named" if base_name else "plots.levers_agreed"
    sentences = [words.say(key, name=base_name, leads=base)]
    for place, key in ((0, "plots.levers_most"), (-1, "plots.levers_least")):
        lever = ranked.iloc[place]
        if key == "plots.levers_most" or len(ranked) > 1:
            sentences.append(words.say(key, lever=lever["lever"], ends=_ends_said(lever, words)))
    return " ".join(sentences)


def _ends_said(lever: pd.Series, words: Wording) -> list[Message]:
    return [
        Message(
            "plots.levers_end_impossible" if math.isnan(lever[end]) else "plots.levers_end",
            result=style.short(lever[end], "leads", words),
            at=lever[f"{end}_at"],
        )
        for end in ("low", "high")
    ]
