"""Leads needed month by month, when they pay for months to come and the pipe already pays for some.

The plain chain asks this month's leads for this month's customers; with a sales cycle of two months
most of those come from leads already created, and this month's leads are for later.
"""

import numpy as np
import pandas as pd
import scipy

from slanb.estimates.kinds import check_level

WORTH = 0.35  # share of a lead's customers that must close in months still short of their goal
CHANGE = 0.3  # leads that a change by one lead from month to month costs besides
LONGEST = 60  # coming months, and ages of the run-off, that a plan may hold


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
    close_rate: float | np.ndarray,
    shares: pd.Series | np.ndarray,
    created: pd.Series | np.ndarray = (),
    created_rate: float | np.ndarray | None = None,
    deal_size: float | np.ndarray | None = None,
    deal_spread: float = 0.0,
    month_spread: float = 0.0,
    confidence: float | None = None,
) -> pd.DataFrame:
    """Leads needed in each coming month so that each month's goal is met in the month it closes.

    customers(m) = pipe(m) + sum over coming months j <= m of leads(j) x close_rate(j) x f(m - j)

    A lead is asked for only where enough of its customers close in months that would miss their goal: about
    half of them, or a third if the months around are asked for as many more. So nobody is asked for a burst
    of leads to fill a month in which few of them close. What remains missing is `short`: it would have
    needed leads earlier. As a linear programme,

    leads + 0.3 x changes from month to month + customers missing / close rate / 0.35 is least

    Goals after the last month are taken to stay at it, so that the last months still sow.

    With a confidence, each goal is first raised to the mean that reaches it so often: customers as Poisson,
    revenue as gamma with the variance of a Poisson number of deals, and both with what months differ by
    beyond that. Months are taken one by one.

    Assumptions: rates and run-off of the past hold; months independent. It breaks where the run-off still
    rises at its last age (customers yet to come are missed: more leads are asked for than needed).

    Parameters
    ----------
    goals : customers, or revenue if `deal_size` is given, by coming month in order; at most 60.
    close_rate : eventual customers per lead, 0 < rate <= 1, one for all or by coming month of creation.
    shares : f(j) by age in months; f(0) is what closes in the month of creation; at most 60.
    created, created_rate : leads by past month and their rate, as `customers_by_month`; the rate is the
        first `close_rate` unless given.
    deal_size, deal_spread : mean amount of a deal, one or by the month in which it closes, and its
        coefficient of variation (sd / mean).
    month_spread : standard deviation of a month's customers beyond chance, as a share.

    Returns
    -------
    One row a month: `goal`, `pipe` (expected from leads already created), `leads` (asked for, whole),
    `from_leads` (what those of this and earlier rows bring in the month), `expected` (both), `short` (goal,
    or its raised mean, less expected; 0 where met), `chance` of reaching the goal, `naive` (goal / close
    rate / deal size).

    Raises
    ------
    ValueError : if rates, sizes or shares are out of range, or a series is too long.

    Source: the run-off as in Mack 1993; linear programme solved by HiGHS (Huangfu & Hall 2018).

    >>> goals = pd.Series([7.0, 7, 7])
    >>> plan = time_phased(goals, close_rate=0.05, shares=[0.5, 0.3, 0.2], created=[140, 140])
    >>> plan[["pipe", "leads", "short", "naive"]].round(2).iloc[0].tolist()
    [3.5, 140.0, 0.0, 140.0]
    >>> late = time_phased(goals, close_rate=0.05, shares=[0.1, 0.5, 0.4], created=[0, 0])
    >>> late[["leads", "short"]].round(1).to_numpy().tolist()
    [[252.0, 5.7], [140.0, 0.0], [140.0, 0.0]]
    """
    f, goal = np.asarray(shares, dtype=float), goals.to_numpy(dtype=float)
    months, tail = len(goal), max(len(f) - 1, 1)
    rate, size = _by_month(close_rate, months), _by_month(1.0 if deal_size is None else deal_size, months)
    if not ((rate > 0) & (rate <= 1)).all() or not (f >= 0).all() or not 0 < f.sum() < 1 + 1e-6:
        raise ValueError("close_rate must lie in (0, 1], shares must not be negative and add up to at most 1")
    if max(months, len(f)) > LONGEST or not (size > 0).all() or not np.isfinite(goal / rate / size).all():
        raise ValueError(f"goals and deal sizes must be finite, of at most {LONGEST} months and ages")
    counted = deal_size is None
    spread = (1 + deal_spread**2, month_spread)
    mean = (
        goal / size if confidence is None else _raised(goal / size, *spread, check_level(confidence), counted)
    )
    created_rate = rate[0] if created_rate is None else created_rate
    pipe = customers_by_month(created, close_rate=created_rate, shares=f, months=months + tail)
    leads = _fewest(np.append(mean, np.full(tail, mean[-1])) - pipe, rate, f, tail)
    from_leads = np.convolve(leads * rate, f)[:months]
    expected = pipe[:months] + from_leads
    return pd.DataFrame(
        {
            "goal": goal,
            "pipe": size * pipe[:months],
            "leads": leads,
            "from_leads": size * from_leads,
            "expected": size * expected,
            "short": size * np.where(mean - expected > 1e-9 * mean, mean - expected, 0.0),
            "chance": _chance(goal / size, expected, *spread, counted),
            "naive": goal / rate / size,
        },
        index=goals.index,
    )


