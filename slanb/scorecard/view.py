"""The promises as cards, a half for each side, each with a small chart of its last spans.

Plain data in, so that the page and the notebook show one thing; everything is escaped, and no colour stands
alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import jinja2

from slanb.dictionary.wording import Wording

MARKS = {"kept": "kept", "missed": "missed", "pending": "pending", "not measurable": "unmeasured"}
WIDTH, HEIGHT, EDGE = 240, 46, 7


@dataclass(frozen=True)
class Point:
    """One span of a chart: its name and figure as read, the raw number, its target and the share of it that
    was `reached` (None of a share, which does not add up); in `changed`, what its promise was before, where
    it changed."""

    span: str
    text: str
    value: float | None
    target: float | None
    verdict: str
    reached: float | None = None
    changed: str = ""


@dataclass(frozen=True)
class Math:
    """How a number comes about, as read.

    href : where it stands among all numbers. formula : in words; equation : with the numbers put in.
    facts : what it rests on. Without a formula there is only the link.
    segments : what the number is in each segment, with the segment's number on the page.
    """

    href: str
    formula: str = ""
    equation: str = ""
    facts: tuple[str, ...] = ()
    segments: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True)
class Item:
    """One promise as a card.

    clause, name : its id in the agreement, and what people call it, if it is a clause and has a name.
    label, value, target, change, word, streak : as read. href : where it leads; math : how its figure comes
    about.
    notes : what limits it. trend : its last spans, in order; trend_text is the same in a sentence.
    """

    label: str
    value: str
    target: str = ""
    verdict: str = ""
    word: str = ""
    href: str = ""
    math: Math | None = None
    streak: str = ""
    notes: tuple[str, ...] = ()
    trend: tuple[Point, ...] = ()
    trend_text: str = ""
    change: str = ""
    clause: str = ""
    name: str = ""

    @property
    def mark(self) -> str:
        """The class of its verdict in the style sheet."""
        return MARKS.get(self.verdict, "")

    @property
    def chart(self) -> Mapping[str, Any] | None:
        """The small chart, drawn: `line` and `target` as paths, `marks`; None for a single span."""
        return spark(self.trend) if sum(point.value is not None for point in self.trend) > 1 else None


@dataclass(frozen=True)
class Half:
    """One side with its promises; `more` fold away."""

    title: str
    promises: tuple[Item, ...]
    more: tuple[Item, ...] = field(default=())


def spark(trend: Sequence[Point]) -> dict[str, Any]:
    """Points as a small chart: the figure as a line, its target as dashed steps, a mark for each verdict, and
    an upright line where the promise changed.

    >>> chart = spark([Point("Jan", "1", 1, 2, "missed"), Point("Feb", "3", 3, 2, "kept")])
    >>> chart["line"], [mark["verdict"] for mark in chart["marks"]]
    ('M7.0 39.0L233.0 7.0', ['missed', 'kept'])
    """
    numbers = [x for point in trend for x in (point.value, point.target) if x is not None]
    low, high = min(numbers), max(numbers)
    if high == low:
        low, high = low - 1, high + 1
    step = (WIDTH - 2 * EDGE) / max(len(trend) - 1, 1)

    def down(value: float) -> float:
        return HEIGHT - EDGE - (HEIGHT - 2 * EDGE) * (value - low) / (high - low)

    places = [(EDGE + step * number, point) for number, point in enumerate(trend)]
    line, drawn = "", False
    for across, point in places:
        if point.value is not None:
            line += f"{'L' if drawn else 'M'}{across:.1f} {down(point.value):.1f}"
        drawn = point.value is not None
    target = "".join(
        f"M{max(across - step / 2, 0):.1f} {down(point.target):.1f}H{min(across + step / 2, WIDTH):.1f}"
        for across, point in places
        if point.target is not None
    )
    marks = [
        {
            "x": round(across, 1),
            "y": round(down(point.value) if point.value is not None else HEIGHT - EDGE, 1),
            "verdict": MARKS.get(point.verdict, "unmeasured"),
            "text": f"{point.span}: {point.text}",
        }
        for across, point in places
    ]
    changes = "".join(f"M{across - step / 2:.1f} 0V{HEIGHT}" for across, point in places if point.changed)
    paths = {"line": line, "target": target, "changes": changes}
    return paths | {"marks": marks, "width": WIDTH, "height": HEIGHT}


def halves_html(halves: Sequence[Half], words: Wording, *, styled: bool = False) -> str:
    """The sides next to each other, as a fragment of a page.

    Parameters
    ----------
    styled : bring along the rules that make it readable where the report's style sheet is not, as JupyterLab.
    """
    return _templates().get_template("cards.html.j2").render(halves=halves, words=words, styled=styled)


@cache
def _templates() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.PackageLoader("slanb.scorecard", ""), autoescape=True, undefined=jinja2.StrictUndefined
    )
