"""What stands below the tables: which records the numbers come from, and what they leave out."""

from itertools import groupby

import pandas as pd

from slanb.dictionary.messages import Message
from slanb.facts.period import PeriodFacts
from slanb.facts.tracked import LEVEL
from slanb.periods import label
from slanb.recalculation.proposal import Proposal
from slanb.recalculation.run_off import why_not


def judged_cohorts(case: PeriodFacts) -> Message:
    """Which cohorts are old enough to judge."""
    if not case.judged:
        return Message("recalculation.none_judged")
    ends = {"first": label(case.judged[0]), "last": label(case.judged[-1])}
    return Message("recalculation.judged", n=len(case.judged), **ends)


def drift_notes(case: PeriodFacts, drift: pd.DataFrame) -> list[Message]:
    """What the measured assumptions rest on; which close rates are corrected for age, and which are not."""
    rates = drift[drift["key"] == "close_rate"]
    refused = rates[rates["reason"] != ""].sort_values("reason", kind="stable").to_dict("records")
    notes = [
        judged_cohorts(case),
        Message("recalculation.share_from"),
        Message("tables.intervals", level=LEVEL),
    ]
    notes += [Message("recalculation.corrected")] if len(refused) < len(rates) else []
    for reason, rows in groupby(refused, key=lambda row: row["reason"]):
        names = [row["assumption"] for row in rows]
        notes.append(Message("recalculation.not_corrected", n=len(names), names=names, why=why_not(reason)))
    return notes


def next_goal(proposal: Proposal | None) -> Message:
    """What all proposed changes together make of the next period's leads goal."""
    if proposal is None:
        return Message("recalculation.no_next")
    if proposal.changes.empty:
        return Message("recalculation.nothing_changes", period=proposal.period)
    goals = {"planned": proposal.leads_planned, "proposed": proposal.leads_proposed}
    more = round(goals["proposed"]) - round(goals["planned"])
    key = "raise" if more > 0 else "lower" if more < 0 else "keep"
    return Message(f"recalculation.changes_{key}", period=proposal.period, **goals)


def undated(case: PeriodFacts) -> Message | str:
    """How many customers are in no curve, since nobody dated their win; "" where none is left out."""
    n = case.evidence.undated
    return Message("recalculation.undated", n=n) if n else ""
