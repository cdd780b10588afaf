"""What each number means: every figure a report publishes, explained from the catalogue."""

from collections.abc import Mapping, Sequence
from typing import Any

from slanb.dictionary.figures import catalogue, definition
from slanb.dictionary.messages import Message
from slanb.dictionary.wording import Wording
from slanb.publish.first_page import Chapter
from slanb.publish.layout import MEANING, fill
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
    groups = []
    for chapter in chapters:
        figures = sorted(chapter.figures, key=lambda each: places[definition(each["id"])[0].id])
        rows = [_row(figure, chapter, words) for figure in figures]
        groups.append({"title": chapter.title, "href": chapter.href, "rows": rows})
    return fill(
        "figures.html.j2",
        title=title,
        words=words,
        nav=nav,
        here=MEANING,
        clocks=CLOCKS,
        groups=[group for group in groups if group["rows"]],
    )


def _row(figure: Mapping[str, Any], chapter: Chapter, words: Wording) -> dict[str, Any]:
    about, _ = definition(figure["id"])
    math, side = figure.get("math"), figure.get("side")
    clock = Message(f"figures.clock_{figure['clock']}")
    remarks = [
        Message("publish.counts", unit=figure["unit"], clock=clock),
        Message(f"publish.by_{side}") if side else "",
        Message("publish.computed_in", source=about.source),
        Message("publish.decides") if about.clause else "",
    ]
    return {
        "anchor": anchor(figure["id"]),
        "href": f"{chapter.href}#{anchor(figure['id'])}",
        "id": figure["id"],
        "label": figure["label"],
        "value": words.value(figure["value"], figure["unit"]),
        "facts": [words.say(fact) for fact in _facts(figure, words)],
        "formula": figure["formula"],
        "math": words.say("publish.with_numbers", math=math) if math else "",
        "note": figure.get("note") or "",
        "remarks": " ".join(words.say(remark) for remark in remarks if remark),
    }


def _facts(figure: Mapping[str, Any], words: Wording) -> list[Message]:
    """What stands below a value: its cases, its interval, what was agreed."""
    n, low, high, target = (figure.get(key) for key in ("n", "low", "high", "target"))
    shown = {
        name: words.value(number, figure["unit"])
        for name, number in (("low", low), ("high", high), ("target", target))
    }
    facts = [] if n is None else [Message("publish.cases", n=n)]
    if low is not None and high is not None:
        interval = {"low": shown["low"], "high": shown["high"], "level": figure.get("level")}
        facts.append(Message("publish.interval", **interval))
    return facts if target is None else [*facts, Message("publish.target", target=shown["target"])]
