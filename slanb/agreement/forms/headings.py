"""Headings with a short text each; the full details are folded behind it."""

from slanb.agreement.document import Bullets, Details, Document, Heading, Paragraph, Part
from slanb.agreement.phrases import DocumentPhrases
from slanb.agreement.sections import Section, document, sections


def headings(say: DocumentPhrases) -> Document:
    """The agreement as a page of short texts, each with its details."""
    parts: list[Part] = []
    for section in sections(say):
        parts.append(Heading(section.title, section.id))
        if section.short:
            parts.append(Paragraph(section.short))
        if details := _details(section):
            parts.append(Details(f"details-{section.id}", section.title, details))
    return document(say, parts, term=False)


def _details(section: Section) -> tuple[Part, ...]:
    """What the short text does not already say."""
    points = section.points if section.points[:1] != (section.short,) else section.points[1:]
    return (*section.tables, *([Bullets(points)] if points else []))
