"""The period in sentences: what closed, what drifted, what that does to the next goal."""

import pandas as pd

from slanb.dictionary.messages import Message
from slanb.facts.period import PeriodFacts
from slanb.recalculation.gap import gap_said
from slanb.recalculation.notes import next_goal
from slanb.recalculation.proposal import Proposal
from slanb.recalculation.run_off import why_not

NAMED = 2  # drifted assumptions a headline names; the table names all


def headlines(
    case: PeriodFacts,
    months: pd.DataFrame,
    drift: pd.DataFrame,
    proposal: Proposal | None,
    gap: pd.DataFrame,
) -> list[Message]:
    """The recalculation in sentences, the decision first.

    Parameters
    ----------
    months : `tracked` of the period. drift, proposal, gap : as the page shows them.
    """
    now = months[months["period"] == case.label].iloc[0]
    upcoming = [next_goal(proposal)] if proposal else []
    return [_closed(case, now), _drifted(drift), *upcoming, *gap_said(gap), *_aged(case, now)]


def _closed(case: PeriodFacts, now: pd.Series) -> Message:
    quota = case.goals.total["quota"]
    amounts = {"marketing": now["closed_revenue"], "sales": now["sales_revenue"]}
    if now["unattributed_revenue"]:
        amounts["unattributed"] = now["unattributed_revenue"]
    sources = [Message(f"recalculation.from_{source}", amount=amount) for source, amount in amounts.items()]
    known = {"revenue": now["all_revenue"], "period": case.label, "sources": sources}
    if not quota:
        return Message("recalculation.closed_without_quota", **known)
    return Message("recalculation.closed", **known, quota=quota, share=now["all_revenue"] / quota)


def _drifted(drift: pd.DataFrame) -> Message:
    if not drift["enough"].any():
        return Message("recalculation.not_enough")
    beyond = drift[drift["beyond"]]
    if beyond.empty:
        return Message("recalculation.all_hold")
    listed = [_outside(row) for row in beyond.head(NAMED).to_dict("records")]
    if len(beyond) > NAMED:
        listed.append(Message("recalculation.and_more", n=len(beyond) - NAMED))
    return Message("recalculation.drifted", k=len(beyond), n=len(drift), list=listed)


def _outside(row: dict) -> Message:
    corrected = row["key"] == "close_rate" and not row["reason"]
    which = f"the_{row['key']}" + "_corrected" * corrected + "_tier" * bool(row["tier"])
    name = Message(f"recalculation.{which}", **({"tier": row["tier"]} if row["tier"] else {}))
    values = {key: row[key] for key in ("measured", "low", "high")}
    return Message(f"recalculation.outside_{row['unit']}", name=name, **values, agreed=row["agreed_value"])


def _aged(case: PeriodFacts, now: pd.Series) -> list[Message]:
    """The period's cohort, plain and corrected for age, in a sentence."""
    if not now["leads"]:
        return []
    if reason := case.evidence.whole.reason:
        return [Message("recalculation.none_corrected", why=why_not(reason))]
    if pd.isna(now["close_rate_corrected"]):
        return [Message("recalculation.truncated", period=case.label)]
    rates = {"plain": now["close_rate"], "due": now["due_by_now"], "corrected": now["close_rate_corrected"]}
    ends = {"low": now["close_rate_corrected_low"], "high": now["close_rate_corrected_high"]}
    return [Message("recalculation.so_far", period=case.label, **rates, **ends)]
