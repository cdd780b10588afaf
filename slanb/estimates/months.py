"""How close rates move from month to month beyond chance, and what that leaves unknown of the next month's.

Months differ: a campaign, a season, a new colleague. A rate learnt from a year is surer than any one month of
it, and a plan that takes months for alike reaches its goal less often than it says.
"""

from dataclasses import dataclass, replace
from itertools import product
from typing import NamedTuple

import numpy as np
import scipy

from slanb.estimates.kinds import check_level
from slanb.formulas import Number

SPREADS = np.array([0, 0.04, 0.08, 0.12, 0.16, 0.21, 0.27, 0.35, 0.45])  # of single months
STEPS = np.array([0, 0.015, 0.04, 0.10])  # of the level, from one month to the next
DRIFTS = np.array([-0.03, -0.015, 0, 0.015, 0.03])  # of the level, each month; all of them of the logarithm
ALIKE = 0.3  # chance, before any record, that single months do not differ at all
STEADY = 0.65  # that the level does not step
FLAT = 0.75  # that it does not drift
BROKEN = 0.5  # that it changed once within the months on record, by about JUMP
JUMP = 0.3
USUAL = 0.25  # spread of single months beyond which the prior falls off
FAR = 4.0  # variance of the logarithm of the level before any record
NEVER = 1e-5  # weight below which a way is left out of an interval
SWINGS = np.array([0.12, 0.22, 0.33])  # of a season up and down, of the logarithm
TURNS = 2 * np.pi * np.arange(8) / 8  # where in the year it begins
SEASONAL = 0.2  # chance, before any record, that the year has a season
TOLD = 0.3  # spread of single months beyond which none can be told
SEEN = 18  # months on record from which a season may be told from a drift
ROUNDS = 8  # Newton steps to the most likely rate of a month


@dataclass(frozen=True)
class MonthEffects:
    """What the months on record say of the next one.

    Every entry of the arrays is one way in which months may behave (a spread of single months, steps and a
    drift of the level, a season); `weights` say how likely each is after the records.

    base : customers per lead over the window, half a customer and half a lead added.
    levels, doubts : log of the level of the next month over `base`, and its variance.
    spreads : standard deviation of the logarithm of single months' rates around their level and season.
    swings, turns : the logarithm of the season, up and down, and where in its turn the next month is.
    season : of the next month (or period), the logarithm of its rate over the level.
    customers : on record in the window, from which the doubt about `base` itself follows.
    cohorts : months with leads that all of it is learnt from.
    window : of them, how many alike ones would tell as much of `base` as those of the window do.
    """

    base: float
    weights: np.ndarray
    levels: np.ndarray
    doubts: np.ndarray
    spreads: np.ndarray
    swings: np.ndarray
    turns: np.ndarray
    season: np.ndarray
    customers: float
    cohorts: int
    window: float

    @property
    def spread(self) -> float:
        """How much single months differ beyond chance, by season and else: root mean square over what is
        likely, a share."""
        return float(min(np.sqrt(self.weights @ self._differ**2), self._differ.max()))

    @property
    def seasonal(self) -> float:
        """How likely it is, after the records, that the year has a season."""
        return float(self.weights @ (self.swings > 0))

    @property
    def in_season(self) -> float:
        """What the season adds to the rate of the next month (or period), if there is one: a share."""
        some = self.weights * (self.swings > 0)
        return float(some @ np.exp(self.season) / some.sum()) - 1 if some.any() else 0.0

    @property
    def _differ(self) -> np.ndarray:
        return np.sqrt(self.spreads**2 + self.swings**2 / 2)

    def spread_range(self, level: float = 0.8) -> tuple[float, float]:
        """The interval of `spread`."""
        order = np.argsort(self._differ, kind="stable")
        reached = np.cumsum(self.weights[order])
        tail = (1 - check_level(level)) / 2
        low, high = np.searchsorted(reached, [tail, 1 - tail - 1e-12]).clip(max=len(order) - 1)
        ends = self._differ[order][[low, high]]
        return float(min(ends[0], self.spread)), float(max(ends[1], self.spread))

    def doubt_over(self, months: float | None = None) -> float:
        """Relative variance that months' differences add to a rate of so many months (the window's).

        spread^2 / n x (n + 1) / (n - 1), since the spread itself is learnt from few months (about what
        Student's quantile does to the normal one's square). A season averages out over a year.
        """
        n = max(self.window if months is None else months, 2)
        return float(self.weights @ self.spreads**2) / n * (n + 1) / (n - 1)

    def over(self, months: int, *, after: int = 0) -> "MonthEffects":
        """The same for a period of so many months, over which single months' effects average out, that begins
        `after` so many months more than the next."""
        when = np.arange(after, after + months)
        return replace(
            self,
            spreads=self.spreads / np.sqrt(months),
            season=_season(self.swings[:, None], self.turns[:, None], when).mean(axis=1),
        )

    def chance_below(self, rate: float) -> float:
        """Chance that the level of the rate is now below `rate`."""
        log = np.log(max(rate, 1e-12) / self.base)
        return min(float(scipy.special.ndtr((log - self.levels) / np.sqrt(self.doubts)) @ self.weights), 1.0)

    def factors(self, draws: int, seed: int = 0, *, level: bool = True, month: bool = True) -> np.ndarray:
        """Simulated rates of the next month over `base`.

        Parameters
        ----------
        draws, seed : number of simulated months, and what makes them repeatable.
        level : with what is not known of the level, beyond the doubt about `base` itself, which whoever
            learnt a rate from the window has counted already.
        month : with the month's own effect and its season; without it the level alone.
        """
        rng = np.random.default_rng([seed, 7])
        way = np.searchsorted(np.cumsum(self.weights), rng.random(draws)).clip(max=len(self.weights) - 1)
        normal = rng.standard_normal((2, draws))
        logs = np.zeros(draws)
        if level:
            more = np.maximum(self.doubts[way] - 1 / max(self.customers, 0.5), 0.0)
            logs += self.levels[way] - more / 2 + normal[0] * np.sqrt(more)
        if month:
            logs += self.season[way] + normal[1] * self.spreads[way] - self.spreads[way] ** 2 / 2
        return np.exp(logs)

    def current(self, *, level: float = 0.8) -> tuple[float, float, float]:
        """The level of the rate now without its season, with its interval: value, low, high."""
        tail = (1 - check_level(level)) / 2
        some = self.weights > NEVER
        levels, width = self.levels[some], np.sqrt(self.doubts[some])
        grid = np.linspace((levels - 6 * width).min(), (levels + 6 * width).max(), 801)
        reached = (
            scipy.special.ndtr((grid[:, None] - levels) / width)
            @ self.weights[some]
            / self.weights[some].sum()
        )
        low, middle, high = np.interp([tail, 0.5, 1 - tail], reached, grid)
        return tuple(float(min(self.base * np.exp(log), 1.0)) for log in (middle, low, high))


