"""The agreed assumptions beside what the records support: which of them no longer hold."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from slanb.dictionary.messages import Message
from slanb.estimates.discoveries import discoveries, how_likely
from slanb.estimates.months import MonthEffects
from slanb.facts.learnt import ENOUGH_CUSTOMERS, ENOUGH_LEADS, UNDATED
from slanb.facts.period import PeriodFacts
from slanb.facts.tracked import LEVEL
from slanb.recalculation.tracked import CASES
from slanb.terms.goals import Goals

UNITS = {"marketing_share": "share", "close_rate": "share", "deal_size": "money"}
FALSE_ALARMS = 0.2  # of the assumptions called into question; and of the months, where all are true
VERDICTS = ("too_few", "undated_wins", "outside", "hardly", "by_chance", "holds")
MATERIAL = 0.05  # change of an agreed value that is worth a new one
DRIFT = [
    "assumption", "tier", "key", "unit", "agreed_value", "judged_value", "corrected_value", "reason",
    "measured", "low", "high", "n", "enough", "undated", "beyond", "verdict",
]  # fmt: skip


def drift(case: PeriodFacts) -> pd.DataFrame:
    """A plan's assumptions beside what was measured, whole and by tier.

    All assumptions are judged together (`estimates.discoveries`), so that where all of them are true one is
    called into question in one month of five at most; and by 5 % at least.

    Returns
    -------
    One row an assumption: `assumption` (a message), `tier` ("" where the plan names none), `key`, `unit`,
    `agreed_value`; `judged_value` (close rate and deal size of the cohorts old enough to
    judge, marketing share of the closings of the trailing periods); of close rates alone `corrected_value`
    (all trailing cohorts, corrected for their age; missing where there is a `reason`).
    `undated` tells that wins without a closing date leave a rate open: it is held against the range with and
    without them.
    What counts is the rate now (`rate_now`), else the judged value: `measured`, `n`, and where these are
    `enough` to judge, `low`, `high`, `beyond` (the agreed value is called into question), and `verdict` (a
    message).
    """
    rates = case.learnt.rates
    by_tier = case.recent_by_tier.set_index("tier")
    measured = {"": measured_rates(case.recent)}
    measured |= {tier: measured_rates(by_tier.loc[by_tier.index == tier]) for tier in case.goals.tiers}
    rows = []
    for tier, key, agreed in assumptions(case.goals):
        row = measured[tier][key]
        row |= {"judged_value": row["measured"], "reason": ""}
        lowered, raised = row["lowered"], row["raised"]
        row["undated"] = raised > 1 + UNDATED or lowered < 1 - UNDATED
        ends = [row["measured"], row["low"] / lowered, row["high"] / raised]
        row["chance"] = how_likely(_nearest(agreed, row["measured"], lowered, raised), *ends, level=LEVEL)
        if key == "close_rate" and tier in rates.index:
            row |= _corrected(rates.loc[tier])
            if row["enough"]:
                held = _nearest(agreed, row["measured"], lowered, raised)
                row |= rate_now(case.effects_by_tier[tier or None], row["measured"], held)
                row["high"] = min(row["high"] * raised, 1.0)
        names = {"assumption": named(tier, key), "tier": tier, "key": key, "unit": UNITS[key]}
        rows.append(names | {"agreed_value": agreed, **row})
    return judged_together(pd.DataFrame(rows)).reindex(columns=DRIFT)


def _nearest(agreed: float, measured: float, lowered: float, raised: float) -> float:
    """The agreed value as the records without the undated wins would show it: were some or all of these
    counted, the measured one would be from `lowered` to `raised` times as high."""
    if measured * lowered <= agreed <= measured * raised:
        return measured
    return agreed / (raised if agreed > measured else lowered)


def judged_together(frame: pd.DataFrame) -> pd.DataFrame:
    """The assumptions (`agreed_value`, `measured`, `low`, `high`, `chance`, `enough`) with `beyond` and
    `verdict`, all of them judged together."""
    agreed, enough = frame["agreed_value"], frame["enough"].astype(bool)
    called = discoveries(frame["chance"].where(enough).to_numpy(dtype=float), rate=FALSE_ALARMS)
    material = (frame["measured"] - agreed).abs() >= MATERIAL * agreed
    outside = enough & ~agreed.between(frame["low"], frame["high"])
    beyond = called & material
    undated = frame["undated"].astype(bool) & ~beyond if "undated" in frame else ~enough
    verdicts = np.select([~enough, undated, beyond, called, outside], VERDICTS[:-1], VERDICTS[-1])
    frame[["low", "high"]] = frame[["low", "high"]].astype(float).where(enough)
    return frame.assign(beyond=beyond, verdict=[Message(f"recalculation.{verdict}") for verdict in verdicts])


def rate_now(effects: MonthEffects, trailing: float, agreed: float) -> dict[str, float]:
    """Where a close rate is now, later cohorts counting for more: `measured`, `low`, `high`; and `chance`,
    how likely the records are if it is as agreed.

    The value is that of all trailing cohorts, unless the rate has left it: then that of the rate now.
    """
    now, low, high = effects.current(level=LEVEL)
    below = effects.chance_below(agreed)
    measured = trailing if low <= trailing <= high else now
    return {"measured": measured, "low": low, "high": high, "chance": 2 * min(below, 1 - below)}


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
    `high`, `n`, whether these are `enough` to judge, and the factors `lowered` and `raised` by which the
    wins without a date may change them."""
    row = recent.iloc[0] if len(recent) else pd.Series(float("nan"), index=recent.columns)
    enough = {
        "close_rate": row["leads"] >= ENOUGH_LEADS and row["customers"] >= ENOUGH_CUSTOMERS,
        "deal_size": row["priced"] >= ENOUGH_CUSTOMERS and pd.notna(row["deal_size_low"]),
        "marketing_share": row["all_deals"] >= ENOUGH_CUSTOMERS,
    }
    return {
        key: {
            "measured": row[key],
            "low": row[f"{key}_low"],
            "high": row[f"{key}_high"],
            "n": 0 if pd.isna(row[n]) else int(row[n]),
            "enough": bool(enough[key]) and pd.notna(row[key]),
            "lowered": float(row[f"{key}_lowered"]) if len(recent) else 1.0,
            "raised": float(row[f"{key}_raised"]) if len(recent) else 1.0,
        }
        for key, n in CASES.items()
    }


def _corrected(rate: Mapping) -> dict:
    """What a close rate corrected for age says in place of the plain one; only why not, where it is
    refused."""
    if rate["reason"]:
        return {"reason": rate["reason"]}
    enough = bool(rate["n"] >= ENOUGH_LEADS and rate["customers"] >= ENOUGH_CUSTOMERS)
    values = {"corrected_value": rate["corrected"], "n": int(rate["n"])}
    return values | {
        "measured": rate["corrected"],
        "low": rate["low"],
        "high": rate["high"],
        "enough": enough,
    }
