"""Texts that fit into a picture, measured in its font before it is drawn."""

import textwrap
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from matplotlib.axes import Axes
from matplotlib.font_manager import FontProperties, findfont, get_font

FONTS = ["DejaVu Sans"]  # comes with matplotlib: the same picture on every machine
SMALL = 9.5  # points
OUTER = 1.16  # how far titles and names reach beyond the ends of an axis, once it is laid out


def in_lines(text: str, room: float, size: float, weight: str = "normal") -> str:
    """A text in lines of at most `room` points, where its words allow that.

    >>> in_lines("Leads that came and leads that were promised", 140, 10).splitlines()
    ['Leads that came and', 'leads that were promised']
    """
    lines: list[str] = []
    for part in text.split("\n"):
        line = ""
        for word in part.split(" "):
            longer = f"{line} {word}" if line else word
            if line and points(longer, size, weight) > room:
                lines.append(line)
                longer = word
            line = longer
        lines.append(line)
    return "\n".join(lines)


def legend_columns(names: Sequence[str], room: float) -> int:
    """In how many columns a legend fits: as many as it has names, or as few as it takes."""
    for columns in range(len(names), 1, -1):
        parts = np.array_split(names, columns)
        if sum(max(points(name, SMALL) for name in part) + 38 for part in parts) <= room:
            return columns
    return 1


def wrapped(name: str, wide: int = 18) -> str:
    """A tier's or lever's name in lines that fit beside an axis."""
    return textwrap.fill(name, wide, max_lines=3, placeholder=" …")


@lru_cache(4096)  # a few marks are measured for every number of them that might fit
def points(text: str, size: float, weight: str = "normal") -> float:
    """How many points wide a line is.

    >>> round(points("Close rate", 10)), round(points("Close rate", 10, "bold"))
    (55, 65)
    """
    font = get_font(findfont(FontProperties(family=FONTS[0], weight=weight)))
    font.set_size(size, 72)
    font.set_text(text)
    return font.get_width_height()[0] / 64


def letters(text: str) -> float:
    """How many points wide a small text is, by its longest line."""
    return max(points(line, SMALL) for line in text.split("\n"))


def points_wide(ax: Axes) -> float:
    """About how many points of type fit side by side between the ends of the axis."""
    return points_of(ax)[0]


def points_of(ax: Axes) -> tuple[float, float]:
    """About how wide and tall the axes are in points (known when drawn); the same before and after that."""
    figure, place = ax.get_figure(root=True), ax.get_subplotspec()
    box = ax.get_position() if place is None else place.get_position(figure)
    wide, tall = figure.get_size_inches() * 72
    return box.width * wide, box.height * tall