def month_effects(
    won: np.ndarray, of: np.ndarray, *, window: int = 12, like: MonthEffects | None = None
) -> MonthEffects:
    """Learn how months differ from the customers and leads of each.

    log rate of month t = level(t) + effect(t);  level(t) = level(t - 1) + drift + step(t)

    effect, step normal with the spreads of a grid (the effect's mean such that months' rates have the level's
    mean); or no drift and steps but one change in a month unknown, or a season, a wave once a year. Every
    such way is filtered (Kalman, the customers of a month Poisson around its rate, by their likeliest rate)
    and weighted by its likelihood times a stated prior: single months alike with a chance of 30 %, else a
    spread that is likely up to 25 %; from 18 months on record a season with 20 %; else one change, of about
    30 %, with 50 %; else the level steady with 65 %, without drift with 75 %. So a short record stays near
    the prior, and a long one speaks for itself.

    Assumptions: all leads given move together. It breaks where one tier moves alone (ask for it alone), and
    for a season with more than one height a year. A change in the last few months is seen late.

    Parameters
    ----------
    won : customers by month of creation, oldest first.
    of : leads of these months that have had their time (run-off-corrected, may be fractional), >= `won`; 0
        where a month says nothing. Months follow each other without a gap.
    window : the last months that `base` is the rate of.
    like : what is known of the spread already: of a tier, that of all leads together.

    Source: Harvey, *Forecasting, Structural Time Series Models and the Kalman Filter*, 1989, chapter 3; prior
    weights: Carlin & Louis, *Bayes and Empirical Bayes Methods for Data Analysis*.

    >>> alike = month_effects(np.full(24, 25), np.full(24, 500))
    >>> apart = month_effects(np.array([10, 40] * 12), np.full(24, 500))
    >>> alike.spread < 0.08 < apart.spread, round(alike.current()[0], 3)
    (True, 0.05)
    """
    won, of = np.asarray(won, dtype=float), np.asarray(of, dtype=float)
    customers, leads = won[-window:].sum(), of[-window:].sum()
    alike = leads**2 / max((of[-window:] ** 2).sum(), 1e-12)
    months, when = len(of), np.flatnonzero(of > 0)
    won, of = won[when], of[when]
    ways, logs = _ways(len(of), like, seasons=len(of) >= SEEN)
    base = (customers + 0.5) / (leads + 1)
    level, doubt = np.zeros(len(logs)), np.full(len(logs), FAR)
    for month, (at, count, expected) in enumerate(zip(when, won, of * base, strict=True)):
        level, doubt = level + ways.drift, doubt + ways.step**2 + np.where(ways.broke == month, JUMP**2, 0)
        usual = level + _season(ways.swing, ways.turn, at) - ways.spread**2 / 2
        wide = doubt + ways.spread**2
        rate = _likeliest(count, expected, usual, wide)
        seen = expected * np.exp(rate)
        logs += count * rate - seen - (rate - usual) ** 2 / (2 * wide) - np.log1p(wide * seen) / 2
        level += doubt / wide * (rate - usual)
        doubt = doubt * (1 - doubt * seen / (1 + wide * seen))
    weights = np.exp(logs - logs.max())
    return MonthEffects(
        base=float(base),
        weights=weights / weights.sum(),
        levels=level + ways.drift,
        doubts=doubt + ways.step**2,
        spreads=ways.spread,
        swings=ways.swing,
        turns=ways.turn + np.pi * months / 6,
        season=_season(ways.swing, ways.turn, months),
        customers=float(customers),
        cohorts=len(of),
        window=float(alike),
    )


