"""How many leads make a number of customers likely, and how likely a number of leads makes it.

The plain ratio customers / close rate is an expectation: about every second month falls short of
it even when every input is right. Here the number of customers is random (binomial), and so is the close
rate where it was learnt from few leads (beta-binomial).
"""

from collections.abc import Callable

import numpy as np
import scipy

from slanb.estimates.kinds import Number, arrays, check_level, same_kind

JEFFREYS = (0.5, 0.5)  # the prior of `rates.rate_interval`: half a customer, half a lost lead
MOST = 2.0**40  # leads beyond which the answer is "no number suffices"
CELLS = 2_000_000  # terms of the beta-binomial sum held in memory at once


def chance_leads_suffice(
    leads: Number,
    customers: Number,
    *,
    close_rate: Number | None = None,
    won: Number | None = None,
    of: Number | None = None,
    prior: tuple[float, float] = JEFFREYS,
) -> Number:
    """Chance that `leads` leads bring at least `customers` customers.

    With the close rate known: P(Binomial(leads, close_rate) >= customers).
    Learnt from `won` customers of `of` leads: P(BetaBinomial(leads, won + 1/2, of - won + 1/2) >= customers),
    in which the rate itself is uncertain.

    Assumptions: leads turn into customers independently, at one rate, and `of` were old enough to have
    been decided. It breaks where months differ beyond chance (a campaign, a season): the true chance then
    lies nearer to one half. A whole number of leads counts (99.5 leads are 99), and of customers is needed
    (6.2 are 7).

    Parameters
    ----------
    leads, customers : >= 0; customers 0 gives chance 1.
    close_rate : customers per lead, a share 0-1; or else
    won, of : what the rate is learnt from, won <= of.
    prior : (a, b) of the Beta prior to which won and lost leads are added; `estimates.learn_prior` gives
        one learnt from other tiers.

    Returns
    -------
    A share, in the kind that came in; NaN where an input is NaN.

    Raises
    ------
    ValueError : if neither or both of `close_rate` and (`won`, `of`) are given, or one is out of range.

    Source: binomial and beta-binomial distributions; Gelman et al., *Bayesian Data Analysis*, chapter 2.

    >>> round(chance_leads_suffice(140, 7, close_rate=0.05), 4)
    0.5541
    >>> round(chance_leads_suffice(189, 7, won=20, of=400), 3)
    0.801
    """
    given = _rate(close_rate, won, of, prior)
    n, k, *rate = arrays(leads=leads, customers=customers, **given)
    chance = _chance(np.floor(n + 1e-9), np.ceil(k - 1e-9), rate)
    return same_kind(chance, leads, customers, close_rate, won, of)


def leads_for_confidence(
    customers: Number,
    *,
    close_rate: Number | None = None,
    won: Number | None = None,
    of: Number | None = None,
    confidence: float = 0.8,
    prior: tuple[float, float] = JEFFREYS,
) -> Number:
    """Fewest leads that bring at least `customers` customers with probability `confidence`.

    The smallest whole N with chance_leads_suffice(N, customers) >= confidence, by bisection (the chance
    rises with every lead). Formula, assumptions and limits as in `chance_leads_suffice`. For a goal in
    revenue, or several tiers together, see `estimates.reach`.

    Parameters
    ----------
    customers : >= 0; 0 needs no lead.
    close_rate, or won and of : as in `chance_leads_suffice`.
    confidence : the chance wanted, 0 < confidence < 1.

    Returns
    -------
    A whole number (as float), in the kind that came in; infinite where no number suffices (close rate 0,
    or so little known that a trillion leads would not do), NaN where an input is NaN.

    Raises
    ------
    ValueError : as `chance_leads_suffice`.

    >>> leads_for_confidence(7, close_rate=0.05)
    180.0
    >>> leads_for_confidence(7, won=20, of=400, confidence=0.9)
    226.0
    """
    check_level(confidence)
    given = _rate(close_rate, won, of, prior)
    k, *rate = arrays(customers=customers, **given)
    k = np.ceil(k - 1e-9)
    leads = _smallest(lambda n: _chance(n, k, rate), k, confidence)
    return same_kind(leads, customers, close_rate, won, of)


def _rate(close_rate, won, of, prior) -> dict:
    """The known rate, or the two parameters of its posterior, checked."""
    if (close_rate is None) == (won is None or of is None):
        raise ValueError("give either close_rate, or both won and of")
    if close_rate is not None:
        if (np.asarray(close_rate, dtype=float) > 1).any():
            raise ValueError("close_rate must be a share between 0 and 1 (5 % is 0.05)")
        return {"close_rate": close_rate}
    if (np.asarray(won, dtype=float) > np.asarray(of, dtype=float)).any():
        raise ValueError("won must not exceed of, the leads it is counted among")
    return {"won": won + prior[0], "of": of - won + prior[1]}


def _chance(n: np.ndarray, k: np.ndarray, rate: list[np.ndarray]) -> np.ndarray:
    """P(customers among n leads >= k), for one known rate or the two parameters of its posterior."""
    with np.errstate(invalid="ignore"):
        possible = (k >= 1) & (k <= n)
        k_safe, n_safe = np.where(possible, k, 1.0), np.where(possible, n, 1.0)
        sums = _binomial if len(rate) == 1 else _beta_binomial
        chance = np.where(possible, sums(n_safe, k_safe, *rate), np.where(k <= 0, 1.0, 0.0))
    return np.where(np.isnan(n + k + sum(rate)), np.nan, chance)


def _binomial(n, k, p):
    return scipy.special.betainc(k, n - k + 1, p)


def _beta_binomial(n, k, a, b):
    """One minus the sum of the probabilities of 0 .. k - 1, each from the one before it."""
    shape, most = k.shape, int(k.max(initial=1))
    n, k, a, b = (x.reshape(-1, 1) for x in (n, k, a, b))
    j = np.arange(most - 1)
    rows = max(1, CELLS // most)
    below = np.empty(len(k))
    for start in range(0, len(k), rows):
        s = slice(start, start + rows)
        none = scipy.special.betaln(a[s], n[s] + b[s]) - scipy.special.betaln(a[s], b[s])
        ratio = (n[s] - j) / (j + 1) * (j + a[s]) / (n[s] - j - 1 + b[s])
        steps = np.log(np.where(j < k[s] - 1, ratio, 1.0))
        logs = np.concatenate([none, none + np.cumsum(steps, axis=1)], axis=1)
        below[s] = np.exp(logs).sum(axis=1, where=np.arange(most) < k[s])
    return np.clip(1 - below, 0, 1).reshape(shape)


def _smallest(chance: Callable[[np.ndarray], np.ndarray], k: np.ndarray, confidence: float) -> np.ndarray:
    """Smallest whole n with chance(n) >= confidence, for a chance that rises with n from 0 below k."""
    low, high = np.maximum(k - 1, -1.0), np.maximum(k, 0.0)
    short = chance(high) < confidence
    while short.any():
        low, high = np.where(short, high, low), np.where(short, 2 * high + 1, high)
        short &= (chance(high) < confidence) & (high < MOST)
    while (high - low > 1).any():
        middle = np.where(high - low > 1, np.floor((low + high) / 2), high)
        enough = chance(middle) >= confidence
        low, high = np.where(enough, low, middle), np.where(enough, middle, high)
    return np.where(np.isnan(chance(k)), np.nan, np.where(high >= MOST, np.inf, high))
