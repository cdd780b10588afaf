"""A document as Markdown that any reader of it shows alike: no user's text is taken for markup."""

from collections.abc import Iterator

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
)
from slanb.dictionary.escaping import escaped

MARKS = {"strong": ("**", "**"), "soft": ("", ""), "open": ("*", "*"), "": ("", "")}


def render(document: Document) -> str:
    """The whole document, with the details at its end, linked both ways."""
    blocks = [f"# {escaped(document.title)}", "  \n".join(escaped(fact) for fact in document.facts)]
    folded: list[Details] = []
    for part in document.parts:
        blocks += _part(part, document, folded)
    if folded:
        blocks += ["---", f"## {escaped(document.details_title)}"]
    for details in folded:
        blocks += [f'### <a id="{details.id}"></a>{escaped(details.title)}']
        blocks += [block for part in details.parts for block in _part(part, document, [])]
        blocks.append(f"[↑ {escaped(document.back)}](#{details.id.removeprefix('details-')})")
    return "\n\n".join([*blocks, "---", escaped(document.ending)]) + "\n"


def _part(part: Part, document: Document, folded: list[Details]) -> Iterator[str]:
    match part:
        case Together(parts):
            for inner in parts:
                yield from _part(inner, document, folded)
        case Paragraph(runs, look):
            yield _line(runs) if look != "lead" else f"> {_line(runs)}"
        case Heading(text, id_, level):
            linked = any(isinstance(part, Details) for part in document.parts)
            anchor = f'<a id="{id_}"></a>' if linked else ""
            yield f"{'#' * level} {anchor}{escaped(text)}"
        case Bullets(items):
            yield "\n".join(f"- {_line(item)}" for item in items)
        case Numbered(items):
            yield "\n\n".join(f"**{number}** {_line(item)}" for number, item in items)
        case Table(head, rows, _, numbers):
            aligned = ["---:" if place in numbers else "---" for place in range(len(head))]
            yield "\n".join(
                [_row(map(escaped, head)), _row(aligned), *(_row(map(_cell, row)) for row in rows)]
            )
        case Matrix(heads, rows):
            sided = [[_head(head), *map(_cell, cells)] for head, cells in rows]
            top = ["", *map(_head, heads)]
            yield "\n".join([_row(top), _row(["---"] * len(top)), *map(_row, sided)])
        case Details(id_):
            folded.append(part)
            yield f"[→ {escaped(document.details_title)}](#{id_})"


def _line(runs: Line) -> str:
    return " ".join(map(_run, runs))


def _run(run: Run) -> str:
    before, after = MARKS[run.look]
    return f"{before}{escaped(run.text)}{after}"


def _cell(cell: Cell) -> str:
    return "<br>".join(map(_line, cell))


def _head(head: str | Side) -> str:
    if isinstance(head, Side):
        return f"**{head.shape} {escaped(head.name)}**"
    return f"**{escaped(head)}**"


def _row(cells) -> str:
    return "| " + " | ".join(cells) + " |"
