"""What the data can and cannot tell: how sure, how many, how late, how soon.

Floor 1. One idea a file; the names for use elsewhere are gathered here, so that analyses write
`estimates.rate_interval(...)`.
"""

from slanb.estimates.confidence import chance_leads_suffice, leads_for_confidence
from slanb.estimates.mix import Reach, reach
from slanb.estimates.rates import mean_interval, product_interval, rate_interval, share_interval

__all__ = [
    "Reach",
    "chance_leads_suffice",
    "leads_for_confidence",
    "mean_interval",
    "product_interval",
    "rate_interval",
    "reach",
    "share_interval",
]
