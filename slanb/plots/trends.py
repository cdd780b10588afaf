"""How a metric moved from period to period: its interval, what was agreed, and on how many cases it rests.

Floor 3.
"""

from collections.abc import Sequence

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from slanb.dictionary.figures import Unit
from slanb.dictionary.wording import Wording
from slanb.plots import style


def plot_trend(
    frame: pd.DataFrame,
    *,
    value: str,
    low: str | None = None,
    high: str | None = None,
    agreed: str | float | None = None,
    unit: Unit | None = None,
    subject: str | None = None,
    words: Wording,
    ax: Axes | None = None,
) -> Axes:
    """A metric by period: dots on a line, their intervals as pale bars, young cohorts hollow.

    Parameters
    ----------
    frame : columns `period` (label) and `value`; where there are any, `young` (true while a cohort's outcome
        is still open) and `n` (cases), which are shown too. One row a period, in order.
    low, high : names of the interval's columns.
    agreed : name of a column (it may change over time) or one number for all periods.
    unit, subject : known for the field's own columns.

    Returns
    -------
    The axes: places 0, 1, 2, ... on the x axis.
    """
    known_subject, known_unit = style.subject_of(value, words)
    subject, unit = subject or known_subject, unit or known_unit
    frame = style.plain(frame, numbers=_numbers(frame, value, low, high, agreed), others=["period"])
    with style.drawing(ax) as ax:
        if frame.empty:
            style.empty(ax, words)
            style.headline(ax, subject)
            return ax
        _trend(ax, frame, value, low, high, _agreed(frame, agreed), unit, words)
        style.period_axis(ax, frame["period"], words, share_of_width=0.85)
        ax.set_ylabel(style.with_unit(subject, unit, words))
        ax.set_xlabel(_cases(frame, words))
        style.headline(ax, style.by_period(subject, frame["period"], words), legend=True)
    return ax


def _trend(
    ax: Axes,
    frame: pd.DataFrame,
    value: str,
    low: str | None,
    high: str | None,
    agreed: pd.Series,
    unit: Unit,
    words: Wording,
) -> None:
    if low is not None and high is not None:
        look = {"color": style.PALE_BLUE, "linewidth": 7, "label": words.text("interval")}
        ax.vlines(frame.index, frame[low], frame[high], **look)
    _dots(ax, frame[value], _young(frame), words, color=style.BLUE, marker="o")
    ax.plot(*style.steps(agreed), color=style.INK, linestyle=(0, (5, 2)), linewidth=1.4)
    style.value_axis(ax, "y", unit, words, zero=False)
    style.from_zero_if_near(ax)
    mature, promised = frame[value].where(~_young(frame)).dropna(), agreed.dropna()
    if len(mature):  # young ones are not yet what they will be
        text, at = style.short(mature.iloc[-1], unit, words), (mature.index[-1], mature.iloc[-1])
        look = {"color": style.BLUE, "fontweight": "bold", "textcoords": "offset points"}
        box = {"facecolor": "white", "edgecolor": "none", "pad": 0.8, "alpha": 0.8}
        ax.annotate(text, at, (0, 9), ha="center", va="bottom", bbox=box, **look)
    if len(promised):
        text = words.text("agreed {amount}", amount=style.short(promised.iloc[-1], unit, words))
        style.name_ends(ax, [(promised.iloc[-1], text, style.INK)], len(frame) - 0.4)


def _numbers(frame: pd.DataFrame, *columns: str | float | None) -> list[str]:
    """The columns meant by name, and the cases where they are told."""
    return [column for column in columns if isinstance(column, str)] + ["n"] * ("n" in frame)


def _young(frame: pd.DataFrame) -> pd.Series:
    return frame["young"].eq(True) if "young" in frame else pd.Series(False, index=frame.index)


def _agreed(frame: pd.DataFrame, agreed: str | float | None) -> pd.Series:
    if isinstance(agreed, str):
        return frame[agreed].astype(float)
    return pd.Series(np.nan if agreed is None else float(agreed), index=frame.index)


def _dots(ax: Axes, values: pd.Series, young: pd.Series, words: Wording, *, color: str, marker: str) -> None:
    """Full dots on a line; from the first young one on hollow dots, dashed."""
    ax.plot(values.index, values, color=color, linewidth=1.2, linestyle=(0, (2, 2)))
    ax.plot(values.index, values.where(~young), color=color, linewidth=2, marker=marker, markersize=7)
    if young.any():
        hollow = {"markerfacecolor": "white", "markeredgewidth": 1.8, "linestyle": ""}
        name = words.text("young: outcome still open")
        known = name in ax.get_legend_handles_labels()[1]
        label = None if known else name
        ax.plot(
            values.index, values.where(young), color=color, marker=marker, markersize=7, label=label, **hollow
        )


