"""The house look: quiet axes, direct labels, colours safe for the colour-blind and never the only signal.

Every figure draws inside `drawing`, which knows the look and leaves matplotlib's own settings alone.
"""

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import get_args

import matplotlib as mpl
import matplotlib.pyplot as plt
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator
from matplotlib.transforms import offset_copy

from slanb.dictionary.columns import column
from slanb.dictionary.figures import Unit
from slanb.dictionary.messages import Message
from slanb.dictionary.period_names import in_calendar
from slanb.dictionary.wording import Wording
from slanb.plots.fitted import (
    FONTS,
    OUTER,
    SMALL,
    in_lines,
    legend_columns,
    letters,
    points,
    points_of,
    points_wide,
)
from slanb.plots.settled import Settled, settle

BLUE, ORANGE = sns.color_palette("colorblind", 2).as_hex()
BROWN = "#a86503"  # orange for letters, dark enough to read
PALE_BLUE = "#b5d5ea"  # intervals, and what is not complete: light enough for a hatch or a dot to show
INK, MUTED, FAINT = "#202124", "#5f6368", "#e2e4e7"
OPEN = {"color": PALE_BLUE, "edgecolor": BLUE, "hatch": "////"}  # not complete, still open
HATCHED_ORANGE = {"color": "#f7d9ab", "edgecolor": BROWN, "hatch": "...."}  # the second of two kinds
AGREED = {"color": INK, "linestyle": (0, (5, 2)), "linewidth": 1.5}  # what was agreed, as a line
INTERVAL = {"color": PALE_BLUE, "linewidth": 7}
WHITE = {"facecolor": "white", "edgecolor": "none", "pad": 0.8}  # behind letters that stand on lines
WIDTH = 6.0  # inches; shown about 720 pixels wide, so that 10 points still read on a telephone

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
    "axes.titley": 1.0,  # no marks stand above an axis: its title need not look for room among them
    "axes.labelsize": 10,
    "axes.labelcolor": MUTED,
    "axes.edgecolor": MUTED,
    "axes.axisbelow": True,
    "legend.frameon": False,
    "legend.fontsize": SMALL,
    "legend.borderaxespad": 0.2,
    "legend.handlelength": 1.8,
    "legend.columnspacing": 1.4,
    "hatch.linewidth": 0.8,
    "lines.solid_capstyle": "butt",
}


def figure(height: float, *, width: float = WIDTH) -> Figure:
    """An empty figure of the house's width, whose labels are kept apart when it is drawn."""
    return plt.figure(figsize=(width, height), layout=Settled())


@contextmanager
def drawing(ax: Axes | None, *, height: float = 3.4, grid: str = "y") -> Iterator[Axes]:
    """The axes to draw on, in the house look: `ax`, else the current one, else a new figure's.

    `grid` names the axis whose values are read off: "x", "y" or "" for none.
    """
    with plt.style.context(["default", LOOK]):
        if ax is None and not plt.get_fignums():
            ax = figure(height).add_subplot()
        ax = plt.gca() if ax is None else ax
        sns.despine(ax=ax, left=grid != "x", bottom=grid == "x")
        ax.spines[:].set_color(MUTED)
        ax.tick_params(length=0, pad=5, labelsize=10, labelcolor=MUTED)
        ax.tick_params(axis="x", pad=7)  # clear of the lowest mark beside it
        for axis in (ax.xaxis, ax.yaxis):
            axis.label.set(color=MUTED, fontsize=10)
        if grid:
            ax.grid(axis=grid, color=FAINT, linewidth=0.8)
        yield ax
        interactive = mpl.is_interactive()  # an inline backend that woke in here is to stay awake
        for text in ax.findobj(mpl.text.Text):  # those made before the look was known, too
            text.set_fontfamily(FONTS)
            text.set_parse_math(False)
        for label, room in zip((ax.xaxis.label, ax.yaxis.label), points_of(ax), strict=True):
            label.set_text(in_lines(label.get_text(), room * OUTER, label.get_fontsize()))
        if not isinstance(ax.get_figure(root=True).get_layout_engine(), Settled):
            settle(ax)
    mpl.interactive(interactive)


