"""The next period's parameters as the records would have them, and what each change does to its leads
goal."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from slanb.dictionary.messages import Message
from slanb.errors import SlanbError
from slanb.facts.period import PeriodFacts
from slanb.periods import grain, label
from slanb.recalculation.drift import assumptions
from slanb.terms import merged, render_overlay
from slanb.terms.goals import goals_of

DIGITS = {"marketing_share": 3, "close_rate": 4, "deal_size": 0}
CHANGES = [
    "assumption", "tier", "key", "unit", "planned", "proposed_value", "proposed", "n", "reason",
    "why_proposed", "leads_with_it", "leads_change",
]  # fmt: skip


@dataclass(frozen=True)
class Proposal:
    """What is proposed for the next period.

    period : its label; None where nothing can be proposed: the agreement does not reach it, or is not
        measured in periods of this length.
    changes : what each change alone does: `assumption` (a message), `tier`, `key`, `unit`, `planned`
        (for the next period), `proposed_value`, `proposed` (it with all its decimals, a message), `n`
        (cases), `reason`, `why_proposed` (it, as a message), `leads_with_it` (leads goal with it alone),
        `leads_change`.
    overlay : the proposed parameters.
    leads_planned, leads_proposed : the leads goal as planned, and with all changes together.
    files : the parameters as the file a person reads, edits and adopts, by its name.
    judged : whether any assumption could be judged.
    """

    period: str | None
    changes: pd.DataFrame
    overlay: dict
    leads_planned: float = math.nan
    leads_proposed: float = math.nan
    files: Mapping[str, str] = field(default_factory=dict)
    judged: bool = True


def propose(case: PeriodFacts, drift: pd.DataFrame) -> Proposal:
    """The assumptions proposed for the next period that differ from its plan, and the parameters they make.

    A measured value replaces an agreed one only where the agreed one lies outside its interval and there
    is enough to judge (`drift`), and not where undated wins leave only the low end of a rate; otherwise what
    is in force now goes on.
    """
    terms, upcoming = case.terms, case.period + 1
    if grain(case.period) != terms.agreement.measure or not terms.is_in_force(upcoming):
        return Proposal(None, pd.DataFrame(columns=CHANGES), {})
    planned = {(tier, key): value for tier, key, value in assumptions(goals_of(terms, upcoming))}
    before = goals_of(terms, upcoming).total["leads"]
    rows, overlay = [], terms.overlay(upcoming)
    for row in drift.to_dict("records"):
        place = (row["tier"], row["key"])
        beyond = row["beyond"] and not row["undated"]  # from a low end nothing is proposed
        value = row["measured"] if beyond else row["agreed_value"]
        proposed = round(value, DIGITS[row["key"]])
        if place not in planned or abs(proposed - planned[place]) < 10.0 ** -(DIGITS[row["key"]] + 1):
            continue
        change = {"tiers": {row["tier"]: {row["key"]: proposed}}} if row["tier"] else {row["key"]: proposed}
        try:
            leads = goals_of(terms, upcoming, change).total["leads"]
        except SlanbError:  # no plan can hold it, as where a segment's share would pass 1; the drift says it
            continue
        values = {"planned": planned[place], "proposed_value": proposed}
        values |= {"leads_with_it": leads, "leads_change": leads - before}
        values["proposed"] = Message(f"recalculation.proposed_{row['unit']}", value=proposed)
        values["reason"] = "measured" if beyond else "in force now"
        values["why_proposed"] = Message(f"recalculation.why_{values['reason'].replace(' ', '_')}")
        rows.append(row | values)
        overlay = merged(overlay, change)
    changes = pd.DataFrame(rows, columns=CHANGES)
    return Proposal(
        label(upcoming),
        changes,
        overlay,
        leads_planned=before,
        leads_proposed=goals_of(terms, upcoming, overlay).total["leads"],
        judged=bool(drift["enough"].any()),
        files={f"proposed-{label(upcoming)}.yml": _written(overlay, changes, label(upcoming), case.label)},
    )


def _written(overlay: dict, changes: pd.DataFrame, upcoming: str, recalculated_from: str) -> str:
    """The proposed parameters as commented YAML."""
    if not overlay:
        return f"# No change is proposed for {upcoming}, recalculated from {recalculated_from}.\n"
    header = [
        f"Parameters proposed for {upcoming}, recalculated from {recalculated_from}.",
        f"To adopt them, read them, then: slanb adopt {upcoming}",
    ]
    comments = {
        ".".join(["tiers", row["tier"], row["key"]] if row["tier"] else [row["key"]]): (
            f"{row['reason']}; planned was {row['planned']:.6g}; n = {row['n']}; "
            f"this change alone: {row['leads_change']:+.0f} leads"
        )
        for row in changes.to_dict("records")
    }
    return render_overlay(overlay, header=header, comments=comments)
