"""The styles of a Word document, each defined once, so that its looks can be changed in one place."""

from typing import Any, NamedTuple

from docx.enum.style import WD_STYLE_TYPE
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

INK, SOFT, OPEN = "1C2430", "5A6572", "8A4B00"
FONT = "Calibri"


class Look(NamedTuple):
    """A style of paragraphs: size, space before and after in points; what it is based on."""

    size: float
    before: float
    after: float
    base: str = ""
    colour: str = INK
    bold: bool | None = None
    keep: bool = False  # with what follows


PARAGRAPHS = {
    "Normal": Look(10, 0, 4),
    "Title": Look(22, 0, 6, bold=True),
    "Heading 2": Look(13, 14, 3, bold=True, keep=True),
    "Heading 3": Look(11, 10, 2, bold=True, keep=True),
    "List Bullet": Look(10, 0, 3),
    "Fact": Look(10, 0, 0, "Normal", SOFT),
    "Lead": Look(11.5, 8, 8, "Normal"),
    "Clause": Look(10, 0, 4, "Normal"),
    "Cell": Look(9.5, 0, 3, "Normal"),
    "Matrix": Look(9, 0, 2, "Normal"),
}
RUNS = {
    "strong": ("Strong", "", True, None),
    "soft": ("Soft", SOFT, None, None),
    "open": ("Open", OPEN, None, True),
}
INDENT = Cm(1.2)  # of a clause behind its number


def define(file: Any, sides: dict[str, str]) -> None:
    """Define all styles in a document.

    Parameters
    ----------
    sides : further styles of runs: their names, with the colour of each.
    """
    for name, look in PARAGRAPHS.items():
        style = _style(file, name, WD_STYLE_TYPE.PARAGRAPH, look.base)
        style.font.name, style.font.size, style.font.bold = FONT, Pt(look.size), look.bold
        style.font.color.rgb = RGBColor.from_string(look.colour)
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for key in [key for key in fonts.attrib if key.endswith("Theme")]:  # the theme's fonts would win
            del fonts.attrib[key]
        for kind in ("ascii", "hAnsi", "cs", "eastAsia"):
            fonts.set(qn(f"w:{kind}"), FONT)
        layout = style.paragraph_format
        layout.space_before, layout.space_after = Pt(look.before), Pt(look.after)
        layout.keep_with_next = look.keep or None
    clause = file.styles["Clause"].paragraph_format
    clause.left_indent, clause.first_line_indent = INDENT, -INDENT
    clause.tab_stops.add_tab_stop(INDENT)
    title = file.styles["Title"].element.get_or_add_pPr()
    for border in title.findall(qn("w:pBdr")):
        title.remove(border)
    looks = [*RUNS.values(), *((name, colour, True, None) for name, colour in sides.items())]
    for name, colour, bold, italic in looks:
        style = _style(file, name, WD_STYLE_TYPE.CHARACTER)
        style.font.bold, style.font.italic = bold, italic
        if colour:
            style.font.color.rgb = RGBColor.from_string(colour)


def _style(file: Any, name: str, kind: Any, base: str = "") -> Any:
    """A style by its name, made where there is none."""
    style = file.styles[name] if name in file.styles else file.styles.add_style(name, kind)
    if base:
        style.base_style = file.styles[base]
    return style
