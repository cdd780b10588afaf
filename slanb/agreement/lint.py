"""Good practice, checked: what an agreement lacks or will suffer from, with the reason and a proposal.

A finding is no mistake: the agreement is valid, and people may have their reasons.
"""

from collections.abc import Sequence

import pandas as pd

from slanb.agreement.advice import Advice
from slanb.agreement.lint_numbers import (
    capacity,
    goal_certainty,
    held_against,
    promised_bandwidth,
    sides_add_up,
)
from slanb.agreement.lint_parts import metrics, missing, nines, vague
from slanb.dictionary.wording import Wording
from slanb.facts.capacity import Bandwidth
from slanb.facts.chance import Certainty, certain
from slanb.facts.period import PeriodFacts
from slanb.terms import Terms
from slanb.terms.phrases import Phrases
from slanb.terms.targets import targets_of


def lint(
    terms: Terms,
    period: pd.Period,
    history: pd.DataFrame | None = None,
    *,
    bandwidth: Bandwidth | None = None,
    certainty: Certainty | None = None,
) -> list[Advice]:
    """Everything good practice finds in the agreement as in force in a period, the gravest first.

    Parameters
    ----------
    terms : the agreement with its overlays.
    period : whose terms and numbers are looked at.
    history : what earlier periods brought, one row a clause and judged period, oldest first: `clause`,
        `value`, `verdict` (kept, missed, pending, not measurable). Left out, nothing is held against history.
    bandwidth : whether the follow-up fits, by the records; left out, every promised attempt is counted.
    certainty : how sure the goals are; left out, it is reckoned from the agreed rates.
    """
    targets = targets_of(terms, period)
    say, goals, plan = Phrases(targets), targets.goals, targets.plan
    if goals is not None and plan is not None:
        certainty = certainty or certain(goals, plan.confidence, of=("customers",))
    findings = [
        *sides_add_up(say),
        *capacity(say, bandwidth, promised_bandwidth(terms, targets)),
        *goal_certainty(say, certainty),
        *([] if history is None else held_against(say, history)),
        *metrics(say),
        *vague(say),
        *missing(say),
        *nines(say),
    ]
    return sorted(findings, key=lambda finding: finding.note)


def lint_records(case: PeriodFacts, history: pd.DataFrame | None = None) -> list[Advice]:
    """What good practice finds in the agreement of a period with records (`lint`)."""
    if case.agreement.plan is None:
        return lint(case.terms, case.period, history)
    return lint(case.terms, case.period, history, bandwidth=case.bandwidth, certainty=case.certainty)


def findings_frame(findings: Sequence[Advice]) -> pd.DataFrame:
    """The findings as a table: `place`, `rule`, `says`, `why`, `propose`."""
    columns = ["place", "rule", "says", "why", "propose"]
    rows = [{column: getattr(finding, column) for column in columns} for finding in findings]
    return pd.DataFrame(rows, columns=columns)


def shown(findings: Sequence[Advice], words: Wording) -> str:
    """The findings as text, each with its reason and proposal."""
    return "\n\n".join(
        f"{finding.place} ({finding.rule}): {words.say(finding.says)}\n"
        f"    {words.say(finding.why)}\n    → {words.say(finding.propose)}"
        for finding in findings
    )
