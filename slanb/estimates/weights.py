"""Agreed lead values against what the data support: how sure is the order, which weights are outside."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from slanb.estimates.deals import SUMS, TOO_HEAVY, size_interval
from slanb.estimates.kinds import check_level
from slanb.estimates.shrinkage import learn_prior

WITHIN_ONE = 0.6827  # level of an interval one standard error to either side


@dataclass(frozen=True)
class WeightsAudit:
    """What the data say of agreed lead values.

    order : chance that the tiers' true values are ordered as their weights are (tiers of one weight among
        themselves in any order); NaN where a tier's value cannot be told.
    steps : for each tier and the next lower one, the chance that the former is really worth more; NaN where
        one of the two cannot be told.
    tiers : one row a tier, by weight: `weight` as agreed, `scaled` (in money per lead, see
        `audit_weights`), `n`, `raw` (close rate x deal size), `value` (shrunk), `low`, `high`, `outside`,
        `reason` (why there is no interval; "" where there is).
    """

    order: float
    steps: pd.Series
    tiers: pd.DataFrame


def audit_weights(
    tiers: pd.DataFrame, *, money: bool = False, level: float = 0.8, draws: int = 4000, seed: int = 0
) -> WeightsAudit:
    """Chance that tiers are worth what was agreed, in order and in size.

    Each draw takes a close rate for every tier from its posterior, Beta(customers + a, leads - customers +
    b) with (a, b) learnt from all tiers, times a mean deal size, log-normal with the ends of `size_interval`.
    The chance of an order is the share of draws that show it.

    Assumptions: tiers independent given what is common to them. A tier with fewer than two deals above 0
    borrows mean and spread of all tiers' deals above 0, as if from one deal, and counts its own zeros. Where
    the deals' tail is too heavy for an interval, the tier has none, and orders with it are not told. It
    breaks where young cohorts count as unsold (give run-off-corrected leads), and as `size_interval` does.

    Parameters
    ----------
    tiers : one row a tier, columns `weight` (agreed, > 0), `leads`, `customers`, and of the deals the
        columns of `estimates.size_sums`.
    money : True if weights are money per lead; False if points, which are then scaled so that all leads
        together are worth the same by weight as by value.
    level : a weight is outside if the interval of the tier's value at this level does not hold it.

    Raises
    ------
    ValueError : if no tier has a deal above 0, or a weight is not above 0.

    Source: Gelman et al., *Bayesian Data Analysis*, section 5.6 (ranking by simulation).

    >>> from slanb.estimates.deals import size_sums
    >>> paid = [2000.0] * 30 + [1000.0] * 9 + [1200.0] * 45
    >>> deals = pd.DataFrame({"amount": paid, "tier": ["chief"] * 30 + ["director"] * 9 + ["manager"] * 45})
    >>> tiers = size_sums(deals, by="tier").assign(
    ...     weight=[100, 50, 40], leads=[300, 300, 900], customers=[30, 9, 45])
    >>> audit = audit_weights(tiers)
    >>> audit.order < 0.2, audit.tiers["outside"].tolist()
    (True, [True, True, False])
    """
    check_level(level)
    if not (tiers["weight"] > 0).all():
        raise ValueError("tiers['weight'] must be above 0")
    if not (tiers["paid"] >= 1).any():
        raise ValueError("no tier has a deal above 0: its value cannot be told")
    tiers = tiers.sort_values("weight", ascending=False, kind="stable")
    values = _draw(tiers, draws, np.random.default_rng(seed))
    heavy = (size_interval(tiers[SUMS])["reason"] == TOO_HEAVY).to_numpy()
    low, high = np.quantile(values, [(1 - level) / 2, (1 + level) / 2], axis=0)
    low, high = np.where(heavy, np.nan, low), np.where(heavy, np.nan, high)
    value = np.exp(np.log(values).mean(axis=0))
    scale = 1.0 if money else (tiers["leads"] * value).sum() / (tiers["leads"] * tiers["weight"]).sum()
    scaled = tiers["weight"] * scale
    table = pd.DataFrame(
        {
            "weight": tiers["weight"],
            "scaled": scaled,
            "n": tiers["leads"],
            "raw": tiers["customers"] / tiers["leads"] * tiers["total"] / tiers["n"].where(tiers["n"] > 0),
            "value": value,
            "low": low,
            "high": high,
            "outside": (scaled < low) | (scaled > high),
            "reason": np.where(heavy, TOO_HEAVY, ""),
        }
    )
    upper = np.where(heavy[:-1] | heavy[1:], np.nan, (values[:, :-1] > values[:, 1:]).mean(axis=0))
    order = np.nan if heavy.any() else _order(values, tiers["weight"].to_numpy())
    return WeightsAudit(order, pd.Series(upper, index=tiers.index[:-1]), table)


def _draw(tiers, draws, rng):
    """Values per lead, one row a draw, one column a tier."""
    won, of = tiers["customers"].to_numpy(dtype=float), tiers["leads"].to_numpy(dtype=float)
    a, b = learn_prior(won, of)
    rates = rng.beta(won + a, of - won + b, size=(draws, len(tiers)))
    return np.maximum(rates * _sizes(tiers, rng.normal(0, 1, rates.shape), rng), 1e-300)


def _sizes(tiers, normal, rng):
    """Mean deal sizes, a row a draw: log-normal with the interval's ends; borrowed where there is none."""
    found = size_interval(tiers[SUMS], level=WITHIN_ONE)
    low, high = np.log(found["low"].to_numpy()), np.log(found["high"].to_numpy())
    own = np.exp((low + high) / 2 + normal * (high - low) / 2)
    n, paid, total, squares = (tiers[name].to_numpy(dtype=float) for name in SUMS[:4])
    mean, share = total.sum() / paid.sum(), paid.sum() / n.sum()
    spread = np.log1p(max(squares.sum() / paid.sum() / mean**2 - 1, 0.0))
    above = rng.beta(paid + share, n - paid + 1 - share + 1e-9, normal.shape)
    borrowed = above * mean * np.exp(normal * np.sqrt(spread))
    heavy = found["reason"].to_numpy() == TOO_HEAVY
    plain = total / np.where(n > 0, n, np.nan)
    return np.where(heavy, plain, np.where(np.isnan(own), borrowed, own))


def _order(values, weight):
    """Share of draws in which every tier is worth more than every tier of a lower weight."""
    right = np.ones(len(values), dtype=bool)
    for step in np.flatnonzero(np.diff(weight) < 0) + 1:
        right &= values[:, :step].min(axis=1) > values[:, step:].max(axis=1)
    return float(right.mean())
