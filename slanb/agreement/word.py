"""A document as DOCX, for people who sign and comment in a word processor.

The same document gives the same bytes: no clock is read.
"""

import io
import zipfile
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import docx
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Emu

from slanb.agreement.document import (
    Bullets,
    Cell,
    Details,
    Document,
    Heading,
    Line,
    Matrix,
    Numbered,
    Paragraph,
    Part,
    Run,
    Side,
    Table,
    Together,
    is_broad,
    is_rtl,
    text_of,
)
from slanb.agreement.word_styles import INK, RUNS, define

LINE = "D9DEE4"
SIDES = ("0B5394", "9A4A00", "1B6E3C", "7A2F7F", "8A6D00")
TINTS = ("EAF2FA", "FDF2E6", "E9F5ED", "F6ECF7", "FAF5DF")
SHARED, SHARED_TINT = "45505C", "F0F2F4"
EPOCH = datetime(2000, 1, 1)
AFTER_BIDI = ("w:spacing", "w:ind", "w:contextualSpacing", "w:jc", "w:rPr")  # the format fixes an order


def render(document: Document) -> bytes:
    """The whole document, with the details at its end."""
    return _Writer(document).bytes()


def _colours(side: str | Side) -> tuple[str, str]:
    if not isinstance(side, Side):
        return INK, "FFFFFF"
    if not side.number:
        return SHARED, SHARED_TINT
    place = (side.number - 1) % len(SIDES)
    return SIDES[place], TINTS[place]


