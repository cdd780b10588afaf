"""The period in sentences, and what stands below its tables."""

from itertools import groupby

import pandas as pd

from slanb.dictionary.messages import Message
from slanb.facts.evidence import months_differ
from slanb.facts.period import PeriodFacts
from slanb.facts.sides import rules_said
from slanb.facts.tracked import LEVEL, which_judged
from slanb.periods import grain
from slanb.recalculation.drift import FALSE_ALARMS, MATERIAL
from slanb.recalculation.gap import gap_said, untold
from slanb.recalculation.proposal import Proposal
from slanb.recalculation.run_off import why_not
from slanb.recalculation.tracked import mix_note
from slanb.terms.goals import whole_leads

NAMED = 2  # drifted assumptions a headline names; the table names all


def headlines(
    case: PeriodFacts,
    months: pd.DataFrame,
    drift: pd.DataFrame,
    proposal: Proposal,
    gap: pd.DataFrame,
) -> list[Message]:
    """The recalculation in sentences, the decision first.

    Parameters
    ----------
    months : `tracked` of the period. drift, proposal, gap : as the page shows them.
    """
    now = months[months["period"] == case.label].iloc[0]
    upcoming = [next_goal(case, proposal)] if proposal.period else []
    return [
        _closed(case, now),
        *_refunded(case, now),
        *_converted(case),
        *_upgraded(case, now),
        _drifted(drift),
        *upcoming,
        *(gap_said(gap) if len(gap) else untold(case)),
        *_aged(case, now),
    ]


def judged_cohorts(case: PeriodFacts) -> Message:
    """Which cohorts are old enough to judge."""
    return which_judged(case.recorded, case.judged)


def drift_notes(case: PeriodFacts, drift: pd.DataFrame) -> list[Message]:
    """What the measured assumptions rest on; which close rates are corrected for age, and which are not."""
    rates = drift[drift["key"] == "close_rate"]
    refused = rates[rates["reason"] != ""].sort_values("reason", kind="stable").to_dict("records")
    judged = {"n": int(drift["enough"].sum()), "alarms": FALSE_ALARMS, "material": MATERIAL}
    notes = [
        judged_cohorts(case),
        Message("recalculation.share_from"),
        *rules_said(case.rules),
        Message("tables.intervals", level=LEVEL),
    ]
    notes += [Message("recalculation.corrected")] if len(refused) < len(rates) else []
    notes += (
        [
            Message("recalculation.now"),
            *months_differ(case.month_effects, case.months_ahead.in_season, case.period),
        ]
        if rates["enough"].any()
        else []
    )
    notes += [Message("recalculation.together", **judged)] if judged["n"] else []
    notes += _undated_notes(case, drift[drift["undated"].astype(bool)])
    for reason, rows in groupby(refused, key=lambda row: row["reason"]):
        names = [row["assumption"] for row in rows]
        notes.append(Message("recalculation.not_corrected", n=len(names), names=names, why=why_not(reason)))
    return notes


def _undated_notes(case: PeriodFacts, open_: pd.DataFrame) -> list[Message]:
    """Which assumptions (rows of `drift`) wins without a closing date leave open: close rates, of which they
    leave a low end; deal sizes; and marketing's share, which lacks all such deals."""
    customers = int(case.facts.undated(case.learnt_from)["undated"].sum())
    counts = {"close_rate": customers, "deal_size": customers}
    counts["marketing_share"] = int(case.facts.undated_deals["deals"].sum())
    names = {key: "low_end" if key == "close_rate" else f"open_{key}" for key in counts}
    return [
        Message(f"recalculation.{names[key]}", n=counts[key], names=[*rows["assumption"]])
        for key, rows in open_.groupby("key", sort=False)
    ]


def next_goal(case: PeriodFacts, proposal: Proposal) -> Message:
    """What all proposed changes together make of the next period's leads goal, or why nothing is proposed."""
    if proposal.period is None:
        measure = case.terms.agreement.measure
        if grain(case.period) == measure:
            return Message("recalculation.no_next")
        own = measure == "month" and case.terms.agreement.periods
        return Message("recalculation.by_period" if own else f"recalculation.by_{measure}")
    if proposal.changes.empty:
        key = "nothing_changes" if proposal.judged else "nothing_judged"
        return Message(f"recalculation.{key}", period=proposal.period)
    goals = {"planned": proposal.leads_planned, "proposed": proposal.leads_proposed}
    more = whole_leads(goals["proposed"]) - whole_leads(goals["planned"])
    key = "raise" if more > 0 else "lower" if more < 0 else "keep"
    return Message(f"recalculation.changes_{key}", period=proposal.period, **goals)


