"""Which mix of lead types reaches a goal in value with the fewest leads, within stated bounds.

A small integer programme, solved by `scipy.optimize.linprog`.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.optimize import linprog

from slanb.errors import SlanbError


@dataclass(frozen=True)
class BestMix:
    """The mix with the fewest leads, or what the bounds allow at most.

    tiers : `tier`, `leads` (whole), `low`, `high`, `value` (worth of one), `brings` (money), `share` (of all
        leads).
    leads, brings : of all tiers together. goal : the value to reach.
    reached : whether the bounds allow the goal.
    """

    tiers: pd.DataFrame
    goal: float

    @property
    def leads(self) -> float:
        return float(self.tiers["leads"].sum())

    @property
    def brings(self) -> float:
        return float(self.tiers["brings"].sum())

    @property
    def reached(self) -> bool:
        return self.brings >= self.goal * (1 - 1e-6)


def best_mix(tiers: pd.DataFrame, goal: float) -> BestMix:
    """The fewest leads that are together worth the goal.

    minimise the sum of leads, subject to sum(leads x value) >= goal and low <= leads <= high by tier

    Parameters
    ----------
    tiers : one row a tier: `tier`, `value` (worth of one lead, >= 0), `low` and `high` (fewest and most
        leads of it that are possible, whole numbers are meant).
    goal : money, >= 0.

    Returns
    -------
    The mix in whole leads; where the bounds do not allow the goal, all tiers at their upper bounds, `reached`
    being False.

    Raises
    ------
    SlanbError : naming the bounds that exclude each other, or a number that is negative.

    >>> tiers = pd.DataFrame({"tier": ["A", "B"], "value": [100, 40], "low": [0, 5], "high": [10, 90]})
    >>> best_mix(tiers, 1_400).tiers["leads"].tolist()  # ten of A, and ten of B for the rest
    [10.0, 10.0]
    """
    frame = tiers.reset_index(drop=True).astype({"value": float, "low": float, "high": float})
    low, high = np.ceil(frame["low"] - 1e-9), np.floor(frame["high"] + 1e-9)
    problems = [
        f"tier {row.tier}: from {row.low:g} to {row.high:g} leads there is no whole number of 0 or more."
        for row, least, most in zip(frame.itertuples(), low, high, strict=True)
        if not 0 <= least <= most
    ]
    if not goal >= 0 or (frame["value"] < 0).any():
        problems.append("the value goal and the worth of a lead must be 0 or more.")
    if problems:
        raise SlanbError(problems)
    leads = high.to_numpy()
    if (high * frame["value"]).sum() >= goal and len(frame):
        found = linprog(
            np.ones(len(frame)),
            A_ub=-frame[["value"]].to_numpy().T / max(goal, 1.0),
            b_ub=[-goal / max(goal, 1.0)],
            bounds=list(zip(low, high, strict=True)),
            integrality=1,
        )
        leads = np.round(found.x)
    frame = frame.assign(low=low, high=high, leads=leads, brings=leads * frame["value"])
    return BestMix(frame.assign(share=frame["leads"] / max(frame["leads"].sum(), 1)), float(goal))


def usual_mix(tiers: pd.DataFrame, arrivals: pd.DataFrame, leads: float) -> pd.DataFrame:
    """What so many leads bring in the mix that came of late, and in the mix of the plan.

    Parameters
    ----------
    tiers : `Goals.by("tier")`. arrivals : leads by period and tier. leads : of all tiers together.

    Returns
    -------
    `tier`, `value` (worth of one), `planned_leads` and `came_leads`, `planned_brings`, `came_brings` (money);
    NaN where nothing came.
    """
    came = arrivals.sum()
    share = came.reindex(tiers["tier"]).fillna(0.0).to_numpy() / came.sum() if came.sum() else np.nan
    frame = pd.DataFrame(
        {
            "tier": tiers["tier"],
            "value": tiers["value"],
            "planned_leads": tiers["leads"],
            "came_leads": share * leads,
        }
    )
    for column in ("planned", "came"):
        frame[f"{column}_brings"] = frame[f"{column}_leads"] * frame["value"]
    return frame


def bounds_of(arrivals: pd.DataFrame) -> pd.DataFrame:
    """The fewest and the most leads of each tier that came in a complete period: `tier`, `low`, `high`."""
    if arrivals.empty:
        return pd.DataFrame({"tier": arrivals.columns, "low": 0.0, "high": 1000.0})
    ends = pd.DataFrame({"low": arrivals.min(), "high": arrivals.max()})
    return ends.rename_axis("tier").reset_index()