def _cases(frame: pd.DataFrame, words: Wording) -> str:
    n = frame["n"].dropna() if "n" in frame else pd.Series(dtype=float)
    if n.empty:
        return ""
    low, high = words.number(n.min()), words.number(n.max())
    if low == high:
        return words.text("n = {n} in each period", n=low)
    return words.text("n = {low} to {high} in a period", low=low, high=high)


def plot_trends(frame: pd.DataFrame, *, words: Wording, axes: Sequence[Axes] | None = None) -> np.ndarray:
    """Several metrics as `plot_trend` draws them, one above the other over the same periods.

    Below each other rather than in a row: months stay under months, and a telephone can show them.

    Parameters
    ----------
    frame : tidy, columns `metric` (`close_rate`, `deal_size`, `marketing_share`, ...), `period`, `value`,
        `low`, `high`, `agreed`, `n`, `young`. Metrics are drawn in the order in which they come.
    axes : one for each metric; a new figure's if none.

    Returns
    -------
    The axes, one for each metric.
    """
    metrics = list(frame["metric"].unique())
    periods = sorted(frame["period"].unique(), key=pd.Period)
    if axes is None:
        figure = plt.figure(figsize=(style.WIDTH, 1.0 + 1.75 * max(len(metrics), 1)), layout="constrained")
        axes = figure.subplots(max(len(metrics), 1), squeeze=False)[:, 0]
    if not metrics:
        with style.drawing(axes[0]) as drawn:
            style.empty(drawn, words)
    for place, (metric, ax) in enumerate(zip(metrics, axes, strict=bool(metrics))):
        part = frame[frame["metric"] == metric].set_index("period").reindex(periods).reset_index()
        part = style.plain(part, numbers=["value", "low", "high", "agreed", "n"], others=["young"])
        subject, unit = style.subject_of(metric, words)
        with style.drawing(ax) as drawn:
            _trend(drawn, part, "value", "low", "high", _agreed(part, "agreed"), unit, words)
            style.period_axis(drawn, periods, words, share_of_width=0.8)
            if place < len(metrics) - 1:
                drawn.tick_params(labelbottom=False)
            drawn.set_ylabel(style.unit_name(unit, words))
            style.headline(drawn, subject, legend=place == 0, note=_cases(part, words))
    return np.asarray(axes)


def plot_two_clocks(frame: pd.DataFrame, *, words: Wording, ax: Axes | None = None) -> Axes:
    """The close rate on both clocks, which are never mixed: by the leads' month, and by the closings'.

    Parameters
    ----------
    frame : columns `period`, `cohort` (customers among the leads created in the period, by as-of, / those
        leads), `closing` (customers closed in the period / leads created in it), `young` (true while the
        cohort's outcome is still open); `n` (leads created), if there, is shown.

    Returns
    -------
    The axes: cohort basis as blue dots, young ones hollow; closing basis as orange squares.
    """
    subject, unit = style.subject_of("close_rate", words)
    aged = ["corrected", "low", "high"] if "corrected" in frame else []
    frame = style.plain(frame, numbers=_numbers(frame, "cohort", "closing", *aged), others=["period"])
    with style.drawing(ax) as ax:
        if frame.empty:
            style.empty(ax, words)
            style.headline(ax, subject)
            return ax
        clocks = {
            "cohort": (words.text("by creation\n(cohort basis)"), style.BLUE, "o", _young(frame)),
            "closing": (words.text("by closing\n(closing basis)"), style.ORANGE, "s", _young(frame) & False),
        }
        names = []
        if aged and frame["corrected"].notna().any():
            name = words.text("corrected for age, with interval")
            ax.vlines(
                frame.index, frame["low"], frame["high"], color=style.PALE_BLUE, linewidth=7, label=name
            )
            ax.plot(frame["corrected"], color=style.INK, marker="_", markersize=9, linestyle="")
        for column, (name, color, marker, young) in clocks.items():
            _dots(ax, frame[column], young, words, color=color, marker=marker)
            known = frame[column].dropna()
            if len(known):
                names.append((known.iloc[-1], name, style.BROWN if color == style.ORANGE else color))
        style.value_axis(ax, "y", unit, words)
        style.period_axis(ax, frame["period"], words, share_of_width=0.85)
        ax.set_ylabel(style.with_unit(subject, unit, words))
        ax.set_xlabel(_cases(frame, words))
        style.name_ends(ax, names, len(frame) - 0.4)
        title = words.text("Close rate on two clocks")
        style.headline(ax, style.by_period(title, frame["period"], words), legend=True)
    return ax


