"""The agreed assumptions beside what the records support: which of them no longer hold.

Part of `slanb.recalculation`.
"""

from collections.abc import Mapping

import pandas as pd

from slanb.dictionary.wording import Wording
from slanb.terms.goals import Goals

ENOUGH_LEADS, ENOUGH_CUSTOMERS = 30, 5
NAMES = {"marketing_share": "Marketing share", "close_rate": "Close rate", "deal_size": "Deal size"}
UNITS = {"marketing_share": "share", "close_rate": "share", "deal_size": "money"}
MEASURED = {  # where each is found in `track`, and the cases behind it
    "close_rate": ("close_rate", "leads"),
    "deal_size": ("deal_size", "priced"),
    "marketing_share": ("marketing_share", "all_deals"),
}
DRIFT = [
    "assumption", "tier", "key", "unit", "agreed", "plain", "corrected", "reason", "measured", "low", "high",
    "n", "enough", "beyond",
]  # fmt: skip


def named(row: Mapping, words: Wording) -> str:
    """An assumption's name with its tier: “Close rate, tier B”."""
    name = words.text(row["assumption"])
    return words.text("{name}, tier {tier}", name=name, tier=row["tier"]) if row["tier"] else name


def assumptions(goals: Goals) -> list[tuple[str, str, float]]:
    """The assumptions of a plan as (tier, key, value); the tier is "" where the plan names none."""
    rows = [("", "marketing_share", goals.total["marketing_share"])]
    for part in goals.by("tier").to_dict("records"):
        rows += [(part["tier"], key, part[key]) for key in ("close_rate", "deal_size")]
    return rows


def drift_of(
    goals: Goals, recent: pd.DataFrame, tiers: pd.DataFrame, aged: Mapping[str, pd.Series]
) -> pd.DataFrame:
    """A plan's assumptions beside the measured rates, whole (`recent`) and by tier; see `Recalculation`.

    `aged` holds by tier ("" the whole) the close rate corrected for age (`evidence.corrected_rate`): it is
    what is measured, unless there is a reason not to correct.
    """
    found_by_tier = {"": measured_rates(recent)}
    found_by_tier |= {tier: measured_rates(tiers[tiers["tier"] == tier]) for tier in goals.tiers}
    rows = []
    for tier, key, agreed in assumptions(goals):
        found = found_by_tier[tier][key]
        found |= {"plain": found["measured"], "corrected": float("nan"), "reason": ""}
        if key == "close_rate" and tier in aged:
            found |= _aged(aged[tier])
        beyond = found["enough"] and not found["low"] <= agreed <= found["high"]
        rows.append(
            {"assumption": NAMES[key], "tier": tier, "key": key, "unit": UNITS[key]}
            | {"agreed": agreed, "beyond": beyond, **found}
        )
    return pd.DataFrame(rows, columns=DRIFT)


def _aged(row: pd.Series) -> dict:
    """What the corrected close rate says in place of the plain one; only why not, where it is refused."""
    if row["reason"]:
        return {"reason": row["reason"]}
    return {
        "corrected": row["corrected"],
        "reason": "",
        "measured": row["corrected"],
        "low": row["low"],
        "high": row["high"],
        "n": int(row["n"]),
        "enough": bool(row["n"] >= ENOUGH_LEADS and row["customers"] >= ENOUGH_CUSTOMERS),
    }


def measured_rates(row: pd.DataFrame) -> dict[str, dict]:
    """The three assumptions as the records have them, with interval, n and whether that is enough."""
    row = row.iloc[0] if len(row) else pd.Series(float("nan"), index=row.columns)
    enough_leads = row["leads"] >= ENOUGH_LEADS and row["customers"] >= ENOUGH_CUSTOMERS
    enough_deals = row["priced"] >= ENOUGH_CUSTOMERS
    enough_closed = row["all_deals"] >= ENOUGH_CUSTOMERS
    enough = {"close_rate": enough_leads, "deal_size": enough_deals, "marketing_share": enough_closed}
    return {
        key: {
            "measured": row[column],
            "low": row[f"{column}_low"],
            "high": row[f"{column}_high"],
            "n": 0 if pd.isna(row[n]) else int(row[n]),
            "enough": bool(enough[key]),
        }
        for key, (column, n) in MEASURED.items()
    }
