"""Run-off by months from a triangle: which share of a cohort's eventual customers is in at each age.

The chain ladder of insurance reserving, for customers or revenue instead of claims.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import scipy

from slanb.estimates.kinds import check_level
from slanb.estimates.settling import NO_CUSTOMERS, STILL_RISING, YOUNG, still_rises


@dataclass(frozen=True)
class Development:
    """What a run-off triangle says.

    factors : growth of the cumulative customers from each age to the next, indexed by the later age.
    shares : share f(j) of a cohort's customers (within the last age) that close at age j; sums to 1.
    cohorts : one row a cohort: `age` reached, `customers` so far, `share_in` (of those within the last
        age), `ultimate`, `error` (standard error of the ultimate, Mack), `young`.
    reason : why the last age is not the end; empty where it may be read as the end.
    """

    factors: pd.Series
    shares: pd.Series
    cohorts: pd.DataFrame
    reason: str

    @property
    def eventual(self) -> pd.Series | None:
        """Eventual customers (or revenue) by cohort; None where the curve still rises, see `reason`."""
        return None if self.reason else self.cohorts["ultimate"]

    def interval(self, level: float = 0.8) -> tuple[pd.Series, pd.Series]:
        """Interval of the ultimates, log-normal with Mack's error, never below what is in already."""
        ultimate, so_far = self.cohorts["ultimate"], self.cohorts["customers"]
        width = np.sqrt(np.log1p((self.cohorts["error"] / ultimate) ** 2))
        reach = scipy.special.ndtri((1 + check_level(level)) / 2) * width
        return (ultimate * np.exp(-reach)).clip(lower=so_far), ultimate * np.exp(reach)


def development(triangle: pd.DataFrame) -> Development:
    """Develop a run-off triangle to its last age by the chain ladder.

    factor(j) = sum of customers at age j / sum at age j - 1, over cohorts old enough for both
    ultimate = customers so far x the factors still to come;  f(j) from the factors' products

    Assumptions: each cohort develops like those before it, whatever its size and level. It breaks where
    the time to close changes (a new price, a new team, a season that pulls deals forward) and where the first
    ages hold few customers (a cohort with none so far stays at none: use `estimates.cohort_rates`). It says
    nothing of what comes after the last age: `eventual` is refused while the curve still rises there.

    Parameters
    ----------
    triangle : one row a cohort (month of creation), oldest first; one column an age in months, 0 first;
        cumulative customers (or revenue) with NaN where the age is not reached. Take whole ages only: an
        unfinished month reads as a slow one.

    Raises
    ------
    ValueError : if a row has no value, or a gap before its last one.

    Source: Mack, *Distribution-free Calculation of the Standard Error of Chain Ladder Reserve Estimates*,
    ASTIN Bulletin 1993.

    >>> months = ["2026-01", "2026-02", "2026-03"]
    >>> found = development(pd.DataFrame([[10, 15, 18], [12, 18, None], [8, None, None]], index=months))
    >>> found.factors.tolist(), found.cohorts["ultimate"].round(1).tolist()
    ([1.5, 1.2], [18.0, 21.6, 14.4])
    >>> found.shares.round(4).tolist(), found.eventual, found.reason
    ([0.5556, 0.2778, 0.1667], None, 'still rising at its last age')
    """
    cumulative = triangle.to_numpy(dtype=float)
    known = ~np.isnan(cumulative)
    age = known.sum(axis=1) - 1
    if (age < 0).any() or not (known == (np.arange(cumulative.shape[1]) <= age[:, None])).all():
        raise ValueError("each cohort needs a value at age 0 and no gap up to its last one")
    both = known[:, 1:]
    before, after = np.where(both, cumulative[:, :-1], 0), np.where(both, cumulative[:, 1:], 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        factors = after.sum(axis=0) / before.sum(axis=0)
        none_yet = after.sum(axis=0).cumsum() == 0  # ages before the first customers of all have no share
        factors[none_yet] = 1.0 if not none_yet.all() else np.nan
        to_come = np.append(np.cumprod(factors[::-1])[::-1], 1.0)
        curve = 1 / to_come
        so_far = cumulative[np.arange(len(cumulative)), age]
        ultimate = so_far * to_come[age]  # unknown (NaN) where none closed so far and more always did
    cohorts = pd.DataFrame(
        {
            "age": triangle.columns.to_numpy()[age],
            "customers": so_far,
            "share_in": curve[age],
            "ultimate": ultimate,
            "error": _mack_error(before, after, both, factors, so_far, age),
            "young": curve[age] < YOUNG,
        },
        index=triangle.index,
    )
    reason = "" if np.isfinite(curve).all() else NO_CUSTOMERS
    if not reason and still_rises(curve):
        reason = STILL_RISING
    shares = pd.Series(np.diff(curve, prepend=0.0), index=triangle.columns)
    return Development(pd.Series(factors, index=triangle.columns[1:]), shares, cohorts, reason)


def closing_over_created(shares: pd.Series, *, growth: float) -> float:
    """What "closed this month / created this month" shows, as a multiple of the true close rate.

    sum over ages j of f(j) / (1 + growth)^j

    It is 1 only when volume is flat: customers closing now come from the smaller months before.

    Parameters
    ----------
    shares : f(j) by age in months j = 0, 1 ..., as in `development(...).shares`.
    growth : growth of the leads a month, as a share (0.05 = 5 % more each month).

    Assumption: steady growth over all ages with a share; it breaks with seasons, in which the ratio swings
    both ways. Source: this month's customers summed over the cohorts they come from, per lead created.

    >>> round(0.05 * closing_over_created(pd.Series([0.06, 0.29, 0.25, 0.4]), growth=0.1), 4)
    0.0415
    """
    ages = np.arange(len(shares))
    return float((shares.to_numpy() * (1 + growth) ** -ages).sum())


def _mack_error(before, after, both, factors, so_far, age):
    """Standard error of each cohort's ultimate (Mack 1993, theorem 3); NaN where no spread is seen."""
    steps = both.shape[1]
    pairs = both.sum(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = np.nansum(before * (np.where(before > 0, after / before, np.nan) - factors) ** 2, axis=0)
        sigma2 = np.where(pairs > 1, spread / (pairs - 1), np.nan)
        if steps and pairs[-1] <= 1:  # one pair shows no spread: Mack's rule for the last age
            sigma2[-1] = _last_spread(sigma2[:-1])
        per_factor = sigma2 / factors**2
        path = np.zeros(both.shape)
        reached = so_far.copy()
        for step in range(steps):
            due = age <= step
            path[due, step] = per_factor[step] * (1 / reached[due] + 1 / before[:, step].sum())
            reached[due] *= factors[step]
        return reached * np.sqrt(path.sum(axis=1))


def _last_spread(sigma2):
    """min(s[-1]^2 / s[-2], s[-1], s[-2]); the last one known where there are not two."""
    if len(sigma2) < 2 or not (sigma2[-2:] > 0).all():
        return sigma2[-1] if len(sigma2) else np.nan
    return min(sigma2[-1] ** 2 / sigma2[-2], sigma2[-1], sigma2[-2])
