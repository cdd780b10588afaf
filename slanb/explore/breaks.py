"""Where the promise of follow-up breaks: how far each of its numbers can go before the hours run out.

Asked of `slanb.facts.capacity`, with one number moved at a time.
"""

import math
from dataclasses import replace

import pandas as pd
from scipy.optimize import brentq

from slanb.facts.capacity import Bandwidth

FURTHEST = 1e4  # times, and part, of a number as far as its breaking point is sought
MOVED = {
    "reps": "capacity",
    "hours_per_rep_per_week": "capacity",
    "minutes_per_attempt": "capacity",
    "marketing_sourced_share": "capacity",
    "automated_share": "capacity",
}


def breaking_points(bandwidth: Bandwidth) -> pd.DataFrame:
    """Where hours needed and hours there are meet, one number moved and all others as they are.

    Returns
    -------
    `key` (`leads`, `attempts`, or one of the capacity's), `now`, `breaks` (NaN where it never does within its
    range), `at_least` (true where less would break it, false where more would).
    """
    rows = [
        ("leads", bandwidth.leads, bandwidth.leads_affordable, False),
        ("attempts", bandwidth.depth.attempts, float(bandwidth.depth_affordable), False),
    ]
    for key in MOVED:
        now = getattr(bandwidth.capacity, key)
        share = key.endswith("share")
        rows.append((key, now, _breaks(bandwidth, key, now, share), key != "minutes_per_attempt"))
    frame = pd.DataFrame(rows, columns=["key", "now", "breaks", "at_least"])
    return frame.astype({"now": float, "breaks": float})


def _breaks(bandwidth: Bandwidth, key: str, now: float, share: bool) -> float:
    def spare(value: float) -> float:
        capacity = bandwidth.capacity.model_copy(update={key: value})
        return replace(bandwidth, capacity=capacity).spare

    low, high = (0.0, 1.0) if share else (now / FURTHEST, now * FURTHEST)
    if spare(low) * spare(high) > 0:
        return math.nan
    return float(brentq(spare, low, high, xtol=1e-9))
