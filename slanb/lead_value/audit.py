"""What the records can tell of a tier's worth: small tiers drawn toward the whole, giant deals, sure orders.

Part of `slanb.lead_value`.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from slanb.dictionary.wording import Wording
from slanb.estimates.deals import deal_sizes
from slanb.estimates.shrinkage import shrink
from slanb.estimates.weights import WeightsAudit, audit_weights
from slanb.facts import Facts
from slanb.facts.evidence import Evidence, corrected_rate
from slanb.facts.tracked import LEVEL

GIANT_OF = 10  # deals of a tier, before a giant among them is told
RATES = ["of", "won", "shrunk", "shrunk_low", "shrunk_high", "own"]


def shrunk_rates(
    facts: Facts,
    tiers: Sequence[str],
    evidence: Evidence,
    *,
    spans: Sequence[pd.Period],
    judged: Sequence[pd.Period],
) -> pd.DataFrame:
    """Close rates by tier, drawn toward the whole as far as the records ask for it.

    A tier's rate is read from all cohorts in `spans`, each lead counted as far as its run-off says it has had
    its time; where that is refused, from the leads of the cohorts in `judged`.

    Returns
    -------
    One row a tier: `of` (leads that have had their time), `won`, `shrunk` with `shrunk_low`, `shrunk_high`,
    and `own` (share of the tier's own records in it).
    """
    rows = {}
    for tier in tiers:
        found = corrected_rate(facts, spans, evidence, tier)
        of = found["n"] * found["share_in"]
        if found["reason"]:
            found = corrected_rate(facts, judged, evidence, tier)
            of = found["n"]
        rows[tier] = {"of": max(of, found["customers"]), "won": found["customers"]}
    frame = pd.DataFrame.from_dict(rows, orient="index", columns=["of", "won"])
    if not frame["of"].sum() > 0:
        return frame.reindex(columns=RATES)
    names = {"shrunk": "shrunk", "low": "shrunk_low", "high": "shrunk_high", "weight": "own"}
    return frame.join(shrink(frame["won"], frame["of"], level=LEVEL)[[*names]].rename(columns=names))


def sizes_of(amounts: pd.DataFrame) -> pd.DataFrame:
    """Deal sizes by tier and of all (`tier` "All" last): `estimates.deal_sizes` with the interval to use.

    Returns
    -------
    Its columns and `tier`, `whole`; `low` and `high` are the log-normal interval where the log sizes show no
    skew, else the bootstrap's, and `even_logs` says which.
    """
    amounts = amounts[amounts["amount"] >= 0]
    parts = [deal_sizes(amounts, by="tier", level=LEVEL), deal_sizes(amounts, level=LEVEL)]
    frame = pd.concat(parts).rename_axis("tier").reset_index()
    frame["whole"] = frame.index == len(frame) - 1
    frame.loc[frame["whole"], "tier"] = "All"
    even = frame["even_logs"].astype(bool) & frame["lognormal_low"].notna()
    frame["low"] = frame["low"].astype(float).mask(even, frame["lognormal_low"].astype(float))
    frame["high"] = frame["high"].astype(float).mask(even, frame["lognormal_high"].astype(float))
    return frame.iloc[:0] if amounts.empty else frame


def audit(weights: pd.Series, rates: pd.DataFrame, amounts: pd.DataFrame) -> WeightsAudit | None:
    """Agreed worths (money per lead, by tier) against rates (`shrunk_rates`) and amounts; None where the
    plan names fewer than two tiers, a worth is 0, or no deal of a tier is on record."""
    paid = amounts[amounts["amount"] > 0].assign(squares=lambda rows: rows["amount"] ** 2)
    sums = paid.groupby("tier").agg(
        total=("amount", "sum"), squares=("squares", "sum"), deals=("amount", "size")
    )
    frame = pd.DataFrame({"weight": weights}).join(rates.rename(columns={"of": "leads", "won": "customers"}))
    frame = frame.join(sums).fillna({"total": 0.0, "squares": 0.0, "deals": 0.0})
    frame = frame[["weight", "leads", "customers", "total", "squares", "deals"]]
    if len(frame) < 2 or not (frame["weight"] > 0).all() or not (frame["leads"] > 0).all():
        return None
    return audit_weights(frame, money=True, level=LEVEL) if (frame["deals"] >= 1).any() else None


def order_said(found: WeightsAudit | None, words: Wording) -> str:
    """How sure the order of the agreed worths is, and its weakest step, in a sentence; "" without one."""
    if found is None:
        return ""
    said = words.text(
        "That the tiers are worth what they are agreed at in this order has a chance of {chance}",
        chance=words.share(found.order, 0),
    )
    weakest = found.steps.idxmin()
    names = list(found.tiers.index)
    if found.steps[weakest] > 0.95:
        return said + "."
    return words.text(
        "{said}; least sure is {tier} above {next} ({step}).",
        said=said,
        tier=weakest or words.text("(blank)"),
        next=names[names.index(weakest) + 1] or words.text("(blank)"),
        step=words.share(found.steps[weakest], 0),
    )


def giant_said(sizes: pd.DataFrame, words: Wording) -> str:
    """What the largest deal does, where it is a tenth of a tier's revenue or more; nothing where none is."""
    own = sizes[~sizes["whole"].astype(bool) & (sizes["n"] >= GIANT_OF)]
    if own.empty or not own["largest_share"].max() >= 0.1:
        return ""
    row = own.loc[own["largest_share"].astype(float).idxmax()]
    return words.text(
        "The largest deal is {share} of tier {tier}'s revenue: without it the deal size is {without}, not "
        "{mean}.",
        share=words.share(row["largest_share"], 0),
        tier=row["tier"] or words.text("(blank)"),
        without=words.money(row["mean_without_largest"]),
        mean=words.money(row["mean"]),
    )


def as_floats(frame: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
    """The frame with these columns as floats, missing ones added as NaN."""
    frame = frame.reindex(columns=[*frame.columns, *(name for name in columns if name not in frame)])
    return frame.astype(dict.fromkeys(columns, np.float64))
