"""How a published number comes about, in words and with its numbers put in: the same on each page."""

from collections.abc import Mapping
from typing import Any

from slanb.dictionary.messages import Message
from slanb.dictionary.wording import Wording
from slanb.publish.layout import MEANING
from slanb.scorecard.view import Math
from slanb.tables import anchor


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
