"""Formal clauses: whereas ..., therefore ..., numbered, with times, dates and firm expectations."""

from slanb.agreement.document import Document, Heading, Line, Numbered, Paragraph, Part, line
from slanb.agreement.phrases import DocumentPhrases, strong
from slanb.agreement.sections import document, sections
from slanb.dictionary.messages import Message
from slanb.dictionary.wording import Wording
from slanb.terms.phrases import Phrase
from slanb.terms.promises import Party

ROLES = ("marketing", "sales", "service", "supplier", "customer")


def formal(say: DocumentPhrases) -> Document:
    """The agreement as a contract of numbered clauses."""
    parts: list[Part] = [Paragraph(_parties(say), "lead"), *_whereas(say)]
    parts.append(Paragraph(line(strong(Message("agreement.therefore")))))
    for number, section in enumerate(sections(say), start=1):
        title = Message("agreement.section", n=number, title=section.title)
        items = tuple(
            (Message("agreement.item", section=number, place=place), point)
            for place, point in enumerate(section.points, start=1)
        )
        parts += [Heading(title, section.id), *([Numbered(items)] if items else []), *section.tables]
    title = Message(f"agreement.formal_{say.agreement.kind}", title=say.agreement.title)
    return document(say, parts, title=title, sign_title=Message("agreement.signed_for"))


def _parties(say: DocumentPhrases) -> Line:
    return line(
        Message("agreement.made_between", parties=[_named(party, say) for party in say.agreement.parties])
    )


def _named(party: Party, say: DocumentPhrases) -> Phrase:
    """A party with its role, unless it is called by it."""
    if party.role not in ROLES:
        return party.name
    role = Message(f"agreement.role_{party.role}")
    called = (party.role, Wording(say.agreement.language).say(role).casefold())
    return (
        party.name
        if party.name.casefold() in called
        else Message("agreement.party", name=party.name, role=role)
    )


def _whereas(say: DocumentPhrases) -> list[Paragraph]:
    """Why there is an agreement; a semicolon after each reason, a comma after the last, as contracts do."""
    reasons = [reason.rstrip(".;,") for reason in say.agreement.background]
    ends = ["reason"] * (len(reasons) - 1) + ["last_reason"]
    return [
        Paragraph(line(strong(Message("agreement.whereas")), Message(f"agreement.{end}", reason=reason)))
        for reason, end in zip(reasons, ends, strict=False)
    ]
