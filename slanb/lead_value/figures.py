"""What a lead of each tier is worth, as published."""

import pandas as pd

from slanb.dictionary.figures import BLANK, Figure
from slanb.dictionary.messages import Message
from slanb.estimates.weights import WeightsAudit
from slanb.facts.period import PeriodFacts
from slanb.facts.tracked import LEVEL
from slanb.lead_value.headlines import judged_cohorts


def figures(case: PeriodFacts, tiers: pd.DataFrame, audited: WeightsAudit | None) -> list[Figure]:
    """What a lead of each tier brought and is worth, and how sure the agreed order is."""
    measured, estimated = [], []
    judged = judged_cohorts(case)
    for row in tiers.to_dict("records"):
        name, n = f"tier.{row['tier'] or BLANK}", int(row["n_judged"])
        numbers = {"customers": row["customers"], "leads": row["n_judged"]}
        rate = Figure(f"{name}.close_rate", row["close_rate_judged"], n=n, note=judged, parts=numbers)
        ends = {"low": row["lead_value_low"], "high": row["lead_value_high"], "level": LEVEL}
        measured += [rate, Figure(f"{name}.lead_value", row["lead_value"], n=n, **ends, note=judged)]
        for key in ("close_rate_supported", "value_supported"):
            if pd.notna(row[key]) and row["n_supported"] > 0:
                ends = {"low": row[f"{key}_low"], "high": row[f"{key}_high"], "level": LEVEL}
                note = Message("lead_value.own", share=row["own"])
                estimated.append(
                    Figure(f"{name}.{key}", row[key], n=round(row["n_supported"]), **ends, note=note)
                )
    if audited is not None:
        estimated.append(
            Figure("weights.order", audited.order, n=round(tiers.loc[tiers["planned"], "n_supported"].sum()))
        )
    return [*measured, *estimated]
