"""What moves the answer: each lever from its low to its high end, the longest bar on top (a tornado).

Floor 3.
"""

import math

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from slanb.dictionary.figures import Unit
from slanb.dictionary.wording import Wording
from slanb.plots import style


def plot_levers(
    frame: pd.DataFrame,
    *,
    base: float,
    unit: Unit = "leads",
    subject: str | None = None,
    base_name: str | None = None,
    words: Wording,
    ax: Axes | None = None,
) -> Axes:
    """A bar for each lever, from the result at its low end to the result at its high end, around the plan.

    Parameters
    ----------
    frame : columns `lever` (its name), `low` and `high` (what results at the lever's low and high end; NaN
        or infinite where that end is impossible) and `low_at`, `high_at` (those ends in words: "4.0%").
    base : what results as agreed.
    unit, subject : of `low`, `high` and `base`; leads needed unless told otherwise.
    base_name : what `base` is called; "agreed" if left out.

    Returns
    -------
    The axes; lever names on the left, beside each end of a bar the lever's value and the result there.
    """
    ranked = _ranked(frame)
    with style.drawing(ax, height=1.4 + 0.5 * max(len(ranked), 1), grid="x") as ax:
        title = words.text("What moves the goal most")
        if ranked.empty:
            style.empty(ax, words)
            style.headline(ax, title)
            return ax
        labels = []
        for place, lever in enumerate(ranked.itertuples()):
            labels += _bar(ax, place, lever, base, unit, words)
        ax.axvline(base, color=style.INK, linewidth=1.4)
        style.value_axis(ax, "x", unit, words, zero=False)
        _room_for_labels(ax, labels)
        ax.set_yticks(range(len(ranked)), [style.wrapped(name, words) for name in ranked["lever"]])
        ax.tick_params(axis="y", labelcolor=style.INK)
        ax.set_ylim(len(ranked) - 0.5, -0.5)
        ax.set_xlabel(style.with_unit(subject or words.text("Leads needed"), unit, words))
        style.headline(ax, title, wide=44, line=(base, _base_label(base, unit, base_name, words)))
    return ax


def move_levers(
    ax: Axes,
    frame: pd.DataFrame,
    *,
    base: float,
    unit: Unit = "leads",
    base_name: str | None = None,
    words: Wording,
) -> Axes:
    """Moves what `plot_levers` drew on `ax` to other numbers of as many levers; nothing is drawn anew.

    Raises
    ------
    ValueError : if there are more or fewer levers than were drawn.
    """
    ranked = _ranked(frame)
    if len(ax.patches) != len(ranked):
        raise ValueError(f"{len(ax.patches)} levers were drawn, but {len(ranked)} are given")
    labels, texts = [], list(ax.texts)
    for place, (lever, bar) in enumerate(zip(ranked.itertuples(), ax.patches, strict=True)):
        start, stop, own = _reach(lever, base, unit, words)
        bar.set(x=start, width=stop - start)
        for text, (edge, label, _) in zip(texts[2 * place : 2 * place + 2], own, strict=True):
            text.set_text(label)
            text.xy = (edge, place)
        labels += own
    ax.lines[0].set_xdata([base, base])
    texts[-1].set_text(_base_label(base, unit, base_name, words))
    texts[-1].xy = (base, 1)
    _room_for_labels(ax, labels)
    names = [style.wrapped(name, words) for name in ranked["lever"]]
    if names != [label.get_text() for label in ax.get_yticklabels()]:
        ax.set_yticks(range(len(ranked)), names)
    return ax


def _base_label(base: float, unit: Unit, name: str | None, words: Wording) -> str:
    amount = style.short(base, unit, words)
    if name is None:
        return words.text("agreed: {amount}", amount=amount)
    return words.text("{name}: {amount}", name=name, amount=amount)


def _ranked(frame: pd.DataFrame) -> pd.DataFrame:
    known = style.plain(frame, numbers=["low", "high"], others=["lever", "low_at", "high_at"])
    known = known.replace([np.inf, -np.inf], np.nan)
    return known.assign(swing=(known["high"] - known["low"]).abs()).sort_values(
        "swing", ascending=False, kind="stable", na_position="first", ignore_index=True
    )


