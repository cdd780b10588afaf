"""Close rates of cohorts that are too young to show them: corrected by the run-off, and marked.

A cohort is judged by the leads that have had their time: 500 leads of which the run-off has brought
in a tenth of the customers count as 50.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import scipy

from slanb.estimates.kinds import check_level
from slanb.estimates.runoff import Incidence
from slanb.estimates.settling import YOUNG
from slanb.estimates.shrinkage import learn_prior
from slanb.estimates.speed import learn_speeds


def cohort_rates(
    ages: pd.DataFrame,
    runoff: Incidence,
    *,
    prior: tuple[float, float] | None = None,
    speeds: pd.Series | None = None,
    level: float = 0.8,
) -> pd.DataFrame:
    """Close rate of each cohort, plain and corrected for its age, with what its own final share may come to.

    exposure = sum over leads of f(age), f = share of eventual customers in by that age
    corrected = customers / exposure;  credible = (customers + a) / (exposure + a + b), Beta(a, b) learnt from
    all cohorts' customers and exposures, so that a cohort of a week says little and is taken as the others

    What is uncertain about f itself is in the intervals and lowers the exposure: relative variance (1 - f) /
    (f x customers in the curve) of f, and f / ((1 - f) x customers in the curve) of the rest still to come.
    That closing may lately take longer or shorter than the curve says is in all but `share_in` and
    `corrected`: the answers at several speeds are averaged by how likely each is (`learn_speeds`).

    Assumptions: cohorts differ in level, and all young ones alike in speed; few leads in a hundred become
    customers (for rates above a third the interval is a little wide). It breaks where one cohort alone
    closes faster or slower (a promotion), which no young cohort can show, and where the rate has just
    fallen, which looks like slow closing at first.

    Parameters
    ----------
    ages : columns `cohort`, `age` (whole days from creation to as-of), `leads` created that long ago, `won`
        of them so far. One row a cohort and age.
    runoff : `incidence(...)` of the same kind of leads. Rates are those within `runoff.final_age` days; they
        are eventual ones only where `runoff.reason` is empty.
    prior : (a, b), where not to be learnt here.
    speeds : weights by speed of closing (`learn_speeds`), where not to be learnt here; `speed.AS_BEFORE`
        takes the curve as it is.
    level : share of times the intervals are to hold the truth.

    Returns
    -------
    One row a cohort with leads: `n`, `customers`, `plain`, `share_in` (exposure / n), `corrected`,
    `credible`, `low`, `high` (of the true rate), `final_low`, `final_high` (of the share of these leads that
    will have become customers), `expected` (customers of the cohort in the end), `young` (share in below
    0.9, or not known). Both intervals hold their estimate. NaN where no lead has yet become a customer
    anywhere.

    Source: Bühlmann & Gisler, *A Course in Credibility Theory*, 2005 (Bornhuetter-Ferguson, Cape Cod).

    >>> from slanb.estimates.runoff import incidence
    >>> seen = pd.DataFrame(
    ...     {"age": [10, 20, 30, 90], "won": [30, 15, 5, 0], "lost": 0, "open": [0, 0, 0, 950]})
    >>> ages = pd.DataFrame({"cohort": ["old", "new"], "age": [90, 15], "leads": [900, 100], "won": [45, 3]})
    >>> found = cohort_rates(ages, incidence(seen))
    >>> found[["plain", "share_in", "corrected"]].round(3).to_dict("records")
    [{'plain': 0.05, 'share_in': 1.0, 'corrected': 0.05}, {'plain': 0.03, 'share_in': 0.6, 'corrected': 0.05}]
    """
    tail = (1 - check_level(level)) / 2
    cohorts = _Cohorts(ages, runoff)
    plain, learnt = cohorts.read(1.0), prior is None
    told = plain.told
    prior = prior or learn_prior(np.nan_to_num(plain.corrected * told), told)
    if speeds is None:
        counts = np.where(plain.exposure > 0, told / np.where(plain.exposure > 0, plain.exposure, 1), 1.0)
        speeds = learn_speeds(ages, runoff, prior, np.nan_to_num(counts))
    likely = speeds[speeds > LEAST]
    found = []
    for speed in likely.index:
        reading = cohorts.read(speed)
        # slower closing means a higher rate for the same customers
        more = plain.exposure.sum() / max(reading.exposure.sum(), 1e-9) if learnt else 1.0
        found.append(cohorts.expect(reading, (prior[0] * more, prior[1])))
    weights = (likely / likely.sum()).to_numpy()
    credible, variance, to_come, spread = (np.array(each) for each in zip(*found, strict=True))
    credible, variance = _mixed(credible, variance, weights)
    to_come, spread = _mixed(to_come, spread, weights)
    n, won = cohorts.n, cohorts.won
    final = (won + to_come) / n
    low, high = _ends(credible, variance, tail)
    final_low, final_high = _ends(final, spread / n**2, tail)
    return pd.DataFrame(
        {
            "n": n,
            "customers": won,
            "plain": won / n,
            "share_in": plain.share,
            "corrected": plain.corrected,
            "credible": credible,
            "low": low,
            "high": high,
            "final_low": np.maximum(final_low, won / n),
            "final_high": np.maximum(final_high, won / n),
            "expected": won + to_come,
            "young": ~(plain.share >= YOUNG),
        },
        index=cohorts.names,
    )


LEAST = 1e-4  # weight of a speed below which it is left out


@dataclass(frozen=True)
class _Reading:
    """Cohorts at one speed of closing: share in by row, and by cohort exposure, its share of the leads,
    customers over exposure, and leads' worth of what the cohort tells of its rate."""

    rows: np.ndarray
    exposure: np.ndarray
    share: np.ndarray
    corrected: np.ndarray
    told: np.ndarray


