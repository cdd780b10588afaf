"""A document as neutral parts: what is said, in which order and under which heading, but not in which format.

Part of `slanb.agreement`. Forms build documents of these parts, `markdown`, `html` and `word` write them. All
text is as people wrote it; each format escapes it in its own way.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

SHAPES = ("●", "■", "▲", "★", "✚")  # one a party; colour is never the only sign
SHARED = "◆"

Look = Literal["", "strong", "soft", "open"]


def said(text: object) -> str:
    """A text as any format can hold it: one line, without signs that no document may contain.

    >>> said("two\\nlines\\x07 and half a pair \\ud800")
    'two lines and half a pair \\ufffd'
    """
    kept = []
    for sign in str(text):
        kind = unicodedata.category(sign)
        impossible = kind == "Cs" or sign in "\ufffe\uffff"
        kept.append(" " if kind == "Cc" else "\ufffd" if impossible else sign)
    return re.sub(r"\s+", " ", "".join(kept)).strip()


@dataclass(frozen=True)
class Run:
    """A stretch of text. `open` is what is still to be filled in; `to` is the id of a part it leads to."""

    text: str
    look: Look = ""
    to: str = ""


Line = tuple[Run, ...]
Cell = tuple[Line, ...]


def line(*parts: str | Run) -> Line:
    """Parts as one line, a space between them; empty ones are left out.

    >>> [run.text for run in line("Leads:", "", Run("559", "strong"))]
    ['Leads:', '559']
    """
    runs = (part if isinstance(part, Run) else Run(part) for part in parts if part)
    clean = (Run(said(run.text), run.look, run.to) for run in runs)
    return tuple(run for run in clean if run.text)


def lines(texts: Iterable[str | Run | Line]) -> Cell:
    """Several texts or lines as the lines of a cell or list; empty ones are left out."""
    made = (text if isinstance(text, tuple) else line(text) for text in texts)
    return tuple(each for each in made if each)


@dataclass(frozen=True)
class Side:
    """A party as documents show it: the colour by its number, and a shape. `number` 0 is what is shared."""

    name: str
    number: int

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", said(self.name))

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

    text: str
    id: str
    level: Literal[2, 3] = 2

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", said(self.text))


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

    head: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    look: Literal["", "signatures"] = ""
    numbers: tuple[int, ...] = ()


@dataclass(frozen=True)
class Matrix:
    """Topics across sides: a column or a row belongs to a side and has its colour and shape.

    heads : of the columns. rows : each with its own head and one cell a column.
    """

    heads: tuple[str | Side, ...]
    rows: tuple[tuple[str | Side, tuple[Cell, ...]], ...]


@dataclass(frozen=True)
class Details:
    """What a reader opens who wants all of it: folded where the format can, else at the document's end."""

    id: str
    title: str
    parts: tuple["Part", ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "title", said(self.title))


Part = Paragraph | Heading | Bullets | Numbered | Table | Matrix | Details


@dataclass(frozen=True)
class Document:
    """A whole document.

    Parameters
    ----------
    title : its title.
    facts : short lines under the title: version, term, period.
    language, direction : of the reader, as `de-DE` and `ltr` or `rtl`.
    parts : in reading order.
    ending : the line at its foot.
    details_title, back : over the details where they stand at the end, and the way back from there.
    """

    title: str
    facts: tuple[str, ...]
    language: str
    direction: Literal["ltr", "rtl"]
    parts: tuple[Part, ...]
    ending: str
    details_title: str
    back: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "title", said(self.title))
        object.__setattr__(self, "facts", tuple(map(said, self.facts)))


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
    """A line's text alone."""
    return " ".join(run.text for run in runs)
