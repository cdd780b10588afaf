"""What was delivered in number and in value, and which agreed worths mislead, in sentences."""

import pandas as pd

from slanb.dictionary.messages import Message
from slanb.estimates.weights import WeightsAudit
from slanb.facts.period import PeriodFacts
from slanb.facts.tracked import LEVEL, which_judged
from slanb.lead_value.audit import order_said, silent, undated
from slanb.lead_value.tiers import reached, rests_on, values
from slanb.terms.goals import whole_leads

GIANT_OF, GIANT = 10, 0.1  # deals of a tier, before a giant among them is named; and its share of revenue


def headlines(
    case: PeriodFacts, tiers: pd.DataFrame, sizes: pd.DataFrame, audited: WeightsAudit | None
) -> list[Message]:
    """The period in sentences.

    Parameters
    ----------
    tiers : `by_tier`. sizes, audited : `sizes` and `audit` of the period.
    """
    lines = _reached(case, tiers)
    ranges = values(tiers).assign(n=rests_on(tiers))
    for row in ranges[ranges["outside"]].to_dict("records"):
        numbers = {key: row[key] for key in ("n", "agreed", "low", "high")}
        lines.append(Message("lead_value.worth_outside", tier=_named(row["tier"]), **numbers))
    others = tiers.loc[~tiers["planned"], "delivered"].sum()
    lines += [*order_said(audited), *_giant(sizes)]
    lines += [Message("lead_value.not_promised", n=others)] if others else []
    if not case.facts.coverage["deals"]:
        return [*lines, Message("lead_value.no_deals")]
    return lines if case.judged else [*lines, judged_cohorts(case)]


def _reached(case: PeriodFacts, tiers: pd.DataFrame) -> list[Message]:
    """What came of the goals in number and in value, or what is to come."""
    if not case.begun:
        goal = case.goals.total
        numbers = {"leads_goal": whole_leads(goal["leads"]), "value_goal": goal["value_goal"]}
        return [Message("lead_value.promised", **numbers)]
    total = reached(case, tiers).iloc[-1]
    asked = "delivered" if total["leads_goal"] else "delivered_unasked"
    lines = [Message(f"lead_value.{asked}", **total.drop("tier"))]
    if total["number"] >= 1 > total["value"]:
        lines.append(Message("lead_value.cheaper_mix"))
    elif total["value"] >= 1 > total["number"]:
        lines.append(Message("lead_value.richer_mix"))
    return lines


def judged_cohorts(case: PeriodFacts) -> Message:
    """Which cohorts are old enough to judge."""
    return which_judged(case.recorded, case.judged)


def notes(case: PeriodFacts, audited: WeightsAudit | None) -> list[Message]:
    """What the supported worths rest on, and how sure the agreed order is."""
    if not case.facts.coverage["deals"]:
        return [Message("lead_value.no_deals")]
    supported = Message("lead_value.supported")
    told = [judged_cohorts(case), supported, Message("tables.intervals", level=LEVEL)]
    return [*told, *silent(case), *undated(case), *order_said(audited)]


def _named(tier: str) -> Message | str:
    """A tier's name in a sentence."""
    return tier or Message("tables.blank")


def _giant(sizes: pd.DataFrame) -> list[Message]:
    """What the largest deal does, where it is a tenth of a tier's revenue or more."""
    own = sizes[~sizes["whole"] & (sizes["deals"] >= GIANT_OF)]
    if own.empty or not own["largest_share"].max() >= GIANT:
        return []
    row = own.loc[own["largest_share"].astype(float).idxmax()]
    values = {key: row[key] for key in ("mean", "mean_without_largest", "largest_share")}
    return [Message("lead_value.giant", tier=_named(row["tier"]), **values)]
