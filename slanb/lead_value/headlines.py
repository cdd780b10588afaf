"""What was delivered in number and in value, and which agreed worths mislead, in sentences."""

import pandas as pd

from slanb.dictionary.messages import Message
from slanb.estimates.weights import WeightsAudit
from slanb.facts.period import PeriodFacts
from slanb.facts.tracked import LEVEL
from slanb.lead_value.audit import order_said
from slanb.periods import label

GIANT_OF, GIANT = 10, 0.1  # deals of a tier, before a giant among them is named; and its share of revenue


def headlines(
    case: PeriodFacts,
    tiers: pd.DataFrame,
    reached: pd.DataFrame,
    values: pd.DataFrame,
    sizes: pd.DataFrame,
    audited: WeightsAudit | None,
) -> list[Message]:
    """The period in sentences.

    Parameters
    ----------
    tiers : `by_tier`. reached, values : of it. sizes, audited : `sizes` and `audit` of the period.
    """
    total = reached.iloc[-1]
    lines = [Message("lead_value.delivered", **total.drop("tier"))]
    if total["number"] >= 1 > total["value"]:
        lines.append(Message("lead_value.cheaper_mix"))
    elif total["value"] >= 1 > total["number"]:
        lines.append(Message("lead_value.richer_mix"))
    n = tiers["n_supported"].round().fillna(tiers["n_judged"])
    lines += [
        Message("lead_value.worth_outside", tier=named(row["tier"]), n=n[place], agreed=row["agreed"],
                low=row["low"], high=row["high"])
        for place, row in values[values["outside"]].iterrows()
    ]  # fmt: skip
    others = tiers.loc[~tiers["planned"], "delivered"].sum()
    lines += [*order_said(audited), *_giant(sizes)]
    lines += [Message("lead_value.not_promised", n=others)] if others else []
    return lines if case.judged else [*lines, notes(case)[0]]


def notes(case: PeriodFacts) -> list[Message]:
    """Which records the measured and the supported worths rest on."""
    if not case.judged:
        return [Message("lead_value.none_judged"), Message("lead_value.supported")]
    ends = {"first": label(case.judged[0]), "last": label(case.judged[-1])}
    judged = Message("lead_value.judged", n=len(case.judged), **ends)
    return [judged, Message("lead_value.supported"), Message("tables.intervals", level=LEVEL)]


def named(tier: str) -> Message | str:
    """A tier's name in a sentence."""
    return tier or Message("tables.blank")


def _giant(sizes: pd.DataFrame) -> list[Message]:
    """What the largest deal does, where it is a tenth of a tier's revenue or more."""
    own = sizes[~sizes["whole"] & (sizes["deals"] >= GIANT_OF)]
    if own.empty or not own["largest_share"].max() >= GIANT:
        return []
    row = own.loc[own["largest_share"].astype(float).idxmax()]
    values = {key: row[key] for key in ("mean", "mean_without_largest", "largest_share")}
    return [Message("lead_value.giant", tier=named(row["tier"]), **values)]
