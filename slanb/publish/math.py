"""How a published number comes about, in words and with its numbers put in: the same on each page."""

from collections.abc import Mapping
from typing import Any

from slanb.dictionary.figures import BLANK, definition
from slanb.dictionary.messages import Message
from slanb.dictionary.wording import Wording
from slanb.publish.layout import MEANING
from slanb.scorecard.view import Math
from slanb.tables import anchor

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


def by_part(figure_id: str, figures: Mapping[str, Mapping[str, Any]], words: Wording) -> list[str]:
    """A figure of the whole by segment and by tier, a sentence each; nothing where one name is all there is.

    Parameters
    ----------
    figures : the report's, by id.
    """
    said, last = [], OF_PARTS.get(figure_id)
    for cut in ("segment", "tier") if last else ():
        parts = {
            definition(id_)[1][cut]: words.value(each["value"], each["unit"])
            for id_, each in figures.items()
            if id_.startswith(f"{figure_id.partition('.')[0]}.{cut}.") and id_.endswith(f".{last}")
        }
        shown = [
            Message("publish.part", name=Message("tables.blank") if name == BLANK else name, value=value)
            for name, value in parts.items()
        ]
        if len(parts) > 1:
            said.append(
                words.say(f"publish.{cut}_{'reached' if last == 'reached' else 'parts'}", parts=shown)
            )
    return said
