"""Names and texts put into SQL safely.

Floor 2. Column names come from people's files and cannot be bound as parameters.
"""

from collections.abc import Iterable


def name(text: str) -> str:
    """A column's or table's name as SQL writes it.

    >>> print(name('Close "Date"'))
    "Close ""Date\"""
    """
    return '"' + text.replace('"', '""') + '"'


def literal(text: str) -> str:
    """Text as SQL writes it.

    >>> print(literal("l'offre"))
    'l''offre'
    """
    return "'" + text.replace("'", "''") + "'"


def listed(texts: Iterable[str]) -> str:
    """Texts as the inside of `in (...)`; none matches nothing.

    >>> listed(["a", "b"]), listed([])
    ("'a', 'b'", 'null')
    """
    return ", ".join(literal(text) for text in texts) or "null"


def names(texts: Iterable[str]) -> str:
    """Column names, separated by commas.

    >>> names(["lead_id", "Close Date"])
    '"lead_id", "Close Date"'
    """
    return ", ".join(name(text) for text in texts)
