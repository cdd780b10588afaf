"""How close rates move from month to month beyond chance, and what that leaves unknown of the next month's.

Months differ: a campaign, a season, a new colleague. A rate learnt from a year is surer than any one month of
it, and a plan that takes months for alike reaches its goal less often than it says.
"""

from dataclasses import dataclass

import numpy as np
from scipy import special

from slanb.estimates.kinds import check_level

SPREADS = np.array([0, 0.04, 0.08, 0.12, 0.16, 0.21, 0.27, 0.35, 0.45])  # of single months
STEPS = np.array([0, 0.015, 0.04, 0.10])  # of the level, from one month to the next
DRIFTS = np.array([-0.03, -0.015, 0, 0.015, 0.03])  # of the level, each month; all of them of the logarithm
ALIKE = 0.5  # chance, before any record, that single months do not differ at all
STEADY = 0.65  # that the level does not step
FLAT = 0.75  # that it does not drift
USUAL = 0.25  # spread of single months beyond which the prior falls off
FAR = 4.0  # variance of the logarithm of the level before any record


@dataclass(frozen=True)
class MonthEffects:
    """What the months on record say of the next one.

    Every entry of the arrays is one way in which months may behave (a spread of single months, steps and a
    drift of the level); `weights` say how likely each is after the records.

    base : customers per lead over the window; 0 where there was no lead.
    levels, doubts : log of the level of the next month over `base`, and its variance.
    spreads : standard deviation of the logarithm of single months' rates around their level.
    customers : on record in the window, from which the doubt about `base` itself follows.
    """

    base: float
    weights: np.ndarray
    levels: np.ndarray
    doubts: np.ndarray
    spreads: np.ndarray
    customers: float

    @property
    def spread(self) -> float:
        """How much single months differ beyond chance: root mean square over what is likely, a share."""
        return float(np.sqrt(self.weights @ self.spreads**2))

    def spread_range(self, level: float = 0.8) -> tuple[float, float]:
        """The interval of `spread`."""
        order = np.argsort(self.spreads, kind="stable")
        reached = np.cumsum(self.weights[order])
        tail = (1 - check_level(level)) / 2
        low, high = np.searchsorted(reached, [tail, 1 - tail - 1e-12]).clip(max=len(order) - 1)
        return float(self.spreads[order][low]), float(self.spreads[order][high])

    def doubt_over(self, months: float) -> float:
        """Relative variance that months' differences add to a rate read over so many of them."""
        return float(self.weights @ self.spreads**2 / max(months, 1))

    def factors(self, draws: int, seed: int = 0, *, level: bool = True, month: bool = True) -> np.ndarray:
        """Simulated rates of the next month over `base`.

        Parameters
        ----------
        draws, seed : number of simulated months, and what makes them repeatable.
        level : with what is not known of the level, beyond the doubt about `base` itself, which whoever
            learnt a rate from the window has counted already.
        month : with the month's own effect; without it the level alone.
        """
        rng = np.random.default_rng([seed, 7])
        way = np.searchsorted(np.cumsum(self.weights), rng.random(draws)).clip(max=len(self.weights) - 1)
        normal = rng.standard_normal((2, draws))
        logs = np.zeros(draws)
        if level:
            more = np.maximum(self.doubts[way] - 1 / max(self.customers, 0.5), 0.0)
            logs += self.levels[way] - self.doubts[way] / 2 + normal[0] * np.sqrt(more)
        if month:
            logs += normal[1] * self.spreads[way] - self.spreads[way] ** 2 / 2
        return np.exp(logs)

    def current(self, *, level: float = 0.8) -> tuple[float, float, float]:
        """The level of the rate now, customers per lead, with its interval: value, low, high."""
        tail = (1 - check_level(level)) / 2
        width = np.sqrt(self.doubts)
        grid = np.linspace((self.levels - 6 * width).min(), (self.levels + 6 * width).max(), 801)
        reached = special.ndtr((grid[:, None] - self.levels) / width) @ self.weights
        low, middle, high = np.interp([tail, 0.5, 1 - tail], reached, grid)
        return tuple(float(min(self.base * np.exp(log), 1.0)) for log in (middle, low, high))


def month_effects(won: np.ndarray, of: np.ndarray, *, window: int = 12) -> MonthEffects:
    """Learn how months differ from the customers and leads of each.

    log rate of month t = level(t) + effect(t);  level(t) = level(t - 1) + drift + step(t)

    effect, step normal with the spreads of a grid; every grid point is filtered (Kalman) with the chance of a
    month's customers as known noise, and weighted by its likelihood times a stated prior: single months alike
    with a chance of one half, else a spread that is likely up to 25 %; the level steady with a chance of 65
    %, without drift with 75 %. So a short record stays near the prior, and a long one speaks for itself.

    Assumptions: all tiers move together. It breaks where one tier moves alone, and for a season it has not
    seen come round twice.

    Parameters
    ----------
    won : customers by month of creation, oldest first.
    of : leads of these months that have had their time (run-off-corrected, may be fractional), >= `won`.
    window : the last months that `base` is the rate of.

    Source: Harvey, *Forecasting, Structural Time Series Models and the Kalman Filter*, 1989, chapter 3; prior
    weights: Carlin & Louis, *Bayes and Empirical Bayes Methods for Data Analysis*.

    >>> alike = month_effects(np.full(24, 25), np.full(24, 500))
    >>> apart = month_effects(np.array([10, 40] * 12), np.full(24, 500))
    >>> alike.spread < 0.08 < apart.spread, round(alike.current()[0], 3)
    (True, 0.05)
    """
    won, of = np.asarray(won, dtype=float), np.asarray(of, dtype=float)
    known = of > 0
    won, of = won[known], of[known]
    spreads, steps, drifts = (axis.ravel() for axis in np.meshgrid(SPREADS, STEPS, DRIFTS, indexing="ij"))
    logs = np.log(_prior(spreads, SPREADS, ALIKE, 1 / (1 + (SPREADS / USUAL) ** 2)))
    logs += np.log(_prior(steps, STEPS, STEADY, np.exp(-STEPS / 0.03)))
    logs += np.log(_prior(drifts, DRIFTS, FLAT, np.exp(-np.abs(DRIFTS) / 0.02)))
    customers, leads = won[-window:].sum(), of[-window:].sum()
    base = (customers + 0.5) / (leads + 1) if len(of) else 0.0
    level, doubt = np.zeros(len(spreads)), np.full(len(spreads), FAR)
    for count, expected in zip(won, of * base, strict=True):
        level, doubt = level + drifts, doubt + steps**2
        surprise = np.log((count + 0.5) / (expected + 0.5)) - level
        variance = doubt + 1 / (expected + 0.5) + spreads**2
        logs -= (np.log(variance) + surprise**2 / variance) / 2
        gain = doubt / variance
        level, doubt = level + gain * surprise, doubt * (1 - gain)
    weights = np.exp(logs - logs.max())
    return MonthEffects(
        base=float(customers / leads) if leads else 0.0,
        weights=weights / weights.sum(),
        levels=level + drifts,
        doubts=doubt + steps**2,
        spreads=spreads,
        customers=float(customers),
    )


def _prior(values: np.ndarray, grid: np.ndarray, nothing: float, shape: np.ndarray) -> np.ndarray:
    """Prior weight of each value: `nothing` of it at 0, the rest over the others in proportion to `shape`."""
    weight = np.where(grid == 0, 0.0, shape)
    weight = np.where(grid == 0, nothing, weight / weight.sum() * (1 - nothing))
    return weight[np.searchsorted(grid, values)]
