"""Where missed (or surplus) revenue comes from, adding up to the cent, each part with who controls it."""

from itertools import combinations
from math import factorial

import numpy as np
import pandas as pd

CONTROLLED_BY = {
    "volume": "marketing",
    "mix": "marketing",
    "close rate": "sales",
    "deal size": "sales",
    "marketing share": "sales",
    "timing": "both",
}
FACTORS = ("volume", "mix", "close rate", "deal size")


def revenue_gap(
    plan: pd.DataFrame,
    actual: pd.DataFrame,
    *,
    plan_other: float,
    actual_other: float,
    actual_marketing: float,
    plan_marketing: float | None = None,
) -> pd.DataFrame:
    """Decompose the gap between a period's revenue and its plan.

    revenue = volume x sum over tiers of mix x close rate x deal size, + timing, + other revenue

    The four factors' parts are their Shapley values: each factor's change is averaged over all orders in
    which the factors could have changed, so that none profits from being named first. The rest is plain
    differences. `timing` is what marketing leads' deals closed in the period beyond what the period's own
    leads are worth (deals of earlier months' leads, less own leads' deals to come). `marketing share` is the
    revenue that did not come from marketing leads, against plan: with more of it, the share is lower.

    Assumptions: tiers do not influence each other. It breaks where the actual close rate is read from a
    cohort too young: close rate then looks bad and timing good by the same amount; give the credible rate
    of `cohort_rates`. A tier without leads has no close rate, and one without customers no deal size: the
    other frame's is taken, so that no part is charged for what was not observed.

    Parameters
    ----------
    plan, actual : one row a tier (or segment; no label twice), columns `leads`, `close_rate`,
        `deal_size`. A tier missing in one has no leads there.
    plan_other, actual_other : revenue closed in the period, planned and actual, not from marketing leads.
    actual_marketing : revenue from marketing leads closed in the period, whenever they were created.
    plan_marketing : the same as planned; None means what the planned leads are worth.

    Returns
    -------
    One row a part (`volume`, `mix`, `close rate`, `deal size`, `marketing share`, `timing`) with `amount`, in
    money with two decimals, negative where it lowers revenue, and `controlled_by` (`marketing`, `sales` or
    `both`). The amounts add up to actual less planned revenue to the cent.

    Raises
    ------
    ValueError : if a column is missing or leads are negative.

    Source: Shapley, *A Value for n-Person Games*, 1953; as a decomposition of indices: Sun, Energy Economics
    1998.

    >>> plan = pd.DataFrame({"leads": [100], "close_rate": [0.5], "deal_size": [100.0]})
    >>> actual = pd.DataFrame({"leads": [90], "close_rate": [0.4], "deal_size": [100.0]})
    >>> gap = revenue_gap(plan, actual, plan_other=0, actual_other=200, actual_marketing=3700)
    >>> gap["amount"].to_dict()  # doctest: +NORMALIZE_WHITESPACE
    {'volume': -450.0, 'mix': 0.0, 'close rate': -950.0, 'deal size': 0.0, 'marketing share': 200.0,
     'timing': 100.0}
    """
    before, after = _together(plan, actual)
    own_plan, own_actual = _worth(before), _worth(after)
    planned = own_plan if plan_marketing is None else plan_marketing
    parts = _shapley(before, after)
    parts["marketing share"] = actual_other - plan_other
    parts["timing"] = (actual_marketing - own_actual) - (planned - own_plan)
    gap = (actual_marketing + actual_other) - (planned + plan_other)
    return pd.DataFrame(
        {"amount": _to_the_cent(pd.Series(parts), gap), "controlled_by": pd.Series(CONTROLLED_BY)},
        index=list(CONTROLLED_BY),
    )


def _together(plan, actual):
    """Both frames as factors over the same tiers, each lending the other what it did not observe."""
    for name, frame in (("plan", plan), ("actual", actual)):
        if missing := {"leads", "close_rate", "deal_size"} - set(frame.columns):
            raise ValueError(f"{name} lacks {', '.join(sorted(missing))}")
        if (frame["leads"] < 0).any():
            raise ValueError(f"{name}['leads'] must not be negative")
    tiers = plan.index.union(actual.index, sort=False)
    first, second = (_factors(frame.reindex(tiers).astype(float)) for frame in (plan, actual))
    for name in FACTORS[1:]:
        lent = [np.where(np.isnan(a[name]), b[name], a[name]) for a, b in ((first, second), (second, first))]
        first[name], second[name] = (np.nan_to_num(values) for values in lent)
    return first, second


def _factors(frame):
    leads = frame["leads"].fillna(0).to_numpy()
    rate, size, total = frame["close_rate"].to_numpy(), frame["deal_size"].to_numpy(), leads.sum()
    return {
        "volume": total,
        "mix": leads / total if total > 0 else np.full(len(leads), np.nan),
        "close rate": np.where(leads > 0, rate, np.nan),
        "deal size": np.where((leads > 0) & (rate > 0), size, np.nan),
    }


def _worth(factors):
    return float(factors["volume"] * (factors["mix"] * factors["close rate"] * factors["deal size"]).sum())


def _shapley(before, after):
    """Each factor's change of the worth, averaged over all orders of change."""
    n, parts = len(FACTORS), dict.fromkeys(FACTORS, 0.0)
    for factor in FACTORS:
        others = [name for name in FACTORS if name != factor]
        for size in range(n):
            weight = factorial(size) * factorial(n - 1 - size) / factorial(n)
            for changed in combinations(others, size):
                without = before | {name: after[name] for name in changed}
                parts[factor] += weight * (_worth(without | {factor: after[factor]}) - _worth(without))
    return parts


def _to_the_cent(parts, total):
    """Parts rounded to cents; the largest takes what rounding leaves over."""
    cents = (parts * 100).round()
    cents[parts.abs().idxmax()] += round(total * 100) - cents.sum()
    return cents / 100
