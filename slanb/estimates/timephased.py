"""Leads needed month by month, when they pay for months to come and the pipe already pays for some.

The plain chain asks this month's leads for this month's customers; with a sales cycle of two months
most of those come from leads already created, and this month's leads are for later.
"""

import numpy as np
import pandas as pd
from scipy import special

from slanb.estimates.kinds import check_level

SMOOTH = 0.9  # leads worth asking for to change the goal from one month to the next by one lead less


def customers_by_month(
    created: pd.Series | np.ndarray,
    *,
    close_rate: float | np.ndarray,
    shares: pd.Series | np.ndarray,
    months: int,
) -> np.ndarray:
    """Customers expected in each of the coming `months` from leads created before them.

    customers(m) = sum over past months of leads x close_rate x f(age at m)

    Assumptions: the run-off f of the past holds. It breaks for leads already known to be lost in unusual
    number: give the month's leads still open, with their own rate.

    Parameters
    ----------
    created : leads by past month, oldest first, the last one the month just before the first coming one.
    close_rate : eventual customers per lead, one for all or one per past month (as `cohort_rates`' credible).
    shares : f(j) by age in months 0, 1 ..., as `development(...).shares`.

    Source: the convolution of cohorts with their run-off; for f see `development`.

    >>> customers_by_month([100, 200], close_rate=0.1, shares=[0.5, 0.3, 0.2], months=3).tolist()
    [8.0, 4.0, 0.0]
    """
    created, f = np.asarray(created, dtype=float), np.asarray(shares, dtype=float)
    expected = np.convolve(created * close_rate, f) if len(created) else np.zeros(0)
    coming = expected[len(created) : len(created) + months]
    return np.pad(coming, (0, months - len(coming)))


def shortfall_effect(
    missing: float, *, close_rate: float, shares: pd.Series | np.ndarray, month: pd.Period | None = None
) -> pd.Series:
    """Customers that `missing` leads of one month will be missing in that month and each later one.

    effect(j) = missing x close_rate x f(j). Times the deal size it is revenue. Assumptions as
    `customers_by_month`; a surplus is a negative shortfall.

    Parameters
    ----------
    month : the month of the shortfall, to label the result by months; None labels by months later 0, 1 ...

    >>> shortfall_effect(100, close_rate=0.1, shares=[0.5, 0.3, 0.2], month=pd.Period("2026-11")).to_dict()
    {Period('2026-11', 'M'): 5.0, Period('2026-12', 'M'): 3.0, Period('2027-01', 'M'): 2.0}
    """
    effect = missing * close_rate * np.asarray(shares, dtype=float)
    labels = range(len(effect)) if month is None else pd.period_range(month, periods=len(effect))
    return pd.Series(effect, index=labels)


