"""Intervals of shares: the close rate, and marketing's share of revenue.

Everything is computed from sums (counts, totals, totals of squares), which is what SQL brings
back, for scalars, arrays and Series alike. An interval at `level` 0.8 is meant to hold the true value
four times in five.
"""

import numpy as np
import scipy

from slanb.estimates.kinds import Number, arrays, check_level, same_kind


def rate_interval(customers: Number, leads: Number, *, level: float = 0.8) -> tuple[Number, Number]:
    """Interval of a close rate (or any share of cases) of which `customers` of `leads` are known.

    Jeffreys: the central `level` of Beta(k + 1/2, n - k + 1/2), with its lower end 0 when k = 0 and its
    upper end 1 when k = n.

    Assumptions: leads turn into customers independently of each other, and all have had time to.
    It breaks on young cohorts (correct them first, `estimates.runoff`) and where one buyer brings many
    leads (the interval is then too narrow).

    Parameters
    ----------
    customers : k, of those leads. NaN gives NaN.
    leads : n. Where n = 0, or k > n (closed and created leads of one month are not one cohort), there
        is no such share: NaN.
    level : share of times the interval is to hold the true rate.

    Returns
    -------
    (low, high), shares, in the kind that came in.

    Source: Brown, Cai, DasGupta, *Interval Estimation for a Binomial Proportion*, Statistical Science 2001.

    >>> low, high = rate_interval(20, 400)
    >>> round(low, 4), round(high, 4)
    (0.0376, 0.0656)
    >>> rate_interval(0, 0)
    (nan, nan)
    """
    k, n = arrays(customers=customers, leads=leads)
    tail = (1 - check_level(level)) / 2
    known = (n > 0) & (k <= n)
    k, n = np.where(known, k, np.nan), np.where(known, n, np.nan)
    low = np.where(k == 0, 0.0, scipy.special.betaincinv(k + 0.5, n - k + 0.5, tail))
    high = np.where(k == n, 1.0, scipy.special.betaincinv(k + 0.5, n - k + 0.5, 1 - tail))
    return same_kind(low, customers, leads), same_kind(high, customers, leads)


def share_interval(
    part_total: Number,
    part_squares: Number,
    part_n: Number,
    rest_total: Number,
    rest_squares: Number,
    rest_n: Number,
    *,
    level: float = 0.8,
) -> tuple[Number, Number]:
    """Interval of a share of revenue, as marketing's: part / (part + rest).

    On the logit scale: logit(share) -+ t(level, n - 1) x sqrt(part_squares / part_total2 + rest_squares /
    rest_total2), the delta method for a ratio in which both the number of deals and their sizes vary
    (the variance of a sum of a Poisson number of amounts is the sum of their squares).

    Assumptions: independent deals. It breaks with a handful of deals on either side, or where one deal is
    most of it: the interval is then too narrow. With no deal at all on one side the share is 0 or 1, and
    the far end is that of `rate_interval` for 0 of the other side's effective deals, total2 / squares.

    Parameters
    ----------
    part_total, part_squares, part_n : sum, sum of squares and number of the amounts of the part.
    rest_total, rest_squares, rest_n : the same of all other deals.
    level : share of times the interval is to hold the true share.

    Returns
    -------
    (low, high), shares; NaN where there are fewer than two deals or no revenue.

    Source: Cochran, *Sampling Techniques*, 3rd ed. 1977, chapter 6 (ratio estimators).

    >>> low, high = share_interval(40_000, 4.4e7, 40, 60_000, 6.8e7, 60)
    >>> round(low, 3), round(high, 3)
    (0.336, 0.468)
    """
    inputs = (part_total, part_squares, part_n, rest_total, rest_squares, rest_n)
    names = ("part_total", "part_squares", "part_n", "rest_total", "rest_squares", "rest_n")
    p, p2, pn, r, r2, rn = arrays(**dict(zip(names, inputs, strict=True)))
    n = pn + rn
    revenue = np.where((n >= 2) & (p + r > 0), p + r, np.nan)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = p / revenue
        centre = scipy.special.logit(share)
        reach = _student(n, level) * np.sqrt(p2 / p**2 + r2 / r**2)
        low, high = scipy.special.expit(centre - reach), scipy.special.expit(centre + reach)
        none_low, none_high = rate_interval(np.zeros_like(share), (p + r) ** 2 / (p2 + r2), level=level)
    low = np.select([share == 0, share == 1], [none_low, 1 - none_high], low)
    high = np.select([share == 0, share == 1], [none_high, 1 - none_low], high)
    return same_kind(low, *inputs), same_kind(high, *inputs)


def _student(n, level):
    """Half the width of the interval in standard errors, for n cases."""
    return scipy.special.stdtrit(np.where(n >= 2, n - 1, np.nan), (1 + check_level(level)) / 2)