def says_trend(
    frame: pd.DataFrame,
    *,
    value: str,
    low: str | None = None,
    high: str | None = None,
    agreed: str | float | None = None,
    unit: Unit | None = None,
    subject: str | None = None,
    words: Wording,
) -> str:
    """What `plot_trend` shows of the same frame: the latest mature period, what was agreed, the range."""
    known_subject, known_unit = style.subject_of(value, words)
    subject, unit = subject or known_subject, unit or known_unit
    frame = style.plain(frame, numbers=_numbers(frame, value, low, high, agreed), others=["period"])
    mature = frame[~_young(frame) & frame[value].notna()]
    if mature.empty:
        return words.text("{subject}: no period is old enough to judge.", subject=subject)
    latest = mature.iloc[-1]
    parts = [
        words.text(
            "{title}: {amount} in {period}",
            title=style.by_period(subject, frame["period"], words),
            amount=words.value(latest[value], unit),
            period=words.period(latest["period"]),
        )
    ]
    if low is not None and high is not None and pd.notna(latest[low]) and pd.notna(latest[high]):
        ends = {"low": words.value(latest[low], unit), "high": words.value(latest[high], unit)}
        parts.append(words.text("its interval is {low} to {high}", **ends))
    promised = _agreed(frame, agreed)[latest.name]
    if pd.notna(promised):
        parts.append(words.text("agreed was {amount}", amount=words.value(promised, unit)))
    if len(mature) > 1:
        ends = {"low": words.value(mature[value].min(), unit), "high": words.value(mature[value].max(), unit)}
        count = words.number(len(mature))
        parts.append(words.text("between {low} and {high} over {count} periods", count=count, **ends))
    return "; ".join(parts + _still_open(frame, words)) + "."


def _still_open(frame: pd.DataFrame, words: Wording) -> list[str]:
    young = frame.loc[_young(frame), "period"]
    if young.empty:
        return []
    names = words.join([words.period(period) for period in young])
    return [words.plural("{periods} is still young", "{periods} are still young", len(young), periods=names)]


def says_trends(frame: pd.DataFrame, *, words: Wording) -> str:
    """What `plot_trends` shows of the same frame: a sentence for each metric."""
    if frame.empty:
        return words.text("No data for this figure") + "."
    return " ".join(
        says_trend(
            part.rename(columns={"value": metric}),
            value=metric,
            low="low",
            high="high",
            agreed="agreed",
            words=words,
        )
        for metric, part in frame.groupby("metric", sort=False)
    )


def says_two_clocks(frame: pd.DataFrame, *, words: Wording) -> str:
    """What `plot_two_clocks` shows of the same frame: both rates in the latest period that both can judge."""
    frame = style.plain(frame, numbers=_numbers(frame, "cohort", "closing"), others=["period"])
    mature = frame[~_young(frame) & frame["cohort"].notna() & frame["closing"].notna()]
    if mature.empty:
        return words.text("Close rate on two clocks: no period is old enough to compare.")
    latest = mature.iloc[-1]
    said = words.text(
        "{period}: of the leads created then {cohort} have become customers (cohort); the customers who "
        "closed then are {closing} of the leads created then (closing), a difference of {gap}",
        period=words.period(latest["period"]),
        cohort=words.share(latest["cohort"]),
        closing=words.share(latest["closing"]),
        gap=words.change(latest["closing"] - latest["cohort"], "share"),
    )
    return "; ".join([said, *_still_open(frame, words), *_corrected(frame, words)]) + "."


def _corrected(frame: pd.DataFrame, words: Wording) -> list[str]:
    young = frame[_young(frame)]
    if "corrected" not in frame or young.empty or young["corrected"].isna().all():
        return []
    latest = young[young["corrected"].notna()].iloc[-1]
    return [
        words.text(
            "corrected for its age {period} reads {corrected} ({low} to {high})",
            period=words.period(latest["period"]),
            **{key: words.share(latest[key]) for key in ("corrected", "low", "high")},
        )
    ]
