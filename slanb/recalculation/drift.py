"""The agreed assumptions beside what the records support: which of them no longer hold."""

from collections.abc import Mapping

import pandas as pd

from slanb.dictionary.messages import Message
from slanb.facts.learnt import ENOUGH_CUSTOMERS, ENOUGH_LEADS
from slanb.facts.period import PeriodFacts
from slanb.recalculation.tracked import CASES
from slanb.terms.goals import Goals

UNITS = {"marketing_share": "share", "close_rate": "share", "deal_size": "money"}
DRIFT = [
    "assumption", "tier", "key", "unit", "agreed_value", "judged_value", "n_judged", "corrected_value",
    "n_corrected", "reason", "measured", "low", "high", "n", "enough", "beyond", "verdict",
]  # fmt: skip


def drift(case: PeriodFacts) -> pd.DataFrame:
    """A plan's assumptions beside what was measured, whole and by tier.

    Returns
    -------
    One row an assumption: `assumption` (a message), `tier` ("" where the plan names none), `key`, `unit`,
    `agreed_value`; `judged_value` (of `n_judged` cases: close rate and deal size of the cohorts old enough to
    judge, marketing share of the closings of the trailing periods); of close rates alone `corrected_value`
    (all trailing cohorts, `n_corrected` leads, corrected for their age; missing where there is a `reason`).
    What counts is the corrected value, else the judged one: `measured`, `n`, and where these are `enough` to
    judge, `low`, `high`, `beyond` (the agreed value lies outside), and `verdict` (a message).
    """
    rates = case.learnt.rates
    by_tier = case.recent_by_tier.set_index("tier")
    measured = {"": measured_rates(case.recent)}
    measured |= {tier: measured_rates(by_tier.loc[by_tier.index == tier]) for tier in case.goals.tiers}
    rows = []
    for tier, key, agreed in assumptions(case.goals):
        row = measured[tier][key]
        row |= {"judged_value": row["measured"], "n_judged": row["n"], "reason": ""}
        if key == "close_rate" and tier in rates.index:
            row |= _corrected(rates.loc[tier])
        row["beyond"] = row["enough"] and not row["low"] <= agreed <= row["high"]
        verdict = "holds" if row["enough"] else "too_few"
        row["verdict"] = Message(f"recalculation.{'outside' if row['beyond'] else verdict}")
        row |= {} if row["enough"] else {"low": float("nan"), "high": float("nan")}
        names = {"assumption": named(tier, key), "tier": tier, "key": key, "unit": UNITS[key]}
        rows.append(names | {"agreed_value": agreed, **row})
    return pd.DataFrame(rows, columns=DRIFT)


def assumptions(goals: Goals) -> list[tuple[str, str, float]]:
    """The assumptions of a plan as (tier, key, value); the tier is "" where the plan names none."""
    rows = [("", "marketing_share", goals.total["marketing_share"])]
    for part in goals.by("tier").to_dict("records"):
        rows += [(part["tier"], key, part[key]) for key in ("close_rate", "deal_size")]
    return rows


def named(tier: str, key: str) -> Message:
    """An assumption's name, with its tier where it has one: “Close rate, tier B”."""
    return Message(f"recalculation.{key}_tier", tier=tier) if tier else Message(f"recalculation.{key}")


def measured_rates(recent: pd.DataFrame) -> dict[str, dict]:
    """The three assumptions as the records have them (a row of `track_recent`, or none): `measured`, `low`,
    `high`, `n` and whether these are `enough` to judge."""
    row = recent.iloc[0] if len(recent) else pd.Series(float("nan"), index=recent.columns)
    enough = {
        "close_rate": row["leads"] >= ENOUGH_LEADS and row["customers"] >= ENOUGH_CUSTOMERS,
        "deal_size": row["priced"] >= ENOUGH_CUSTOMERS,
        "marketing_share": row["all_deals"] >= ENOUGH_CUSTOMERS,
    }
    return {
        key: {
            "measured": row[key],
            "low": row[f"{key}_low"],
            "high": row[f"{key}_high"],
            "n": 0 if pd.isna(row[n]) else int(row[n]),
            "enough": bool(enough[key]) and pd.notna(row[key]),
        }
        for key, n in CASES.items()
    }


def _corrected(rate: Mapping) -> dict:
    """What a close rate corrected for age says in place of the plain one; only why not, where it is
    refused."""
    if rate["reason"]:
        return {"reason": rate["reason"]}
    enough = bool(rate["n"] >= ENOUGH_LEADS and rate["customers"] >= ENOUGH_CUSTOMERS)
    values = {"corrected_value": rate["corrected"], "n_corrected": int(rate["n"]), "n": int(rate["n"])}
    return values | {
        "measured": rate["corrected"],
        "low": rate["low"],
        "high": rate["high"],
        "enough": enough,
    }
