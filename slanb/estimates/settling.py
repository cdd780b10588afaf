"""When a run-off curve may be read as final, and why not.

Reasons are constants without numbers, so that a reader's language can be put on them.
"""

import numpy as np

STILL_RISING = "still rising at its last age"
TOO_FEW = "too few leads old enough"
NO_CUSTOMERS = "no customers yet"
YOUNG = 0.9  # a cohort is young until this share of its eventual customers is in


def still_rises(curve: np.ndarray, *, tail: float = 1 / 3, tolerance: float = 0.05) -> bool:
    """Whether a cumulative curve gained more than `tolerance` of its height in the last `tail` of its ages.

    A curve that does is not near its end, and its last value is not the eventual one. With log-normal times
    to close of median 60 days and sigma 0.8 it passes at about 290 days, with 97 % of the customers in.

    Parameters
    ----------
    curve : cumulative values at equally spaced ages, oldest last; the value before the first age is 0.
    tail : share of the ages looked at, rounded down, at least one.
    tolerance : share of the last value that may be gained there.

    Assumption: the curve bends only one way near its end. It breaks where late customers come in a lump
    of their own (a contract's renewal date a year later).

    >>> still_rises(np.array([5, 8, 9, 9.5, 9.8, 10]))
    False
    >>> still_rises(np.array([10, 15, 18]))
    True
    """
    curve = np.concatenate([[0.0], np.asarray(curve, dtype=float)])
    ages = len(curve) - 1
    before = curve[ages - max(1, int(tail * ages))]
    return bool(curve[-1] - before > tolerance * curve[-1])