def _by_month(value, months):
    return np.broadcast_to(np.asarray(value, dtype=float), months)


def _fewest(needed, rate, f, tail):
    """Leads by month: the programme above, in shares of the most leads a month could need.

    The months after the last share one number of leads.
    """
    from scipy.optimize import linprog  # 0.3 s of import that no other estimate needs

    months, whole = len(rate), len(rate) + tail
    rates = np.append(rate, np.full(tail, rate[-1]))
    unit = np.max(needed / rates)
    if not unit > 0:
        return np.zeros(months)
    column = np.pad(f, (0, whole))[:whole]
    lag = np.subtract.outer(np.arange(whole), np.arange(whole))
    effect = np.where(lag >= 0, column[np.maximum(lag, 0)], 0.0) * rates / rates[:, None]
    effect = np.column_stack([effect[:, :months], effect[:, months:].sum(axis=1)])
    levels = months + 1
    steps = np.eye(months, levels, k=1) - np.eye(months, levels)
    none, own = np.zeros((months, whole)), np.eye(months)
    limits = np.block(
        [[-effect, -np.eye(whole), np.zeros((whole, months))], [steps, none, -own], [-steps, none, -own]]
    )
    cost = [np.ones(months), [tail], np.full(whole, 1 / WORTH), np.full(months, CHANGE)]
    found = linprog(
        np.concatenate(cost),
        A_ub=limits,
        b_ub=np.concatenate([-needed / rates / unit, np.zeros(2 * months)]),
        bounds=(0, None),
    )
    return np.maximum(np.ceil(found.x[:months] * unit * (1 - 1e-9) - 1e-6), 0.0)


def _raised(goal, unit, spread, confidence, counted):
    """Mean customers that a month needs to reach its goal with the confidence: its chance, inverted."""
    low, high = np.zeros(len(goal)), np.maximum(goal, 1.0)
    for _ in range(40):
        low_yet = _chance(goal, high, unit, spread, counted) < confidence
        high = np.where(low_yet, 2 * high, high)
    for _ in range(60):
        middle = (low + high) / 2
        enough = _chance(goal, middle, unit, spread, counted) >= confidence
        low, high = np.where(enough, low, middle), np.where(enough, middle, high)
    return np.where(goal > 0, high, 0.0)


def _chance(goal, mean, unit, spread, counted):
    """Chance that a month of this mean reaches its goal; both in customers of its deal size.

    Their variance is `unit` x mean of chance and (`spread` x mean)2 of what months differ by.
    """
    mean = np.maximum(mean, 1e-12)
    if not counted:
        scale = unit + spread**2 * mean
        return np.where(goal > 0, scipy.special.gammaincc(mean / scale, goal / scale), 1.0)
    whole = np.maximum(np.ceil(goal - 1e-9), 1)
    if spread > 0:
        return np.where(goal > 0, scipy.special.betainc(whole, spread**-2, mean / (mean + spread**-2)), 1.0)
    return np.where(goal > 0, scipy.special.gammainc(whole, mean), 1.0)
