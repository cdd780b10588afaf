"""The house look: quiet axes, direct labels, colours safe for the colour-blind and never the only signal.

Floor 3. Every figure draws inside `drawing`, which knows the look and leaves matplotlib's own settings alone.
"""

import itertools
import math
import textwrap
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MaxNLocator
from matplotlib.transforms import offset_copy

from slanb.dictionary.figures import Unit
from slanb.dictionary.wording import Wording

BLUE, ORANGE = sns.color_palette("colorblind", 2).as_hex()
BROWN = "#a86503"  # orange for letters, dark enough to read
PALE_BLUE = "#b5d5ea"  # intervals, and what is not complete: light enough for a hatch or a dot to show
INK, MUTED, FAINT = "#202124", "#5f6368", "#e2e4e7"
OPEN = {"color": PALE_BLUE, "edgecolor": BLUE, "hatch": "////"}  # not complete, still open
HATCHED_ORANGE = {"color": "#f7d9ab", "edgecolor": BROWN, "hatch": "...."}  # the second of two kinds
WIDTH = 6.0  # inches; shown about 720 pixels wide, so that 10 points still read on a telephone
FONTS = ["DejaVu Sans"]  # comes with matplotlib: the same picture on every machine

LOOK = {
    "font.family": FONTS,
    "font.size": 10,
    "text.color": INK,
    "text.parse_math": False,  # two dollar signs are money, not a formula
    "axes.titlesize": 11.5,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.titlepad": 10,
    "axes.titlecolor": INK,
    "axes.labelsize": 10,
    "axes.labelcolor": MUTED,
    "axes.edgecolor": MUTED,
    "axes.axisbelow": True,
    "legend.frameon": False,
    "legend.fontsize": 9.5,
    "legend.borderaxespad": 0.2,
    "legend.handlelength": 1.6,
    "legend.columnspacing": 1.4,
    "hatch.linewidth": 0.8,
    "lines.solid_capstyle": "butt",
}


@contextmanager
def drawing(ax: Axes | None, *, height: float = 3.4, grid: str = "y") -> Iterator[Axes]:
    """The axes to draw on, in the house look: `ax`, else the current one, else a new figure's.

    `grid` names the axis whose values are read off: "x", "y" or "" for none.
    """
    with plt.style.context(["default", LOOK]):
        if ax is None and not plt.get_fignums():
            ax = plt.figure(figsize=(WIDTH, height), layout="constrained").add_subplot()
        ax = plt.gca() if ax is None else ax
        sns.despine(ax=ax, left=grid != "x", bottom=grid == "x")
        ax.spines[:].set_color(MUTED)
        ax.tick_params(length=0, pad=5, labelsize=10, labelcolor=MUTED)
        for axis in (ax.xaxis, ax.yaxis):
            axis.label.set(color=MUTED, fontsize=10)
        if grid:
            ax.grid(axis=grid, color=FAINT, linewidth=0.8)
        yield ax
        for text in ax.findobj(mpl.text.Text):  # those made before the look was known, too
            text.set_fontfamily(FONTS)
            text.set_parse_math(False)


def headline(
    ax: Axes,
    text: str,
    *,
    wide: int = 62,
    legend: bool = False,
    line: tuple[float, str] | None = None,
    note: str = "",
) -> None:
    """The title, in lines of `wide` letters; below it, on request, a legend of what has been named and the
    name of an upright `line` (place, name); opposite, a `note`."""
    named = len(ax.get_legend_handles_labels()[1]) if legend else 0
    pad = 10 + 14 * bool(line) + 16 * bool(named)
    if named:
        raised = offset_copy(ax.transAxes, ax.get_figure(root=True), y=14 if line else 0, units="points")
        ax.legend(loc="lower left", bbox_to_anchor=(-0.01, 1.0), bbox_transform=raised, ncols=named)
    if line:
        at = {"xycoords": ("data", "axes fraction"), "textcoords": "offset points"}
        ax.annotate(line[1], (line[0], 1), (0, 3), ha="center", va="bottom", annotation_clip=False, **at)
    ax.set_title(textwrap.fill(text, wide), loc="left", pad=pad)
    if note:
        ax.set_title(note, loc="right", pad=pad, fontsize=9.5, fontweight="normal", color=MUTED)


