"""The rates on record at the planned mix of tiers.

A rate of all leads together depends on the mix that came: it is no reading of a plan whose mix is another.
So each tier's own rate counts by the leads planned of it.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from slanb.estimates.deals import size_interval, size_sums
from slanb.estimates.rates import rate_interval
from slanb.facts.chance import on_record
from slanb.facts.learnt import Learnt
from slanb.facts.tracked import LEVEL
from slanb.terms.goals import Goals

MIXED = ["close_rate", "deal_size"]


def at_planned_mix(
    goals: Goals, learnt: Learnt, recent: pd.DataFrame, shares: Sequence[float] = ()
) -> pd.DataFrame:
    """What the records support of a plan's three rates, the tiers in the planned mix.

    Parameters
    ----------
    learnt : of the plan's tiers; a thin one's is drawn toward what is agreed, as for the chance of the goal.
    recent : the rates of all promised leads together (`track_recent`), one row or none.
    shares : marketing's share by every rule that says whose a deal is; the ends reach over them.

    Returns
    -------
    One row, or none: `marketing_share`, `close_rate`, `deal_size`, each with `_low`, `_high`; `came_rate`,
    `came_size` (the same rates of tiers in the mix of leads that came). What no tier's records tell is NaN.

    The ends come from those of the tiers (MOVER): value -+ sqrt(sum of (weight x (value - end))^2).

    Source: Zou, Donner, *Construction of confidence limits about effect measures*, Statistics in Medicine
    2008.
    """
    share = ["marketing_share", "marketing_share_low", "marketing_share_high"]
    mixed = [f"{name}{end}" for name in MIXED for end in ("", "_low", "_high")]
    frame = recent.reindex(columns=share).assign(**dict.fromkeys([*mixed, "came_rate", "came_size"], np.nan))
    known = [each for each in shares if pd.notna(each)]
    if known:
        frame[share[1]], frame[share[2]] = (
            frame[share[1]].clip(upper=min(known)),
            frame[share[2]].clip(lower=max(known)),
        )
    if recent.empty or not learnt.enough:
        return frame
    rows, amounts = on_record(goals, learnt)
    rates, sizes = _rates(rows), _sizes(amounts).reindex(rows.index)
    leads = rows["leads"] if rows["leads"].sum() > 0 else rows["leads"] + 1
    for name, own, weight in (
        ("close_rate", rates, leads),
        ("deal_size", sizes, leads * rates["value"]),
    ):
        frame[[name, f"{name}_low", f"{name}_high"]] = _together(own, weight)
    came = learnt.rates["n"].fillna(0.0).astype(float).reindex(rows.index)
    if came.sum() > 0:
        frame["came_rate"] = _together(rates, came)[0]
        frame["came_size"] = _together(sizes, came * rates["value"])[0]
    return frame


def _rates(rows: pd.DataFrame) -> pd.DataFrame:
    """Close rate of each tier: `value`, `low`, `high`."""
    won, of, tells = (rows[name].astype(float) for name in ("won", "of", "tells"))
    low, high = rate_interval(won * tells, of * tells, level=LEVEL)
    return pd.DataFrame({"value": won / of, "low": low, "high": high})


def _sizes(amounts: dict[str, np.ndarray]) -> pd.DataFrame:
    """Deal size of each tier: `value`, and `low`, `high` where the records tell them; one agreed is known."""
    rows = {}
    for tier, paid in amounts.items():
        ends = size_interval(size_sums(pd.DataFrame({"amount": paid})), level=LEVEL).iloc[0]
        known = [paid.mean()] * 2 if len(paid) == 1 else [ends["low"], ends["high"]]
        rows[tier] = [paid.mean(), *known]
    return pd.DataFrame.from_dict(rows, orient="index", columns=["value", "low", "high"], dtype=float)


def _together(parts: pd.DataFrame, weights: pd.Series) -> list[float]:
    """Value, low and high of the weighted mean of some parts, of those that weigh anything."""
    parts, weights = parts[weights > 0], weights[weights > 0] / weights.sum()
    value = float((weights * parts["value"]).sum())
    off = [
        float(np.sqrt(((weights * (parts["value"] - parts[end])) ** 2).sum(skipna=False)))
        for end in ("low", "high")
    ]
    return [value, value - off[0], value + off[1]]
