"""The goals in plain numbers, so that a page by itself can work them out with the plan's numbers moved."""

from typing import Any

import numpy as np

from slanb.facts.chance import Certainty, certain, on_record
from slanb.facts.period import PeriodFacts
from slanb.terms.goals import goals_of

CELLS = ["period", "tier", "quota", "marketing_share", "deal_size", "close_rate"]
QUOTAS = (0.5, 0.7, 1.0, 1.4, 2.0)  # times the agreed one, for which the chance is worked out
RATIOS = np.linspace(0.4, 2.4, 41)  # customers to be expected of those needed


def moved(case: PeriodFacts) -> dict[str, Any]:
    """What a page needs to move the plan's numbers; empty for a what-if, and where nothing is asked.

    Returns
    -------
    `cells` : rows of `CELLS`. `tiers` : the agreed close rate by tier, where it alone decides.
    `agreed` : quota, marketing_share, deal_size, close_rate of the whole. `most` : to what the shares among
    them, which scale the parts, can be raised.
    `hours_per_lead`, `hours` : what following up a lead takes, and what there is; None without capacity.
    `chance` : at the rates on record (None where they say nothing), as `chances` gives it.
    """
    goals, plan = case.goals, case.plan
    if case.what_if or not goals.total["leads"] > 0:
        return {}
    by_period = goals.by("period")
    if not (by_period["leads"] > 0).all():
        return {}
    whole, cells = goals.whole, goals.cells
    own_rates = any(segment.close_rate is not None for segment in plan.segments.values())
    most = {
        key: float((by_period[key] / cells.groupby("period", sort=False)[key].max().to_numpy()).min())
        for key in ("marketing_share", "close_rate")
    }
    hours = case.bandwidth
    return {
        "cells": cells[CELLS].to_dict("split")["data"],
        "tiers": {} if own_rates else {
            tier: float(rate)
            for tier, rate in cells.groupby("tier", sort=False)["close_rate"].first().items()
            if tier and cells.loc[cells["tier"] == tier, "close_rate"].nunique() == 1
        },
        "agreed": {key: float(whole[key]) for key in CELLS[2:]},
        "most": most,
        "hours_per_lead": hours and hours.hours(1.0, hours.expected_attempts),
        "hours": hours and hours.hours_available,
        "chance": chances(case),
    }  # fmt: skip


def chances(case: PeriodFacts) -> dict[str, Any] | None:
    """The chance of the customers needed at the rates on record, as a grid: `customers` needed and `ratios`
    (customers to be expected ÷ needed), with the chances in `values`, a row a number of customers. `rates` by
    tier give the customers to be expected."""
    now, total = case.certainty, case.goals.total
    known = now.reaches.get(("records", "customers"))
    if known is None or not np.isfinite(known.plain):
        return None
    ratios = np.union1d(RATIOS, [1 / known.plain])
    values = []
    for factor in QUOTAS:
        reached = _with(case, factor).reaches["records", "customers"]
        values.append([round(reached.chance(ratio * known.plain), 4) for ratio in ratios])
    tiers = on_record(case.goals, case.learnt)[0]
    rates = (tiers["won"] / tiers["of"]).fillna(0.0)
    level = total["customers"] / known.plain / (tiers["leads"] * rates).sum()
    return {
        "customers": [float(total["customers"] * factor) for factor in QUOTAS],
        "ratios": ratios.round(12).tolist(),
        "values": values,
        "rates": (rates * level).to_dict(),
    }


def _with(case: PeriodFacts, factor: float) -> Certainty:
    """How sure the goals are with so many times the quota."""
    if factor == 1:
        return case.certainty
    goals = goals_of(case.terms, case.period, {"quota": case.goals.total["quota"] * factor})
    return certain(goals, case.plan.confidence, case.learnt, months=case.months_ahead, of=["customers"])
