"""Close rates of cohorts that are too young to show them: corrected by the run-off, and marked.

A cohort is judged by the leads that have had their time: 500 leads of which the run-off has brought
in a tenth of the customers count as 50.
"""

import numpy as np
import pandas as pd
from scipy import special

from slanb.estimates.kinds import check_level
from slanb.estimates.runoff import Incidence
from slanb.estimates.settling import YOUNG
from slanb.estimates.shrinkage import learn_prior


def cohort_rates(
    ages: pd.DataFrame,
    runoff: Incidence,
    *,
    prior: tuple[float, float] | None = None,
    level: float = 0.8,
) -> pd.DataFrame:
    """Close rate of each cohort, plain and corrected for its age, with what its own final share may come to.

    exposure = sum over leads of f(age), f = share of eventual customers in by that age
    corrected = customers / exposure;  credible = (customers + a) / (exposure + a + b), Beta(a, b) learnt from
    all cohorts' customers and exposures, so that a cohort of a week says little and is taken as the others

    What is uncertain about f itself is in the intervals and lowers the exposure: relative variance (1 - f) /
    (f x customers in the curve) of f, and f / ((1 - f) x customers in the curve) of the rest still to come.

    Assumptions: cohorts differ in level, not in time to close; few leads in a hundred become customers (for
    rates above a third the interval is a little wide). It breaks where this cohort closes faster or slower
    than the past (a promotion), which no young cohort can show.

    Parameters
    ----------
    ages : columns `cohort`, `age` (whole days from creation to as-of), `leads` created that long ago, `won`
        of them so far. One row a cohort and age.
    runoff : `incidence(...)` of the same kind of leads. Rates are those within `runoff.final_age` days; they
        are eventual ones only where `runoff.reason` is empty.
    prior : (a, b), where not to be learnt here.
    level : share of times the intervals are to hold the truth.

    Returns
    -------
    One row a cohort: `n` (leads), `customers`, `plain`, `share_in` (exposure / n), `corrected`, `credible`,
    `low`, `high` (of the true rate), `final_low`, `final_high` (of the share of these leads that will have
    become customers), `expected` (customers of the cohort in the end), `young` (share in below 0.9, or not
    known). NaN where no lead has yet become a customer anywhere.

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
    # a lead of 15 whole days has lived 15 to 16: half of the sixteenth day is behind it
    share = (runoff.share_in(ages["age"] - 1) + runoff.share_in(ages["age"])) / 2
    rows = ages.assign(share=share)
    rows["exposure"] = rows["leads"] * rows["share"]
    by = rows.groupby("cohort", sort=False)[["leads", "won", "exposure"]].sum(min_count=1)
    n, won, exposure = (by[name].to_numpy(dtype=float) for name in ("leads", "won", "exposure"))
    share = exposure / np.where(n > 0, n, np.nan)
    with np.errstate(divide="ignore", invalid="ignore"):
        corrected = np.where(exposure > 0, np.minimum(won / exposure, 1), np.nan)
    decided = _decided(runoff)
    with np.errstate(divide="ignore", invalid="ignore"):
        doubt = np.where(share > 0, (1 - share) / (share * decided), 0.0)
        rest_doubt = np.where(share < 1, share / ((1 - share) * decided), 0.0)
    expected = exposure * decided / max(runoff.leads, 1)
    told = exposure / (1 + expected * doubt)  # leads' worth of what a cohort tells of its rate
    a, b = prior or learn_prior(np.nan_to_num(corrected * told), told)
    above = a + np.nan_to_num(corrected * told)
    below = b + told - np.nan_to_num(corrected * told)
    credible = above / (above + below)
    variance = credible * (1 - credible) / (above + below + 1)
    to_come, spread = _to_come(rows, by.index, credible, variance)
    spread = spread + to_come**2 * rest_doubt
    final = (won + to_come) / n
    return pd.DataFrame(
        {
            "n": n,
            "customers": won,
            "plain": won / n,
            "share_in": share,
            "corrected": corrected,
            "credible": credible,
            "low": special.betaincinv(above, below, tail),
            "high": special.betaincinv(above, below, 1 - tail),
            "final_low": np.maximum(_quantile(final, spread / n**2, tail), won / n),
            "final_high": np.maximum(_quantile(final, spread / n**2, 1 - tail), won / n),
            "expected": won + to_come,
            "young": ~(share >= YOUNG),
        },
        index=by.index,
    )


def _decided(runoff):
    """Number of customers from which the curve is known, about."""
    read = runoff.curve.iloc[: runoff.final_age + 1]
    return runoff.leads * read["rate"].iloc[-1] if len(read) else np.nan


def _to_come(rows, cohorts, credible, variance):
    """Customers still to come of each cohort, and their variance (of the leads, and of the rate)."""
    rate = pd.Series(credible, index=cohorts).reindex(rows["cohort"]).to_numpy()
    waiting = (rows["leads"] - rows["won"]).to_numpy(dtype=float)
    share = rows["share"].to_numpy()
    each = rate * (1 - share) / (1 - rate * share)
    parts = pd.DataFrame(
        {
            "cohort": rows["cohort"].to_numpy(),
            "mean": waiting * each,
            "chance": waiting * each * (1 - each),
            "slope": waiting * (1 - share) / (1 - rate * share) ** 2,
        }
    )
    sums = parts.groupby("cohort", sort=False).sum(min_count=1)
    return sums["mean"].to_numpy(), sums["chance"].to_numpy() + sums["slope"].to_numpy() ** 2 * variance


def _quantile(mean, variance, at):
    """Quantile of the Beta of this mean and variance; the mean itself where nothing is left to vary."""
    fixed = ~(variance > 0) | (mean <= 0) | (mean >= 1)
    size = np.where(fixed, 1.0, mean * (1 - mean) / np.where(fixed, 1.0, variance) - 1)
    inside = np.where(fixed, 0.5, mean)
    return np.where(fixed, mean, special.betaincinv(inside * size, (1 - inside) * size, at))
