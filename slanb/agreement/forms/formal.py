"""Formal clauses: whereas ..., therefore ..., numbered, with times, dates and firm expectations.

Part of `slanb.agreement`.
"""

from slanb.agreement.document import Document, Heading, Line, Numbered, Paragraph, Part, Run, line, text_of
from slanb.agreement.phrases import Phrases
from slanb.agreement.sections import document, sections, signatures


def formal(say: Phrases) -> Document:
    """The agreement as a contract of numbered clauses."""
    text = say.words.text
    parts: list[Part] = [Paragraph(_parties(say), "lead"), *_whereas(say)]
    parts.append(Paragraph(line(Run(text("Therefore the parties agree:"), "strong"))))
    for number, section in enumerate(sections(say), start=1):
        title = f"{say.words.number(number)}. {section.title}"
        items = tuple(
            (f"{say.words.number(number)}.{say.words.number(place)}", point)
            for place, point in enumerate(section.points, start=1)
        )
        parts += [Heading(title, section.id), *([Numbered(items)] if items else []), *section.tables]
    parts.append(Heading(text("Signatures"), "approvals"))
    parts.append(Paragraph(line(text("Signed for the parties:"))))
    kind = {
        "customer": text("Service-level agreement with a customer"),
        "internal": text("Service-level agreement between departments"),
        "multilevel": text("Service-level agreement of several parties"),
    }[say.agreement.kind]
    title = text("{kind}: {title}", kind=kind, title=say.agreement.title)
    return document(say, [*parts, signatures(say)], title=title, term=True)


def _parties(say: Phrases) -> Line:
    roles = {
        "marketing": say.words.text("marketing"),
        "sales": say.words.text("sales"),
        "service": say.words.text("service"),
        "supplier": say.words.text("the supplier"),
        "customer": say.words.text("the customer"),
    }
    named = [
        f"{party.name} (“{roles[party.role]}”)"
        if party.role in roles and party.name.casefold() != party.role
        else party.name
        for party in say.agreement.parties
    ]
    return line(say.words.text("This agreement is made between {parties}.", parties=say.words.join(named)))


def _whereas(say: Phrases) -> list[Paragraph]:
    """Why there is an agreement; each reason ends in a comma or semicolon, as contracts have it."""
    reasons = say.agreement.background
    said = []
    for place, reason in enumerate(reasons):
        mark = ";" if place < len(reasons) - 1 else ","
        runs = line(Run(say.words.text("Whereas"), "strong"), reason.rstrip(".;,") + mark)
        if text_of(runs):
            said.append(Paragraph(runs))
    return said
