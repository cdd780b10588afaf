"""Where the records are too thin to say how leads were followed up."""

import pandas as pd

from slanb.dictionary.messages import Message
from slanb.facts.period import PeriodFacts

ASTRAY = 0.1  # share of the contacts that are with no lead on record, from which a headline names it


def unknown_lines(case: PeriodFacts) -> list[Message]:
    """Why nothing can be said of the follow-up; nothing where something can."""
    seen = case.follow_up
    if pd.notna(seen.known_from):
        return []
    if held := case.unread.get("activities"):
        return [Message("sales.attempts_unread", files=held)]
    if seen.of_no_lead:
        return [Message("sales.no_attempts_on_leads", n=seen.of_no_lead)]
    return [Message("sales.no_attempts")]


def astray_lines(case: PeriodFacts, *, at_least: float = 0.0) -> list[Message]:
    """How many contacts are with no lead on record, where they are more than a share of all."""
    lost, of = case.follow_up.of_no_lead, case.follow_up.contacts
    if pd.isna(case.follow_up.known_from) or not lost or lost < at_least * of:
        return []
    return [Message("sales.contacts_astray", n=lost, of=of)]