def nothing(ax: Axes, frame: pd.DataFrame, title: str, words: Wording) -> bool:
    """Whether there is nothing to draw; says so where the drawing would be, below its title."""
    if len(frame):
        return False
    ax.set(xticks=[], yticks=[])
    ax.text(0.5, 0.5, words.say("plots.no_data"), transform=ax.transAxes, ha="center", color=MUTED)
    headline(ax, title)
    return True


def headline(
    ax: Axes,
    text: str,
    *,
    share: float = 1.0,
    legend: bool = False,
    line: tuple[float, str] | None = None,
    note: str = "",
) -> None:
    """The title, in lines that fit into a `share` of the width; below it, on request, a legend of what has
    been named and the name of an upright `line` (place, name); opposite, a `note`."""
    names = ax.get_legend_handles_labels()[1] if legend else []
    columns = legend_columns(names, 1.08 * points_wide(ax))
    pad = 10 + 14 * bool(line) + 16 * math.ceil(len(names) / columns)
    if names:
        raised = offset_copy(ax.transAxes, ax.get_figure(root=True), y=14 if line else 0, units="points")
        ax.legend(loc="lower left", bbox_to_anchor=(-0.01, 1.0), bbox_transform=raised, ncols=columns)
    if line:
        at = {"xycoords": ("data", "axes fraction"), "textcoords": "offset points"}
        ax.annotate(line[1], (line[0], 1), (0, 3), ha="center", va="bottom", annotation_clip=False, **at)
    room = share * points_wide(ax) * OUTER - (points(note, SMALL) + 12 if note else 0)
    ax.set_title(in_lines(text, room, LOOK["axes.titlesize"], "bold"), loc="left", pad=pad)
    if note:
        at = {"xycoords": ("figure fraction", "axes fraction"), "textcoords": "offset points"}
        look = {"ha": "right", "fontsize": SMALL, "color": MUTED, "annotation_clip": False}
        ax.annotate(note, (1, 1), (-4, pad), **at, **look).set_in_layout(False)


class Fitting(MaxNLocator):
    """At most five round numbers on an axis, and no more than fit beside each other.

    room : points between the ends of the axis. shown : gives a mark's text. within : only there are marks.
    """

    within = (-math.inf, math.inf)

    def __init__(self, room, shown, **more):
        super().__init__(5, **more)
        self._room, self._shown = room, shown
        self._asked: tuple[float, ...] = ()
        self._marks: list[float] = []

    def tick_values(self, vmin: float, vmax: float) -> list[float]:
        """The marks from `vmin` to `vmax`."""
        asked = (vmin, vmax, *self.within, self._room())  # over and over while a figure is laid out
        if asked != self._asked:
            self._asked, self._marks = asked, self._fit(*asked)
        return self._marks

    def _fit(self, vmin: float, vmax: float, first: float, last: float, room: float) -> list[float]:
        low, high = max(vmin, first), min(vmax, last)
        room = room * (high - low) / ((vmax - vmin) or 1) + 30
        for n in (5, 4, 3, 2, 1):
            self.set_params(nbins=n)
            marks = [mark for mark in super().tick_values(low, high) if low <= mark <= high]
            if sum(letters(self._shown(mark)) + 9 for mark in marks) < room:
                return marks
        return marks[:1]


def value_axis(ax: Axes, which: str, unit: Unit, words: Wording, *, zero: bool = True) -> None:
    """Few, plain numbers on the axis `which`, in the reader's manner; from zero unless told otherwise."""
    axis = ax.xaxis if which == "x" else ax.yaxis

    def shown(x: float, _: int | None = None) -> str:
        return words.compact(x, unit, largest=max(axis.get_view_interval()))

    counts = unit in ("leads", "customers", "deals", "count")
    room = (lambda: points_wide(ax)) if which == "x" else (lambda: math.inf)
    axis.set_major_locator(Fitting(room, shown, integer=counts, steps=[1, 2, 2.5, 5, 10]))
    axis.set_major_formatter(FuncFormatter(shown))
    ax.margins(**{which: 0.08})
    if zero:
        (ax.set_xlim if which == "x" else ax.set_ylim)(0)