def value_axis(ax: Axes, which: str, unit: Unit, words: Wording, *, zero: bool = True) -> None:
    """Few, plain numbers on the axis `which`, in the reader's manner; from zero unless told otherwise."""
    axis = ax.xaxis if which == "x" else ax.yaxis
    counts = unit in ("leads", "customers", "deals", "count")
    axis.set_major_locator(MaxNLocator(5, integer=counts, steps=[1, 2, 2.5, 5, 10]))
    axis.set_major_formatter(
        FuncFormatter(lambda x, _: words.compact(x, unit, largest=max(axis.get_view_interval())))
    )
    ax.margins(**{which: 0.08})
    if zero:
        (ax.set_xlim if which == "x" else ax.set_ylim)(0)


def period_axis(ax: Axes, periods: Sequence[str], words: Wording, *, share_of_width: float = 1.0) -> None:
    """Places 0, 1, 2, ... named by their periods, as many as fit, the year below where it begins.

    `share_of_width` is what labels at the right end leave to the axis.
    """
    spans = [pd.Period(period) for period in periods]
    letters = max((len(words.tick(span)) for span in spans), default=0)
    step = math.ceil(len(spans) * (letters * 5.6 + 3) / (points_wide(ax) * share_of_width))
    named = list(range((len(spans) - 1) % step, len(spans), step)) if spans else []  # the last is named
    years = [spans[place].year for place in named]
    new_year = [i == 0 or year != years[i - 1] for i, year in enumerate(years)]
    if new_year[1:2] == [True]:
        new_year[0] = False  # its year would touch the next one, which tells it
    names = [words.tick(spans[place], year=new) for place, new in zip(named, new_year, strict=True)]
    ax.set_xticks(named, level(names))
    middle, half = (len(spans) - 1) / 2, max(len(spans), 3) / 2
    ax.set_xlim(middle - half - 0.1, middle + half + 0.1)


def level(names: Sequence[str]) -> list[str]:
    """Names for one axis, all of two lines if one is, so that all stand equally high.

    >>> level(["Oct\\n2026", "Nov"])
    ['Oct\\n2026', 'Nov\\n']
    """
    two = any("\n" in name for name in names)
    return [f"{name}\n" if two and "\n" not in name else name for name in names]


def beside(ax: Axes, x: float, y: float, text: str, *, right: bool = True, **look) -> None:
    """A direct label beside a point, over lines and outside the axes if need be."""
    ax.annotate(
        text,
        (x, y),
        xytext=(6 if right else -6, 0),
        textcoords="offset points",
        ha="left" if right else "right",
        va="center",
        annotation_clip=False,
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.8},
        **look,
    )


def name_ends(ax: Axes, names: Sequence[tuple[float, str, str]], edge: float) -> None:
    """Names lines at their right `edge`: (height, text, colour) each, moved apart where they would touch."""
    low, high = ax.get_ylim()
    tall = ax.get_position().height * ax.get_figure(root=True).get_figheight() * 72  # about; known when drawn
    least = (high - low) * 14 * max((text.count("\n") + 1 for _, text, _ in names), default=1) / tall
    for place, (_, text, color) in zip(apart([y for y, *_ in names], least), names, strict=True):
        beside(ax, edge, place, text, color=color, fontweight="bold")


def apart(heights: Sequence[float], least: float) -> list[float]:
    """Heights for labels that would touch: pushed apart to `least`, in their order, where they belong.

    >>> apart([1.0, 1.1, 5.0], least=1)
    [0.55, 1.55, 5.0]
    """
    placed = np.array(heights, dtype=float)
    order = np.argsort(placed, kind="stable")
    for _ in heights:
        for lower, upper in itertools.pairwise(order):
            missing = max(least - (placed[upper] - placed[lower]), 0)
            placed[lower] -= missing / 2
            placed[upper] += missing / 2
    return placed.round(12).tolist()


def steps(line: pd.Series) -> tuple[list[float], list[float]]:
    """A target that holds for whole periods, as the corners of a stepped line.

    >>> steps(pd.Series([5.0, 6.0]))
    ([-0.5, 0.5, 0.5, 1.5], [5.0, 5.0, 6.0, 6.0])
    """
    edges = [edge for place in range(len(line)) for edge in (place - 0.5, place + 0.5)]
    return edges, [height for height in line for _ in range(2)]


def from_zero_if_near(ax: Axes) -> None:
    """Starts the y axis at zero unless all that is drawn lies in a narrow band far above it."""
    low, high = ax.get_ylim()
    ax.set_ylim(0 if low < high / 2 else low, high)