class _Writer:
    """One document on its way into a file."""

    def __init__(self, document: Document):
        self.document, self.folded, self.marks = document, [], 0
        self.file = docx.Document()
        self._set_up()
        self._paragraph((Run(document.title),), "Title")
        for fact in document.facts:
            self._paragraph((Run(fact),), "Fact")
        for part in document.parts:
            self._add(part)
        self._paragraph((Run(document.ending),), "Fact")
        self._details()

    def bytes(self) -> bytes:
        """The file, its entries dated alike."""
        held = io.BytesIO()
        self.file.save(held)
        made = io.BytesIO()
        with zipfile.ZipFile(held) as before, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as after:
            for name in before.namelist():
                entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
                after.writestr(entry, before.read(name), zipfile.ZIP_DEFLATED)
        return made.getvalue()

    # -- the page

    def _set_up(self) -> None:
        section = self.file.sections[0]
        sides = (Cm(21), Cm(29.7))
        if any(map(is_broad, self.document.parts)):
            section.orientation, sides = WD_ORIENT.LANDSCAPE, sides[::-1]
        section.page_width, section.page_height = sides
        section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Cm(2)
        define(self.file, {"Link": SIDES[0], "On colour": "FFFFFF"})
        about = self.file.core_properties
        about.title, about.author, about.comments = self.document.title[:255], "slanb", ""
        about.created = about.modified = EPOCH
        about.language = self.document.language

    # -- its parts

    def _add(self, part: Part) -> None:
        match part:
            case Together(parts):
                self._together(parts)
            case Paragraph(runs, look):
                self._paragraph(runs, "Lead" if look == "lead" else None)
            case Heading(text, id_, level):
                self._mark(self._paragraph((Run(text),), f"Heading {level}"), id_)
            case Bullets(items):
                for item in items:
                    self._paragraph(item, "List Bullet")
            case Numbered(items):
                for number, item in items:
                    self._numbered(number, item)
            case Table():
                self._table(part)
            case Matrix():
                self._matrix(part)
            case Details(id_):
                self.folded.append(part)
                self._link(self._paragraph(()), f"→ {self.document.details_title}", id_)

    def _details(self) -> None:
        if not self.folded:
            return
        title = self._paragraph((Run(self.document.details_title),), "Heading 2")
        title.paragraph_format.page_break_before = True
        for details in list(self.folded):
            self._mark(self._paragraph((Run(details.title),), "Heading 3"), details.id)
            for part in details.parts:
                self._add(part)
            back = details.id.removeprefix("details-")
            self._link(self._paragraph(()), f"↑ {self.document.back}", back)

    def _paragraph(self, runs: Line, style: str | None = None) -> Any:
        return self._fill(self.file.add_paragraph(style=style), runs)

    def _fill(self, paragraph: Any, runs: Line, style: str = "") -> Any:
        """The runs in a paragraph, in a style of runs or in that of each one's look."""
        if is_rtl(text_of(runs), self.document.direction == "rtl"):
            paragraph._p.get_or_add_pPr().insert_element_before(_element("w:bidi"), *AFTER_BIDI)
        for place, run in enumerate(runs):
            made = paragraph.add_run(run.text + (" " if place < len(runs) - 1 else ""))
            named = style or (RUNS[run.look][0] if run.look else "")
            if named:
                made.style = self.file.styles[named]
            if is_rtl(run.text):
                made.font.cs_bold = True if run.look == "strong" else None
                made._r.get_or_add_rPr().append(_element("w:rtl"))
        return paragraph

    def _numbered(self, number: str, runs: Line) -> None:
        paragraph = self._paragraph((Run(f"{number}\t", "soft"),), "Clause")
        self._fill(paragraph, runs)

    def _together(self, parts: tuple[Part, ...]) -> None:
        """Parts on one page: every paragraph of them, in tables too, keeps with the next."""
        before = len(self.file.element.body)
        for part in parts:
            self._add(part)
        body = list(self.file.element.body)[before - 1 : -1]  # the last one is the section's own
        marks = [each for element in body for each in element.iter(qn("w:p"))]
        for each in marks[:-1]:
            _keep(each)

    def _table(self, part: Table) -> None:
        made = self._grid(len(part.rows) + 1, len(part.head), first=0.3)
        for place, (cell, title) in enumerate(zip(made.rows[0].cells, part.head, strict=True)):
            self._cell(cell, ((Run(title, "strong"),),), to_right=place in part.numbers)
            _border(cell, bottom=INK)
        for row, cells in zip(made.rows[1:], part.rows, strict=True):
            for place, (cell, lines) in enumerate(zip(row.cells, cells, strict=True)):
                self._cell(cell, lines, runs="Strong" if place == 0 else "", to_right=place in part.numbers)
                _border(cell, bottom=INK if part.look and place == len(cells) - 1 else LINE)
            if part.look == "signatures":
                row.height = Cm(1.3)
        _repeat(made.rows[0])
        self._space()

    def _matrix(self, part: Matrix) -> None:
        by_column = isinstance(part.heads[0], Side)
        made = self._grid(len(part.rows) + 1, len(part.heads) + 1, 0.13, _weights(part))
        for cell, head in zip(made.rows[0].cells[1:], part.heads, strict=True):
            self._head(cell, head, filled=by_column)
        for row, (head, cells) in zip(made.rows[1:], part.rows, strict=True):
            self._head(row.cells[0], head, filled=not by_column)
            for cell, lines, owner in zip(row.cells[1:], cells, part.heads, strict=True):
                self._cell(cell, lines, "Matrix")
                dark, tint = _colours(owner if by_column else head)
                _shade(cell, tint if lines else "FFFFFF")
                _border(cell, bottom="FFFFFF" if lines else LINE, start=dark if lines else LINE)
        _repeat(made.rows[0])
        for row in made.rows[:-1]:
            for each in row._tr.iter(qn("w:p")):
                _keep(each)
        self._space()

    def _space(self) -> None:
        """What keeps a table apart from what follows."""
        self._paragraph((), "Fact")

    def _head(self, cell: Any, head: str | Side, *, filled: bool) -> None:
        text = f"{head.shape} {head.name}" if isinstance(head, Side) else head
        dark, _ = _colours(head)
        self._cell(cell, ((Run(text),),), "Matrix", "On colour" if filled else "Strong")
        if filled:
            _shade(cell, dark)
        _border(cell, bottom="FFFFFF" if filled else LINE)

    def _grid(self, rows: int, columns: int, first: float, weights: Sequence[float] = ()) -> Any:
        """An empty table as wide as the page: `first` is the first column's share of that, the others share
        what is left, alike or by their weights."""
        section = self.file.sections[0]
        width = section.page_width - section.left_margin - section.right_margin
        made = self.file.add_table(rows=rows, cols=columns)
        made.autofit = False
        weights = weights or [1] * (columns - 1)
        shares = [first, *((1 - first) * weight / sum(weights) for weight in weights)]
        for column, share in zip(made.columns, shares, strict=True):
            column.width = Emu(int(width * share))
            for cell in column.cells:
                cell.width = Emu(int(width * share))
        margins = _element("w:tblCellMar")
        for edge, twips in (("top", "70"), ("left", "115"), ("bottom", "40"), ("right", "115")):
            margins.append(_element(f"w:{edge}", w=twips, type="dxa"))
        made._tblPr.find(qn("w:tblLook")).addprevious(margins)
        for row in made.rows:
            row._tr.get_or_add_trPr().append(_element("w:cantSplit"))
        if self.document.direction == "rtl":
            made._tblPr.insert(0, _element("w:bidiVisual"))
        return made

    def _cell(
        self, cell: Any, lines: Cell, style: str = "Cell", runs: str = "", *, to_right: bool = False
    ) -> None:
        """The lines of a cell, in a style of paragraphs and perhaps one of runs."""
        for place, line in enumerate(lines or ((),)):
            paragraph = cell.paragraphs[0] if place == 0 else cell.add_paragraph()
            paragraph.style = self.file.styles[style]
            self._fill(paragraph, line, runs)
            if to_right:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT

    # -- links within

    def _mark(self, paragraph: Any, id_: str) -> None:
        self.marks += 1
        number = str(self.marks)
        start = _element("w:bookmarkStart", id=number, name=id_.replace("-", "_"))
        paragraph._p.insert(1 if paragraph._p.pPr is not None else 0, start)
        paragraph._p.append(_element("w:bookmarkEnd", id=number))

    def _link(self, paragraph: Any, text: str, id_: str) -> None:
        link = _element("w:hyperlink", anchor=id_.replace("-", "_"))
        run = paragraph.add_run(text)
        run.style = self.file.styles["Link"]
        link.append(run._r)
        paragraph._p.append(link)


