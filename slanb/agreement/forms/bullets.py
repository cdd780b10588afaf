"""Plain bullets: all of it, nothing to fold, nothing to decorate.

Part of `slanb.agreement`.
"""

from slanb.agreement.document import Bullets, Document, Heading, Part
from slanb.agreement.phrases import Phrases
from slanb.agreement.sections import document, sections, signatures


def bullets(say: Phrases) -> Document:
    """The agreement as plain bullets under short headings."""
    parts: list[Part] = []
    for section in sections(say):
        parts += [Heading(section.title, section.id), *section.tables]
        if section.points:
            parts.append(Bullets(section.points))
    title = say.words.text("Approvals")
    return document(say, [*parts, Heading(title, "approvals"), signatures(say)], term=False)
