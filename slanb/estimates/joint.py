"""What can be signed: the revenue of a period that leads, pipe, follow-up hours and closings bring together.

Most of what closes in a month comes from leads of earlier months, and what this month's leads are worth in
the end mostly closes later. So a month's goal is held against a month's closings, simulated as a whole.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import scipy

from slanb.estimates.confidence import JEFFREYS
from slanb.estimates.kinds import check_level
from slanb.estimates.mix import MOST_LIKELY, Sizes
from slanb.estimates.months import MonthEffects

MATERIAL = 0.01  # share of the goal by which hours must hold it down to be called the limit
LIFTED = 0.1  # share by which all planned leads must raise it for the leads to be
MOST = 1e15  # leads and customers are counted up to here, so that no input overflows
EXACT = 25.0  # variance of a number of customers above which its quantile is read from its moments
DEALS = 500  # of one simulated period, on average, above which their sum is read from its moments
WORLDS, PAST = 200, 2000  # resampled sets of past deals, and at most so many deals in each


@dataclass(frozen=True)
class Promise:
    """What can be signed with the confidence asked for.

    goal : largest revenue (customers without deal sizes) that closes in the period with that confidence.
    leads : leads, by tier or segment, that come and can be followed up with that confidence; whole together.
    hours : follow-up hours these leads are expected to take.
    limit : what keeps the goal from being larger: `hours`; `leads`, where more of them would raise it; or
        `pipe`, where most of what closes was created before.
    goal_if_followed_up : the goal if hours were no limit.
    pipe : of the closings, those expected from leads created before the period.
    eventual : what `leads` are expected to bring in the end, whenever they close.
    simulated : one row a simulated period: `leads` (come), `followed`, `pipe`, `own`, `brought` (both).
    """

    goal: float
    leads: pd.Series
    hours: float
    limit: str
    goal_if_followed_up: float
    pipe: float
    eventual: float
    simulated: pd.DataFrame


def expected_attempts(
    connect_rate: float | Sequence[float] | np.ndarray, depth: int
) -> tuple[np.ndarray, np.ndarray]:
    """Mean and variance of the attempts one lead takes if it is tried until connected, `depth` times at most.

    mean = sum over k < depth of P(not connected in k attempts);  E[T2] = the sum of (2 k + 1) times that

    Fewer than promised, since connected leads stop. Assumption: sales tries each lead to the end. It breaks
    where leads that look hopeless are dropped (fewer attempts) or chased (more).

    Parameters
    ----------
    connect_rate : share of attempts that connect, 0-1: one for all, or in the last axis the first's, the
        second's ..., of which the last goes on (rates of the leads not connected until then).
    depth : most attempts on a lead, >= 1.

    Source: geometric distribution cut off at `depth`; moments by summing its tail.

    >>> mean, variance = expected_attempts(0.5, 2)
    >>> float(mean), float(variance)
    (1.5, 0.25)
    >>> float(expected_attempts([0.4, 0.2], 3)[0])  # 1 + 0.6 + 0.6 x 0.8
    2.08
    """
    rates = np.atleast_1d(np.asarray(connect_rate, dtype=float))
    each = rates[..., np.minimum(np.arange(depth - 1), rates.shape[-1] - 1)]
    missed = np.concatenate([np.ones((*each.shape[:-1], 1)), np.cumprod(1 - each, axis=-1)], axis=-1)
    k = np.arange(depth)
    mean = missed.sum(axis=-1)
    return mean, np.maximum((missed * (2 * k + 1)).sum(axis=-1) - mean**2, 0)


def largest_promise(
    plan: pd.DataFrame,
    *,
    hours: float,
    minutes: float,
    depth: int,
    connect_rate: float | Sequence[float] | None = None,
    connected: int | None = None,
    attempts: int | None = None,
    automated_share: float = 0.0,
    supply: tuple[float, float] | None = None,
    deal_sizes: Sizes | None = None,
    pipe: pd.DataFrame | None = None,
    own_share: float | Sequence[float] = 1.0,
    months: MonthEffects | None = None,
    confidence: float = 0.8,
    draws: int = 2000,
    seed: int = 0,
) -> Promise:
    """Largest goal that can be signed at `confidence` for a period, with its leads and follow-up.

    closings = customers of earlier leads that are due + customers of the own leads followed up x own_share

    Each draw is one possible period: leads come (gamma, mean and standard deviation of `supply`); as many as
    fit into the hours are followed up (truncated-geometric attempts, normal by their number) and the others
    bring nothing; close rates are drawn from their posterior (Jeffreys) or known, times the effect of the
    month of creation; each customer pays like a past one (bootstrap of deals and of their mean). The goal is
    the quantile that `confidence` of all draws reach; without the limit of hours, or with all planned leads,
    it is read from the same draws.

    The effect of an earlier month is what its customers so far leave open: gamma with the spread of months
    and the doubt about their level as prior, its customers against those expected by now as the evidence.

    Assumptions: past close rates are those of leads that were followed up; a lead beyond the hours brings
    nothing; all tiers are worked alike and close alike fast; a tier's share of the leads is that of the plan.
    It breaks where Sales works old leads in hours meant for new ones, where the run-off changes, and (a
    little, towards caution) where most of a cohort becomes customers.

    Parameters
    ----------
    plan : `leads` (the mix) and `close_rate`, or `won` and `of`, by tier or segment. A row with 0 leads has
        customers in the pipe alone.
    hours : hours for following up the period's leads; infinite asks for the other parts alone.
    minutes : minutes of a person's time per attempt.
    depth : attempts promised on a lead that is not connected.
    connect_rate, or connected and attempts : share of attempts that connect, known (one, or by attempt, as
        `expected_attempts`) or learnt.
    automated_share : share of the attempts that takes no one's time.
    supply : (mean, standard deviation) of the leads marketing brings in such a period; None takes the plan's
        leads as sure.
    deal_sizes : a known size, past amounts, or one of these per row label, for a goal in revenue; None gives
        one in customers.
    pipe : leads of earlier months, a row each month and label of the plan: `cohort` (month), `part` (label),
        `leads`, `won` (customers so far), `came` (share of the eventual customers that is in by now) and
        `due` (share that closes in the period). None or empty where there are none.
    own_share : share of the eventual customers of the period's own leads that closes in it, one or by row of
        the plan. With 1 and no pipe the goal is what these leads bring in the end.
    months : how months differ (`month_effects`); None takes them for alike.

    Raises
    ------
    ValueError : naming what is missing or out of range.

    Source: Monte Carlo of joint events with common random numbers: Law, *Simulation Modeling and Analysis*.

    >>> plan = pd.DataFrame({"leads": [400], "close_rate": [0.1]}, index=["A"])
    >>> free = largest_promise(plan, hours=np.inf, minutes=10, depth=6, connect_rate=0.2)
    >>> tight = largest_promise(plan, hours=200, minutes=10, depth=6, connect_rate=0.2)
    >>> free.goal, free.limit, tight.goal, tight.limit, int(tight.leads["A"])
    (35.0, 'leads', 28.0, 'hours', 316)
    >>> may = pd.DataFrame({"cohort": ["May"], "part": "A", "leads": 400, "won": 20, "came": 0.5, "due": 0.4})
    >>> work = {"hours": 200, "minutes": 10, "depth": 6, "connect_rate": 0.2}
    >>> june = largest_promise(plan, **work, pipe=may, own_share=0.1)
    >>> june.goal, june.limit, round(june.pipe)
    (16.0, 'pipe', 16)
    """
    check_level(confidence)
    _check(plan, hours, minutes, depth, automated_share, supply, own_share, pipe)
    total, rng = float(plan["leads"].sum()), np.random.default_rng([seed, 11])
    pipe = _none() if pipe is None else pipe
    rates, level = _rates(plan, months, draws, seed)
    effects = np.ones(draws) if months is None else months.factors(draws, seed, level=level)
    mean, variance = _attempts(connect_rate, connected, attempts, depth, draws, seed)
    person = minutes / 60 * (1 - automated_share)
    come = _come(total, supply, rng.random(draws))
    fit = _fit(hours, mean * person, variance * person**2, rng.standard_normal(draws))
    followed = np.floor(np.minimum(come, fit))
    planned = np.floor(np.maximum(come, total))
    mix = plan["leads"].to_numpy(dtype=float) / total
    own, shares = np.minimum(rates * effects[:, None], MOST_LIKELY), np.broadcast_to(own_share, len(plan))
    ways = [followed, np.floor(come), planned]  # in this order: what is, hours enough, leads enough too
    brought = np.zeros((draws, len(ways)))
    of_pipe, worth = np.zeros(draws), 0.0
    due = _due(pipe, plan.index, rates, months, level, draws, seed)
    for part, name in enumerate(plan.index):
        random = np.random.default_rng([seed, 12, part])
        sizes = _Sizes(deal_sizes, name, draws, random)
        of_pipe += sizes.sums([_customers(*due[part], random.random(draws))])[:, 0]
        chance, place = random.random(draws), random.random(draws)
        leads = [np.floor(way * mix[part] + place) for way in ways]
        brought += sizes.sums([_customers(each, own[:, part] * shares[part], chance) for each in leads])
        worth += mix[part] * float(np.mean(own[:, part] * sizes.mean))
    goals = np.quantile(brought + of_pipe[:, None], 1 - confidence, axis=0, method="lower") + 0.0
    signed = float(np.quantile(followed, 1 - confidence, method="lower"))
    return Promise(
        goal=float(goals[0]),
        leads=plan["leads"] / total * signed,
        hours=float(signed * mean.mean() * person),
        limit=_limit(*goals, has_pipe=len(pipe) > 0),
        goal_if_followed_up=float(goals[1]),
        pipe=float(of_pipe.mean()),
        eventual=float(signed * worth),
        simulated=pd.DataFrame(
            {"leads": np.floor(come), "followed": followed, "pipe": of_pipe, "own": brought[:, 0]}
        ).assign(brought=of_pipe + brought[:, 0]),
    )


def _check(plan, hours, minutes, depth, automated_share, supply, own_share, pipe):
    shares = np.append(own_share, automated_share)
    if not (hours >= 0 and minutes > 0 and depth >= 1 and (shares >= 0).all() and (shares <= 1).all()):
        raise ValueError(
            "hours must be >= 0, minutes > 0, depth >= 1, automated_share and own_share shares from 0 to 1"
        )
    if not (plan["leads"] >= 0).all() or not 0 < plan["leads"].sum() < np.inf:
        raise ValueError("plan['leads'] must not be negative and add up to more than 0")
    if supply is not None and not (np.isfinite(supply).all() and min(supply) >= 0):
        raise ValueError("supply must be a mean and a standard deviation, neither negative")
    if pipe is not None and not (
        (pipe[["leads", "won", "came", "due"]] >= 0).all(axis=None)
        and (pipe[["came", "due"]] <= 1.0).all(axis=None)
    ):
        raise ValueError("pipe must hold numbers of leads and won, and came and due as shares from 0 to 1")


def _none():
    return pd.DataFrame({"cohort": [], "part": [], "leads": [], "won": [], "came": [], "due": []})


def _rates(plan, months, draws, seed):
    """Close rates by draw and row of the plan, at the level of the months to come; and whether that level
    is still to be laid over known ones."""
    if "close_rate" in plan:
        rates = plan["close_rate"].to_numpy(dtype=float)
        if not ((rates >= 0) & (rates <= 1)).all():
            raise ValueError("plan['close_rate'] must hold shares between 0 and 1 (5 % is 0.05)")
        return np.broadcast_to(rates, (draws, len(rates))), False
    if not {"won", "of"} <= set(plan):
        raise ValueError("plan needs a column close_rate, or the columns won and of")
    won, of = plan["won"].to_numpy(dtype=float), plan["of"].to_numpy(dtype=float)
    if not ((won >= 0) & (won <= of)).all():
        raise ValueError("plan['won'] must lie between 0 and plan['of']")
    rng = np.random.default_rng([seed, 13])
    return rng.beta(won + JEFFREYS[0], of - won + JEFFREYS[1], (draws, len(won))), months is not None


def _attempts(connect_rate, connected, attempts, depth, draws, seed):
    """Mean and variance of the attempts on a lead, for each connect rate that the data leave possible."""
    if (connect_rate is None) == (connected is None or attempts is None):
        raise ValueError("give either connect_rate, or both connected and attempts")
    if connect_rate is not None:
        rates = np.atleast_1d(np.asarray(connect_rate, dtype=float))
        if not ((rates >= 0) & (rates <= 1)).all():
            raise ValueError("connect_rate must be a share between 0 and 1 (5 % is 0.05)")
        return expected_attempts(rates[None, :], depth)
    if not 0 <= connected <= attempts:
        raise ValueError("connected must lie between 0 and attempts")
    rng = np.random.default_rng([seed, 2])
    return expected_attempts(rng.beta(connected + 0.5, attempts - connected + 0.5, (draws, 1)), depth)


def _come(total, supply, chance):
    """Leads that come in each draw."""
    mean, spread = (total, 0.0) if supply is None else supply
    spread = min(spread, 1000 * mean)  # beyond that nearly every draw is empty as it is
    if mean < 1e-9 or spread < 1e-6 * mean:
        return np.full(len(chance), min(mean, MOST))
    return np.minimum(
        scipy.special.gammaincinv((mean / spread) ** 2, chance) * (spread / mean) * spread, MOST
    )


def _fit(hours, mean, variance, normal):
    """Leads that the hours suffice for: n mean + normal x root (n variance) = hours, solved for n."""
    if hours <= 0 or np.isinf(hours):
        return np.full(len(normal), hours)
    half = normal * np.sqrt(variance) / 2
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        root = (np.sqrt(half**2 + mean * hours) - half) / mean
        return np.where(mean > 0, root**2, np.inf)


def _due(pipe, labels, rates, months, level, draws, seed):
    """By row of the plan: trials and chance of the binomial of its customers due, in each draw.

    Many months with a chance each are one binomial of the same mean and variance.
    """
    pipe = pipe[pipe["part"].isin(labels)]
    cohorts = pipe["cohort"].unique()
    part, cohort = labels.get_indexer(pipe["part"]), pd.Index(cohorts).get_indexer(pipe["cohort"])
    rng = np.random.default_rng([seed, 14])
    spread = 0.0
    if months is not None:
        levels = months.factors(draws, seed, level=level, month=False)
        rates = rates * levels.mean()
        spread = float(np.hypot(months.spread, levels.std() / levels.mean()))
    leads, came, due = (pipe[name].to_numpy(dtype=float) for name in ("leads", "came", "due"))
    expected = np.zeros((draws, len(cohorts)))
    for row in range(len(pipe)):
        expected[:, cohort[row]] += leads[row] * came[row] * rates[:, part[row]]
    if spread > 0:
        shape = spread**-2 + np.bincount(cohort, pipe["won"].to_numpy(dtype=float), len(cohorts))
        effects = rng.standard_gamma(shape, expected.shape) / (spread**-2 + expected)
    else:
        effects = np.ones(expected.shape)
    found = []
    for place in range(len(labels)):
        mean, square = np.zeros(draws), np.zeros(draws)
        for row in np.flatnonzero(part == place):
            rate = np.minimum(rates[:, place] * effects[:, cohort[row]], MOST_LIKELY) * due[row]
            mean += leads[row] * rate
            square += leads[row] * rate**2
        chance = np.divide(square, mean, out=np.zeros(draws), where=mean > 0)
        trials = np.divide(mean, chance, out=np.zeros(draws), where=chance > 0)
        found.append((np.floor(np.minimum(trials, MOST) + rng.random(draws)), chance))
    return found


def _customers(trials, chance, at):
    """Quantile `at` of a binomial, elementwise: exact by its recursion, or by three moments where it is wide.

    Never falls in any argument beyond rounding, so that one set of random numbers serves every scenario.
    """
    trials = np.minimum(trials, MOST)
    flip = chance > 0.5
    p, at = np.where(flip, 1 - chance, chance), np.where(flip, 1 - at, at)
    variance = trials * p * (1 - p)
    wide = variance > EXACT
    normal = scipy.special.ndtri(np.clip(at, 1e-12, 1 - 1e-12))
    spread = np.sqrt(np.maximum(variance, 1e-300))
    count = np.round(trials * p + spread * normal + (1 - 2 * p) * (normal**2 - 1) / 6)
    n, q = np.where(wide, 0.0, trials), np.where(wide, 0.0, p)
    mass = np.exp(n * np.log1p(-q))
    below, exact, k = mass.copy(), np.zeros(len(n)), 0
    while (more := (below < at) & (k < n)).any() and k < 20 * EXACT:
        mass = mass * np.maximum(n - k, 0) / (k + 1) * (q / (1 - q))
        exact += more
        below += mass
        k += 1
    count = np.clip(np.where(wide, count, exact), 0, trials)
    return np.where(flip, trials - count, count)


class _Sizes:
    """What the customers of a row of the plan pay: resampled sets of past deals, each draw keeping to one."""

    def __init__(self, deal_sizes, label, draws, random):
        self.draws, self.random = draws, random
        self.mean = 1.0
        self.amounts = None
        if deal_sizes is None:
            return
        given = deal_sizes[label] if isinstance(deal_sizes, Mapping) else deal_sizes
        past = np.atleast_1d(np.asarray(given, dtype=float))
        if not len(past) or not (past >= 0).all():
            raise ValueError(f"deal_sizes for {label!r} must be amounts, at least one, none negative")
        shape = (WORLDS, min(len(past), PAST)) if len(past) > 1 else (1, 1)
        self.amounts = past[random.integers(0, len(past), shape)]
        self.world = np.arange(draws) % len(self.amounts)
        self.mean = self.amounts.mean(axis=1)[self.world]

    def sums(self, counts):
        """Sum of so many deals in each draw, a column for each of `counts`; more deals never sum to less."""
        if self.amounts is None or self.amounts.size == 1:
            return np.column_stack(counts) * np.asarray(self.mean).reshape(-1, 1)
        most = np.max(counts, axis=0)
        if most.mean() > DEALS:
            return self._by_moments(np.column_stack(counts))
        ends = np.cumsum(most).astype(np.int64)
        begins = ends - most.astype(np.int64)
        draw = np.repeat(np.arange(self.draws), most.astype(np.int64))
        pick = (self.random.random(len(draw)) * self.amounts.shape[1]).astype(np.int64)
        running = np.concatenate([[0.0], np.cumsum(self.amounts[self.world[draw], pick])])
        return np.column_stack([running[begins + each.astype(np.int64)] - running[begins] for each in counts])

    def _by_moments(self, counts):
        """The same from mean, spread and skewness of the deals (Cornish and Fisher)."""
        centred = self.amounts - self.amounts.mean(axis=1, keepdims=True)
        spread = centred.std(axis=1)
        unit = centred / np.where(spread > 0, spread, 1.0)[:, None]
        spread, skew = spread[self.world, None], (unit * unit * unit).mean(axis=1)[self.world, None]
        normal = self.random.standard_normal((self.draws, 1))
        sums = counts * self.mean[:, None] + spread * (np.sqrt(counts) * normal + skew * (normal**2 - 1) / 6)
        return np.where(counts > 0, np.maximum(sums, 0.0), 0.0)


def _limit(goal, free, planned, *, has_pipe):
    """What keeps the goal from being larger."""
    if free > goal * (1 + MATERIAL):
        return "hours"
    return "pipe" if has_pipe and planned < goal * (1 + LIFTED) else "leads"
