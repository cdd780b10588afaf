"""The leads goal for every close rate and deal size around the plan, as a map with level lines.

Floor 3.
"""

import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.colors import LogNorm

from slanb.dictionary.wording import Wording
from slanb.plots import style

Point = tuple[float, float]  # close rate, deal size
CHOSEN, LEVELS = "chosen", "levels"  # names of artists that can be moved
POINTS = (CHOSEN, "point")  # of those that lie on top of the map


def plot_goal_map(
    frame: pd.DataFrame,
    *,
    agreed: Point,
    measured: Point | None = None,
    chosen: Point | None = None,
    words: Wording,
    ax: Axes | None = None,
) -> Axes:
    """A map of leads needed over close rate and deal size, the plan's point and the measured one marked.

    Parameters
    ----------
    frame : long, columns `close_rate` (share), `deal_size` (money) and `leads` (NaN where impossible).
    agreed, measured : (close rate, deal size) as signed, and as recalculated where it could be.
    chosen : the pair of a scenario, which `move_goal_map` moves; none if left out.

    Returns
    -------
    The axes; darker is more leads, and each line joins the points that need equally many.
    """
    frame = style.plain(frame, numbers=["close_rate", "deal_size", "leads"])
    grid = frame.pivot_table(index="deal_size", columns="close_rate", values="leads", dropna=False)
    leads = np.ma.masked_invalid(grid.to_numpy(dtype=float))
    leads = np.ma.masked_less_equal(leads, 0)
    with style.drawing(ax, height=4.2, grid="") as ax:
        style.headline(ax, words.text("Leads needed, by close rate and deal size"))
        if min(leads.shape, default=0) > 1 and leads.count() > 1 and leads.min() < leads.max():
            rates, sizes = grid.columns.to_numpy(float), grid.index.to_numpy(float)
            norm = LogNorm(leads.min(), leads.max() * 2)  # never so dark that a label is lost
            shades, bands = (
                sns.light_palette(style.BLUE, as_cmap=True),
                np.geomspace(leads.min(), leads.max(), 40),
            )
            ax.contourf(rates, sizes, leads, levels=bands, cmap=shades, norm=norm)
            _level_lines(ax, rates, sizes, leads, words)
        style.value_axis(ax, "x", "share", words, zero=False)
        style.value_axis(ax, "y", "money", words, zero=False)
        ax.set_xlabel(words.text("Close rate (percent)"))
        ax.set_ylabel(words.text("Deal size ({currency})", currency=words.currency))
        _point(
            ax, agreed, words.text("agreed"), "D", above=not _is_point(measured) or agreed[1] >= measured[1]
        )
        if _is_point(measured):
            _point(ax, measured, words.text("measured"), "o", above=measured[1] > agreed[1])
        if chosen is not None:
            at = _inside(ax, chosen)
            ax.plot(*at, marker="*", markersize=16, color=style.ORANGE, markeredgecolor=style.INK, gid=CHOSEN)
            _name(ax, at, words.text("scenario"), (12, 0), ha="left", va="center", gid=CHOSEN)
    return ax


def move_goal_map(ax: Axes, frame: pd.DataFrame | None, *, chosen: Point, words: Wording) -> Axes:
    """Moves the scenario's point, and the level lines, of what `plot_goal_map` drew on `ax`.

    Parameters
    ----------
    frame : of the same close rates and deal sizes as drawn, its leads all larger or smaller by one factor, as
        those of another revenue goal are; so the shades still hold. None leaves the level lines as they are.
    chosen : the scenario's pair; one outside the map is shown at its edge.
    """
    at = _inside(ax, chosen)
    for artist in [*ax.lines, *ax.texts]:
        if artist.get_gid() == CHOSEN:
            if artist in ax.texts:
                artist.xy = at
            else:
                artist.set_data([at[0]], [at[1]])
    if frame is None:
        return ax
    grid = style.plain(frame, numbers=["close_rate", "deal_size", "leads"]).pivot_table(
        index="deal_size", columns="close_rate", values="leads", dropna=False
    )
    drawn = [lines for lines in ax.collections if lines.get_gid() == LEVELS]
    leads = grid.to_numpy(dtype=float)
    if drawn and np.isfinite(leads).all() and leads.min() > 0:
        drawn[0].remove()
        _level_lines(ax, grid.columns.to_numpy(float), grid.index.to_numpy(float), leads, words)
    return ax


