"""How many leads of a mix of tiers and segments make a goal likely, in customers, in revenue, or both.

One tier's customers have an exact answer (`confidence`); revenue, or several tiers with their
own close rates and deal sizes, are simulated once, with a seed, for every number of leads at the same time.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from slanb.estimates.confidence import JEFFREYS
from slanb.estimates.kinds import check_level
from slanb.estimates.months import MonthEffects
from slanb.estimates.rounding import whole_parts

SETTLED = 0.995  # share of the simulated periods that must reach their goal before the horizon ends
MOST_LIKELY = 0.98  # close rate that no month's effect carries a tier beyond
CELLS = 20_000_000  # simulated deals held in memory at once
Sizes = float | Sequence[float] | Mapping[object, float | Sequence[float]]


@dataclass(frozen=True)
class Reach:
    """For each simulated period, the scale of the plan's leads at which it reaches its goal.

    scales : sorted, 1 = the plan's own leads; infinite where the goal was not reached within the horizon.
    plan : leads of the plan by tier or segment (its mix).
    plain : scale at which the goal is met on expectation, the plain ratio (NaN with two goals at once).
    """

    scales: np.ndarray
    plan: pd.Series
    plain: float

    def chance(self, scale: float = 1.0) -> float:
        """Share of the simulated periods that reach the goal with `scale` times the plan's leads."""
        place = np.searchsorted(
            self.scales, scale * (1 + 1e-9), side="right"
        )  # a sum of parts is near the whole
        return float(place / len(self.scales))

    def scale(self, confidence: float) -> float:
        """Smallest scale of the plan's leads with a chance of at least `confidence`; may be infinite."""
        place = np.ceil(check_level(confidence) * len(self.scales) - 1e-9) - 1
        return float(self.scales[int(place)])

    def leads(self, confidence: float) -> pd.Series:
        """Leads by tier or segment in the plan's proportions, for a chance of `confidence`: whole, and adding
        up to the whole's own, which alone is rounded up."""
        whole = np.ceil(self.plan.sum() * self.scale(confidence) - 1e-9)
        return whole_parts(self.plan, whole=whole)


def reach(
    plan: pd.DataFrame,
    *,
    customers: float | None = None,
    revenue: float | None = None,
    deal_sizes: Sizes | None = None,
    months: MonthEffects | None = None,
    draws: int = 2000,
    seed: int = 0,
) -> Reach:
    """Simulate how many leads, in the plan's mix, reach a goal of customers, revenue, or both jointly.

    Each draw is one possible period: close rates from their posterior (or as known), leads in the plan's
    proportions until the goal is met, each lead won or not, each customer with the size of a past deal.
    The scale at which the goal is met, over all draws, answers every question at once, and by construction
    more confidence, or a larger goal with the same seed, never asks for fewer leads.

    Past deal sizes are resampled by the Bayesian bootstrap (a Pólya urn: each new deal repeats a past one
    or an earlier new one), so that the uncertainty of the mean size itself is in the answer.

    Leads come whole, but only those of all rows together: each row's come at its pace among them, from a
    random start, so that cutting the same leads into more rows changes no answer beyond chance.

    Assumptions: leads independent given their tier's rate; sizes independent of the number of customers;
    future deals are like past ones. It breaks where the largest deal is still to come: no resampling shows
    a deal larger than the largest seen. With 2,000 draws a chance is off by up to 0.02 (two standard errors).

    Parameters
    ----------
    plan : one row per tier or segment, columns `leads` (>= 0, the mix) and either `close_rate`, or `won` and
        `of` (the leads it is learnt from), as in `chance_leads_suffice`.
    customers, revenue : goals for the sum of all rows; with both, both must be reached.
    deal_sizes : for a revenue goal: a known size, a list of past amounts, or one of these per row label.
    months : how months differ, so that the period's own rate is drawn around the level (`month_effects`);
        with known rates the level is theirs. None takes months for alike.
    draws, seed : number of simulated periods, and what makes them repeatable.

    Raises
    ------
    ValueError : naming what is missing or out of range.

    Source: Rubin, *The Bayesian Bootstrap*, Annals of Statistics 1981.

    >>> plan = pd.DataFrame({"leads": [100, 40], "close_rate": [0.05, 0.1]}, index=["A", "B"])
    >>> answer = reach(plan, customers=9)
    >>> round(answer.plain, 3), 0.5 < answer.chance() < 0.6
    (1.0, True)
    >>> answer.leads(0.8).to_dict()
    {'A': 126.0, 'B': 50.0}
    """
    mix, goals = _checked(plan, customers, revenue, deal_sizes)
    rates = _rates(plan, mix.index, draws, seed, months)
    sizes = {label: _amounts(deal_sizes, label) for label in mix.index} if revenue else {}
    plain = _plain(mix, rates.mean(axis=0), sizes, goals)
    if not np.isfinite(plain).all():
        return Reach(np.full(draws, np.inf), plan["leads"], np.inf)
    horizon = 1.5 * max(plain)
    while True:
        counts = _deals_enough(mix, rates, horizon)
        scales = _goal_scales(
            mix, rates, sizes, goals, counts, seed, shared=not isinstance(deal_sizes, Mapping)
        )
        if np.isfinite(scales).mean() >= SETTLED or 4 * draws * counts.sum() > CELLS:
            plain_scale = float(plain[0]) if len(plain) == 1 else np.nan
            return Reach(np.sort(scales), plan["leads"].astype(float), plain_scale)
        horizon *= 2


