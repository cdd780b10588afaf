"""How a metric moved from period to period: its interval, what was agreed, and on how many cases it rests."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from slanb.dictionary.messages import Message
from slanb.dictionary.wording import Wording
from slanb.plots import style

NUMBERS = ["value", "low", "high", "agreed", "n"]
CLOCKS = {"cohort": (style.BLUE, style.BLUE, "o"), "closing": (style.ORANGE, style.BROWN, "s")}


def plot_trends(frame: pd.DataFrame, *, words: Wording, axes: Sequence[Axes] | None = None) -> np.ndarray:
    """Several metrics by period, one above the other: dots on a line, intervals as pale bars, young cohorts
    hollow.

    Below each other rather than in a row: months stay under months, and a telephone can show them.

    Parameters
    ----------
    frame : tidy, columns `metric` (`close_rate`, `deal_size`, `marketing_share`, ...), `period`, `value`,
        `low`, `high`, `agreed` (it may change over time), `n` (cases) and `young` (true while a cohort's
        outcome is still open). Metrics are drawn in the order in which they come.
    axes : one for each metric; a new figure's if none.

    Returns
    -------
    The axes, one for each metric; places 0, 1, 2, ... on the x axis.
    """
    frame = style.plain(frame, numbers=NUMBERS, others=["metric", "period", "young"])
    metrics = list(frame["metric"].unique())
    periods = sorted(frame["period"].unique())
    if axes is None:
        figure = style.figure(1.0 + 1.75 * max(len(metrics), 1))
        axes = figure.subplots(max(len(metrics), 1), squeeze=False)[:, 0]
    if not metrics:
        with style.drawing(axes[0]) as drawn:
            style.nothing(drawn, frame, "", words)
    for place, (metric, ax) in enumerate(zip(metrics, axes, strict=bool(metrics))):
        part = frame[frame["metric"] == metric].set_index("period").reindex(periods).reset_index()
        subject, unit = style.subject_of(metric, words)
        with style.drawing(ax) as drawn:
            style.period_axis(drawn, periods, words, share_of_width=0.8)
            _trend(drawn, part, unit, words)
            drawn.tick_params(labelbottom=place == len(metrics) - 1)
            drawn.set_ylabel(words.unit(unit))
            style.headline(drawn, subject, legend=place == 0, note=_cases(part, words))
    return np.asarray(axes)


def _trend(ax: Axes, frame: pd.DataFrame, unit: str, words: Wording) -> None:
    young = style.flags(frame, "young")
    ax.vlines(frame.index, frame["low"], frame["high"], label=words.say("plots.interval"), **style.INTERVAL)
    _dots(ax, frame["value"], young, words, color=style.BLUE, marker="o")
    style.value_axis(ax, "y", unit, words, zero=False)
    promised, mature = frame["agreed"].dropna(), frame["value"].where(~young).dropna()
    if len(promised):
        text = words.say("plots.trend_agreed", amount=style.short(promised.iloc[-1], unit, words))
        style.stepped(ax, frame["agreed"], text, **style.AGREED)
    low, high = ax.get_ylim()
    low = 0 if low < high / 2 else low  # a narrow band far above zero is shown for itself
    ax.set_ylim(low, high + 0.22 * (high - low))
    if len(mature):  # young ones are not yet what they will be
        text = style.short(mature.iloc[-1], unit, words)
        look = {"color": style.BLUE, "fontweight": "bold", "fontsize": 10, "xytext": (0, 8)}
        style.above(ax, mature.index[-1], mature.iloc[-1], text, **look)


def _dots(ax: Axes, values: pd.Series, young: pd.Series, words: Wording, *, color: str, marker: str) -> None:
    """Full dots on a line; from the first young one on hollow dots, dashed."""
    look = {"color": color, "marker": marker, "markersize": 7}
    ax.plot(values, color=color, linewidth=1.2, linestyle=(0, (2, 2)))
    ax.plot(values.where(~young), linewidth=2, **look)
    if young.any():
        look |= {"markerfacecolor": "white", "markeredgewidth": 1.8, "linestyle": ""}
        ax.plot(values.where(young), label=words.say("plots.young"), **look)


def _cases(frame: pd.DataFrame, words: Wording) -> str:
    n = frame["n"].dropna() if "n" in frame else pd.Series(dtype=float)
    if n.empty:
        return ""
    ends = [style.short(end, "count", words) for end in (n.min(), n.max())]
    return words.say("plots.cases_each" if ends[0] == ends[1] else "plots.cases", low=ends[0], high=ends[1])


def says_trends(frame: pd.DataFrame, *, words: Wording) -> str:
    """What `plot_trends` shows, metric by metric: the latest mature period, what was agreed, the range."""
    frame = style.plain(frame, numbers=NUMBERS, others=["metric", "period", "young"])
    parts = [_trend_said(metric, part, words) for metric, part in frame.groupby("metric", sort=False)]
    return " ".join(parts) or words.say("plots.no_data")


def _trend_said(metric: str, frame: pd.DataFrame, words: Wording) -> str:
    subject, unit = style.subject_of(metric, words)
    young = style.flags(frame, "young")
    mature = frame[~young & frame["value"].notna()]
    if mature.empty:
        return words.say("plots.trend_none", subject=subject)
    latest = mature.iloc[-1]
    amount = words.value(latest["value"], unit)
    if latest[["low", "high"]].notna().all():
        span = style.span(latest["low"], latest["high"], unit, words)
        amount = words.say("plots.with_span", amount=amount, span=span)
    title = style.by_period(subject, frame["period"], words)
    key = "plots.trend" if pd.isna(latest["agreed"]) else "plots.trend_promised"
    numbers = {"title": title, "period": latest["period"], "amount": amount}
    sentences = [words.say(key, **numbers, agreed=words.value(latest["agreed"], unit))]
    if len(mature) > 1:
        low, high = (words.value(end, unit) for end in (mature["value"].min(), mature["value"].max()))
        key = "plots.trend_same" if low == high else "plots.trend_range"
        sentences.append(words.say(key, low=low, high=high, n=len(mature)))
    return " ".join(sentences + _still_open(frame, words))


def _still_open(frame: pd.DataFrame, words: Wording) -> list[str]:
    young = list(frame.loc[style.flags(frame, "young"), "period"])
    return [words.say("plots.still_young", n=len(young), periods=young)] if young else []


def plot_two_clocks(frame: pd.DataFrame, *, words: Wording, ax: Axes | None = None) -> Axes:
    """The close rate on both clocks, which are never mixed: by the leads' month, and by the closings'.

    Parameters
    ----------
    frame : columns `period`, `cohort` (customers among the leads created in the period, by as-of, / those
        leads), `closing` (customers closed in the period / leads created in it), `young` (true while the
        cohort's outcome is still open); `n` (leads created), if there, is shown, and so is the cohort's rate
        `corrected` for its age, with `low` and `high`.

    Returns
    -------
    The axes: cohort basis as blue dots, young ones hollow; closing basis as orange squares.
    """
    frame, aged = _clocks(frame)
    with style.drawing(ax) as ax:
        title = style.by_period(words.say("plots.clocks_title"), frame["period"], words)
        if style.nothing(ax, frame, title, words):
            return ax
        style.period_axis(ax, frame["period"], words, share_of_width=0.85)
        if aged:
            ax.vlines(
                frame.index, frame["low"], frame["high"], label=words.say("plots.corrected"), **style.INTERVAL
            )
            ax.plot(frame["corrected"], color=style.INK, marker="_", markersize=9, linestyle="")
        for column, (color, ink, marker) in CLOCKS.items():
            young = style.flags(frame, "young") & (column == "cohort")
            _dots(ax, frame[column], young, words, color=color, marker=marker)
            known = frame[column].dropna()
            if len(known):
                look = {"color": ink, "fontweight": "bold", "fontsize": 10}
                style.beside(ax, len(frame) - 0.5, known.iloc[-1], words.say(f"plots.clock_{column}"), **look)
        style.value_axis(ax, "y", "share", words)
        ax.set_ylabel(words.say("plots.map_rate"))
        ax.set_xlabel(_cases(frame, words))
        style.headline(ax, title, legend=True)
    return ax


def _clocks(frame: pd.DataFrame) -> tuple[pd.DataFrame, bool]:
    """The frame, and whether there are rates corrected for age in it."""
    more = ["corrected", "low", "high"] if "corrected" in frame else []
    frame = style.plain(
        frame, numbers=["cohort", "closing", *more, *["n"] * ("n" in frame)], others=["period"]
    )
    return frame, bool(more) and frame["corrected"].notna().any()


def says_two_clocks(frame: pd.DataFrame, *, words: Wording) -> str:
    """What `plot_two_clocks` shows: both rates in the latest period that both can judge, and young ones."""
    frame, aged = _clocks(frame)
    young = style.flags(frame, "young")
    mature = frame[~young & frame["cohort"].notna() & frame["closing"].notna()]
    if mature.empty:
        return words.say("plots.clocks_none")
    latest = mature[["period", "cohort", "closing"]].iloc[-1].to_dict()
    rates = words.say("plots.clocks", gap=latest["closing"] - latest["cohort"], **latest)
    sentences = [rates, *_still_open(frame, words)]
    corrected = frame[young & frame["corrected"].notna()] if aged else frame[:0]
    if len(corrected):
        last = corrected.iloc[-1]
        span = style.span(last["low"], last["high"], "share", words)
        reads = Message("plots.with_span", amount=words.share(last["corrected"]), span=span)
        sentences.append(words.say("plots.clocks_corrected", period=last["period"], amount=reads))
    return " ".join(sentences)
