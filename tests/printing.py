"""What stands on the sheets of a printed report, by the boxes that WeasyPrint set."""

from typing import Any


def boxes(sheet: Any, *tags: str) -> list:
    """Those of elements of these names, on one sheet."""
    every = sheet._page_box.descendants()
    return [box for box in every if box.element_tag in tags and hasattr(box, "margin_width")]


def texts(sheet: Any) -> list:
    """Those of text, on one sheet."""
    return [box for box in sheet._page_box.descendants() if hasattr(box, "text")]


def words_of(sheet: Any) -> str:
    """All text of one sheet."""
    return " ".join(box.text for box in texts(sheet))


def cut(document: Any) -> list[str]:
    """What reaches over the edge of its sheet, or of its cell."""
    found = []
    for number, sheet in enumerate(document.pages, start=1):
        frame = sheet._page_box
        right, bottom = frame.content_box_x() + frame.width, frame.content_box_y() + frame.height
        for box in boxes(sheet, "th", "td", "svg", "img"):
            over = box.position_x + box.margin_width() - right, box.position_y + box.margin_height() - bottom
            if max(over) > 1:
                found.append(f"page {number}: {box.element_tag} by {max(over):.0f} px")
        for cell in boxes(sheet, "th", "td"):
            inner = cell.content_box_x() + cell.width
            within = [box for box in cell.descendants() if hasattr(box, "text")]
            over = [box.text for box in within if box.position_x + box.width > inner + 1]
            found += [f"page {number}: {text!r} in its cell" for text in over]
    return found


def least_points(document: Any, *tags: str) -> float:
    """The size of the smallest text, or of that of elements of these names."""
    shown = [box for sheet in document.pages for box in (boxes(sheet, *tags) if tags else texts(sheet))]
    return min(box.style["font_size"] for box in shown) * 0.75
