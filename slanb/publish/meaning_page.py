"""What each number means: every figure a report publishes, explained from the catalogue."""

from collections.abc import Mapping, Sequence
from typing import Any

from slanb.dictionary.figures import catalogue, definition
from slanb.dictionary.messages import Message
from slanb.dictionary.wording import Wording
from slanb.publish.first_page import Chapter
from slanb.publish.layout import MEANING, fill
from slanb.publish.math import called, math_of, segments_of
from slanb.tables import anchor

CLOCKS = ("cohort", "closing", "plan", "calendar")


def meaning_page(
    chapters: Sequence[Chapter], *, title: str, words: Wording, nav: Sequence[Mapping[str, str]]
) -> str:
    """Each published figure with its value, cases, formula, numbers put in, clock, side and source.

    Parameters
    ----------
    chapters : the notebooks with their figures as `figures.json` holds them.
    title, words, nav : as for `slanb.publish.layout.fill`.
    """
    places = {key: place for place, key in enumerate(catalogue())}
    segments = segments_of({figure["id"]: figure for chapter in chapters for figure in chapter.figures})
    groups = []
    for chapter in chapters:
        figures = sorted(chapter.figures, key=lambda each: places[definition(each["id"])[0].id])
        rows = [_row(figure, chapter, segments, words) for figure in figures]
        groups.append({"title": chapter.title, "href": chapter.href, "rows": rows})
    return fill(
        "figures.html.j2",
        title=title,
        words=words,
        nav=nav,
        here=MEANING,
        clocks=CLOCKS,
        segments=[words.say(called(name)) for name in segments],
        groups=[group for group in groups if group["rows"]],
    )


def _row(
    figure: Mapping[str, Any], chapter: Chapter, segments: Sequence[str], words: Wording
) -> dict[str, Any]:
    about, names = definition(figure["id"])
    math, side, target = math_of(figure, words), figure.get("side"), figure.get("target")
    agreed = "" if target is None else words.value(target, figure["unit"])
    clock = Message(f"figures.clock_{figure['clock']}")
    remarks = [
        Message("publish.counts", unit=words.unit(figure["unit"]), clock=clock),
        Message(f"publish.by_{side}") if side else "",
    ]
    beside = [
        Message("publish.computed_in", source=about.source),
        Message("publish.decides") if about.clause else "",
    ]
    return {
        "anchor": anchor(figure["id"]),
        "href": f"{chapter.href}#{anchor(figure['id'])}",
        "id": figure["id"],
        "segment": segments.index(names["segment"]) + 1 if names.get("segment") in segments else 0,
        "label": figure["label"],
        "value": words.value(figure["value"], figure["unit"]),
        "facts": [*math.facts, *([words.say("publish.target", target=agreed)] if agreed else [])],
        "math": math,
        "note": figure.get("note") or "",
        "beside": " ".join(words.say(remark) for remark in beside if remark),
        "remarks": " ".join(words.say(remark) for remark in remarks if remark),
    }
