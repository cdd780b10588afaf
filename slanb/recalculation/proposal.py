"""The next period's parameters as the records would have them, and what each change does to its leads goal.

Part of `slanb.recalculation`.
"""

import pandas as pd

from slanb.recalculation.drift import assumptions
from slanb.terms import Terms, merged, render_overlay
from slanb.terms.goals import goals_of

DIGITS = {"marketing_share": 3, "close_rate": 4, "deal_size": 0}
CHANGES = ["assumption", "tier", "key", "unit", "agreed", "proposed", "n", "reason", "leads", "change"]


def propose(terms: Terms, upcoming: pd.Period, drift: pd.DataFrame) -> tuple[pd.DataFrame, dict]:
    """The assumptions proposed for the next period that differ from its plan, and the overlay they make.

    A measured value replaces an agreed one only where the agreed one lies outside its interval and there
    is enough to judge; otherwise what is in force now goes on.
    """
    planned = {(tier, key): value for tier, key, value in assumptions(goals_of(terms, upcoming))}
    before = goals_of(terms, upcoming).total["leads"]
    rows, overlay = [], terms.overlay(upcoming)
    for row in drift.to_dict("records"):
        place = (row["tier"], row["key"])
        proposed = round(row["measured"] if row["beyond"] else row["agreed"], DIGITS[row["key"]])
        if place not in planned or abs(proposed - planned[place]) < 10.0 ** -(DIGITS[row["key"]] + 1):
            continue
        change = {"tiers": {row["tier"]: {row["key"]: proposed}}} if row["tier"] else {row["key"]: proposed}
        leads = goals_of(terms, upcoming, change).total["leads"]
        found = {"agreed": planned[place], "proposed": proposed, "leads": leads, "change": leads - before}
        rows.append(row | found | {"reason": "measured" if row["beyond"] else "in force now"})
        overlay = merged(overlay, change)
    return pd.DataFrame(rows, columns=CHANGES), overlay


def written(overlay: dict, changes: pd.DataFrame, *, of: str, recalculated_from: str) -> str:
    """The proposed parameters as commented YAML, for a person to read, edit and adopt.

    Parameters
    ----------
    overlay, changes : from `propose`.
    of, recalculated_from : labels of the period the parameters are for, and of the one they come from.
    """
    header = [
        f"Parameters proposed for {of}, recalculated from {recalculated_from}.",
        f"To adopt them, read them, then: slanb adopt {of}",
    ]
    comments = {
        ".".join(["tiers", row["tier"], row["key"]] if row["tier"] else [row["key"]]): (
            f"{row['reason']}; planned was {row['agreed']:.6g}; n = {row['n']}; "
            f"this change alone: {row['change']:+.0f} leads"
        )
        for row in changes.to_dict("records")
    }
    return render_overlay(overlay, header=header, comments=comments)