def share_axis(ax: Axes, words: Wording, *, top: float = 1.04) -> None:
    """The whole of something, from none to all of it, in quarters."""
    value_axis(ax, "y", "share", words)
    ax.set_ylim(0, top)
    ax.set_yticks([0, 0.25, 0.5, 0.75, 1])


def period_axis(ax: Axes, periods: Sequence[str], words: Wording, *, share_of_width: float = 1.0) -> None:
    """Places 0, 1, 2, ... named by their periods, as many as fit, the year below where it begins.

    `share_of_width` is what labels at the right end leave to the axis.
    """
    periods = list(periods)
    spans = [in_calendar(period)[0] for period in periods]
    widest = max((len(words.tick(period)) for period in periods), default=0)
    step = math.ceil(len(spans) * (widest * 5.6 + 3) / (points_wide(ax) * share_of_width))
    named = list(range((len(spans) - 1) % step, len(spans), step)) if spans else []  # the last is named
    years = [spans[place].year for place in named]
    new_year = [i == 0 or year != years[i - 1] for i, year in enumerate(years)]
    if new_year[1:2] == [True]:
        new_year[0] = False  # its year would touch the next one, which tells it
    names = [words.tick(periods[place], year=new) for place, new in zip(named, new_year, strict=True)]
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


def day_axis(ax: Axes, days: pd.Series, words: Wording, *, ends: bool = False) -> pd.Series:
    """Places 0, 1, 2, ... named by their days: each in a week, weekly in a month, by months in
    anything longer, or the first and the last day only. Returns the days as dates."""
    dates = pd.to_datetime(days)
    months, last = dates.dt.to_period("M"), len(dates) - 1
    if ends or last < 62:
        named = sorted({0, last}) if ends else range(0, last + 1, 7 if last > 6 else 1)
        names = [words.date(dates[place], short=True) for place in named]
    else:
        named = months.drop_duplicates().index
        names = [words.tick(months[place], year=place == named[0]) for place in named]
    ax.set_xticks(named, level(names))
    ax.set_xlim(-0.02 * last - 0.4, last + 0.02 * last + 0.4)
    return dates


def rows_axis(ax: Axes, names: Sequence[str], *, pad: float = 9, above: float = 0.5) -> None:
    """Named rows, the first one on top."""
    ax.set_yticks(range(len(names)), names)
    ax.tick_params(axis="y", labelcolor=INK, pad=pad)
    ax.set_ylim(len(names) - 0.5, -above)


def beside(ax: Axes, x: float, y: float, text: str, *, right: bool = True, **look) -> None:
    """A direct label beside a point, over lines and outside the axes if need be."""
    side = {"xytext": (6 if right else -6, 0), "ha": "left" if right else "right", "va": "center"}
    _label(ax, x, y, text, **side | look)


def above(ax: Axes, x: float, y: float, text: str, **look) -> None:
    """A direct label above a point."""
    _label(ax, x, y, text, **{"xytext": (0, 4), "ha": "center", "va": "bottom"} | look)


def _label(ax: Axes, x: float, y: float, text: str, **look) -> None:
    look = {"fontsize": SMALL, "bbox": WHITE, "annotation_clip": False} | look
    ax.annotate(text, (x, y), textcoords="offset points", **look)


def at_foot(ax: Axes, texts: Sequence[str], heights: pd.Series, hatched: pd.Series) -> bool:
    """Numbers at the foot of bars at 0, 1, 2, ..., where no mark can hide them; none if they do not fit.

    hatched : true where a number must be legible on a hatch. Returns whether they fit.
    """
    room, high = points_wide(ax) / max(*ax.get_xlim(), 1), ax.get_ylim()[1]
    if max(map(letters, texts), default=0) + 3 > room:
        return False
    for place, text in enumerate(texts):
        tall = heights[place] / high > 0.1
        look = {"color": "white" if tall and not hatched[place] else INK, "bbox": None}
        if tall and hatched[place]:
            look["bbox"] = {"facecolor": PALE_BLUE, "edgecolor": "none", "pad": 1}
        above(ax, place, 0 if tall else max(heights[place], 0), text, **look)
    return True


