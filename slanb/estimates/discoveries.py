"""Which of several assumptions the records speak against, when each has its own chance of a false alarm.

Seven intervals that each hold four times in five hold all together about once in five. An assumption that
is called into question by its interval alone is called so by chance in most months.
"""

import numpy as np
import scipy

from slanb.estimates.kinds import check_level


def how_likely(agreed: float, measured: float, low: float, high: float, *, level: float = 0.8) -> float:
    """Chance of a measurement at least so far from `agreed` on either side, if that is the true value.

    p = 2 x normal(-|z|), z = ln(agreed / measured) over the standard error that the interval's end on the
    side of `agreed` stands for, ln(end / measured) / normal quantile of (1 + level) / 2

    Assumptions: the estimate is about normal on the logarithm. It breaks far out in the tails, where an
    interval of 80 % says little; and is 0 where the interval has no width.

    Parameters
    ----------
    agreed, measured, low, high : the assumption, its estimate and that one's interval; all >= 0.
    level : of the interval.

    Returns
    -------
    A share; NaN where a number is missing.

    Source: two-sided normal test, from an interval of any level.

    >>> round(how_likely(0.06, 0.05, 0.04, 0.06), 2), how_likely(0.05, 0.05, 0.04, 0.06)
    (0.2, 1.0)
    """
    usual = scipy.special.ndtri((1 + check_level(level)) / 2)
    away, end = (_distance(value, measured) for value in (agreed, high if agreed > measured else low))
    if np.isnan(away) or np.isnan(end):
        return float("nan")
    if away == 0:
        return 1.0
    return float(2 * scipy.special.ndtr(-away / end * usual)) if end > 0 else 0.0


def discoveries(chances: np.ndarray, *, rate: float = 0.2) -> np.ndarray:
    """Which of several assumptions to call into question together (Benjamini-Hochberg).

    the k smallest chances, k the largest number for which the k-th is at most rate x k / n

    So of those called, at most `rate` are false alarms on average; and where all assumptions are true, any
    is called in at most `rate` of the months. One that is called lies outside its own interval of 1 - `rate`.

    Assumptions: estimates independent, or such that one high does not make others low.

    Parameters
    ----------
    chances : of each measurement if its assumption is true (`how_likely`); NaN where there are too few
        records, which count as no assumption.
    rate : false alarms accepted.

    Returns
    -------
    Booleans in the order of `chances`.

    Source: Benjamini & Hochberg, *Controlling the False Discovery Rate*, JRSS B 1995.

    >>> discoveries(np.array([0.15, 0.01, 0.6, 0.5, np.nan])).tolist()
    [False, True, False, False, False]
    """
    chances = np.asarray(chances, dtype=float)
    known = np.sort(chances[~np.isnan(chances)])
    enough = known <= rate * np.arange(1, len(known) + 1) / max(len(known), 1)
    most = known[enough].max() if enough.any() else -1.0
    return chances <= most


def _distance(value: float, measured: float) -> float:
    """How far a value is from the measured one, as a logarithm; infinite where one of them is 0."""
    if value == measured:
        return 0.0
    with np.errstate(divide="ignore"):
        return float(abs(np.log(np.float64(value)) - np.log(np.float64(measured))))