def wrapped(name: str, words: Wording, wide: int = 18) -> str:
    """A tier's or lever's name in lines that fit beside an axis."""
    return textwrap.fill(named(name, words), wide, max_lines=3, placeholder=" …")


def named(name: str, words: Wording) -> str:
    """A tier's name; a blank or missing one is said to be blank.

    >>> named("", Wording()), named(" A ", Wording())
    ('(blank)', 'A')
    """
    return ("" if pd.isna(name) else str(name).strip()) or words.text("(blank)")


def plain(frame: pd.DataFrame, *, numbers: Sequence[str], others: Sequence[str] = ()) -> pd.DataFrame:
    """The frame with its rows counted from 0 and its numbers as floats (missing ones NaN).

    Raises ValueError where a column is missing, naming it and what there is.
    """
    missing = [column for column in (*others, *numbers) if column not in frame]
    if missing:
        raise ValueError(f"the frame needs columns {missing}, but it has {list(frame.columns)}")
    return frame.reset_index(drop=True).astype(dict.fromkeys(numbers, float))


def empty(ax: Axes, words: Wording) -> None:
    """Says that there is nothing to draw, where the drawing would be."""
    ax.set(xticks=[], yticks=[])
    ax.text(0.5, 0.5, words.text("No data for this figure"), transform=ax.transAxes, ha="center", color=MUTED)


def by_period(subject: str, periods: Sequence[str], words: Wording) -> str:
    """ "Leads by month", "Leads by quarter", ... after the periods' own measure of time."""
    match pd.Period(periods[0]).freqstr[0] if len(periods) else "":
        case "M":
            return words.text("{subject} by month", subject=subject)
        case "Q":
            return words.text("{subject} by quarter", subject=subject)
        case "Y":
            return words.text("{subject} by year", subject=subject)
        case "W":
            return words.text("{subject} by week", subject=subject)
        case "D":
            return words.text("{subject} by day", subject=subject)
    return subject


def subject_of(value: str, words: Wording) -> tuple[str, Unit]:
    """What readers call a column, and its unit; a column unknown here is named as it is, and counts.

    >>> subject_of("deal_size", Wording())
    ('Deal size', 'money')
    """
    known: dict[str, tuple[str, Unit]] = {
        "leads": (words.text("Leads"), "leads"),
        "customers": (words.text("Customers"), "customers"),
        "revenue": (words.text("Revenue"), "money"),
        "value": (words.text("Lead value"), "money"),
        "close_rate": (words.text("Close rate"), "share"),
        "deal_size": (words.text("Deal size"), "money"),
        "marketing_share": (words.text("Marketing share"), "share"),
        "value_per_lead": (words.text("Value per lead"), "money per lead"),
        "sales_cycle_days": (words.text("Sales cycle"), "days"),
        "speed": (words.text("Speed"), "hours"),
        "depth": (words.text("Depth"), "attempts"),
    }
    return known.get(value, (value.replace("_", " ").capitalize(), "count"))


def with_unit(subject: str, unit: Unit, words: Wording) -> str:
    """A name for an axis: what it shows, and in which unit unless that is the same word.

    >>> with_unit("Leads", "leads", Wording()), with_unit("Close rate", "share", Wording())
    ('Leads', 'Close rate (percent)')
    """
    name = unit_name(unit, words)
    return subject if name.casefold() in subject.casefold() else f"{subject} ({name})"


def short(x: float, unit: Unit, words: Wording) -> str:
    """A number as a mark in a figure.

    >>> [short(x, "money", Wording()) for x in (9.5, 12500, 1_234_567)]
    ['€9.50', '€12,500', '€1.23M']
    """
    return words.compact(x, unit) if abs(x) >= 1e6 else words.value(x, unit, short=True)


def points_wide(ax: Axes) -> float:
    """About how many points of type fit side by side between the ends of the axis (known only when drawn)."""
    return ax.get_position().width * ax.get_figure(root=True).get_figwidth() * 72


def unit_name(unit: Unit, words: Wording) -> str:
    """The unit as an axis names it.

    >>> unit_name("share", Wording()), unit_name("money", Wording(currency="USD"))
    ('percent', 'USD')
    """
    names = {
        "leads": words.text("leads"),
        "customers": words.text("customers"),
        "deals": words.text("deals"),
        "money": words.currency,
        "money per lead": words.text("{currency} per lead", currency=words.currency),
        "share": words.text("percent"),
        "days": words.text("days"),
        "hours": words.text("hours"),
        "attempts": words.text("attempts"),
        "count": words.text("number"),
    }
    return names[unit]