def stepped(ax: Axes, targets: pd.Series, label: str, **look) -> None:
    """Targets that each hold for one period, as a stepped line named at its end."""
    known = targets.dropna()
    if len(known):
        ax.plot(*steps(targets), **{"color": INK, "linewidth": 2} | look)
        beside(ax, known.index[-1] + 0.5, known.iloc[-1], label, fontsize=10)


def steps(line: pd.Series) -> tuple[list[float], list[float]]:
    """A target that holds for whole periods, as the corners of a stepped line.

    >>> steps(pd.Series([5.0, 6.0]))
    ([-0.5, 0.5, 0.5, 1.5], [5.0, 5.0, 6.0, 6.0])
    """
    edges = [edge for place in range(len(line)) for edge in (place - 0.5, place + 0.5)]
    return edges, [height for height in line for _ in range(2)]


def named(name: str | Message, words: Wording) -> str:
    """A name for readers; a blank or missing one is said to be blank.

    >>> named("", Wording()), named(" A ", Wording())
    ('(blank)', 'A')
    """
    if isinstance(name, Message):
        return words.say(name)
    return ("" if pd.isna(name) else str(name).strip()) or words.say("tables.blank")


def plain(
    frame: pd.DataFrame,
    *,
    numbers: Sequence[str],
    others: Sequence[str] = (),
    names: Sequence[str] = (),
    words: Wording | None = None,
) -> pd.DataFrame:
    """The frame with its rows counted from 0, its numbers as floats (missing ones NaN), and `names` (texts
    or messages) in words.

    Raises ValueError where a column is missing, naming it and what there is.
    """
    missing = [column for column in (*names, *others, *numbers) if column not in frame]
    if missing:
        raise ValueError(f"the frame needs columns {missing}, but it has {list(frame.columns)}")
    frame = frame.reset_index(drop=True).astype(dict.fromkeys(numbers, float))
    return frame.assign(**{column: [named(name, words) for name in frame[column]] for column in names})


def flags(frame: pd.DataFrame, name: str) -> pd.Series:
    """A column of marks, all false where there is none."""
    return frame[name].eq(True) if name in frame else pd.Series(False, index=frame.index)


def by_period(subject: str, periods: Sequence[str], words: Wording) -> str:
    """ "Leads by month", "Leads by quarter", ... after the periods' own measure of time."""
    names = {"M": "month", "P": "period", "Q": "quarter", "Y": "year", "W": "week", "D": "day"}
    measure = names.get(in_calendar(next(iter(periods)))[0].freqstr[0]) if len(periods) else None
    return words.say(f"plots.by_{measure}", subject=subject) if measure else subject


def subject_of(value: str, words: Wording) -> tuple[str, Unit]:
    """What the dictionary calls a column, and its unit; one it does not know counts.

    >>> subject_of("deal_size", Wording()), subject_of("my_number", Wording())
    (('Deal size', 'money'), ('My number', 'count'))
    """
    kind = column(value).kind
    return words.heading(value), kind if kind in get_args(Unit) else "count"


def with_unit(subject: str, unit: Unit, words: Wording) -> str:
    """A name for an axis: what it shows, and in which unit unless that is the same word.

    >>> with_unit("Leads", "leads", Wording()), with_unit("Close rate", "share", Wording())
    ('Leads', 'Close rate (percent)')
    """
    name = words.unit(unit)
    same = name.casefold() in subject.casefold()
    return subject if same else words.say("plots.with_unit", subject=subject, unit=name)


def short(x: float, unit: Unit, words: Wording) -> str:
    """A number as a mark in a figure.

    >>> [short(x, "money", Wording()) for x in (9.5, 12500, 1_234_567)]
    ['€9.50', '€12,500', '€1.23M']
    """
    return words.compact(x, unit) if abs(x) >= 1e6 else words.value(x, unit, short=True)


def span(low: float, high: float, unit: Unit, words: Wording) -> str:
    """Two ends in words, once where they read the same.

    >>> span(0.03, 0.05, "share", Wording()), span(7.0, 7.0, "leads", Wording())
    ('3.0% to 5.0%', '7')
    """
    low, high = (words.value(end, unit, short=True) for end in (low, high))
    return low if low == high else words.say("plots.span", low=low, high=high)