class _Cohorts:
    """Leads and customers by cohort, to be read at several speeds of closing."""

    def __init__(self, ages, runoff):
        ages = ages[ages["leads"] > 0]
        self.runoff, self.codes = runoff, ages["cohort"].factorize()[0]
        self.names = pd.Index(ages["cohort"].unique(), name="cohort")
        self.leads, self.customers = (ages[name].to_numpy(dtype=float) for name in ("leads", "won"))
        # a lead of 15 whole days has lived 15 to 16: half of the sixteenth day is behind it
        self.lived = ages["age"].to_numpy(dtype=float) + 0.5
        self.n, self.won = self._by_cohort(self.leads), self._by_cohort(self.customers)
        self.decided = _decided(runoff)

    def read(self, speed):
        rows = self.runoff.share_at(self.lived, speed=speed)
        exposure = self._by_cohort(self.leads * rows)
        share = exposure / self.n
        some = exposure > 0
        corrected = np.where(some, np.minimum(self.won / np.where(some, exposure, 1), 1), np.nan)
        doubt = np.where(share > 0, (1 - share) / (np.where(share > 0, share, 1) * self.decided), 0.0)
        told = exposure / (1 + exposure * self.decided / max(self.runoff.leads, 1) * doubt)
        return _Reading(rows, exposure, share, corrected, told)

    def expect(self, reading, prior):
        """Rate and its variance; customers still to come, and theirs (of the leads, the rate, the curve)."""
        a, b = prior
        above = a + np.nan_to_num(reading.corrected * reading.told)
        below = b + reading.told - np.nan_to_num(reading.corrected * reading.told)
        credible = above / (above + below)
        variance = credible * (1 - credible) / (above + below + 1)
        rate, share, waiting = credible[self.codes], reading.rows, self.leads - self.customers
        each = rate * (1 - share) / (1 - rate * share)
        to_come = self._by_cohort(waiting * each)
        slope = self._by_cohort(waiting * (1 - share) / (1 - rate * share) ** 2)
        young = reading.share < 1
        doubt = np.where(young, reading.share / (np.where(young, 1 - reading.share, 1) * self.decided), 0.0)
        chance = self._by_cohort(waiting * each * (1 - each))
        return credible, variance, to_come, chance + slope**2 * variance + to_come**2 * doubt

    def _by_cohort(self, values):
        return np.bincount(self.codes, values, len(self.names))


def _decided(runoff):
    """Number of customers from which the curve is known, about."""
    read = runoff.curve.iloc[: runoff.final_age + 1]
    return runoff.leads * read["rate"].iloc[-1] if len(read) else np.nan


def _mixed(means, variances, weights):
    """Mean and variance of a mixture, its parts in rows."""
    mean = weights @ means
    return mean, weights @ (variances + (means - mean) ** 2)


def _ends(mean, variance, tail):
    """Central interval of the Beta of this mean and variance, reaching to the mean; that itself where
    nothing is left to vary."""
    fixed = ~(variance > 0) | (mean <= 0) | (mean >= 1)
    inside = np.where(fixed, 0.5, mean)
    most = 0.99 * inside * (1 - inside)
    size = np.where(fixed, 1.0, inside * (1 - inside) / np.where(fixed, 1.0, np.minimum(variance, most)) - 1)
    low, high = (scipy.special.betaincinv(inside * size, (1 - inside) * size, at) for at in (tail, 1 - tail))
    return np.where(fixed, mean, np.minimum(low, mean)), np.where(fixed, mean, np.maximum(high, mean))
