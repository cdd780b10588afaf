"""What a lead of each tier is worth, agreed and measured, and what was delivered in number and in value.

A goal in number alone pushes marketing to the cheapest leads, so the two goals stand side by side. The close
rate of the same tier reads differently by what is counted, so each is named: of the cohorts old enough to
judge (`judged`), and drawn toward all tiers (`supported`), each with its own n.
"""

from slanb.lead_value.audit import audit, sizes, sizes_note
from slanb.lead_value.figures import figures
from slanb.lead_value.headlines import headlines, judged_cohorts, notes
from slanb.lead_value.tiers import by_tier, reached, values, values_agree

__all__ = [
    "audit",
    "by_tier",
    "figures",
    "headlines",
    "judged_cohorts",
    "notes",
    "reached",
    "sizes",
    "sizes_note",
    "values",
    "values_agree",
]
