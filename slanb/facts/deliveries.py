"""Leads marketing delivered, day by day, by the agreed rule of what counts.

Floor 2. A lead counts on the day it is created or handed off, as agreed. Sales may return a lead within an
agreed time, for agreed reasons; after that it is accepted. The records know a return as a lead marked lost in
that time.
"""

import pandas as pd

from slanb.facts import Facts
from slanb.facts.follow_up import HOUR, known, working_days
from slanb.periods import to_utc
from slanb.terms import Agreement, Terms
from slanb.terms.promises import Qualification

FATES = ("waiting", "unqualified", "returned", "open", "accepted")
COLUMNS = ["day", "segment", "tier", "fate", "reason", "leads", "counts"]


def deliveries(
    facts: Facts, terms: Terms, first: pd.Timestamp, last: pd.Timestamp, *, rule: Agreement, tiers: list[str]
) -> pd.DataFrame:
    """Marketing's leads by the day on which they count, from the day `first` to the day `last`.

    Parameters
    ----------
    rule : the agreement whose rule of qualification is applied to all these days; without one, leads count as
        created.
    tiers : those promised, where the rule names none; empty for all.

    Returns
    -------
    `day`, `segment`, `tier`, `fate`, `reason` (of a lead lost early), `leads`, `counts` (toward the goal).
    Fates: `waiting` (not handed off as of the clock; on the day of creation), `unqualified` (of a tier that
    is not handed off, so it goes to nurture), `returned` (lost within the time sales has for it, for an
    agreed reason, or one not on record), `open` (that time still runs), `accepted` (it is over, or the lead
    was lost in it for a reason not agreed).
    """
    asked = rule.qualification or Qualification(text="none", counts_toward_goal="created")
    facts = known(facts)
    days = pd.date_range(first, last, freq="D", unit="us")
    edges = to_utc(days.append(pd.DatetimeIndex([last + pd.Timedelta(days=1)])), facts.zone)
    begins = facts.coverage["earliest_lead"]
    begins = days[0] if pd.isna(begins) else min(days[0], begins)
    ends = max(days[-1], facts.as_of.tz_localize(None))
    day = pd.Timedelta(days=1)
    hours = asked.accept_within_hours
    rows = facts.aside(calendar=working_days(terms, begins - day, ends + day)).ask(
        "deliveries",
        pd.DataFrame({"period": days, "starts_at": edges[:-1], "ends_at": edges[1:]}),
        counts=asked.counts_toward_goal,
        accept_seconds=hours * HOUR if hours else -1.0,  # without a time to return it, hand-off is acceptance
        accept_working=asked.accept_clock == "working",
    )
    handed = list(asked.tiers) or tiers
    agreed = rows["reason"].isin(["", *asked.rejection_reasons]) if asked.rejection_reasons else True
    fate = rows["fate"].mask(rows["fate"] == "early", "accepted")
    fate = fate.mask((rows["fate"] == "early") & agreed, "returned")
    if handed:
        fate = fate.mask(~rows["tier"].isin(handed), "unqualified")
    rows["fate"] = fate
    counting = {
        "created": ("waiting", "returned", "open", "accepted"),
        "handed_off": ("returned", "open", "accepted"),
        "accepted": ("accepted",),
    }[asked.counts_toward_goal]
    rows["counts"] = rows["fate"].isin(counting)
    return rows[COLUMNS].astype({"day": "datetime64[us]", "leads": float, "fate": "str"})
