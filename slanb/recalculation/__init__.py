"""The period recalculated: what the rates are now, how far they drifted, and what that does to the next goal.

What is tracked, on which clock, is in `slanb.facts.tracked`. The close rate of the same leads reads
differently by what is counted, so each is named: of the cohorts old enough to judge (`judged`), and of all
trailing cohorts corrected for their age (`corrected`), each with its own n.
"""

from slanb.facts.tracked import countable
from slanb.recalculation.drift import drift
from slanb.recalculation.figures import figures
from slanb.recalculation.gap import gap, gap_notes, no_gap
from slanb.recalculation.headlines import (
    drift_notes,
    headlines,
    judged_cohorts,
    next_goal,
    trend_notes,
    undated,
)
from slanb.recalculation.proposal import Proposal, propose
from slanb.recalculation.run_off import by_age, by_month, horizons
from slanb.recalculation.tracked import (
    by_tier,
    rates_agree,
    refunds_note,
    share_note,
    tracked,
    trends,
    two_clocks,
)

__all__ = [
    "Proposal",
    "by_age",
    "by_month",
    "by_tier",
    "countable",
    "drift",
    "drift_notes",
    "figures",
    "gap",
    "gap_notes",
    "headlines",
    "horizons",
    "judged_cohorts",
    "next_goal",
    "no_gap",
    "propose",
    "rates_agree",
    "refunds_note",
    "share_note",
    "tracked",
    "trend_notes",
    "trends",
    "two_clocks",
    "undated",
]
