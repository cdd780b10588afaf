"""The goal by part: segments and tiers that add up to the whole, and the quarter and year around it."""

import math

import pandas as pd

from slanb.dictionary.messages import Message
from slanb.facts.period import PeriodFacts
from slanb.periods import containing, label
from slanb.terms.goals import goals_of, has_goals, rated


def with_sum(parts: pd.DataFrame) -> pd.DataFrame:
    """The parts by name and, last, their sum with the rates of the sums.

    Parameters
    ----------
    parts : one row a segment and tier: `segment`, `tier`, `quota`, `marketing_goal`, `customers`, `leads`,
        `value_goal`, and the rates they were worked out with.

    Returns
    -------
    The same columns, with `part` (a name, in a message) and `whole` (the row of the sum).
    """
    added = ["quota", "marketing_goal", "customers", "leads", "value_goal"]
    names = [_name(row.segment, row.tier) for row in parts.itertuples()]
    total = rated(parts[added].sum().to_frame().T).assign(part=[Message("goals.parts_sum")], whole=True)
    return pd.concat([parts.assign(part=names, whole=False), total], ignore_index=True)


def _name(segment: str, tier: str) -> Message:
    which = {(True, True): "both", (True, False): "segment", (False, True): "tier", (False, False): "none"}
    return Message(f"goals.part_{which[bool(segment), bool(tier)]}", segment=segment, tier=tier)


def adds_up(parts: pd.DataFrame, leads: float) -> Message:
    """Whether the leads of the parts come to the leads of the whole, and by what they differ if not.

    Parameters
    ----------
    parts : one row a part, with `leads`. leads : of the whole, by the same formulas.

    >>> adds_up(pd.DataFrame({"leads": [60.0, 40.0]}), 100.0).id
    'goals.parts_agree'
    >>> adds_up(pd.DataFrame({"leads": [60.0, 40.0]}), 90.0).fields["more"]
    10.0
    """
    total = float(parts["leads"].sum())
    agree = math.isclose(total, leads, rel_tol=1e-6, abs_tol=1e-6)
    key = "goals.parts_agree" if agree else "goals.parts_differ"
    return Message(key, n=len(parts), total=total, leads=leads, more=total - leads)


def by_part(case: PeriodFacts) -> pd.DataFrame:
    """The goals by tier, by segment, of the whole, and of the quarter and year around it.

    Returns
    -------
    `part` (a name, in a message), the columns of `Goals.by`, `leads_confident` (leads as sure as agreed; of
    the tiers and the whole) and `whole` (the row of the whole).
    """
    goals, sure = case.goals, case.certainty
    rows = []
    for key in ("tier", "segment"):
        own = goals.by(key).query(f"{key} != ''")
        rows.append(own.assign(part=[Message(f"goals.part_{key}", **{key: name}) for name in own[key]]))
    rows[0]["leads_confident"] = rows[0]["tier"].map(sure.by_tier()) if sure.reaches else math.nan
    grains = by_grain(case)
    named = [Message("goals.part_period", period=name) for name in grains["period"]]
    named[0] = Message("goals.part_whole", period=case.label)
    rows.append(grains.assign(part=named, leads_confident=[sure.leads(), *[math.nan] * (len(grains) - 1)]))
    frame = pd.concat([row for row in rows if len(row)], ignore_index=True)
    return frame.assign(whole=frame["period"] == case.label)


def by_grain(case: PeriodFacts) -> pd.DataFrame:
    """The goals of the period and of the quarter and year around it: `period` and `Goals.total`'s columns.

    A quarter or year in which the agreement is not in force throughout has no goal, and no row.
    """
    terms = case.terms
    wider = [
        span
        for span in containing(case.period, terms.agreement.years)
        if span != case.period and has_goals(terms, span)
    ]
    given = {key: value for key, value in case.what_if.items() if key != "quota"}
    rows = [case.goals.total, *(goals_of(terms, span, given).total for span in wider)]
    return pd.DataFrame(rows).assign(period=[case.label, *map(label, wider)]).reset_index(drop=True)


def to_recompute(case: PeriodFacts) -> pd.DataFrame:
    """The goals by segment and tier for a workbook that works them out again.

    Returns
    -------
    The columns of `Goals.by`, `quota_part` (their share of the quota, as planned where that is 0), `worth`
    (agreed of a lead; NaN where it is close rate × deal size) and `lead_value` (what a lead counts with).
    """
    frame = case.goals.by("segment", "tier").rename(columns={"value": "lead_value"})
    planned = case.goals.cells.groupby(["segment", "tier"], sort=False)["part"].sum().to_numpy()
    quota = frame["quota"].sum()
    agreed = [each.value if (each := case.plan.tiers.get(tier)) else None for tier in frame["tier"]]
    return frame.assign(
        quota_part=frame["quota"] / quota if quota else planned / planned.sum(),
        worth=frame["lead_value"].where(pd.Series(agreed, dtype=float).notna()),
    )
