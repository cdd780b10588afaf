"""How a published number comes about, in words and with its numbers put in: the same on each page."""

from collections.abc import Mapping
from typing import Any

from slanb.dictionary.figures import BLANK, definition
from slanb.dictionary.messages import Message
from slanb.dictionary.wording import Wording
from slanb.publish.layout import MEANING
from slanb.scorecard.view import Math
from slanb.tables import anchor

Figures = Mapping[str, Mapping[str, Any]]  # by id, as `figures.json` holds them
OF_PARTS = {"sales.speed": "speed", "sales.depth": "depth", "marketing.leads": "reached"}


def math_of(figure: Mapping[str, Any], words: Wording) -> Math:
    """How a figure comes about, as `figures.json` holds it: formula, numbers put in, cases, interval."""
    n, low, high, math = (figure.get(key) for key in ("n", "low", "high", "math"))
    facts = [] if n is None else [Message("publish.cases", n=n)]
    if low is not None and high is not None:
        ends = {"low": words.value(low, figure["unit"]), "high": words.value(high, figure["unit"])}
        facts.append(Message("publish.interval", **ends, level=figure.get("level")))
    value = words.value(figure["value"], figure["unit"])
    return Math(
        href=f"{MEANING}#{anchor(figure['id'])}",
        formula=figure["formula"],
        equation=words.say("publish.equation", math=math, value=value) if math else "",
        facts=tuple(words.say(fact) for fact in facts),
    )


def by_part(figure_id: str, figures: Figures, words: Wording) -> list[str]:
    """A figure of the whole by segment and by tier, a sentence each; nothing where one name is all there is.

    Parameters
    ----------
    figures : the report's, by id.
    """
    said = []
    for cut in ("segment", "tier"):
        parts = _parts(figure_id, figures, cut, words)
        shown = [Message("publish.part", name=called(name), value=value) for name, value in parts.items()]
        if len(parts) > 1:
            reached = OF_PARTS[figure_id] == "reached"
            said.append(words.say(f"publish.{cut}_{'reached' if reached else 'parts'}", parts=shown))
    return said


def segments_of(figures: Figures) -> list[str]:
    """The segments that figures tell apart, by name; none where there is but one.

    >>> segments_of({"sales.segment.South.speed": {}, "sales.segment.North.depth": {}, "sales.speed": {}})
    ['North', 'South']
    """
    names = sorted({definition(id_)[1]["segment"] for id_ in figures if ".segment." in id_})
    return names if len(names) > 1 else []


def in_segments(figure_id: str, figures: Figures, words: Wording) -> tuple[tuple[int, str], ...]:
    """A figure of the whole in each segment: the segment's number, from 1, and what the figure is there."""
    parts = _parts(figure_id, figures, "segment", words)
    key = "publish.in_segment_reached" if OF_PARTS.get(figure_id) == "reached" else "publish.in_segment"
    return tuple(
        (number, words.say(key, name=called(name), value=parts[name]))
        for number, name in enumerate(segments_of(figures), start=1)
        if name in parts
    )


def called(name: str) -> Message | str:
    """What readers call a segment or tier that an id names."""
    return Message("tables.blank") if name == BLANK else name


def _parts(figure_id: str, figures: Figures, cut: str, words: Wording) -> dict[str, str]:
    """What a figure of the whole is in each segment or tier, as read, by the name of the part."""
    side, last = figure_id.partition(".")[0], OF_PARTS.get(figure_id, "")
    return {
        definition(id_)[1][cut]: words.value(each["value"], each["unit"])
        for id_, each in figures.items()
        if last and id_.startswith(f"{side}.{cut}.") and id_.endswith(f".{last}")
    }
