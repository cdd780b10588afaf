"""Plain bullets: all of it, nothing to fold, nothing to decorate."""

from slanb.agreement.document import Bullets, Document, Heading, Part
from slanb.agreement.phrases import DocumentPhrases
from slanb.agreement.sections import document, sections


def bullets(say: DocumentPhrases) -> Document:
    """The agreement as plain bullets under short headings."""
    parts: list[Part] = []
    for section in sections(say):
        parts += [Heading(section.title, section.id), *section.tables]
        if section.points:
            parts.append(Bullets(section.points))
    return document(say, parts, term=False)
