"""Good practice, checked: what an agreement lacks or will suffer from, with the reason and a proposal.

Part of `slanb.agreement`. A finding is no mistake: the agreement is valid, and people may have their reasons.
"""

from collections.abc import Sequence

import pandas as pd

from slanb.agreement.finding import Finding
from slanb.agreement.lint_numbers import capacity, certainty, held_against, sides_add_up
from slanb.agreement.lint_parts import metrics, missing, nines, wording
from slanb.agreement.phrases import Phrases
from slanb.terms import Terms
from slanb.terms.targets import targets_of


def lint(terms: Terms, period: pd.Period, history: pd.DataFrame | None = None) -> list[Finding]:
    """Everything good practice finds in the agreement as in force in a period, the gravest first.

    Parameters
    ----------
    terms : the agreement with its overlays.
    period : whose terms and numbers are looked at.
    history : what past periods brought, one row a clause and judged period, oldest first: `clause`, `value`,
        `verdict` (kept, missed, pending, not measurable). Left out, nothing is held against history.
    """
    targets = targets_of(terms, period)
    say = Phrases(targets, terms.wording())
    found = [
        *sides_add_up(targets, say),
        *capacity(targets, say),
        *certainty(targets, say),
        *([] if history is None else held_against(targets, say, history)),
        *metrics(targets, say),
        *wording(targets, say),
        *missing(targets, say, period),
        *nines(targets, say),
    ]
    return sorted(found, key=lambda finding: finding.note)


def findings_frame(findings: Sequence[Finding]) -> pd.DataFrame:
    """The findings as a table: `place`, `rule`, `says`, `why`, `propose`."""
    columns = ["place", "rule", "says", "why", "propose"]
    rows = [{column: getattr(finding, column) for column in columns} for finding in findings]
    return pd.DataFrame(rows, columns=columns)


def shown(findings: Sequence[Finding]) -> str:
    """The findings as text, each with its reason and proposal."""
    return "\n\n".join(
        f"{finding.place} ({finding.rule}): {finding.says}\n    {finding.why}\n    → {finding.propose}"
        for finding in findings
    )