def time_phased(
    goals: pd.Series,
    *,
    close_rate: float,
    shares: pd.Series | np.ndarray,
    created: pd.Series | np.ndarray = (),
    created_rate: float | np.ndarray | None = None,
    deal_size: float | None = None,
    deal_spread: float = 0.0,
    confidence: float | None = None,
    most: float | None = None,
) -> pd.DataFrame:
    """Leads needed in each coming month so that each month's goal is met in the month it closes.

    customers(m) = pipe(m) + sum over coming months j <= m of leads(j) x close_rate x f(m - j) >= goal(m)

    Of all plans within `most` leads a month, the one that falls short of the goals by the least, then asks
    for the fewest leads and the fewest changes from month to month (a linear programme). Goals after the
    last are taken to stay at it, so that the last months still sow. A month whose leads would have had to
    be created earlier shows what is `short`, whatever marketing does now.

    With a confidence, each goal is first raised to the mean that reaches it so often: customers as Poisson,
    revenue as gamma with the variance of a Poisson number of deals. Months are taken one by one.

    Assumptions: close rate, deal size and run-off of the past hold; months independent. It breaks where the
    run-off still rises at its last age (customers yet to come are missed: more leads are asked for than
    needed), and it asks for bursts where `most` is far above what marketing ever brought.

    Parameters
    ----------
    goals : customers, or revenue if `deal_size` is given, by coming month in order.
    close_rate : eventual customers per lead, 0 < rate <= 1.
    shares : f(j) by age in months; f(0) is what closes in the month of creation.
    created, created_rate : leads by past month and their rate, as `customers_by_month`; the rate is
        `close_rate` unless given.
    deal_size, deal_spread : mean amount of a deal, and its coefficient of variation (sd / mean).
    most : most leads marketing can bring in a month; None is twice the largest naive goal.

    Returns
    -------
    One row a month: `goal`, `pipe` (expected from leads already created), `leads` (needed, whole),
    `from_leads` (what those of this and earlier rows bring in the month), `expected` (both), `short` (goal,
    or its raised mean, less expected; 0 where met), `chance` of reaching the goal, `naive` (goal / close
    rate / deal size).

    Raises
    ------
    ValueError : if close_rate or the shares are out of range.

    Source: the run-off as in Mack 1993; linear programme solved by HiGHS (Huangfu & Hall 2018).

    >>> goals = pd.Series([7.0, 7, 7])
    >>> plan = time_phased(goals, close_rate=0.05, shares=[0.5, 0.3, 0.2], created=[140, 140])
    >>> plan[["pipe", "leads", "short", "naive"]].round(2).iloc[0].tolist()
    [3.5, 140.0, 0.0, 140.0]
    """
    f = np.asarray(shares, dtype=float)
    if not 0 < close_rate <= 1 or not (f >= 0).all() or not 0 < f.sum() < 1 + 1e-6:
        raise ValueError("close_rate must lie in (0, 1], shares must not be negative and add up to at most 1")
    size = 1.0 if deal_size is None else float(deal_size)
    unit = size * (1 + deal_spread**2)  # variance of a month's revenue, per unit of its mean
    goal = goals.to_numpy(dtype=float)
    wanted = goal if confidence is None else _raised(goal, unit, check_level(confidence), deal_size is None)
    months, tail = len(goal), max(len(f) - 1, 1)
    rate = close_rate if created_rate is None else created_rate
    pipe = size * customers_by_month(created, close_rate=rate, shares=f, months=months + tail)
    naive = goal / close_rate / size
    limit = 2 * max(wanted.max() / close_rate / size, 1.0) if most is None else most
    spread = size * close_rate * _sowing(f, months, tail)
    leads = _fewest(np.append(wanted, np.full(tail, wanted[-1])) - pipe, spread, months, limit)
    from_leads = (spread[:months, :months] @ leads).round(9)
    expected = pipe[:months] + from_leads
    return pd.DataFrame(
        {
            "goal": goal,
            "pipe": pipe[:months],
            "leads": leads,
            "from_leads": from_leads,
            "expected": expected,
            "short": np.maximum(wanted - expected, 0).round(6),
            "chance": _chance(goal, expected, unit, deal_size is None),
            "naive": naive,
        },
        index=goals.index,
    )


def _sowing(f, months, tail):
    """Customers in each month per unit of leads in each: the tail's months share one unknown, the last."""
    whole = months + tail
    column = np.pad(f, (0, max(whole - len(f), 0)))[:whole]
    lag = np.subtract.outer(np.arange(whole), np.arange(whole))
    full = np.where(lag >= 0, column[np.maximum(lag, 0)], 0.0)
    return np.column_stack([full[:, :months], full[:, months:].sum(axis=1)])


def _fewest(needed, spread, months, limit):
    """Leads by month: least shortfall, then fewest leads, then fewest changes."""
    from scipy.optimize import linprog  # 0.3 s of import that no other estimate needs

    whole, levels = spread.shape
    tail = whole - months
    dearest = 1 / max(spread[spread > 0].min(), 1e-4 * spread.max())  # leads that one customer can cost
    cost = np.concatenate(
        [np.ones(months), [tail], np.full(whole, 10 * dearest * (1 + SMOOTH)), np.full(levels - 1, SMOOTH)]
    )
    steps = np.eye(levels - 1, levels, k=1) - np.eye(levels - 1, levels)
    none, own = np.zeros((levels - 1, whole)), np.eye(levels - 1)
    limits = np.block(
        [
            [-spread, -np.eye(whole), np.zeros((whole, levels - 1))],
            [steps, none, -own],
            [-steps, none, -own],
        ]
    )
    at_most = np.concatenate([-needed, np.zeros(2 * (levels - 1))])
    bounds = [(0, limit)] * levels + [(0, None)] * (whole + levels - 1)
    return np.ceil(linprog(cost, A_ub=limits, b_ub=at_most, bounds=bounds).x[:months] - 1e-6) + 0.0


def _raised(goal, unit, confidence, counted):
    """Mean that a month needs so that it reaches its goal with the confidence."""
    if counted:
        return np.where(goal > 0, special.gammaincinv(np.maximum(np.ceil(goal - 1e-9), 1), confidence), 0.0)
    return np.where(goal > 0, unit * special.gdtrib(1.0, 1 - confidence, np.maximum(goal, 1e-9) / unit), 0.0)


def _chance(goal, mean, unit, counted):
    """Chance that a month of this mean reaches its goal."""
    mean = np.maximum(mean, 1e-12)
    if counted:
        return np.where(goal > 0, special.gammainc(np.maximum(np.ceil(goal - 1e-9), 1), mean), 1.0)
    return special.gammaincc(mean / unit, goal / unit)
