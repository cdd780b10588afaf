"""Where missed (or surplus) revenue comes from, adding up to the cent, each part with who controls it."""

from functools import reduce
from math import factorial

import numpy as np
import pandas as pd

CONTROLLED_BY = {
    "plan months": "both",
    "customers": "both",
    "volume": "marketing",
    "mix": "marketing",
    "close rate": "sales",
    "timing": "both",
    "deal size": "sales",
    "not promised": "marketing",
    "no lead": "both",
    "marketing share": "sales",
}
PLANNED = ["plan_leads", "close_rate", "deal_size", "due", "due_so_far"]
COUNTED = ["leads", "customers", "customers_so_far", "revenue"]


def revenue_gap(
    cells: pd.DataFrame,
    *,
    plan_marketing: float,
    actual_marketing: float,
    plan_other: float,
    actual_other: float,
    not_promised: float = 0.0,
) -> pd.DataFrame:
    """Decompose the gap between what closed in a period and its plan, over the cohorts that fed it.

    closings = sum over cohorts and tiers of leads x mix x rate to date x share of it now x deal size

    A cohort is the leads created in one month (or week); "now" is the month in which they close. Planned,
    the rate to date is the agreed close rate times the share of a cohort's customers due by its age, and
    the share now is what of these is due in this very month. Actual, they are the customers so far ÷ leads,
    and the customers of this month ÷ those so far. So a cohort is judged by what is due at its age, never
    by customers that are still to come, and leads that grow from month to month are no gap.

    - `volume`, `mix`, `close rate`, `timing` (share now), `deal size`: Shapley values of the five factors,
      each factor's change averaged over all orders in which the factors could have changed, summed over
      cohorts.
    - `plan months`: planned closings of the cohorts less `plan_marketing`. No departure from the plan but a
      property of it: earlier months with smaller goals cannot feed a larger one. 0 where goals are level.
    - `not promised`: revenue of leads that nothing was promised of. `no lead`: marketing's other revenue that
      is in no cell. `marketing share`: other revenue less planned.

    Assumptions: tiers do not influence each other, and cohorts close as fast as `due` says. A cohort in its
    first month cannot show speed: slow and few look alike there, and both count as close rate until it is
    older. Further deals of the same customer count as timing, deals without an amount lower the deal size.
    What one side has not observed (the rate of a tier without leads, the size of deals that did not close)
    is taken from the other side, so that no part is charged for it.

    Parameters
    ----------
    cells : one row a cohort and tier; in a period of several months each month's cohorts are of their own.
        `cohort`, `tier`; planned: `plan_leads`, `close_rate`, `deal_size` (may be missing), `due` and
        `due_so_far` (shares of a cohort's customers that close in the month, and up to its end); actual:
        `leads`, `customers` and `revenue` of the month, `customers_so_far`.
    plan_marketing, actual_marketing : revenue closed in the period from marketing, planned and actual.
    plan_other, actual_other : the same, not from marketing.
    not_promised : of `actual_marketing`, what leads brought that stand in no cell, as nothing was promised of
        them.

    Returns
    -------
    One row a part with `amount`, in money with two decimals, negative where it lowers revenue, and
    `controlled_by` (`marketing`, `sales`, `both`). They add up to actual less planned revenue to the cent.

    Raises
    ------
    ValueError : if a column is missing, a cell stands twice, or a count is negative.

    Source: Shapley, *A Value for n-Person Games*, 1953; as a decomposition of indices: Sun, Energy Economics
    1998.

    >>> plan = {"plan_leads": [80, 100], "close_rate": 0.5, "deal_size": 100.0, "due": [0.5, 0.5]}
    >>> came = {"leads": [80, 90], "customers": [20, 18], "revenue": [2000.0, 1800.0]}
    >>> cells = pd.DataFrame({"cohort": ["May", "June"], "tier": "", **plan, **came})
    >>> cells = cells.assign(due_so_far=[1.0, 0.5], customers_so_far=[40, 18])
    >>> gap = revenue_gap(cells, plan_marketing=5000, actual_marketing=3800, plan_other=0, actual_other=200)
    >>> gap["amount"].to_dict()  # doctest: +NORMALIZE_WHITESPACE
    {'plan months': -500.0, 'volume': -225.0, 'mix': 0.0, 'close rate': -475.0, 'timing': 0.0,
     'deal size': 0.0, 'not promised': 0.0, 'no lead': 0.0, 'marketing share': 200.0}
    """
    before, after = _factors(_checked(cells))
    parts = {"plan months": _worth(before) - plan_marketing, **_shapley(before, after)}
    parts |= {"not promised": not_promised, "no lead": actual_marketing - _worth(after) - not_promised}
    parts |= {"marketing share": actual_other - plan_other}
    return _parts(parts, (actual_marketing + actual_other) - (plan_marketing + plan_other))


