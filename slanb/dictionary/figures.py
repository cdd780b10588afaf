"""Published numbers: the catalogue of all there are, and one number with its cases, interval and verdict.

What a number is called, counts and rests on stands once, in `figures.toml` beside this file. Analyses return
`Figure`s, which add the value; pages, `figures.json`, clauses of the agreement and `slanb figures` read both.
"""

import math
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from typing import Any, Literal

Unit = Literal[
    "leads", "customers", "deals", "money", "money per lead", "share", "days", "hours", "attempts", "count"
]
Clock = Literal["cohort", "closing", "plan", "calendar"]
Side = Literal["marketing", "sales", "both", ""]
Verdict = Literal["kept", "missed", "pending", "not measurable"]
BLANK = "blank"  # in an id, the name of a tier or segment that is not on record


@dataclass(frozen=True, kw_only=True)
class Definition:
    """What a figure is. `id` holds `{tier}`, `{segment}`, `{part}` or `{clause}` where a name belongs.

    label, formula : in words. math : the formula with its numbers put in, a message's text.
    clock : `cohort`, `closing`, `plan` or `calendar`. side : who controls it. source : where it is computed.
    page : the notebook that publishes it. clause : a promise can be decided by it.
    """

    id: str
    label: str
    unit: str
    clock: str
    formula: str
    source: str
    page: str
    side: Side = ""
    math: str = ""
    clause: bool = False

    @property
    def pattern(self) -> re.Pattern[str]:
        """What an id of this definition looks like."""
        parts = re.split(r"\{(\w+)\}", self.id)
        return re.compile("".join(
            f"(?P<{part}>.+)" if place % 2 else re.escape(part) for place, part in enumerate(parts)
        ))  # fmt: skip

    def named(self, names: Mapping[str, str]) -> str:
        """The label with the names of an id in it, in English."""
        return self.label.format(**{key: "(blank)" if name == BLANK else name for key, name in names.items()})


@cache
def catalogue() -> dict[str, Definition]:
    """Every figure there is, by id, in the order of the catalogue."""
    text = (files(__package__) / "figures.toml").read_text(encoding="utf-8")
    return {key: Definition(id=key, **entry) for key, entry in tomllib.loads(text).items()}


@cache
def definition(figure_id: str) -> tuple[Definition, dict[str, str]]:
    """The definition an id belongs to, and the names in it.

    Raises
    ------
    ValueError : where the catalogue has no such id, naming the nearest one.

    >>> found, names = definition("tier.A.lead_value")
    >>> found.unit, names
    ('money per lead', {'tier': 'A'})
    >>> definition("sales.sped")
    Traceback (most recent call last):
    ValueError: there is no figure 'sales.sped'. Did you mean sales.speed?
    """
    known = catalogue()
    if figure_id in known and "{" not in figure_id:
        return known[figure_id], {}
    for each in known.values():
        if "{" in each.id and (match := each.pattern.fullmatch(figure_id)):
            return each, match.groupdict()
    raise ValueError(f"there is no figure {figure_id!r}.{did_you_mean(figure_id)}")


def did_you_mean(figure_id: str, *, clause: bool = False) -> str:
    """The nearest ids of the catalogue, as the end of a sentence; `clause` looks at those a promise can name.

    >>> did_you_mean("marketing.lead", clause=True)
    ' Did you mean marketing.leads?'
    """
    known = [key for key, each in catalogue().items() if each.clause or not clause]
    near = get_close_matches(figure_id, known, n=1, cutoff=0.5)
    return f" Did you mean {near[0]}?" if near else f" There are: {', '.join(known)}."


@dataclass(frozen=True, eq=False)
class Figure:
    """One published number.

    Parameters
    ----------
    id : of the catalogue; names in it as they are on record, a blank one `blank`.
    value : the number, or None where the records cannot support one. Shares are 0-1.
    n : the number of cases behind it; None for a plan figure.
    low, high : its interval, where there is one; `level` says which (0.8: four times in five).
    target : what was agreed, where something was. verdict : where there is a target.
    note : what limits it, a `Message` or a text.
    parts : the numbers of its formula, by name, for the catalogue's `math`.
    unit, side, label : of a promise (`clause.…`), which has its own; None takes the catalogue's.

    Raises
    ------
    ValueError : where the catalogue has no such id.

    >>> speed = Figure("sales.speed", 0.73, n=550, target=0.9, parts={"kept": 400, "decided": 550})
    >>> speed.label, speed.unit, speed.clock
    ('Leads followed up in time', 'share', 'cohort')
    """

    id: str
    value: float | None
    n: int | None = None
    low: float | None = None
    high: float | None = None
    level: float | None = None
    target: float | None = None
    verdict: Verdict | None = None
    note: Any = ""
    parts: Mapping[str, float] = field(default_factory=dict)
    unit: str | None = None
    clock: str | None = None
    side: str | None = None
    label: str | None = None

    def __post_init__(self) -> None:
        found, names = definition(self.id)
        own = {"unit": found.unit, "clock": found.clock, "side": found.side, "label": found.named(names)}
        for key, known in own.items():
            if getattr(self, key) is None:
                object.__setattr__(self, key, known)

    @property
    def formula(self) -> str:
        """How it comes about, in words."""
        return definition(self.id)[0].formula

    def record(self) -> dict:
        """The figure as `figures.json` holds it: plain types, an impossible number as null.

        >>> Figure("marketing.leads", float("nan"), n=3).record()["value"] is None
        True
        """
        keys = ("id", "label", "value", "unit", "clock", "formula", "n", "low", "high", "level", "target")
        own = {key: plain(getattr(self, key)) for key in (*keys, "verdict", "side", "note")}
        return own | {"parts": {name: plain(number) for name, number in self.parts.items()}}


def plain(value: Any) -> Any:
    """A value as JSON holds it: of Python's own types, an impossible number as None."""
    number = value.item() if hasattr(value, "item") else value
    return None if isinstance(number, float) and not math.isfinite(number) else number


def judge(value: float, *, at_least: float, complete: bool) -> Verdict:
    """Whether a promised amount was delivered. What is delivered in an unfinished period stays delivered, and
    nothing is no promise.

    Parameters
    ----------
    value, at_least : what was delivered and what was promised, in one unit.
    complete : the period had ended as of the clock.

    >>> judge(90, at_least=100, complete=False), judge(90, at_least=100, complete=True)
    ('pending', 'missed')
    >>> judge(100, at_least=100, complete=False), judge(float("nan"), at_least=100, complete=True)
    ('kept', 'not measurable')
    """
    if math.isnan(value) or math.isnan(at_least) or at_least == 0:
        return "not measurable"
    if value >= at_least:
        return "kept"
    return "missed" if complete else "pending"
