"""A scenario: the agreed plan of a period with some of its values moved.

What is kept is the sparse overlay, laid over the plan by `slanb.terms` as any
what-if is. Values are named by their path, `("quota",)` or `("tiers", "A", "close_rate")`.
"""

import copy
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import pandas as pd

from slanb.errors import SlanbError
from slanb.terms import Plan, Terms
from slanb.terms.goals import Goals, goals_of
from slanb.terms.plan import WIDE

Path = tuple[str, ...]
SAME = 1e-9  # relative difference below which a value counts as the agreed one


@dataclass(frozen=True)
class Scenario:
    """The plan of one period with some values moved; `changes` is empty for the plan as agreed.

    Raises
    ------
    SlanbError : on `plan` and all that follows from it, where the changes are not possible.
    """

    terms: Terms
    period: pd.Period
    changes: dict[str, Any] = field(default_factory=dict)

    @cached_property
    def plan(self) -> Plan:
        """The plan with the changes laid over it."""
        return self.terms.plan(self.period, self.changes)

    @cached_property
    def goals(self) -> Goals:
        """The goals that follow, as every report computes them."""
        return goals_of(self.terms, self.period, self.changes)

    @cached_property
    def agreed(self) -> "Scenario":
        """The same period with nothing moved."""
        return replace(self, changes={}) if self.changes else self

    def value(self, path: Path) -> float | None:
        """The value in force at a path; of what is not stated, what the plan comes to there."""
        return value_in(self.plan, path)

    def with_value(self, path: Path, value: float) -> "Scenario":
        """The scenario with one value moved, and whatever has to give way to it.

        A share of the whole lets the other shares give way in proportion. A number of one tier or segment
        ends what was said of the same number for the whole: the parts keep what that came to.

        Raises
        ------
        SlanbError : where the value, or what it makes of the plan, is not possible.
        """
        values = {path: value}
        if len(path) == 3 and path[-1] == "share":
            values |= dict(_shares(self.plan, path, value))
        return self.with_values(values)._without_idle(list(values))

    def with_values(self, values: Mapping[Path, float]) -> "Scenario":
        """The scenario with several values moved at once, each as given; nothing gives way.

        Raises
        ------
        SlanbError : as `with_value`.
        """
        changes = copy.deepcopy(self.changes)
        for path, value in values.items():
            if path[-1] in WIDE and len(path) > 1 and path[-1] in changes:
                del changes[path[-1]]
                for each in _stated(self.plan, path):
                    _put(changes, each, float(f"{self.value(each):.6g}"))
            _put(changes, path, value)
        moved = replace(self, changes=changes)
        moved.plan  # noqa: B018  told now, where the value was given
        return moved

    def tidied(self) -> "Scenario":
        """The same plan from no more changes than it takes."""
        return self._without_idle([path for path, _ in self.moved()])

    def _without_idle(self, paths: list[Path]) -> "Scenario":
        """The scenario without those of the changes at `paths` that change nothing."""
        kept = self
        for path in paths:
            less = replace(kept, changes=_taken_out(kept.changes, path))
            try:
                idle = _same(less.value(path), kept.value(path))
            except SlanbError:  # without it the others are not possible
                idle = False
            kept = less if idle else kept
        return kept

    def moved(self) -> Iterator[tuple[Path, float]]:
        """The paths that the changes state, with their values."""
        return leaves(self.changes)


def value_in(plan: Plan, path: Path) -> float | None:
    """The value a plan has at a path; None where it has none.

    >>> plan = Plan(quota=5000, marketing_share=1, deal_size=100, close_rate=0.5)
    >>> value_in(plan, ("quota",)), value_in(plan, ("close_rate",)), value_in(plan, ("speed", "hours"))
    (5000.0, 0.5, None)
    """
    *group, key = path
    match group:
        case [] if key in WIDE:
            found = getattr(plan.blended(), key)
        case []:
            found = getattr(plan, key)
        case ["tiers", name]:
            found = _of_tier(plan, name, key)
        case ["segments", name]:
            stated = getattr(plan.segments[name], key)
            found = getattr(plan.blended(name), key) if stated is None else stated
        case [name]:
            found = getattr(getattr(plan, name), key, None)
        case _:
            raise KeyError(path)
    return found


def _of_tier(plan: Plan, name: str, key: str) -> float | None:
    tier = plan.tiers[name]
    stated = getattr(tier, key)
    if stated is not None:
        return stated
    if key == "value":
        return _of_tier(plan, name, "close_rate") * _of_tier(plan, name, "deal_size")
    return getattr(plan.blended(), key) if getattr(plan, key) is None else getattr(plan, key)


def leaves(changes: Mapping[str, Any], path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """The values of nested changes with their paths.

    >>> list(leaves({"quota": 1, "tiers": {"A": {"share": 0.5}}}))
    [(('quota',), 1), (('tiers', 'A', 'share'), 0.5)]
    """
    for key, value in changes.items():
        if isinstance(value, Mapping):
            yield from leaves(value, (*path, key))
        elif value is not None:
            yield (*path, key), value


def _same(one: float | str | None, other: float | str | None) -> bool:
    if isinstance(one, float | int) and isinstance(other, float | int):
        return abs(one - other) <= SAME * max(abs(one), abs(other), 1e-300)
    return one == other


def _taken_out(changes: Mapping[str, Any], path: Path) -> dict[str, Any]:
    """The changes without the one at `path`, and without groups this leaves empty."""
    step, *rest = path
    kept = dict(changes)
    if step not in kept:
        return kept
    inside = _taken_out(kept[step], tuple(rest)) if rest else {}
    if inside:
        kept[step] = inside
    else:
        del kept[step]
    return kept


def _put(changes: dict[str, Any], path: Path, value: Any) -> None:
    for step in path[:-1]:
        changes = changes.setdefault(step, {})
    changes[path[-1]] = value


def _stated(plan: Plan, path: Path) -> Iterator[Path]:
    """Where the number at the end of `path` stands in the plan, and all siblings of that path."""
    key = path[-1]
    for group in ("tiers", "segments"):
        for name, part in getattr(plan, group).items():
            stated = getattr(part, key, None) is not None
            if key in type(part).model_fields and (stated or group == path[0]):
                yield (group, name, key)


def _shares(plan: Plan, path: Path, value: float) -> Iterator[tuple[Path, float]]:
    """The shares of the other parts of a group, in proportion what `value` leaves them."""
    if not 0 <= value <= 1:
        return  # refused in words when the plan is made
    group, name, _ = path
    others = {other: part.share for other, part in getattr(plan, group).items() if other != name}
    whole = sum(others.values())
    for other, share in others.items():
        part = share / whole if whole else 1 / len(others)
        yield (group, other, "share"), round((1 - value) * part, 6)