def outcomes(
    plan: pd.DataFrame,
    scales: Sequence[float],
    *,
    deal_sizes: Sizes | None = None,
    months: MonthEffects | None = None,
    draws: int = 2000,
    seed: int = 0,
) -> np.ndarray:
    """What `scales` times the plan's leads bring, in each of `draws` simulated periods.

    The same simulation as `reach`, read the other way round: leads given, goal sought. A larger scale never
    brings less in any draw.

    Parameters
    ----------
    plan, deal_sizes, months, draws, seed : as `reach`.
    scales : multiples of the plan's leads, >= 0.

    Returns
    -------
    Array of draws x scales: revenue, or customers without `deal_sizes`.

    Source: as `reach`.

    >>> plan = pd.DataFrame({"leads": [100], "close_rate": [0.05]})
    >>> outcomes(plan, [1, 2]).mean(axis=0).round()
    array([ 5., 10.])
    """
    scales = np.asarray(scales, dtype=float)
    mix, _ = _checked(plan, 1, deal_sizes is not None, deal_sizes)
    rates = _rates(plan, mix.index, draws, seed, months)
    sizes = {label: _amounts(deal_sizes, label) for label in mix.index} if deal_sizes is not None else {}
    if not len(mix):
        return np.zeros((draws, len(scales)))
    most = mix.to_numpy() * rates.max(axis=0) * scales.max(initial=0)
    counts = np.ceil(most + 6 * np.sqrt(most) + 6).astype(int)
    shared = not isinstance(deal_sizes, Mapping)
    when, size, _ = _deals(mix, rates, sizes, counts, seed, shared=shared)
    return np.column_stack([(size * (when <= scale)).sum(axis=1) for scale in scales])


def _checked(plan, customers, revenue, deal_sizes):
    """The rows that bring leads, and the goals by name."""
    goals = {name: goal for name, goal in (("customers", customers), ("revenue", revenue)) if goal}
    if not goals:
        raise ValueError("give a goal above 0: customers, revenue, or both")
    if min(goals.values()) < 0 or (plan["leads"] < 0).any() or plan["leads"].isna().any():
        raise ValueError("goals and plan['leads'] must be numbers, not negative")
    if revenue and deal_sizes is None:
        raise ValueError("a revenue goal needs deal_sizes: past amounts, or one known size")
    return plan.loc[plan["leads"] > 0, "leads"].astype(float), goals


def _rates(plan, labels, draws, seed, months):
    """Close rates, one row a draw, one column a tier; all tiers of a draw share its month's effect."""
    rows = plan.loc[labels]
    known = "close_rate" in rows
    if known:
        rate = rows["close_rate"].to_numpy(dtype=float)
        if not ((rate >= 0) & (rate <= 1)).all():
            raise ValueError("plan['close_rate'] must hold shares between 0 and 1 (5 % is 0.05)")
        rates = np.broadcast_to(rate, (draws, len(rate)))
    else:
        if not {"won", "of"} <= set(rows):
            raise ValueError("plan needs a column close_rate, or the columns won and of")
        won, of = rows["won"].to_numpy(dtype=float), rows["of"].to_numpy(dtype=float)
        if not ((won >= 0) & (won <= of)).all():
            raise ValueError("plan['won'] must lie between 0 and plan['of']")
        drawn = np.random.default_rng(seed).beta
        rates = drawn(won + JEFFREYS[0], of - won + JEFFREYS[1], size=(draws, len(won)))
    if months is None:
        return rates
    return np.minimum(rates * months.factors(draws, seed, level=not known)[:, None], MOST_LIKELY)


