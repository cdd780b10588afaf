"""A page of a report as a chapter of its printed one: without what only a screen needs, set side by side."""

from collections.abc import Sequence
from itertools import pairwise
from pathlib import PurePath
from typing import Any

from markupsafe import Markup, escape

from slanb.publish.layout import INDEX, MEANING, source

UNPRINTED = "style, script, nav, fieldset, .only, .screen, .math"  # what unfolds, moves, leads on or chooses
ELSEWHERE = ".cell:has(.sides), .cell:has(#figures)"  # on the leaders' page, and on that of what numbers mean
SAID, SENTENCES = ".text_cell p, .opening p, .standing", ".slanb-sentences p:not(.headline)"
HALF, WHOLE = 70, 120  # digits that a table may be wide in one of two columns, and on a page
PADDING, NAME = 1.3, 22  # digits between two columns of a table, and of a row's name before it is broken


def chapter(name: str, text: str, names: set[str], said: set[str]) -> dict[str, Any]:
    """A page's content, its id and its title; ids are its own, and links lead to what is printed or nowhere.

    Parameters
    ----------
    name, text : of the page. names : of all that are printed.
    said : what is not to be shown again, to be added to: explanations of chapters before, and of the leaders'
        page its pictures and what is to be done.
    """
    from bs4 import BeautifulSoup

    own = PurePath(name).stem
    page = BeautifulSoup(text.replace("var(--paper,#fff)", "#fff"), "html.parser")
    content, here = page.main, page.select_one("nav [aria-current]")
    for each in content.select(UNPRINTED):
        each.decompose()
    for each in content.select(SAID):
        if (words := each.get_text()) in said:
            each.decompose()
        said.add(words)
    if name == INDEX:
        said.update(each.get_text() for each in content.select(".points li"))
        said.update(each["src"] for each in content("img"))
    else:  # what is on the leaders' page: a picture leads there
        for each in content.select(SENTENCES):
            if each.get_text() in said:
                each.decompose()
        for each in content("img"):
            if each["src"] in said:
                each.replace_with(_made(f'<a class="seen" href="{INDEX}"></a>'))
    for each in content.select(".meaning"):
        _run_in(each)
    _join(content)
    for each in content("caption"):  # which would not stay with its table
        each.name, each["class"] = "p", "caption"
        each.find_parent("table").insert_before(each)
    for each in content("table"):
        if _digits(_columns(each)) <= WHOLE:
            each["class"] = [*each.get("class", []), "fits"]
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
        for inner in (f"<style>{source('drawing.css')}</style>", f"<title>{named}</title>"):
            each.insert(0, _made(inner))
    heading = here or content.h1  # a plan is headed as the period's goals are
    title = heading.get_text(" ", strip=True) if heading else own
    return {"id": own, "title": title, "content": Markup(content.decode_contents())}


def _run_in(table: Any) -> None:
    """A table of three columns as paragraphs, which take half the room; what a row explains in the words of
    the one above, as that of each tier does, is not said again."""
    table.thead.decompose()
    above: set[str] = set()
    for row in table("tr"):
        said = {each.get_text(): each for each in row("td")[-1].find_all(True, recursive=False)}
        for text in above & set(said):
            said[text].decompose()
        above = set(said)
    for tag, now in (("tr", "p"), ("th", "strong"), ("td", "span")):
        for each in table(tag):
            each.name = now
    table.tbody.unwrap()
    table.name = "div"


def _join(content: Any) -> None:
    """Tables of the same rows, one right after the other, as one that shows once what both show."""
    for cell, after in reversed(list(pairwise(content.select(":scope > .cell")))):
        one, other = cell.select_one("table.slanb"), after.select_one("table.slanb")
        if not one or not other or cell.img or after.img:
            continue
        shown, more = _columns(one), _columns(other)
        texts = [_texts(column) for column in shown]
        of_one_length = len({len(column) for column in [*shown, *more]}) == 1
        if not of_one_length or texts[0][1:] != _texts(more[0])[1:]:
            continue
        new = [column for column in more[1:] if _texts(column) not in texts]
        if _digits([*shown, *new]) > WHOLE:
            continue
        for column in new:
            for row, each in zip(one("tr"), column, strict=True):
                row.append(each)
        one.caption.append(f" · {other.caption.get_text().strip()}")
        for note in after.select(".slanb-note"):
            one.find_parent(class_="slanb-scroll").insert_after(note)
        after.decompose()


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
        if shown is None or _is_text(shown) or (shown.table and _digits(_columns(shown.table)) > HALF):
            cell["class"] = [*cell["class"], "wide"]
    for cell, after in pairwise(cells):
        if _is_text(cell) and "wide" in cell["class"] and not _is_text(after):
            cell.wrap(_made("<div></div>")).append(after)  # or it may stay on the page before
            cell.parent.wrap(_made('<div class="wide"></div>'))  # WeasyPrint breaks one of one child alone


def _is_text(cell: Any) -> bool:
    return cell is not None and "text_cell" in cell["class"]


def _made(text: str) -> Any:
    """An element by its text."""
    from bs4 import BeautifulSoup

    return BeautifulSoup(text, "html.parser").find()


def _columns(table: Any) -> list[list]:
    """The columns of a table, each its cells from the heading down."""
    rows = [row(["th", "td"]) for row in table("tr")]
    return [
        [row[place] for row in rows if place < len(row)] for place in range(max(map(len, rows), default=0))
    ]


def _texts(column: Sequence[Any]) -> list[str]:
    return [each.get_text(strip=True) for each in column]


def _digits(columns: Sequence[Sequence[Any]]) -> float:
    """How many digits wide a table of these columns is, its headings and rows' names broken between words."""
    wide = 0.0
    for place, (title, *cells) in enumerate(map(_texts, columns)):
        longest = max(len(part) for part in [*title.split(), *cells, ""])
        wide += PADDING + (min(longest, NAME) if place == 0 else longest)
    return wide
