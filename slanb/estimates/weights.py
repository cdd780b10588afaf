"""Agreed lead values against what the data support: how sure is the order, which weights are outside."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from slanb.estimates.kinds import check_level
from slanb.estimates.shrinkage import learn_prior


@dataclass(frozen=True)
class WeightsAudit:
    """What the data say of agreed lead values.

    order : chance that the tiers' true values are ordered as their weights are (tiers of one weight among
        themselves in any order).
    steps : for each tier and the next lower one, the chance that the former is really worth more.
    tiers : one row a tier, by weight: `weight` as agreed, `scaled` (in money per lead, see
        `audit_weights`), `n`, `raw` (close rate x deal size), `value` (shrunk), `low`, `high`, `outside`.
    """

    order: float
    steps: pd.Series
    tiers: pd.DataFrame


def audit_weights(
    tiers: pd.DataFrame, *, money: bool = False, level: float = 0.8, draws: int = 4000, seed: int = 0
) -> WeightsAudit:
    """Chance that tiers are worth what was agreed, in order and in size.

    Each draw takes a close rate for every tier from its posterior, Beta(customers + a, leads - customers +
    b) with (a, b) learnt from all tiers, times a mean deal size, log-normal around the tier's with its
    standard error. The chance of an order is the share of draws that show it.

    Assumptions: tiers independent given what is common to them; mean sizes log-normal, which needs some ten
    deals. A tier with fewer than two deals borrows mean and spread of all tiers' deals, as if from one
    deal. It breaks where young cohorts count as unsold (give run-off-corrected leads).

    Parameters
    ----------
    tiers : one row a tier, columns `weight` (agreed, > 0), `leads`, `customers`, and of the deals `total`,
        `squares`, `deals` (sum, sum of squares and number of amounts).
    money : True if weights are money per lead; False if points, which are then scaled so that all leads
        together are worth the same by weight as by value.
    level : a weight is outside if the interval of the tier's value at this level does not hold it.

    Raises
    ------
    ValueError : if no tier has deals, or a weight is not above 0.

    Source: Gelman et al., *Bayesian Data Analysis*, section 5.6 (ranking by simulation).

    >>> tiers = pd.DataFrame(
    ...     {"weight": [100, 50, 40], "leads": [300, 300, 900], "customers": [30, 9, 45],
    ...      "total": [60e3, 9e3, 54e3], "squares": [140e6, 11e6, 75e6], "deals": [30, 9, 45]},
    ...     index=["chief executive", "director", "manager"])
    >>> audit = audit_weights(tiers)
    >>> audit.order < 0.2, audit.tiers["outside"].tolist()
    (True, [True, True, False])
    """
    check_level(level)
    if not (tiers["weight"] > 0).all():
        raise ValueError("tiers['weight'] must be above 0")
    if not (tiers["deals"] >= 1).any():
        raise ValueError("no tier has a deal: its value cannot be told")
    tiers = tiers.sort_values("weight", ascending=False, kind="stable")
    values = _draw(tiers, draws, np.random.default_rng(seed))
    low, high = np.quantile(values, [(1 - level) / 2, (1 + level) / 2], axis=0)
    value = np.exp(np.log(values).mean(axis=0))
    scale = 1.0 if money else (tiers["leads"] * value).sum() / (tiers["leads"] * tiers["weight"]).sum()
    scaled = tiers["weight"] * scale
    table = pd.DataFrame(
        {
            "weight": tiers["weight"],
            "scaled": scaled,
            "n": tiers["leads"],
            "raw": tiers["customers"] / tiers["leads"] * tiers["total"] / tiers["deals"],
            "value": value,
            "low": low,
            "high": high,
            "outside": (scaled < low) | (scaled > high),
        }
    )
    weight = tiers["weight"].to_numpy()
    upper = (values[:, :-1] > values[:, 1:]).mean(axis=0)
    return WeightsAudit(_order(values, weight), pd.Series(upper, index=tiers.index[:-1]), table)


def _draw(tiers, draws, rng):
    """Values per lead, one row a draw, one column a tier."""
    won, of = tiers["customers"].to_numpy(dtype=float), tiers["leads"].to_numpy(dtype=float)
    a, b = learn_prior(won, of)
    rates = rng.beta(won + a, of - won + b, size=(draws, len(tiers)))
    mean, spread = _sizes(tiers)
    return rates * mean * np.exp(rng.normal(0, 1, rates.shape) * np.sqrt(np.log1p(spread)))


def _sizes(tiers):
    """Mean deal size and its relative variance; as of one deal of all tiers where a tier has under two."""
    total, squares, n = (tiers[name].to_numpy(dtype=float) for name in ("total", "squares", "deals"))
    all_n, all_mean = n.sum(), total.sum() / n.sum()
    all_spread = max(squares.sum() / all_n / all_mean**2 - 1, 0.0)
    enough = (n >= 2) & (total > 0)
    n = np.where(enough, n, 2)
    mean = np.where(enough, total / n, all_mean)
    variance = np.maximum(squares - n * mean**2, 0) / (n - 1)
    return mean, np.where(enough, variance / n / mean**2, all_spread)


def _order(values, weight):
    """Share of draws in which every tier is worth more than every tier of a lower weight."""
    right = np.ones(len(values), dtype=bool)
    for step in np.flatnonzero(np.diff(weight) < 0) + 1:
        right &= values[:, :step].min(axis=1) > values[:, step:].max(axis=1)
    return float(right.mean())
