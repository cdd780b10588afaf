"""The questions that lead to a first agreement (`questions.toml`), with the offers that depend on answers."""

import tomllib
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from importlib.resources import files
from typing import Any

from pydantic import ValidationError

from slanb.agreement.question import KINDS, Answers, Question
from slanb.dictionary.wording import Wording, check_spoken
from slanb.errors import SlanbError
from slanb.terms.watching import Calendar

AGREEMENTS = ("internal", "customer", "multilevel")
# The sides of each kind of agreement, by the keys of their names.
SIDES = {
    "internal": ("marketing", "sales"),
    "multilevel": ("marketing", "sales", "service"),
    "customer": ("supplier", "customer"),
}
ROLES = ("first_role", "second_role", "third_role")  # of the sides, in their order


def _zone_of(given: Answers) -> str | None:
    """The country's time zone; none without a country, or where it has several to choose from."""
    from babel.core import get_global

    territories = get_global("zone_territories")
    zones = [zone for zone in sorted(territories) if territories[zone] == given["country"] and "/" in zone]
    return zones[0] if 0 < len(zones) <= 2 else None


def _end(given: Answers) -> date:
    first = given["from"]
    try:
        return first.replace(year=first.year + 1) - timedelta(days=1)
    except ValueError:  # 29 February
        return first.replace(year=first.year + 1, day=28)


OFFERS: dict[str, Callable[[Answers], Any]] = {
    "until": _end,
    "zone": _zone_of,
    "mid_review": lambda given: given["from"] + (given["until"] - given["from"]) // 2,
    "last_review": lambda given: max(given["from"], given["until"] - timedelta(days=30)),
}


def _kind(value: str) -> None:
    if value not in AGREEMENTS:
        raise SlanbError(f"{value!r} is given, but one of {', '.join(AGREEMENTS)} is expected.")


def _calendar(what: str, expected: str, **stated: Any) -> None:
    try:
        Calendar(**{"zone": "UTC", "hours": {"monday": ["09:00", "17:00"]}} | stated)
    except ValidationError:
        raise SlanbError(f"{what}, but {expected} is expected.") from None


CHECKS: dict[str, Callable[[Any], Any]] = {
    "kind": _kind,
    "country": lambda value: _calendar(f'country is "{value}"', "its two-letter code, as DE,", country=value),
    "zone": lambda value: _calendar(f'time zone is "{value}"', "a name such as Europe/Berlin", zone=value),
    "language": check_spoken,
    "currency": lambda value: Wording(currency=value),
}


def _offer(key: str, fixed: Any, customer: Any) -> Callable[[Answers], Any]:
    """The answer offered, as `questions.toml` has it."""

    def offer(given: Answers) -> Any:
        text = customer if customer and given["kind"] == "customer" else fixed
        if not isinstance(text, str):
            return text
        text = Wording(given.get("language", "en")).translated("draft", text)
        return text.format(side=given[SIDES[given["kind"]][ROLES.index(key)]]) if key in ROLES else text

    return offer


def _read() -> Iterator[Question]:
    text = (files(__package__) / "questions.toml").read_text(encoding="utf-8")
    for step in tomllib.loads(text)["step"]:
        for entry in step["question"]:
            key, kind = entry["key"], entry.pop("kind", "text")
            offer = _offer(key, entry.pop("offer", None), entry.pop("offer_customer", None))
            made = {"kind": KINDS[kind], "offer": OFFERS.get(key, offer)}
            yield Question(step=step["title"], check=CHECKS.get(key, lambda value: None), **made, **entry)


QUESTIONS = tuple(_read())