def _level_lines(ax: Axes, rates: np.ndarray, sizes: np.ndarray, leads: np.ndarray, words: Wording) -> None:
    lines = ax.contour(rates, sizes, leads, levels=_levels(leads), colors=style.INK, linewidths=0.8)
    lines.set_gid(LEVELS)
    ax.clabel(lines, fmt=lambda level: words.value(level, "leads"), fontsize=9.5)


def _inside(ax: Axes, point: Point) -> Point:
    (left, right), (bottom, top) = ax.get_xlim(), ax.get_ylim()
    return min(max(point[0], left), right), min(max(point[1], bottom), top)


def _levels(leads: np.ndarray) -> list[float]:
    """Round numbers of leads, evenly apart in ratio: at most about six lines."""
    low, high = float(leads.min()), float(leads.max())
    steps = np.array([1, 1.5, 2, 3, 5, 7])
    rounds = np.concatenate([steps * 10.0**power for power in range(-1, 16)])
    inside = rounds[(rounds > low) & (rounds < high)]
    thinned = inside[:: max(1, -(-len(inside) // 6))]
    return list(thinned) if len(thinned) else [(low * high) ** 0.5]


def _point(ax: Axes, at: Point, name: str, marker: str, *, above: bool) -> None:
    edge = {"markeredgecolor": style.INK, "markeredgewidth": 2}
    ax.plot(*at, marker=marker, markersize=9, color="white", gid=POINTS[1], **edge)
    offset, va = (0, 11 if above else -11), "bottom" if above else "top"
    _name(ax, at, name, offset, ha="center", va=va, gid=POINTS[1])


def _name(ax: Axes, at: Point, name: str, offset: tuple[float, float], **look) -> None:
    white = {"facecolor": "white", "edgecolor": "none", "alpha": 0.85, "pad": 1.5}
    ax.annotate(name, at, xytext=offset, textcoords="offset points", fontweight="bold", bbox=white, **look)


def says_goal_map(
    frame: pd.DataFrame, *, agreed: Point, measured: Point | None = None, words: Wording
) -> str:
    """What `plot_goal_map` shows: about how many leads are needed at each point, and over the whole map."""
    frame = style.plain(frame, numbers=["close_rate", "deal_size", "leads"])
    known = frame[np.isfinite(frame["leads"]) & (frame["leads"] > 0)]
    if known.empty:
        return words.text("Leads needed, by close rate and deal size: no data.")
    parts = [
        words.text(
            "At the agreed close rate of {rate} and deal size of {size} about {leads} are needed",
            rate=words.share(agreed[0]),
            size=words.value(agreed[1], "money"),
            leads=words.value(_leads_at(known, agreed), "leads"),
        )
    ]
    if _is_point(measured):
        parts.append(
            words.text(
                "at the measured {rate} and {size} about {leads}",
                rate=words.share(measured[0]),
                size=words.value(measured[1], "money"),
                leads=words.value(_leads_at(known, measured), "leads"),
            )
        )
    low, high = (
        words.value(end, "leads", short=True) for end in (known["leads"].min(), known["leads"].max())
    )
    if low != high:
        parts.append(words.text("on the whole map from {low} to {high}", low=low, high=high))
    return "; ".join(parts) + "."


def _is_point(point: Point | None) -> bool:
    return point is not None and bool(np.isfinite(point).all()) and min(point) > 0


def _leads_at(known: pd.DataFrame, point: Point) -> float:
    """Read off the map: leads x close rate x deal size is the same revenue goal everywhere on it."""
    revenue_goal = (known["leads"] * known["close_rate"] * known["deal_size"]).median()
    return revenue_goal / (point[0] * point[1])
