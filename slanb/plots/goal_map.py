"""The leads goal for every close rate and deal size around the plan, as a map with level lines."""

import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.colors import LogNorm
from matplotlib.transforms import Bbox

from slanb.dictionary.wording import Wording
from slanb.plots import fitted, style

Point = tuple[float, float]  # close rate, deal size
CHOSEN, LEVELS = "chosen", "levels"  # names of artists that can be moved
POINTS = (CHOSEN, "point")  # of those that lie on top of the map
PLACES = np.linspace(0.65, -0.35, 41) % 1  # along a level line, where its label may stand, best first
COLUMNS = ["close_rate", "deal_size", "leads"]


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
    rates, sizes, leads = _grid(frame)
    with style.drawing(ax, height=4.2, grid="") as ax:
        title = words.say("plots.map_title")
        if style.nothing(ax, frame, title, words):
            return ax
        style.headline(ax, title)
        if min(leads.shape, default=0) > 1 and leads.count() > 1 and leads.min() < leads.max():
            norm = LogNorm(leads.min(), leads.max() * 2)  # never so dark that a label is lost
            look = {"cmap": sns.light_palette(style.BLUE, as_cmap=True), "norm": norm}
            ax.contourf(rates, sizes, leads, levels=np.geomspace(leads.min(), leads.max(), 40), **look)
        style.value_axis(ax, "x", "share", words, zero=False)
        style.value_axis(ax, "y", "money", words, zero=False)
        ax.set_xlabel(words.say("plots.map_rate"))
        ax.set_ylabel(words.say("plots.map_size", currency=words.currency))
        both = _is_point(measured)
        _point(ax, agreed, words.say("plots.agreed"), "D", above=not both or agreed[1] >= measured[1])
        if both:
            _point(ax, measured, words.say("plots.measured"), "o", above=measured[1] > agreed[1])
        if chosen is not None:
            at = _inside(ax, chosen)
            ax.plot(*at, marker="*", markersize=16, color=style.ORANGE, markeredgecolor=style.INK, gid=CHOSEN)
            _name(ax, at, words.say("plots.scenario"), (12, 0), ha="left", va="center", gid=CHOSEN)
        if ax.collections:
            _level_lines(ax, rates, sizes, leads, words)
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
    rates, sizes, leads = _grid(frame)
    drawn = [artist for artist in (*ax.collections, *ax.texts) if artist.get_gid() == LEVELS]
    if drawn and not np.ma.is_masked(leads):
        for artist in drawn:
            artist.remove()
        _level_lines(ax, rates, sizes, leads, words)
    return ax


def _grid(frame: pd.DataFrame) -> tuple[np.ndarray, np.ndarray, np.ma.MaskedArray]:
    """Close rates, deal sizes, and the leads of each pair, masked where there is no number of them."""
    frame = style.plain(frame, numbers=COLUMNS)
    grid = frame.pivot_table(index="deal_size", columns="close_rate", values="leads", dropna=False)
    leads = np.ma.masked_less_equal(np.ma.masked_invalid(grid.to_numpy(dtype=float)), 0)
    return grid.columns.to_numpy(float), grid.index.to_numpy(float), leads


def _level_lines(ax: Axes, rates: np.ndarray, sizes: np.ndarray, leads: np.ndarray, words: Wording) -> None:
    """Lines of equally many leads, each with a label where no other text stands; without, where there is no
    such place."""
    look = {"levels": _levels(leads), "colors": style.INK, "linewidths": 0.8, "zorder": 1.5}
    lines = ax.contour(rates, sizes, leads, **look)
    lines.set_gid(LEVELS)
    (wide, tall), (left, right), (bottom, top) = fitted.points_of(ax), ax.get_xlim(), ax.get_ylim()
    taken = _taken(ax)
    white = {"facecolor": "white", "edgecolor": "none", "alpha": 0.6, "pad": 0.8}
    look = {"fontsize": fitted.SMALL, "ha": "center", "va": "center", "zorder": 2.5, "gid": LEVELS}
    look |= {"color": style.INK, "fontfamily": fitted.FONTS, "parse_math": False}  # also when moved
    for level, (line, *_) in zip(lines.levels, lines.allsegs, strict=True):
        text = words.say("plots.map_level", leads=level)
        half = fitted.letters(text) / 2 + 5
        for along in PLACES * (len(line) - 1):
            x, y = (np.interp(along, range(len(line)), ends) for ends in line.T)
            at = (x - left) / (right - left) * wide, (y - bottom) / (top - bottom) * tall
            box = Bbox.from_bounds(at[0] - half, at[1] - 9, 2 * half, 18)
            if box.x0 > 0 < box.y0 and box.x1 < wide and box.y1 < tall and not box.count_overlaps(taken):
                ax.text(x, y, text, bbox=white, **look)
                taken.append(box)
                break


def _taken(ax: Axes) -> list[Bbox]:
    """Where the points agreed and measured and their names stand, in points from the lower left corner."""
    (wide, tall), (left, right), (bottom, top) = fitted.points_of(ax), ax.get_xlim(), ax.get_ylim()
    boxes = []
    for name in [text for text in ax.texts if text.get_gid() == POINTS[1]]:
        x, y = (name.xy[0] - left) / (right - left) * wide, (name.xy[1] - bottom) / (top - bottom) * tall
        half, up = fitted.letters(name.get_text()) / 2 + 6, name.xyann[1] > 0
        boxes.append(Bbox([[x - half, y - (10 if up else 32)], [x + half, y + (32 if up else 10)]]))
    return boxes


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
    frame: pd.DataFrame,
    *,
    agreed: Point,
    measured: Point | None = None,
    chosen: Point | None = None,
    words: Wording,
) -> str:
    """What `plot_goal_map` shows: about how many leads are needed at each point, and over the whole map."""
    frame = style.plain(frame, numbers=COLUMNS)
    known = frame[np.isfinite(frame["leads"]) & (frame["leads"] > 0)]
    if known.empty:
        return words.say("plots.nothing", title=words.say("plots.map_title"))
    points = {"agreed": agreed, "measured": measured, "scenario": chosen}
    sentences = [
        words.say(f"plots.map_{name}", rate=point[0], size=point[1], leads=_leads_at(known, point))
        for name, point in points.items()
        if _is_point(point)
    ]
    low, high = known["leads"].min(), known["leads"].max()
    if low < high:
        sentences.append(words.say("plots.map_whole", span=style.span(low, high, "leads", words)))
    return " ".join(sentences)


def _is_point(point: Point | None) -> bool:
    return point is not None and bool(np.isfinite(point).all()) and min(point) > 0


def _leads_at(known: pd.DataFrame, point: Point) -> float:
    """Read off the map: leads x close rate x deal size is the same revenue goal everywhere on it."""
    revenue_goal = (known["leads"] * known["close_rate"] * known["deal_size"]).median()
    return revenue_goal / (point[0] * point[1])