# ---------------------------------------------------------------- what python-docx has no word for


def _element(tag: str, **attributes: str) -> Any:
    made = OxmlElement(tag)
    for key, value in attributes.items():
        made.set(qn(f"w:{key}"), value)
    return made


def _shade(cell: Any, fill: str) -> None:
    cell._tc.get_or_add_tcPr().append(_element("w:shd", val="clear", color="auto", fill=fill))


def _border(cell: Any, *, bottom: str, start: str = "") -> None:
    borders = _element("w:tcBorders")
    for edge, colour, thick in (("left", start, "24"), ("bottom", bottom, "6")):
        if colour:
            borders.append(_element(f"w:{edge}", val="single", sz=thick, space="0", color=colour))
    properties = cell._tc.get_or_add_tcPr()
    shading = properties.find(qn("w:shd"))
    properties.append(borders) if shading is None else shading.addprevious(borders)


def _weights(part: Matrix) -> list[float]:
    """How wide the columns of a matrix are: more text, more width, at most twice another's."""
    letters = [
        max(sum(len(text_of(each)) for each in cell) for cell in column)
        for column in zip(*(cells for _, cells in part.rows), strict=True)
    ]
    return [max(most, max(letters) / 2) for most in letters]


def _keep(paragraph: Any) -> None:
    """A paragraph stays on the page of the next one."""
    properties = paragraph.get_or_add_pPr()
    if properties.find(qn("w:keepNext")) is None:
        properties._insert_keepNext(_element("w:keepNext"))


def _repeat(row: Any) -> None:
    """A table's first row is its heading on every page."""
    row._tr.get_or_add_trPr().append(_element("w:tblHeader"))