def customers_gap(
    tiers: pd.DataFrame,
    *,
    plan_marketing: float,
    actual_marketing: float,
    plan_other: float,
    actual_other: float,
) -> pd.DataFrame:
    """Decompose the gap where the run-off is not known: customers, deal size, and other revenue.

    marketing revenue = sum over tiers of customers x deal size

    Without a run-off nobody can say how many of the month's customers each cohort owed it, so that leads,
    close rate and timing stay one part, `customers`.

    Parameters
    ----------
    tiers : one row a tier: `plan_customers`, `deal_size` (planned), `customers` and `revenue` closed.
    plan_marketing, actual_marketing, plan_other, actual_other : as `revenue_gap`.

    Returns
    -------
    As `revenue_gap`, the parts `customers`, `deal size` and `marketing share`.

    Source: as `revenue_gap`.

    >>> tiers = pd.DataFrame({"plan_customers": [10], "deal_size": 100.0, "customers": 8, "revenue": 960.0})
    >>> gap = customers_gap(tiers, plan_marketing=1000, actual_marketing=960, plan_other=0, actual_other=0)
    >>> gap["amount"].to_dict()
    {'customers': -220.0, 'deal size': 180.0, 'marketing share': 0.0}
    """
    counts = tiers[["plan_customers", "customers"]].fillna(0.0).to_numpy(dtype=float).T
    planned, closed = tiers["deal_size"].to_numpy(dtype=float), tiers["revenue"].to_numpy(dtype=float)
    sizes = _lent(planned, _ratio(closed, counts[1]))
    before, after = ({"customers": n, "deal size": size} for n, size in zip(counts, sizes, strict=True))
    parts = _shapley(before, after)
    parts["customers"] += (_worth(before) - plan_marketing) + (actual_marketing - _worth(after))
    parts["marketing share"] = actual_other - plan_other
    return _parts(parts, (actual_marketing + actual_other) - (plan_marketing + plan_other))


def _checked(cells):
    """Each column as an array of cohorts x tiers."""
    if missing := {"cohort", "tier", *PLANNED, *COUNTED} - set(cells.columns):
        raise ValueError(f"cells lacks {', '.join(sorted(missing))}")
    if cells.duplicated(["cohort", "tier"]).any():
        raise ValueError("cells must hold each cohort and tier once")
    counts = [*PLANNED, *COUNTED[:-1]]
    if (cells[counts] < 0).any(axis=None):
        raise ValueError(f"cells must not hold negative {', '.join(counts)}")
    row, column = (pd.factorize(cells[name])[0] for name in ("cohort", "tier"))
    shape = (row.max(initial=-1) + 1, column.max(initial=-1) + 1)
    arrays = {}
    for name in [*PLANNED, *COUNTED]:
        arrays[name] = np.full(shape, np.nan if name in ("close_rate", "deal_size") else 0.0)
        arrays[name][row, column] = cells[name].to_numpy(dtype=float)
    return arrays


def _factors(a):
    """The five factors, planned and actual, each side lending the other what it did not observe."""
    so_far, due = (np.maximum(a[f"{name}_so_far"], a[name]) for name in ("customers", "due"))
    pairs = {}
    volumes = [a[name].sum(axis=1, keepdims=True) for name in ("plan_leads", "leads")]
    pairs["mix"] = [
        _ratio(a[name], whole) for name, whole in zip(("plan_leads", "leads"), volumes, strict=True)
    ]
    pairs["close rate"] = a["close_rate"] * due, _ratio(so_far, a["leads"])
    pairs["timing"] = _ratio(a["due"], due), _ratio(a["customers"], so_far)
    pairs["deal size"] = a["deal_size"], _ratio(a["revenue"], a["customers"])
    both = {"volume": volumes} | {name: _lent(*pair) for name, pair in pairs.items()}
    return [{name: pair[side] for name, pair in both.items()} for side in (0, 1)]


def _ratio(above, below):
    return np.divide(above, below, out=np.full(above.shape, np.nan), where=below > 0)


def _lent(first, second):
    """Both with what they lack taken from the other, and 0 where both lack it."""
    return [np.nan_to_num(np.where(np.isnan(a), b, a)) for a, b in ((first, second), (second, first))]


def _worth(factors):
    return float(reduce(np.multiply, factors.values()).sum())


def _shapley(before, after):
    """Each factor's change of the worth, averaged over all orders of change."""
    names, n = list(before), len(before)
    worth = [
        _worth({name: (after if done >> place & 1 else before)[name] for place, name in enumerate(names)})
        for done in range(2**n)
    ]
    parts = dict.fromkeys(names, 0.0)
    for place, name in enumerate(names):
        for done in (done for done in range(2**n) if not done >> place & 1):
            size = done.bit_count()
            weight = factorial(size) * factorial(n - 1 - size) / factorial(n)
            parts[name] += weight * (worth[done | 1 << place] - worth[done])
    return parts


def _parts(parts, total):
    """The parts in their order, in cents that add up; the largest takes what rounding leaves over."""
    amounts = pd.Series({name: parts[name] for name in CONTROLLED_BY if name in parts})
    cents = (amounts * 100).round()
    cents[amounts.abs().idxmax()] += round(total * 100) - cents.sum()
    return pd.DataFrame({"amount": cents / 100 + 0.0, "controlled_by": pd.Series(CONTROLLED_BY)[cents.index]})
