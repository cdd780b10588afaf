"""A document as neutral parts: what it says, in which order and under which heading, in no format yet.

Forms build documents of these parts out of messages and of texts that people wrote; `spoken` puts them into
the reader's language, and then `markdown`, `html` and `word` write them, each escaping in its own way.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any, Literal

from slanb.dictionary.messages import Message
from slanb.dictionary.wording import Wording
from slanb.terms.phrases import Phrase

SHAPES = ("●", "■", "▲", "★", "✚")  # one a party; colour is never the only sign
SHARED = "◆"
BROAD = 4  # columns of a matrix, from which on the page lies on its side

Look = Literal["", "strong", "soft", "open"]


def one_line(text: str) -> str:
    """A text as any format can hold it: one line, without signs that no document may contain.

    >>> one_line("two\\nlines\\x07 and half a pair \\ud800")
    'two lines and half a pair \\ufffd'
    """
    kept = []
    for sign in text:
        kind = unicodedata.category(sign)
        impossible = kind == "Cs" or sign in "\ufffe\uffff"
        kept.append(" " if kind == "Cc" else "\ufffd" if impossible else sign)
    return re.sub(r"\s+", " ", "".join(kept)).strip()


@dataclass(frozen=True)
class Run:
    """A stretch of text; `open` is what is still to be filled in."""

    text: Phrase
    look: Look = ""


Line = tuple[Run, ...]
Cell = tuple[Line, ...]


def line(*parts: Phrase | Run | Line) -> Line:
    """Parts as one line, a space between them; empty ones are left out.

    >>> [run.text for run in line("Leads:", "", Run("559", "strong"))]
    ['Leads:', '559']
    """
    runs: list[Run] = []
    for part in parts:
        runs += part if isinstance(part, tuple) else [part if isinstance(part, Run) else Run(part)]
    return tuple(run for run in runs if isinstance(run.text, Message) or one_line(run.text))


def lines(texts: Iterable[Phrase | Run | Line]) -> Cell:
    """Several texts or lines as the lines of a cell or list; empty ones are left out."""
    made = (text if isinstance(text, tuple) else line(text) for text in texts)
    return tuple(each for each in made if each)


@dataclass(frozen=True)
class Side:
    """A party as documents show it: the colour by its number, and a shape. `number` 0 is what is shared."""

    name: Phrase
    number: int

    @property
    def shape(self) -> str:
        """The sign that goes with the name."""
        return SHAPES[(self.number - 1) % len(SHAPES)] if self.number else SHARED


@dataclass(frozen=True)
class Paragraph:
    """One paragraph; `lead` is the document's opening, `note` is small print."""

    line: Line
    look: Literal["", "lead", "note"] = ""


@dataclass(frozen=True)
class Heading:
    """A heading of level 2 or 3; its id is unique in the document."""

    text: Phrase
    id: str
    level: Literal[2, 3] = 2


@dataclass(frozen=True)
class Bullets:
    """A plain list."""

    items: Cell


@dataclass(frozen=True)
class Numbered:
    """Paragraphs with numbers of their own, as `2.1`."""

    items: tuple[tuple[str, Line], ...]


@dataclass(frozen=True)
class Table:
    """A table with a heading for each column; the first cell of a row says what the row is.

    numbers : columns that hold numbers, to be set to the right. `signatures` leaves room to write.
    """

    head: tuple[Phrase, ...]
    rows: tuple[tuple[Cell, ...], ...]
    look: Literal["", "signatures"] = ""
    numbers: tuple[int, ...] = ()


@dataclass(frozen=True)
class Matrix:
    """Topics across sides: a column or a row belongs to a side and has its colour and shape.

    heads : of the columns. rows : each with its own head and one cell a column.
    """

    heads: tuple[Phrase | Side, ...]
    rows: tuple[tuple[Phrase | Side, tuple[Cell, ...]], ...]


@dataclass(frozen=True)
class Details:
    """What a reader opens who wants all of it: folded where the format can, else at the document's end."""

    id: str
    title: Phrase
    parts: tuple["Part", ...]


@dataclass(frozen=True)
class Together:
    """What stays on one page, where that is large enough: signatures with what they are under."""

    parts: tuple["Part", ...]


Part = Together | Paragraph | Heading | Bullets | Numbered | Table | Matrix | Details


@dataclass(frozen=True)
class Document:
    """A whole document.

    Parameters
    ----------
    title : its title.
    facts : short lines under the title: version, term, period.
    parts : in reading order.
    ending : the line at its foot.
    details_title, back : over the details where they stand at the end, and the way back from there.
    language, direction : of the reader, as `de-DE` and `ltr` or `rtl`.
    """

    title: Phrase
    facts: tuple[Phrase, ...]
    parts: tuple[Part, ...]
    ending: Phrase
    details_title: Phrase
    back: Phrase
    language: str = "en"
    direction: Literal["ltr", "rtl"] = "ltr"


def spoken(document: Document, words: Wording) -> Document:
    """The document with its messages put into words, all of its text in single lines."""
    return replace(_spoken(document, words), language=words.tag, direction=words.direction)


def _spoken(part: Any, words: Wording) -> Any:
    if isinstance(part, Message):
        return one_line(words.say(part))
    if isinstance(part, str):
        return one_line(part)
    if isinstance(part, tuple):
        return tuple(_spoken(each, words) for each in part)
    if is_dataclass(part):
        return replace(part, **{key.name: _spoken(getattr(part, key.name), words) for key in fields(part)})
    return part


def is_broad(part: Part) -> bool:
    """Whether a part needs a page on its side: a matrix of many columns."""
    return isinstance(part, Matrix) and len(part.heads) >= BROAD


def is_rtl(text: str, default: bool = False) -> bool:
    """Whether a text runs from right to left, by its first letter that runs either way.

    >>> is_rtl("שלום"), is_rtl("(SLA) שלום"), is_rtl("12")
    (True, False, False)
    """
    for sign in text:
        kind = unicodedata.bidirectional(sign)
        if kind in ("L", "R", "AL"):
            return kind != "L"
    return default


def text_of(runs: Line) -> str:
    """The text alone of a line in words."""
    return " ".join(run.text for run in runs)
