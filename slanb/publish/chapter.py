"""A page of a report as a chapter of its printed one: without what only a screen needs, set side by side."""

from pathlib import PurePath
from typing import Any

from markupsafe import Markup, escape

from slanb.publish.layout import INDEX, MEANING, source

UNPRINTED = "style, script, nav, fieldset, .only, .screen, .math"  # what unfolds, moves, leads on or chooses
ELSEWHERE = ".cell:has(.sides), .cell:has(#figures)"  # on the leaders' page, and on that of what numbers mean
HALF, PADDING = 68, 1.3  # digits that a table may be wide in a column, and those between two of its own


def chapter(name: str, text: str, names: set[str], said: set[str]) -> dict[str, Any]:
    """A page's content, its id and its title; ids are its own, and links lead to what is printed or nowhere.

    Parameters
    ----------
    name, text : of the page. names : of all that are printed.
    said : explanations of chapters before and pictures of the leaders' page, not to be shown again; to be
        added to.
    """
    from bs4 import BeautifulSoup

    own = PurePath(name).stem
    content = BeautifulSoup(text.replace("var(--paper,#fff)", "#fff"), "html.parser").main
    for each in content.select(UNPRINTED):
        each.decompose()
    for each in content.select(".text_cell p, .opening p, .standing"):
        if (words := each.get_text()) in said:
            each.decompose()
        said.add(words)
    for each in content("img"):
        if each["src"] in said:  # it is on the leaders' page: that is where this leads
            each.replace_with(BeautifulSoup(f'<a class="seen" href="{INDEX}"></a>', "html.parser"))
        elif name == INDEX:
            said.add(each["src"])
    for each in content.select(".meaning"):
        _run_in(each)
    for each in content("caption"):  # which would not stay with its table
        each.name, each["class"] = "p", "caption"
        each.find_parent("table").insert_before(each)
    _widen(content)
    for each in content(id=True):
        each["id"] = f"{own}-{each['id']}"
    for each in content(href=True):
        page, _, place = each["href"].partition("#")
        page = MEANING if place.startswith("figure-") else page or name
        if page in names:
            each["href"] = f"#{PurePath(page).stem}" + (f"-{place}" if place else "")
        else:
            each.unwrap()
    for each in content("svg"):  # which is drawn without the page's style sheet, and named by its title
        named = escape(each.get("aria-label") or each.parent.get_text(" ", strip=True))
        inner = f"<title>{named}</title><style>{source('drawing.css')}</style>"
        each.insert(0, BeautifulSoup(inner, "html.parser"))
    title = content.h1.get_text(" ", strip=True) if content.h1 else own
    return {"id": own, "title": title, "content": Markup(content.decode_contents())}


def _run_in(table: Any) -> None:
    """A table of three columns as paragraphs: what each number means takes half the room."""
    table.thead.decompose()
    for tag, now in (("tr", "p"), ("th", "strong"), ("td", "span")):
        for each in table(tag):
            each.name = now
    table.tbody.unwrap()
    table.name = "div"


def _widen(content: Any) -> None:
    """Mark what needs a page's width, not one of two columns: wide tables with the text before them.

    What shows nothing is left out, and so is what stands elsewhere, with the text about it.
    """
    for cell in content.select(":scope > .cell"):
        if not cell.get_text(strip=True) and not cell.img:
            cell.decompose()
    for cell in content.select(ELSEWHERE):
        before, after = cell.find_previous_sibling(), cell.find_next_sibling()
        if _is_text(before) and (after is None or _is_text(after)):
            before.decompose()
        cell.decompose()
    cells = content.select(":scope > .cell")
    for cell, after in zip(cells, [*cells[1:], None], strict=False):
        shown = after if _is_text(cell) else cell
        if shown is None or _is_text(shown) or (shown.table and _digits(shown.table) > HALF):
            cell["class"] = [*cell["class"], "wide"]


def _is_text(cell: Any) -> bool:
    return cell is not None and "text_cell" in cell["class"]


def _digits(table: Any) -> float:
    """How many digits wide a table is whose headings are broken between words."""
    head, *rows = ([each.get_text(strip=True) for each in row(["th", "td"])] for row in table("tr"))
    wide = 0.0
    for place, title in enumerate(head):
        cells = [row[place] for row in rows if place < len(row)]
        wide += PADDING + max(len(part) for part in [*title.split(), *cells, ""])
    return wide