def thinned(customers: Number, doubt: float) -> Number:
    """Share of a rate's counts that tell as much of it as all of them do once months differ.

    1 / (1 + doubt x customers), since counts thinned so far have a relative variance of 1 / customers + doubt

    Assumptions: the rate is small, as those of leads are. It breaks near 1, where months differ by less.

    Parameters
    ----------
    customers : behind the rate.
    doubt : relative variance that months' differences add to it (`MonthEffects.doubt_over`).

    Source: effective sample size; Kish, *Survey Sampling*, 1965.

    >>> thinned(100, 0.01)
    0.5
    """
    return 1 / (1 + doubt * customers)


class _Ways(NamedTuple):
    """Ways in which months may behave, one entry each; `broke` the month of a change, -1 for none."""

    spread: np.ndarray
    step: np.ndarray
    drift: np.ndarray
    broke: np.ndarray
    swing: np.ndarray
    turn: np.ndarray


def _season(swing, turn, month):
    """The logarithm of a season, such that the year's rates have the level's mean."""
    return swing * np.sin(turn + np.pi * month / 6) - swing**2 / 4


def _ways(months: int, like: MonthEffects | None, *, seasons: bool) -> tuple[_Ways, np.ndarray]:
    """All ways in which so many months may behave, and the logarithm of the chance of each before any."""
    spread = _prior(SPREADS, ALIKE, 1 / (1 + (SPREADS / USUAL) ** 2))
    if like is not None:
        spread = (like.weights * (like.spreads == SPREADS[:, None])).sum(axis=1) + 1e-12
    step = _prior(STEPS, STEADY, np.exp(-STEPS / 0.03))
    drift = _prior(DRIFTS, FLAT, np.exp(-np.abs(DRIFTS) / 0.02))
    season = (SEASONAL if like is None else like.seasonal) if seasons else 0.0
    broken = BROKEN if months > 1 else 0.0
    kinds = [  # steps, drifts, the month of a change, swings, turns; and the chance of each
        ((STEPS, DRIFTS, [-1], [0], [0]), np.outer(step, drift).ravel() * (1 - season) * (1 - broken)),
        (([0], [0], range(1, months), [0], [0]), (1 - season) * broken / max(months - 1, 1)),
        (([0], [0], [-1], SWINGS, TURNS), season / (len(SWINGS) * len(TURNS))),
    ]
    others = [np.array(list(product(*kind)), dtype=float).reshape(-1, 5) for kind, _ in kinds]
    each = [np.broadcast_to(chance, len(ways)) for ways, (_, chance) in zip(others, kinds, strict=True)]
    ways, chance = np.concatenate(others), np.outer(spread, np.concatenate(each))
    chance[(SPREADS > TOLD)[:, None] & (ways[:, 3] > 0)] = 0.0
    row, column = np.nonzero(chance)
    return _Ways(SPREADS[row], *ways[column].T), np.log(chance[row, column])


def _likeliest(count, expected, usual, wide):
    """Likeliest log rate of a month with `count` customers, before which it was normal (`usual`, `wide`)."""
    rate = np.full(len(usual), np.log((count + 0.5) / (expected + 0.5)))
    for _ in range(ROUNDS):
        seen = expected * np.exp(rate)
        rate = rate - (seen - count + (rate - usual) / wide) / (seen + 1 / wide)
    return rate


def _prior(grid: np.ndarray, nothing: float, shape: np.ndarray) -> np.ndarray:
    """Prior weight of each value: `nothing` of it at 0, the rest over the others in proportion to `shape`."""
    weight = np.where(grid == 0, 0.0, shape)
    return np.where(grid == 0, nothing, weight / weight.sum() * (1 - nothing))
