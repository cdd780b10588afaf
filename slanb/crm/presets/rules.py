"""A preset's rules in words, as they are in force.

Floor 2.
"""

from collections.abc import Iterator

from slanb.crm.presets import hubspot
from slanb.crm.presets.people import PERSON_RULE
from slanb.crm.presets.settings import PresetMapping


def rules_in_words(settings: PresetMapping, gate: str) -> Iterator[str]:
    """One sentence a rule; `gate` as `Preparation.gate` gives it."""
    of_hubspot = settings.preset == "hubspot"
    yield PERSON_RULE
    yield {
        "date": "A lead is presented to sales on the date in its hand-off column; without it, nurtured.",
        "score": "A lead is presented to sales from a score of "
        f"{settings.qualified_score.at_least if settings.qualified_score else 0:g}; below, it is nurtured.",
        "stage": "A lead is presented to sales when it first reaches one of these stages: "
        + ", ".join(hubspot.qualified(settings) if of_hubspot else settings.qualified or ())
        + "; before that it is nurtured.",
        "": "Every lead is presented to sales when it is created.",
    }[gate]
    if settings.again_after_days is None:
        yield "A person is one lead, however often it comes back."
    else:
        yield (
            f"A person who converts again more than {settings.again_after_days:g} days after the last time "
            "is a new lead."
        )
    yield (
        "A touch is a call that went out, a mail that was sent, a message or a meeting that took place; "
        "tasks, notes, planned meetings and bounced mails are none."
    )
    if settings.connected_call_seconds is not None:
        yield f"A call without a result is a conversation from {settings.connected_call_seconds:g} seconds."
    yield {
        "first_source": "A deal is marketing's if its lead's first source is.",
        "deal_source": "A deal is marketing's if its own source is.",
        "contact_role": "A deal is marketing's if the source of any contact on it is.",
    }.get(settings.sourced_by, f"Every lead and deal is taken for {settings.sourced_by}'s.")
