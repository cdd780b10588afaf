"""The plan's numbers moved on the first page, by a script of its own; the page is whole without it."""

import json
import math
import re
from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from slanb.dictionary.locales import fewest_digits
from slanb.dictionary.messages import Message
from slanb.dictionary.wording import Wording
from slanb.publish.layout import part, source
from slanb.terms.goals import whole_leads

LEVERS = ("quota", "marketing_share", "deal_size", "close_rate")
ANSWERS = {
    "leads": "plan.leads",
    "customers": "plan.customers",
    "hours": "sales.hours_needed",
    "chance": "plan.chance_learnt",
}  # by key of the script: the figure that shows it as agreed


def script() -> str:
    """What moves the numbers in the reader's browser."""
    return source("what_if.js")


def what_if(data: Mapping[str, Any], figures: Mapping[str, Mapping], words: Wording) -> Markup:
    """The plan's numbers as a part of a page, each as agreed and to be moved, and what they come to.

    Parameters
    ----------
    data : what `slanb.goals.moved` gives.
    figures : the report's, by id.

    Returns
    -------
    Nothing where there is no data, or in a language that writes numbers in another way than the script.
    """
    separators = _separators(words)
    if not data or separators is None:
        return Markup("")
    percent = words.share(0.0, 0)
    plan = dict(data) | {"format": separators | {"percent": percent}}
    most = data["most"]
    levers = [
        _lever(key, key, words.label(f"plan.{key}"), data["agreed"][key], most.get(key, math.inf), words)
        for key in LEVERS
    ]
    tiers = [
        _lever(f"tiers.{name}", "close_rate", words.say("publish.what_if_tier", tier=name), rate, 1.0, words)
        for name in dict.fromkeys(cell[1] for cell in data["cells"])
        if (rate := data["tiers"].get(name)) is not None
    ]
    return part(
        "what_if.html.j2",
        words=words,
        plan=json.dumps(plan, ensure_ascii=False, allow_nan=False),
        levers=levers,
        tiers=tiers,
        answers=_answers(data, figures, words),
        read_off=data["chance"] is not None,
        most=most,
    )


def _separators(words: Wording) -> dict[str, str] | None:
    """How the language parts thousands and decimals; None where it writes numbers in another way."""
    written = re.fullmatch(r"1(\D)234(?:\1)567(\D)8", words.number(1234567.8, 1))
    return {"group": written[1], "decimal": written[2]} if written else None


def _lever(key: str, kind: str, label: str, agreed: float, most: float, words: Wording) -> dict[str, Any]:
    """A number to be moved: shares in percent, from half to twice the agreed one, in round steps."""
    share = kind in ("marketing_share", "close_rate")
    times = 100 if share else 1
    shown = agreed * times
    step = 10 ** math.floor(math.log10(shown)) / 20
    highest = min(2 * shown, most * times)
    unit = Message("units.name_share" if share else "units.name_money", currency=words.currency)
    return {
        "key": key,
        "id": re.sub(r"\W", "-", key),
        "label": words.say("plots.with_unit", subject=label, unit=unit),
        "agreed": words.share(agreed, fewest_digits(shown, 2)) if share else words.money(agreed),
        "times": times,
        "value": f"{shown:.10g}" if share else f"{shown:.2f}".removesuffix(".00"),
        "low": f"{math.ceil(shown / 2 / step) * step:.6g}",
        "high": f"{math.floor(highest / step + 1e-9) * step:.6g}",
        "step": f"{step:.6g}",
    }


def _answers(data: Mapping, figures: Mapping[str, Mapping], words: Wording) -> list[dict[str, str]]:
    """What the plan comes to as agreed, by the report's own figures."""
    known = {key: figures[id_]["value"] for key, id_ in ANSWERS.items() if id_ in figures}
    if data["hours_per_lead"] is None:
        known.pop("hours", None)
    if data["chance"] is None:
        known.pop("chance", None)
    written = {
        "leads": lambda x: words.number(float(whole_leads(x))),
        "customers": lambda x: words.number(x, 1),
        "hours": words.number,
        "chance": lambda x: words.share(x, 0),
    }
    labels = {key: words.label(id_) for key, id_ in ANSWERS.items()}
    if data["hours"] is not None:
        labels["hours"] = words.say("publish.what_if_hours", hours=data["hours"])
    return [
        {"key": key, "label": labels[key], "agreed": written[key](value)}
        for key, value in known.items()
        if value is not None
    ]
