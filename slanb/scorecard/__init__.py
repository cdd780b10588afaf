"""The agreement judged clause by clause over its last periods, and what follows from it by its own rules.

`review` judges; the other functions show one scorecard: sentences as messages, tables as frames, and cards.
Verdicts come from figures slanb computes or from measurement files, each by the terms in force in its span;
remedies, make-up plans and the agreement's end are computed from those.
"""

from slanb.scorecard.card import Scorecard, review
from slanb.scorecard.sentences import address, celebrate, follows, rules_summary, summary, to_make_up
from slanb.scorecard.shown import (
    Cards,
    endings,
    exceptions,
    for_leaders,
    history,
    limits,
    obligations,
    promises,
    remedies,
    repairs,
)

__all__ = [
    "Cards",
    "Scorecard",
    "address",
    "celebrate",
    "endings",
    "exceptions",
    "follows",
    "for_leaders",
    "history",
    "limits",
    "obligations",
    "promises",
    "remedies",
    "repairs",
    "review",
    "rules_summary",
    "summary",
    "to_make_up",
]