def _amounts(deal_sizes, label):
    """Past amounts of a tier; one amount for a known size."""
    given = deal_sizes[label] if isinstance(deal_sizes, Mapping) else deal_sizes
    amounts = np.atleast_1d(np.asarray(given, dtype=float))
    if not len(amounts) or not (amounts >= 0).all():
        raise ValueError(f"deal_sizes for {label!r} must be amounts, at least one, none negative")
    return amounts


def _plain(mix, rates, sizes, goals):
    """Scale of the plan at which each goal is met on expectation."""
    mean = np.array([sizes[label].mean() for label in mix.index]) if sizes else 1.0
    expected = {"customers": (mix * rates).sum(), "revenue": (mix * rates * mean).sum()}
    return np.array([goal / expected[name] if expected[name] > 0 else np.inf for name, goal in goals.items()])


def _deals_enough(mix, rates, horizon):
    """Deals to simulate per tier so that nearly every draw lasts to the horizon."""
    most = mix.to_numpy() * np.quantile(rates, 0.99, axis=0) * horizon
    return np.ceil(most + 3 * np.sqrt(most) + 3).astype(int)


def _goal_scales(mix, rates, sizes, goals, counts, seed, *, shared):
    """Scale at which each draw reaches its goals; infinite where its simulated deals do not last."""
    when, size, horizon = _deals(mix, rates, sizes, counts, seed, shared=shared)
    place = np.full(len(when), int(np.ceil(goals.get("customers", 1) - 1e-9)) - 1)
    if "revenue" in goals:
        short = np.cumsum(size, axis=1) < goals["revenue"] * (1 - 1e-12)
        place = np.maximum(place, short.sum(axis=1))
    inside = place < when.shape[1]
    reached = np.take_along_axis(when, np.where(inside, place, 0)[:, None], axis=1)[:, 0]
    return np.where(inside & (reached <= horizon), reached, np.inf)


def _deals(mix, rates, sizes, counts, seed, *, shared):
    """Deals of each draw: the scale at which each is won, in order, its size, and the scale they last to."""
    arrivals, amounts, last, whole = [], [], [], float(mix.sum())
    for tier, ((label, leads), rate, count) in enumerate(zip(mix.items(), rates.T, counts, strict=True)):
        rng = np.random.default_rng([seed, tier])  # of its own, so that a longer horizon repeats the shorter
        place = _lead_of_each_customer(rate, count, rng)
        start = np.random.default_rng([seed, tier, 2]).random(
            (len(rate), 1)
        )  # between two of the row's leads
        arrival = np.ceil((place - start) * (whole / leads)) / whole
        arrivals.append(arrival)
        last.append(arrival[:, -1])
        if sizes and not shared:
            amounts.append(_resample(sizes[label], arrival.shape, np.random.default_rng([seed, tier, 1])))
    when, horizon = np.concatenate(arrivals, axis=1), np.min(last, axis=0)
    if not sizes:
        return np.sort(when, axis=1), np.broadcast_to(1.0, when.shape), horizon
    order = np.argsort(when, axis=1)
    when = np.take_along_axis(when, order, axis=1)
    if shared:
        return when, _resample(sizes[mix.index[0]], when.shape, np.random.default_rng([seed, 0, 1])), horizon
    return when, np.take_along_axis(np.concatenate(amounts, axis=1), order, axis=1), horizon


def _lead_of_each_customer(rate, count, rng):
    """Which lead (the 1st, 2nd ...) brings each customer: sums of geometric waiting times."""
    with np.errstate(divide="ignore"):
        waiting = rng.standard_exponential((count, len(rate))).T / -np.log1p(-rate)[:, None]
    return np.cumsum(np.maximum(np.ceil(waiting), 1), axis=1)


def _resample(amounts, shape, rng):
    """New deals by the Pólya urn: each is a past amount or repeats an earlier new deal of its draw."""
    if len(amounts) == 1:
        return np.broadcast_to(amounts, shape)
    past, new = len(amounts), np.arange(shape[1])
    pick = np.floor(rng.random(shape[::-1]).T * (past + new)).astype(np.int64)
    while (repeats := pick >= past).any():
        earlier = np.take_along_axis(pick, np.where(repeats, pick - past, 0), axis=1)
        pick = np.where(repeats, earlier, pick)
    return amounts[pick]
