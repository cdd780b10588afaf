"""What can be signed: the largest goal for which leads, follow-up hours and customers hold together.

Marketing's leads are of use only if Sales has the hours to follow them up: promising more leads
raises the goal until the hours no longer hold.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import special

from slanb.estimates.kinds import check_level
from slanb.estimates.mix import Sizes, outcomes

STEPS = 40  # numbers of leads looked at


@dataclass(frozen=True)
class Promise:
    """The largest goal that holds with the confidence asked for.

    goal : customers, or revenue; 0 where nothing can be promised at this confidence.
    leads : leads to promise, by tier or segment, whole.
    chance : that leads come, are followed up as promised, and bring the goal, all three.
    hours : follow-up hours these leads are expected to take.
    limit : `hours` or `leads`, whichever keeps the goal from being larger.
    goal_if_followed_up : the goal if hours were no limit.
    steps : one row a number of leads looked at: `leads`, `hours` (expected), `chance_leads` (they come),
        `chance_hours` (they fit), `goal` (largest that holds jointly; NaN where none does).
    """

    goal: float
    leads: pd.Series
    chance: float
    hours: float
    limit: str
    goal_if_followed_up: float
    steps: pd.DataFrame


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
    confidence: float = 0.8,
    draws: int = 2000,
    seed: int = 0,
) -> Promise:
    """Largest goal that can be signed at `confidence`, with the leads and the follow-up it takes.

    For each number of leads N: chance(leads come) x chance(hours suffice) x chance(N leads bring the goal) >=
    confidence; the goal is the largest for which this holds, over all N.

    Leads come as a gamma with the mean and standard deviation of `supply`; hours are N truncated-geometric
    numbers of attempts (`expected_attempts`), normal by their number, averaged over what is not known of
    the connect rate (Jeffreys' posterior of connected attempts); customers as in `reach`.

    Assumptions: the three are independent given N; all leads are worked alike; hours can be shifted within
    the period (speed at load is another question, of queues). It breaks where sales drops leads silently
    when time is short: the promise then holds on paper.

    Parameters
    ----------
    plan : as `reach`: `leads` (the mix) and `close_rate`, or `won` and `of`, by tier or segment.
    hours : hours for following up these leads in the period; infinite asks for the leads' side alone.
    minutes : minutes of a person's time per attempt.
    depth : attempts promised on a lead that is not connected.
    connect_rate, or connected and attempts : share of attempts that connect, known (one, or by attempt, as
        `expected_attempts`) or learnt.
    automated_share : share of the attempts that takes no one's time.
    supply : (mean, standard deviation) of the leads marketing brings in such a period; None takes the plan's
        leads as sure, and as the most.
    deal_sizes : as `reach`, for a goal in revenue; None gives one in customers.

    Raises
    ------
    ValueError : naming what is missing or out of range.

    Source: chance of joint events; Law, *Simulation Modeling and Analysis*, common random numbers.

    >>> plan = pd.DataFrame({"leads": [400], "close_rate": [0.1]}, index=["A"])
    >>> free = largest_promise(plan, hours=np.inf, minutes=10, depth=6, connect_rate=0.2)
    >>> tight = largest_promise(plan, hours=200, minutes=10, depth=6, connect_rate=0.2)
    >>> free.goal, free.limit, tight.goal, tight.limit, int(tight.leads["A"])
    (35.0, 'leads', 26.0, 'hours', 300)
    """
    check_level(confidence)
    if not (hours >= 0 and minutes > 0 and depth >= 1 and 0 <= automated_share <= 1):
        raise ValueError("hours must be >= 0, minutes > 0, depth >= 1, automated_share a share from 0 to 1")
    total = float(plan["leads"].sum())
    if not total > 0:
        raise ValueError("plan['leads'] must add up to more than 0")
    mean, variance = _attempts(connect_rate, connected, attempts, depth, draws, seed)
    most = total if supply is None else supply[0] + 3 * supply[1]
    leads = np.floor(most * np.arange(1, STEPS + 1) / STEPS)
    person = minutes / 60 * (1 - automated_share)
    steps = pd.DataFrame(
        {
            "leads": leads,
            "hours": leads * mean.mean() * person,
            "chance_leads": 1.0 if supply is None else _comes(leads, *supply),
            "chance_hours": _fits(leads, hours, mean * person, variance * person**2),
        }
    )
    brought = np.sort(outcomes(plan, leads / total, deal_sizes=deal_sizes, draws=draws, seed=seed), axis=0)
    held = steps["chance_leads"] * steps["chance_hours"]
    steps["goal"] = _largest(brought, confidence / np.maximum(held, 1e-12))
    free = _largest(brought, confidence / np.maximum(steps["chance_leads"], 1e-12))
    best_free = np.nan_to_num(free).max()
    if steps["goal"].isna().all():
        none = plan["leads"] * 0.0
        return Promise(0.0, none, 0.0, 0.0, _limit(steps.iloc[0], 0.0, best_free), best_free, steps)
    best = int(steps["goal"].idxmax())
    row = steps.loc[best]
    chance = float(held[best] * (brought[:, best] >= row["goal"]).mean())
    share = np.ceil(plan["leads"] * row["leads"] / total - 1e-9)
    limit = _limit(row, row["goal"], best_free)
    return Promise(float(row["goal"]), share, chance, float(row["hours"]), limit, float(best_free), steps)


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


def _comes(leads, mean, spread):
    """Chance that at least this many leads come."""
    if spread <= 0:
        return (leads <= mean).astype(float)
    return special.gammaincc((mean / spread) ** 2, leads * mean / spread**2)


def _fits(leads, hours, mean, variance):
    """Chance that the hours these leads take fit into the hours there are."""
    if np.isinf(hours):
        return np.ones(len(leads))
    room = hours - np.outer(leads, mean)
    spread = np.sqrt(np.maximum(np.outer(leads, variance), 1e-18))
    return special.ndtr(room / spread).mean(axis=1)


def _largest(brought, chance):
    """Largest goal each column of sorted outcomes reaches with its chance; NaN where that is above 1."""
    draws = len(brought)
    below = draws - np.ceil(np.asarray(chance) * draws - 1e-9)
    place = np.clip(below, 0, draws - 1).astype(int)
    return np.where(below >= 0, brought[place, np.arange(brought.shape[1])], np.nan)


def _limit(row, goal, free):
    """Hours, where without that limit the goal would be larger."""
    return "hours" if free > goal and row["chance_hours"] < 1 else "leads"
