"""Each tier's leads: what they are worth, as agreed and as measured, and what was delivered of them."""

import numpy as np
import pandas as pd

from slanb.dictionary.messages import Message
from slanb.estimates.weights import WeightsAudit
from slanb.facts.learnt import ENOUGH_LEADS
from slanb.facts.period import PeriodFacts
from slanb.facts.tracked import countable
from slanb.lead_value.audit import supported

MEASURED = {"close_rate": "close_rate_judged", "leads": "n_judged"}
KEPT = [
    "customers",
    "priced",
    "booked",
    "revenue",
    "deal_size",
    "lead_value",
    "lead_value_low",
    "lead_value_high",
]


def by_tier(case: PeriodFacts, audited: WeightsAudit | None) -> pd.DataFrame:
    """Worth of a lead by tier, and the period's deliveries against its goals.

    Parameters
    ----------
    audited : `audit` of the period.

    Returns
    -------
    One row a tier of the plan or of the records (a blank tier is its own; a plan without tiers makes one row
    a tier of the records and promises them all together), `tier`, `planned`. Of the cohorts old enough to
    judge: `n_judged` (leads), `customers`, `priced`, `revenue`, `close_rate_judged`, `deal_size`,
    `lead_value` (with `_low`, `_high`). Of all trailing cohorts, young leads counted as far as they had their
    time: the columns of `audit.supported`. As agreed: `worth` (of a lead), `leads_goal`, `value_goal`. In
    this period, NaN before it begins: `delivered` (leads), `value_delivered`, `number_reached`,
    `value_reached` (shares of the goals).
    """
    goals, recent = case.goals, case.recent_by_tier.set_index("tier")
    own = case.deliveries[case.deliveries["day"] >= case.days[0]]
    own = own[own["counts"] | ~own["promised"]].groupby("tier")[["leads", "value"]].sum()
    own = own[own["leads"] > 0]
    others = sorted({*recent.index[recent["leads"] > 0], *own.index} - {*goals.tiers})
    frame = pd.DataFrame({"tier": pd.Series([*goals.tiers, *others], dtype="str")})
    frame["planned"] = frame["tier"].isin(goals.tiers) if goals.tiers else True
    frame = frame.join(countable(recent).rename(columns=MEASURED)[[*MEASURED.values(), *KEPT]], on="tier")
    frame = frame.join(own.set_axis(["delivered", "value_delivered"], axis=1), on="tier")
    counts = ["n_judged", *(["customers"] if case.facts.coverage["deals"] else []), "delivered"]
    frame[counts] = frame[counts].fillna(0.0)
    frame["value_delivered"] = frame["value_delivered"].fillna(0.0).where(frame["planned"])
    if not case.begun:
        frame[["delivered", "value_delivered"]] = np.nan
    plan = goals.by("tier").set_index("tier")[["value", "leads", "value_goal"]]
    frame = frame.join(plan.set_axis(["worth", "leads_goal", "value_goal"], axis=1), on="tier")
    if not goals.tiers:
        frame[["worth", "leads_goal", "value_goal"]] = np.nan
    frame["number_reached"] = frame["delivered"] / frame["leads_goal"].where(frame["leads_goal"] > 0)
    frame["value_reached"] = frame["value_delivered"] / frame["value_goal"].where(frame["value_goal"] > 0)
    return frame.join(supported(case, frame["tier"].tolist(), audited), on="tier")


def values_agree(case: PeriodFacts, tiers: pd.DataFrame) -> Message:
    """Whether the worths of `by_tier`, worked out anew in the notebook, are those the other pages read."""
    columns = ["close_rate_judged", "deal_size", "lead_value", "value_goal"]
    own = tiers.set_index("tier")[columns].astype(float)
    facts = case.recent_by_tier.set_index("tier").rename(columns=MEASURED)[columns[:3]].reindex(own.index)
    goals = case.goals.by("tier").set_index("tier")["value_goal"]
    facts["value_goal"] = goals.reindex(own.index) if case.goals.tiers else np.nan
    apart = int((~np.isclose(own, facts.astype(float), rtol=1e-9, equal_nan=True)).sum())
    return Message("lead_value.values_differ" if apart else "lead_value.values_agree", n=apart)


def reached(case: PeriodFacts, tiers: pd.DataFrame) -> pd.DataFrame:
    """Deliveries and goals in number and in value, by promised tier and of all together (the last row).

    Returns
    -------
    `tier` (of the last row a message), `delivered`, `leads_goal` (of all together whole, as leads come),
    `value_delivered`, `value_goal`, `number` and `value` (shares of the goals; NaN where there is none).
    Empty before the period begins.
    """
    columns = ["delivered", "leads_goal", "value_delivered", "value_goal"]
    goal, came = case.to_deliver, case.delivered.iloc[-1]
    whole = [came["leads"], goal["leads"], came["value"], goal["value"]]
    rows = tiers.loc[tiers["planned"] & bool(case.goals.tiers), ["tier", *columns]].astype({"tier": object})
    frame = pd.concat([rows, pd.DataFrame([[Message("lead_value.all"), *whole]], columns=rows.columns)])
    frame["number"] = frame["delivered"] / frame["leads_goal"].where(frame["leads_goal"] > 0)
    frame["value"] = frame["value_delivered"] / frame["value_goal"].where(frame["value_goal"] > 0)
    return frame[[case.begun] * len(frame)].reset_index(drop=True)


def values(tiers: pd.DataFrame) -> pd.DataFrame:
    """Agreed and measured worth by tier: `tier`, `agreed`, `realised`, `low`, `high`, `n` (leads), `outside`.

    The range is that which the records support, where they do. `outside` are tiers whose agreed worth lies
    outside it, with enough leads to say so.
    """
    known = tiers["value_supported"].notna()
    names = {"worth": "agreed", "lead_value": "realised", "n_judged": "n"}
    frame = tiers.rename(columns=names)[["tier", "agreed", "realised", "n"]].copy()
    for end in ("low", "high"):
        frame[end] = tiers[f"lead_value_{end}"].mask(known, tiers[f"value_supported_{end}"])
    frame["outside"] = (rests_on(tiers) >= ENOUGH_LEADS) & (
        (frame["agreed"] < frame["low"]) | (frame["agreed"] > frame["high"])
    )
    return frame


def rests_on(tiers: pd.DataFrame) -> pd.Series:
    """The leads a tier's range rests on: those that had their time, else those old enough to judge."""
    return tiers["n_supported"].round().fillna(tiers["n_judged"])