def undated(case: PeriodFacts) -> Message | str:
    """How many customers are in no curve, since nobody dated their win; "" where none is left out."""
    n = case.evidence.undated
    return Message("recalculation.undated", n=n) if n else ""


def trend_notes(case: PeriodFacts) -> list[Message]:
    """What the trend does not show: the mix of tiers, and wins that nobody dated."""
    mix, cohorts = mix_note(case), int(case.tracked["undated"].sum())
    deals = int(case.facts.undated_deals["deals"].sum())
    notes = [mix] if mix else []
    notes += [Message("recalculation.undated_trend", n=cohorts)] if cohorts else []
    return [*notes, Message("recalculation.undated_share", n=deals)] if deals else notes


def _closed(case: PeriodFacts, now: pd.Series) -> Message:
    if not case.facts.coverage["deals"]:
        return Message("recalculation.no_deals")
    if pd.isna(now["all_revenue"]):
        return Message("recalculation.no_amounts", period=case.label, deals=now["all_deals"])
    quota = case.goals.total["quota"]
    amounts = {"marketing": now["closed_revenue"], "sales": now["sales_revenue"]}
    amounts = {source: amount for source, amount in amounts.items() if pd.notna(amount)}
    if now["unattributed_revenue"]:
        amounts["unattributed"] = now["unattributed_revenue"]
    sources = [Message(f"recalculation.from_{source}", amount=amount) for source, amount in amounts.items()]
    known = {"revenue": now["all_revenue"], "period": case.label, "sources": sources}
    if not quota:
        return Message("recalculation.closed_without_quota", **known)
    key = "closed" if now["complete"] else "closed_so_far"
    return Message(f"recalculation.{key}", **known, quota=quota, share=now["all_revenue"] / quota)


def _refunded(case: PeriodFacts, now: pd.Series) -> list[Message]:
    """What refunds took from what was booked; nothing where there were none."""
    if not now["refunds"] > 0:
        return []
    amounts = {"booked": now["all_booked"], "refunded": now["all_refunds"], "revenue": now["all_revenue"]}
    return [Message("recalculation.refunded", period=case.label, n=now["refunds"], **amounts)]


def _converted(case: PeriodFacts) -> list[Message]:
    """What of the revenue was in other currencies; nothing where none was."""
    rows = case.facts.converted([case.period]).to_dict("records")
    parts = [
        Message(
            "recalculation.converted_from", amount=row["revenue"], n=row["amounts"], currency=row["currency"]
        )
        for row in rows
    ]
    return [Message("recalculation.converted", parts=parts)] if parts else []


def _upgraded(case: PeriodFacts, now: pd.Series) -> list[Message]:
    """How further deals of customers are counted; nothing where there were none."""
    if not now["upgrades"] > 0:
        return []
    rule, n = case.agreement.customers.upgrades, now["upgrades"]
    new = now["all_deals"] - (n if rule == "customers" else 0)
    counts = {"period": case.label, "deals": new + n, "new": new, "n": n, "revenue": now["upgraded"]}
    return [Message(f"recalculation.upgrades_{rule}", **counts)]


def _drifted(drift: pd.DataFrame) -> Message:
    if not drift["enough"].any():
        return Message("recalculation.not_enough")
    beyond = drift[drift["beyond"]]
    if beyond.empty:
        known = drift[drift["enough"]]
        inside = known["agreed_value"].between(known["low"], known["high"]).all()
        return Message("recalculation.all_hold" if inside else "recalculation.none_called")
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
    if not now["leads"] or not case.facts.coverage["deals"]:
        return []
    if reason := case.evidence.whole.reason:
        return [Message("recalculation.none_corrected", why=why_not(reason))]
    if pd.isna(now["close_rate_corrected"]):
        return [Message("recalculation.truncated", period=case.label)]
    rates = {"plain": now["close_rate"], "due": now["due_by_now"], "corrected": now["close_rate_corrected"]}
    ends = {"low": now["close_rate_corrected_low"], "high": now["close_rate_corrected_high"]}
    return [Message("recalculation.so_far", period=case.label, **rates, **ends)]
