"""What the data can and cannot tell: how sure, how many, how late, how soon.

One idea a file; the names for use elsewhere are gathered here, so that analyses write
`estimates.rate_interval(...)`.
"""

from slanb.estimates.calibration import Calibration, brier, deciles, pace_calibration
from slanb.estimates.cohorts import cohort_rates
from slanb.estimates.confidence import chance_leads_suffice, leads_for_confidence
from slanb.estimates.deals import (
    TOO_FEW_AMOUNTS,
    TOO_HEAVY,
    deal_sizes,
    lead_value_interval,
    size_interval,
    size_sums,
)
from slanb.estimates.discoveries import discoveries, how_likely
from slanb.estimates.gap import customers_gap, revenue_gap
from slanb.estimates.habits import Habits, learn_habits
from slanb.estimates.joint import Promise, expected_attempts, largest_promise
from slanb.estimates.mix import Reach, outcomes, reach
from slanb.estimates.months import MonthEffects, month_effects
from slanb.estimates.pace import month_pace
from slanb.estimates.rates import rate_interval, share_interval
from slanb.estimates.rounding import whole_parts
from slanb.estimates.runoff import Incidence, Rate, incidence
from slanb.estimates.settling import NO_CUSTOMERS, STILL_RISING, TOO_FEW, YOUNG
from slanb.estimates.shrinkage import learn_prior, shrink
from slanb.estimates.speed import AS_BEFORE, learn_speeds
from slanb.estimates.timephased import customers_by_month, shortfall_effect, time_phased
from slanb.estimates.triangle import Development, closing_over_created, development
from slanb.estimates.weights import WeightsAudit, audit_weights

__all__ = [
    "AS_BEFORE",
    "NO_CUSTOMERS",
    "STILL_RISING",
    "TOO_FEW",
    "TOO_FEW_AMOUNTS",
    "TOO_HEAVY",
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
    "customers_gap",
    "deal_sizes",
    "deciles",
    "development",
    "discoveries",
    "expected_attempts",
    "how_likely",
    "incidence",
    "largest_promise",
    "lead_value_interval",
    "leads_for_confidence",
    "learn_habits",
    "learn_prior",
    "learn_speeds",
    "month_effects",
    "month_pace",
    "outcomes",
    "pace_calibration",
    "rate_interval",
    "reach",
    "revenue_gap",
    "share_interval",
    "shortfall_effect",
    "shrink",
    "size_interval",
    "size_sums",
    "time_phased",
    "whole_parts",
]
