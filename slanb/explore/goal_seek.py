"""Goal seek: which value of an assumption would do, what a percent of each is worth, the least effort.

Searched is always on the goal chain itself, so that what is found there holds.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd
from scipy.optimize import brentq, root_scalar

from slanb.errors import SlanbError
from slanb.explore.scenario import Path, Scenario
from slanb.explore.suggested import Suggested
from slanb.terms.plan import WIDE

SMALL = 0.005  # relative change of a lever by which its elasticity is measured
FURTHEST = 100.0  # times, and part, of its value as far as a lever is sought
VOLUME: Path = ("leads",)  # more leads of the same kind: a lever that is no value of the plan


@dataclass(frozen=True)
class Improvements:
    """The least effort that makes the leads that come suffice.

    levers : one row a lever: `path`, `now`, `becomes` (NaN of volume where leads do not count), `change`
        (a share), `elasticity`, `effort` (of one percent), `at_limit`.
    leads : needed after all of them; available : that come then.
    enough : whether they suffice; False where all levers at their limits do not.
    """

    levers: pd.DataFrame
    leads: float
    available: float
    enough: bool


def seek(scenario: Scenario, path: Path, leads: float) -> tuple[float | None, float]:
    """The value of one assumption with which so many leads suffice, all else as it is.

    Parameters
    ----------
    path : of the assumption, such as `("close_rate",)` or `("tiers", "A", "deal_size")`.
    leads : that there will be, > 0.

    Returns
    -------
    The value, or None where none that is possible does; and the leads needed at it, or at the nearest that
    is possible.

    Raises
    ------
    SlanbError : if `leads` is not above 0.
    """
    if not leads > 0:
        raise SlanbError(f"leads that come are {leads:g}, but a number above 0 is expected.")
    now = float(scenario.value(path))
    if not now > 0:
        return None, float(scenario.goals.total["leads"])
    quick = _in_a_few_steps(scenario, path, now, leads)
    if quick is not None:
        return quick, leads
    ends = [_possible(scenario, path, now, FURTHEST), _possible(scenario, path, now, 1 / FURTHEST)]
    needed = [_needed(scenario, path, now * math.exp(end)) for end in ends]
    if not min(needed) <= leads <= max(needed):
        return None, min(needed, key=lambda found: abs(found - leads))
    found = brentq(
        lambda step: math.log(_needed(scenario, path, now * math.exp(step)) / leads), *ends, xtol=1e-12
    )
    value = now * math.exp(found)
    return value, _needed(scenario, path, value)


def seek_all(scenario: Scenario, suggested: Suggested, leads: float) -> pd.DataFrame:
    """`seek` for each assumption of the chain, whole and of each tier.

    Returns
    -------
    `path`, `now`, `needed` (NaN where impossible), `change` (a share), `best` (leads needed at `needed`, or
    at the nearest that is possible), `seen` (it lies within what the records suggest; None where they say
    nothing).
    """
    rows = []
    for path in levers_of(scenario, whole=True):
        value, best = seek(scenario, path, leads)
        now, ends = scenario.value(path), suggested.ranges.get(path)
        needed = math.nan if value is None else value
        seen = None if ends is None or value is None else bool(ends[0] <= value <= ends[1])
        rows.append((path, now, needed, needed / now - 1, best, seen))
    return pd.DataFrame(rows, columns=["path", "now", "needed", "change", "best", "seen"])


def levers_of(scenario: Scenario, *, whole: bool) -> list[Path]:
    """What can be sought: the plan's assumptions and the tiers'; or, not `whole`, what can be improved."""
    tiers = [("tiers", name, key) for key in ("close_rate", "deal_size") for name in scenario.plan.tiers]
    if whole:
        return [("quota",), ("marketing_share",), ("deal_size",), ("close_rate",), *tiers]
    return [VOLUME, *(tiers or [("close_rate",), ("deal_size",)])]


def elasticities(scenario: Scenario) -> dict[Path, float]:
    """By how many percent the leads needed change when one assumption grows by one percent, by path.

    d ln(leads) / d ln(value), by the difference of half a percent up and down; a share that cannot grow is
    measured downwards only. NaN where no leads are needed.
    """
    found = {}
    for path in levers_of(scenario, whole=True):
        now = scenario.value(path)
        if not now > 0 or not scenario.goals.total["leads"] > 0:
            found[path] = math.nan
            continue
        up = _possible(scenario, path, now, 1 + SMALL)
        down = math.log(1 - SMALL)
        leads = [_needed(scenario, path, now * math.exp(step)) for step in (down, up)]
        found[path] = math.log(leads[1] / leads[0]) / (up - down)
    return found


def cheapest_improvements(
    scenario: Scenario,
    leads: float,
    *,
    efforts: Mapping[Path, float] | None = None,
    most: float | Mapping[Path, float] = 0.2,
) -> Improvements:
    """The mix of small improvements with the least effort after which so many leads suffice.

    Each further percent of one lever is harder than the one before: minimise sum of effort x (ln change)²,
    so that several levers move a little rather than one a lot. To first order lever i then moves by
    ln change = k x elasticity / effort, and k is sought on the goal chain itself.

    Parameters
    ----------
    leads : that come as things are; the lever `VOLUME` makes more of them.
    efforts : of one percent of each lever, relative to each other, > 0; 1 where none is given. A lever that
        cannot be moved is left out by an infinite effort.
    most : most by which a lever may grow, a share: one for all or by lever.

    Raises
    ------
    SlanbError : if `leads` or an effort is not above 0, or a share of growth is negative.
    """
    efforts = dict(efforts or {})
    levers = levers_of(scenario, whole=False)
    limits = {path: most.get(path, 0.2) if isinstance(most, Mapping) else most for path in levers}
    _check(leads, efforts, limits)
    slopes = elasticities(scenario)
    weights = {
        path: (1.0 if path == VOLUME else -slopes.get(path, math.nan)) / efforts.get(path, 1.0)
        for path in levers
    }
    caps = {path: _cap(scenario, path, limits[path]) for path in levers}

    def moves(k: float) -> dict[Path, float]:
        return {path: min(max(k * weights[path], 0.0), caps[path]) for path in levers}

    def gap(k: float) -> float:
        step = moves(k)
        return math.log(_after(scenario, step) / (leads * math.exp(step[VOLUME])))

    needed = float(scenario.goals.total["leads"])
    furthest = max((caps[path] / weights[path] for path in levers if weights[path] > 0), default=0.0)
    if needed <= leads or not furthest:
        k = 0.0
    elif gap(furthest) > 0:
        k = furthest
    else:
        k = brentq(gap, 0.0, furthest, xtol=1e-12)
    chosen = moves(k)
    rows = [
        {
            "path": path,
            "now": leads if path == VOLUME else scenario.value(path),
            "becomes": (leads if path == VOLUME else scenario.value(path)) * math.exp(chosen[path]),
            "change": math.expm1(chosen[path]),
            "elasticity": 1.0 if path == VOLUME else -slopes[path],
            "effort": efforts.get(path, 1.0),
            "at_limit": chosen[path] > 0 and chosen[path] >= caps[path] - 1e-12,
        }
        for path in levers
    ]
    after, available = _after(scenario, chosen), leads * math.exp(chosen[VOLUME])
    return Improvements(pd.DataFrame(rows), after, available, after <= available * (1 + 1e-9))


def _in_a_few_steps(scenario: Scenario, path: Path, now: float, leads: float) -> float | None:
    """The value by secant steps in logarithms, in which most levers are straight; None where that fails."""
    try:
        found = root_scalar(
            lambda step: math.log(_needed(scenario, path, now * math.exp(step)) / leads),
            x0=0.0, x1=1e-3, method="secant", xtol=1e-12, maxiter=12,
        )  # fmt: skip
    except (SlanbError, ValueError, OverflowError, ZeroDivisionError):
        return None
    value = now * math.exp(found.root) if found.converged and abs(found.root) < math.log(FURTHEST) else None
    return value if value and math.isclose(_needed(scenario, path, value), leads, rel_tol=1e-9) else None


def _needed(scenario: Scenario, path: Path, value: float) -> float:
    return float(scenario.with_values({path: value}).goals.total["leads"])


def _after(scenario: Scenario, moves: Mapping[Path, float]) -> float:
    values = {
        path: scenario.value(path) * math.exp(step) for path, step in moves.items() if path != VOLUME and step
    }
    return float((scenario.with_values(values) if values else scenario).goals.total["leads"])


def _possible(scenario: Scenario, path: Path, now: float, times: float) -> float:
    """The logarithm of `times`, or of the nearest multiple of the value that the plan allows."""
    share = path[-1] in WIDE and path[-1] != "deal_size"
    end = min(math.log(times), -math.log(now)) if share and times > 1 else math.log(times)
    if _allows(scenario, path, now * math.exp(end)):
        return end
    inside, outside = 0.0, end
    for _ in range(40):
        middle = (inside + outside) / 2
        if _allows(scenario, path, now * math.exp(middle)):
            inside = middle
        else:
            outside = middle
    return inside


def _allows(scenario: Scenario, path: Path, value: float) -> bool:
    try:
        scenario.with_values({path: value})
    except SlanbError:
        return False
    return True


def _cap(scenario: Scenario, path: Path, most: float) -> float:
    if path == VOLUME:
        return math.log1p(most)
    return _possible(scenario, path, float(scenario.value(path)), 1 + most) if most else 0.0


def _check(leads: float, efforts: Mapping[Path, float], limits: Mapping[Path, float]) -> None:
    problems = [] if leads > 0 else [f"leads that come are {leads:g}, but a number above 0 is expected."]
    problems += [
        f"the effort of {'.'.join(path)} is {effort:g}, but a number above 0 is expected."
        for path, effort in efforts.items()
        if not effort > 0
    ]
    problems += [
        f"the most by which {'.'.join(path)} may grow is {most:g}, but a share of 0 or more is expected."
        for path, most in limits.items()
        if not 0 <= most < math.inf
    ]
    if problems:
        raise SlanbError(problems)
