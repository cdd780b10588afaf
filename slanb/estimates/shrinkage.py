"""Close rates of small tiers and segments, drawn toward the whole as far as the data ask for it.

Three customers of ten leads are not a close rate of 30 %; how far they are from it is learnt from
how much tiers differ at all (beta-binomial, prior by marginal likelihood).
"""

import numpy as np
import pandas as pd
import scipy

from slanb.estimates.kinds import Number, arrays, check_level
from slanb.estimates.rates import rate_interval

STRENGTHS = np.geomspace(1, 1e5, 41)  # leads' worth of prior: 1e5 = the tiers do not differ
MEANS = 41  # steps over the means looked at


def learn_prior(won: Number, of: Number) -> tuple[float, float]:
    """Beta prior (a, b) of the close rate of one more tier, learnt from several.

    marginal likelihood of a prior: the product over tiers of B(won + a, of - won + b) / B(a, b)

    looked at over means a / (a + b) and strengths a + b (how many leads' worth of evidence the whole gives
    about one tier, 1 to 100,000). The answer is the one Beta with the mean and the variance of all
    priors together, weighted by it, so that a handful of tiers never passes for certainty.

    Assumptions: tiers' rates scatter around one mean; numbers of leads say nothing of the rate. It breaks
    where one tier is of another kind than the rest.

    Parameters
    ----------
    won, of : customers and leads by tier, arrays or Series; `of` may be fractional (run-off-corrected leads).
        Rows without leads, or with NaN, are left out.

    Returns
    -------
    (a, b), as `leads_for_confidence` takes it as `prior`; (0.5, 0.5), Jeffreys', where there is no lead.

    Source: Gelman et al., *Bayesian Data Analysis*, section 5.3; Robinson, *Introduction to Empirical Bayes*.

    >>> a, b = learn_prior(np.array([10, 22, 4, 31]), np.array([200, 400, 100, 600]))
    >>> round(a / (a + b), 2), 20 < a + b < 200
    (0.05, True)
    """
    a, b, weights = _priors(*_with_leads(won, of))
    mean = a / (a + b)
    centre = mean @ weights
    variance = (mean * (1 - mean) / (a + b + 1) + (mean - centre) ** 2) @ weights
    strength = centre * (1 - centre) / variance - 1
    return float(centre * strength), float((1 - centre) * strength)


def shrink(won: pd.Series, of: pd.Series, *, level: float = 0.8) -> pd.DataFrame:
    """Close rates by tier or segment: raw, and drawn toward the whole, with interval.

    shrunk = (won + a) / (of + a + b), averaged over the priors (a, b) in proportion to their marginal
    likelihood (times a weak prior of their own, see `_priors`), so that with few tiers the uncertainty of the
    prior itself is in the interval. The interval is that of the Beta with the same mean and variance; where
    this is so skewed that its middle misses the mean (no tier has a customer), the end is the tier's own,
    `raw_low` or `raw_high`.

    Assumptions and limits as in `learn_prior`. With a single tier there is nothing to learn from others: the
    answer stays near the raw rate.

    Parameters
    ----------
    won, of : customers and leads by tier, Series of one index; won <= of.
    level : share of times the interval is to hold the true rate.

    Returns
    -------
    One row a tier: `n` (leads), `customers`, `raw`, `raw_low`, `raw_high` (`rate_interval`), `shrunk`, `low`,
    `high`, `weight` (share of the tier's own data in the shrunk rate, 0-1). Without leads raw is NaN and
    shrunk is the mean of the whole.

    Raises
    ------
    ValueError : if won exceeds of, a number is negative, or the indexes differ.

    Source: as `learn_prior`; integrated over the prior as Gelman et al., section 5.3.

    >>> won, of = pd.Series({"A": 30, "B": 22, "C": 3}), pd.Series({"A": 600, "B": 400, "C": 10})
    >>> shrink(won, of).loc["C", ["raw", "shrunk"]].round(2).to_dict()
    {'raw': 0.3, 'shrunk': 0.1}
    """
    check_level(level)
    k, n = arrays(won=won, of=of)
    if (k > n).any():
        raise ValueError("won must not exceed of, the leads it is counted among")
    raw_low, raw_high = rate_interval(k, n, level=level)
    some_k, some_n = _with_leads(k, n)
    a, b, weights = _priors(some_k, some_n)
    known_k, known_n = np.nan_to_num(k)[:, None], np.nan_to_num(n)[:, None]
    means = (known_k + a) / (known_n + a + b)
    spreads = means * (1 - means) / (known_n + a + b + 1)
    shrunk = means @ weights
    variance = (spreads + (means - shrunk[:, None]) ** 2) @ weights
    size = shrunk * (1 - shrunk) / variance - 1  # the Beta of the same mean and variance
    low, high = (
        scipy.special.betaincinv(shrunk * size, (1 - shrunk) * size, at)
        for at in ((1 - level) / 2, (1 + level) / 2)
    )
    low = np.where(low < shrunk, low, np.fmin(np.nan_to_num(raw_low, nan=0.0), shrunk))
    high = np.where(high > shrunk, high, np.fmax(np.nan_to_num(raw_high, nan=1.0), shrunk))
    with np.errstate(invalid="ignore", divide="ignore"):
        raw = np.where(n > 0, k / n, np.nan)
    return pd.DataFrame(
        {
            "n": n,
            "customers": k,
            "raw": raw,
            "raw_low": raw_low,
            "raw_high": raw_high,
            "shrunk": shrunk,
            "low": low,
            "high": high,
            "weight": (known_n / (known_n + a + b)) @ weights,
        },
        index=won.index if isinstance(won, pd.Series) else None,
    )


def _with_leads(won, of):
    won, of = np.atleast_1d(np.asarray(won, dtype=float)), np.atleast_1d(np.asarray(of, dtype=float))
    there = (of > 0) & ~np.isnan(won)
    return won[there], of[there]


def _priors(won, of):
    """Priors (a, b) and their weights: marginal likelihood x the chance given to each before.

    Before, the mean is Jeffreys', and the weight of the whole against a quarter of the tiers' median leads
    is uniform: in simulated companies that holds the true rate four times in five where tiers differ much,
    and somewhat oftener where they hardly differ.
    """
    if not len(of):
        return np.array([0.5]), np.array([0.5]), np.array([1.0])
    low, high = rate_interval(won, of, level=0.98)  # the mean lies well inside the most different tiers
    ends = scipy.special.logit([max(low.min() / 2, 1e-6), 1 - max((1 - high.max()) / 2, 1e-6)])
    mean, strength = np.meshgrid(scipy.special.expit(np.linspace(*ends, MEANS)), STRENGTHS, indexing="ij")
    mean, strength = mean.ravel(), strength.ravel()
    typical = np.median(of) / 4
    before = np.log(strength * typical / (strength + typical) ** 2) + np.log(mean * (1 - mean)) / 2
    a, b = mean * strength, (1 - mean) * strength
    likelihood = (
        scipy.special.betaln(won + a[:, None], of - won + b[:, None]) - scipy.special.betaln(a, b)[:, None]
    )
    logs = likelihood.sum(axis=1) + before
    weights = np.exp(logs - logs.max())
    keep = weights > 1e-6
    return a[keep], b[keep], weights[keep] / weights[keep].sum()
