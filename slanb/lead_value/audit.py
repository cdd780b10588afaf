"""What the records can tell of a tier's worth: small tiers drawn toward the whole, giant deals, sure
orders."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from slanb.dictionary.messages import Message
from slanb.estimates.deals import TOO_HEAVY, deal_sizes, size_sums
from slanb.estimates.shrinkage import shrink
from slanb.estimates.weights import WeightsAudit, audit_weights
from slanb.facts.learnt import UNDATED
from slanb.facts.period import PeriodFacts
from slanb.facts.tracked import LEVEL
from slanb.facts.undated import raise_of

RATES = {
    "shrunk": "close_rate_supported",
    "low": "close_rate_supported_low",
    "high": "close_rate_supported_high",
    "weight": "own",
}
VALUES = {"value": "value_supported", "low": "value_supported_low", "high": "value_supported_high"}
SURE = 0.95  # a step of the order less sure than this is named


def supported(case: PeriodFacts, tiers: Sequence[str], audited: WeightsAudit | None) -> pd.DataFrame:
    """What all trailing cohorts support of some tiers.

    Returns
    -------
    By tier: `n_supported` (leads, the young as far as they had their time), `close_rate_supported` (drawn
    toward all tiers as far as the records ask for it; with `_low`, `_high`), `own` (share of the tier's own
    records in it), `value_supported` (worth of a lead, with `_low`, `_high`) and `verdict` (a message:
    whether the agreed worth holds). Missing where nothing can be said.
    """
    rates = case.learn([*tiers]).rates
    frame = pd.DataFrame({"n_supported": rates["of"].astype(float)}, index=[*tiers])
    if frame["n_supported"].sum() > 0 and case.facts.coverage["deals"]:
        told = rates[["won", "of"]].mul(rates["tells"], axis=0).astype(float)
        told = told[told["of"] > 0]  # without a lead there is nothing to draw toward the others
        frame = frame.join(shrink(told["won"], told["of"], level=LEVEL)[[*RATES]].rename(columns=RATES))
    if audited is not None:
        frame = frame.join(audited.tiers[[*VALUES]].rename(columns=VALUES))
    frame = frame.reindex(columns=["n_supported", *RATES.values(), *VALUES.values()]).astype(np.float64)
    raised = raise_of(rates["won"].astype(float), rates["undated"].astype(float)).reindex(frame.index)
    highs = ["close_rate_supported_high", "value_supported_high"]
    frame[highs] = frame[highs].mul(raised, axis=0)
    frame[highs[0]] = frame[highs[0]].clip(upper=1.0)
    said = {}
    if audited is not None:
        ends = frame[["value_supported_low", "value_supported_high"]].reindex(audited.tiers.index)
        outside = audited.tiers["outside"] & ~audited.tiers["weight"].between(*ends.to_numpy().T)
        said = outside.map({True: "outside", False: "holds"}).to_dict()
        low = raised.index[raised > 1 + UNDATED]
        said |= {tier: "undated" for tier in low if said.get(tier) == "holds"}
        said |= dict.fromkeys(_untold(audited), "cannot_tell")
    verdicts = [Message(f"lead_value.{said[tier]}") if tier in said else "" for tier in frame.index]
    return frame.assign(verdict=verdicts)


def audit(case: PeriodFacts) -> WeightsAudit | None:
    """How sure the agreed order of worths is, and which worths lie outside what the records support, of the
    tiers with leads on record; None where these are fewer than two, a worth is 0, or none has a deal."""
    learnt, tiers = case.learnt, case.goals.tiers
    paid = [pd.DataFrame({"amount": learnt.amounts[tier]}).assign(tier=tier) for tier in tiers]
    frame = pd.DataFrame(
        {
            "weight": case.goals.by("tier").set_index("tier")["value"].reindex(tiers),
            "leads": (learnt.rates["of"] * learnt.rates["tells"]).reindex(tiers).astype(float),
            "customers": (learnt.rates["won"] * learnt.rates["tells"]).reindex(tiers).astype(float),
        },
        index=tiers,
    )
    frame = frame[frame["leads"] > 0]
    if len(frame) < 2 or not (frame["weight"] > 0).all():
        return None
    paid = [part for part in paid if part["tier"].isin(frame.index).all()]
    frame = frame.join(size_sums(pd.concat(paid), by="tier")).fillna(0.0)
    return audit_weights(frame, money=True, level=LEVEL) if (frame["paid"] >= 1).any() else None


def silent(case: PeriodFacts) -> list[Message]:
    """Which tiers of the plan have no leads on record, so that nothing is said of their worth."""
    rates = case.learnt.rates
    names = [tier for tier in case.goals.tiers if not rates.loc[tier, "of"] > 0]
    return [Message("lead_value.silent", n=len(names), tiers=names)] if names else []


def undated(case: PeriodFacts) -> list[Message]:
    """Of which tiers wins without a closing date leave only the low end of a worth."""
    rates = case.learnt.rates
    names = [
        tier for tier in case.goals.tiers if rates.loc[tier, "undated"] > UNDATED * rates.loc[tier, "won"]
    ]
    return [Message("lead_value.undated_wins", n=len(names), tiers=names)] if names else []


def order_said(audited: WeightsAudit | None) -> list[Message]:
    """How sure the order of the agreed worths is, and its weakest step; nothing without one."""
    if audited is None:
        return []
    if untold := _untold(audited):
        return [Message("lead_value.order_untold", tiers=untold)]
    names = list(audited.tiers.index)
    weakest = audited.steps.idxmin()
    if audited.steps[weakest] > SURE:
        return [Message("lead_value.order", chance=audited.order)]
    after, step = names[names.index(weakest) + 1], audited.steps[weakest]
    return [Message("lead_value.order_unsure", chance=audited.order, tier=weakest, next=after, step=step)]


def sizes(case: PeriodFacts) -> pd.DataFrame:
    """Deal sizes by tier and of all (the last row, `whole`): the columns of `estimates.deal_sizes`.

    Returns
    -------
    `tier` (a message in the last row), `deals`, `mean` with `mean_low`, `mean_high` (missing where there is a
    `reason`), `median`, `trimmed`, `largest_share`, `mean_without_largest`, `whole`. Empty without deals.
    """
    amounts = case.facts.amounts(case.trailing)
    amounts = amounts[amounts["amount"] >= 0]
    parts = [deal_sizes(amounts, by="tier", level=LEVEL), deal_sizes(amounts, level=LEVEL)]
    frame = pd.concat(parts).rename_axis("tier").reset_index()
    frame = frame.rename(columns={"n": "deals", "low": "mean_low", "high": "mean_high"})
    frame["whole"] = frame.index == len(frame) - 1
    frame["tier"] = [*frame["tier"].iloc[:-1], Message("lead_value.all")]
    return frame.iloc[:0] if amounts.empty else frame


def sizes_note(case: PeriodFacts, sizes: pd.DataFrame) -> list[Message]:
    """How often the intervals of deal sizes hold, of which tiers the records cannot tell, and what the wins
    that nobody dated would make of the mean."""
    untold = [tier or Message("tables.blank") for tier in sizes.loc[sizes["reason"] == TOO_HEAVY, "tier"]]
    said = [Message("lead_value.sizes_untold", tiers=untold)] if untold else []
    more = case.facts.undated(case.trailing)[["priced", "booked"]].sum()
    if more["priced"] and len(sizes):
        deals, mean = sizes[["deals", "mean"]].iloc[-1]
        size = (deals * mean + more["booked"]) / (deals + more["priced"])
        said.append(Message("lead_value.sizes_undated", n=int(more["priced"]), size=size, mean=mean))
    return [*said, Message("tables.intervals", level=LEVEL)]


def _untold(audited: WeightsAudit) -> list[str | Message]:
    """The tiers whose worth the records cannot tell, since one deal carries too much of it."""
    return list(audited.tiers.index[audited.tiers["reason"] != ""])