def _ends(lever, base: float) -> list[tuple[float, str]]:
    """(result, lever's value) at the lesser and the greater result; an impossible end stays at the plan."""
    ends = [(lever.low, lever.low_at), (lever.high, lever.high_at)]
    return sorted(ends, key=lambda end: base if math.isnan(end[0]) else end[0])


def _label(result: float, at: str, unit: Unit, words: Wording) -> str:
    if math.isnan(result):
        return words.text("{lever_value}: not possible", lever_value=at)
    return words.text("{lever_value}: {result}", lever_value=at, result=style.short(result, unit, words))


def _reach(
    lever, base: float, unit: Unit, words: Wording
) -> tuple[float, float, list[tuple[float, str, bool]]]:
    """Where the bar starts and stops, and its labels: (edge, text, to the right of it)."""
    (left, left_at), (right, right_at) = _ends(lever, base)
    start, stop = min(np.nanmin([left, base]), base), max(np.nanmax([right, base]), base)
    labels = [
        (start, _label(left, left_at, unit, words), False),
        (stop, _label(right, right_at, unit, words), True),
    ]
    return start, stop, labels


def _bar(
    ax: Axes, place: int, lever, base: float, unit: Unit, words: Wording
) -> list[tuple[float, str, bool]]:
    """Draws the bar and its labels, which it gives back: (edge, text, to the right of it)."""
    start, stop, labels = _reach(lever, base, unit, words)
    ax.barh(place, stop - start, left=start, height=0.56, color=style.BLUE)
    for edge, text, to_right in labels:
        style.beside(ax, edge, place, text, right=to_right, fontsize=9.5)
    return labels


def _room_for_labels(ax: Axes, labels: list[tuple[float, str, bool]]) -> None:
    """Widens the axis until the labels beside the bars fit in; only the range of results is marked."""
    edges = [edge for edge, *_ in labels]
    low, high = min(edges), max(edges)
    if low == high:
        low, high = low - 1, high + 1
    wide = style.points_wide(ax) * 0.75  # names of levers take the rest
    left, right = low, high
    for _ in range(30):  # wider axes make the same label longer in their units: settles quickly
        a_point = min(right - left, 6 * (high - low)) / wide
        left = min(
            low, *(edge - (len(text) * 5.8 + 10) * a_point for edge, text, to_right in labels if not to_right)
        )
        right = max(
            high, *(edge + (len(text) * 5.8 + 10) * a_point for edge, text, to_right in labels if to_right)
        )
    marks = MaxNLocator(4, steps=[1, 2, 5, 10]).tick_values(low, high)
    ax.set_xticks([mark for mark in marks if low <= mark <= high])
    ax.set_xlim(left, right)


def says_levers(
    frame: pd.DataFrame, *, base: float, unit: Unit = "leads", subject: str | None = None, words: Wording
) -> str:
    """What `plot_levers` shows of the same frame: the plan's result, and what moves it most and least."""
    subject = subject or words.text("Leads needed")
    if frame.empty:
        return words.text("{subject}: no data.", subject=subject)
    ranked = _ranked(frame)

    said = {
        "subject": subject,
        "base": words.value(base, unit, short=True),
        "lever": ranked["lever"].iloc[0],
        "ends": _ends_said(ranked.iloc[0], unit, words),
    }
    if len(ranked) == 1:
        return words.text("{subject} as agreed: {base}; depends on {lever} ({ends}).", **said)
    return words.text(
        "{subject} as agreed: {base}; depends most on {lever} ({ends}) and least on {least} ({least_ends}).",
        least=ranked["lever"].iloc[-1],
        least_ends=_ends_said(ranked.iloc[-1], unit, words),
        **said,
    )


def _ends_said(lever: pd.Series, unit: Unit, words: Wording) -> str:
    ends = []
    for result, at in ((lever["low"], lever["low_at"]), (lever["high"], lever["high_at"])):
        if math.isnan(result):
            ends.append(words.text("not possible at {lever_value}", lever_value=at))
        else:
            amount = words.value(result, unit, short=True)
            ends.append(words.text("{result} at {lever_value}", result=amount, lever_value=at))
    return words.join(ends)
