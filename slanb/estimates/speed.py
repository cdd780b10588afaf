"""How much slower or faster recent cohorts close than the run-off curve, which older ones have drawn.

A curve by age says when the customers of the past came. Should a new price or a new team make closing take a
third longer, young cohorts look as if they had a poor rate, and what is still to come of them is understated.
"""

import numpy as np
import pandas as pd
import scipy

from slanb.estimates.runoff import Incidence

PRIOR = 0.25  # standard deviation of ln(speed) before looking: two companies in three stay within 0.78-1.28
SPEEDS = np.exp(np.linspace(-3, 3, 25) * PRIOR)
AS_BEFORE = pd.Series([1.0], index=[1.0])  # closing takes as long as it did


def learn_speeds(
    ages: pd.DataFrame, runoff: Incidence, prior: tuple[float, float], counts: np.ndarray | None = None
) -> pd.Series:
    """How likely it is that closing now takes so many times as long as the run-off says.

    A cohort's customers at a speed are Poisson around exposure(speed) x rate, its rate gamma with the
    strength of the prior and with its mean x exposure(1) / exposure(speed), of all cohorts together;
    exposure(speed) is the sum over leads of f(age / speed). The product over cohorts, times a log-normal
    prior around 1, is how likely each speed is. Old cohorts, whose customers are all in, say nothing of it;
    young ones do together, as far as they fall short of (or exceed) what their age explains.

    Assumptions: one speed for all young cohorts, and rates that scatter around one mean. It breaks where the
    rate itself has fallen lately: that looks alike at first, is read partly as slowness, and overstates what
    is to come until the cohorts have aged; and where the slow months are so many that they have drawn the
    curve.

    Parameters
    ----------
    ages : columns `cohort`, `age`, `leads`, `won`, as in `cohort_rates`.
    prior : (a, b) of the cohorts' rate.
    counts : share of a cohort's customers that count as independent evidence, by cohort in order of
        appearance (less than 1 where the curve itself is not sure); all of them by default.

    Returns
    -------
    Weights that sum to 1, on the index of the speeds (1.3: closing takes 30 % longer). Where nothing is
    known, the prior.

    Source: Gelman et al., *Bayesian Data Analysis*, chapter 2 (gamma-Poisson), on a grid.
    """
    ages = ages[ages["leads"] > 0]
    codes, names = pd.factorize(ages["cohort"])
    leads, lived = ages["leads"].to_numpy(dtype=float), ages["age"].to_numpy(dtype=float) + 0.5
    counts = np.ones(len(names)) if counts is None else counts
    won = counts * np.bincount(codes, ages["won"].to_numpy(dtype=float), len(names))
    shares = [runoff.share_at(lived, speed=speed) for speed in (1.0, *SPEEDS)]
    exposures = [counts * np.bincount(codes, leads * np.nan_to_num(share), len(names)) for share in shares]
    as_before, *at_speeds = (np.maximum(exposure, 1e-9) for exposure in exposures)
    logs = -(np.log(SPEEDS) ** 2) / (2 * PRIOR**2)
    for place, exposure in enumerate(at_speeds):
        a, strength = prior[0] * max(as_before.sum(), 1e-9) / max(exposure.sum(), 1e-9), sum(prior)
        terms = a * np.log(strength) - scipy.special.gammaln(a) + scipy.special.gammaln(a + won)
        logs[place] += (terms + won * np.log(exposure) - (a + won) * np.log(strength + exposure)).sum()
    weights = np.exp(logs - logs.max())
    return pd.Series(weights / weights.sum(), index=SPEEDS)
