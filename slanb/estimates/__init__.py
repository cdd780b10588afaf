"""What the data can and cannot tell: how sure, how many, how late, how soon.

One idea a file; the names for use elsewhere are gathered here, so that analyses write
`estimates.rate_interval(...)`.
"""

from slanb.estimates.calibration import Calibration, brier, deciles, pace_calibration
from slanb.estimates.cohorts import cohort_rates
from slanb.estimates.confidence import chance_leads_suffice, leads_for_confidence
from slanb.estimates.deals import deal_sizes, lognormal_interval
from slanb.estimates.gap import revenue_gap
from slanb.estimates.habits import Habits, learn_habits
from slanb.estimates.joint import Promise, expected_attempts, largest_promise
from slanb.estimates.mix import Reach, outcomes, reach
from slanb.estimates.months import MonthEffects, month_effects
from slanb.estimates.pace import month_pace
from slanb.estimates.rates import mean_interval, product_interval, rate_interval, share_interval
from slanb.estimates.runoff import Incidence, Rate, incidence
from slanb.estimates.settling import NO_CUSTOMERS, STILL_RISING, TOO_FEW, YOUNG
from slanb.estimates.shrinkage import learn_prior, shrink
from slanb.estimates.timephased import customers_by_month, shortfall_effect, time_phased
from slanb.estimates.triangle import Development, closing_over_created, development
from slanb.estimates.weights import WeightsAudit, audit_weights

__all__ = [
    "NO_CUSTOMERS",
    "STILL_RISING",
    "TOO_FEW",
    "YOUNG",
    "Calibration",
    "Development",
    "Habits",
    "Incidence",
    "MonthEffects",
    "Promise",
    "Rate",
    "Reach",
    "WeightsAudit",
    "audit_weights",
    "brier",
    "chance_leads_suffice",
    "closing_over_created",
    "cohort_rates",
    "customers_by_month",
    "deal_sizes",
    "deciles",
    "development",
    "expected_attempts",
    "incidence",
    "largest_promise",
    "leads_for_confidence",
    "learn_habits",
    "learn_prior",
    "lognormal_interval",
    "mean_interval",
    "month_effects",
    "month_pace",
    "outcomes",
    "pace_calibration",
    "product_interval",
    "rate_interval",
    "reach",
    "revenue_gap",
    "share_interval",
    "shortfall_effect",
    "shrink",
    "time_phased",
]
