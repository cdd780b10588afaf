"""The page of an executed notebook: what it shows, without code, its prose in the reader's language."""

import copy
import re
from collections.abc import Mapping, Sequence
from functools import cache
from html import unescape
from typing import Any

from markupsafe import Markup

from slanb.dictionary.prose import translated
from slanb.dictionary.wording import Wording
from slanb.publish.layout import fill, part
from slanb.publish.math import called
from slanb.publish.report_data import MIME

OF_SEGMENT = re.compile(
    r'(<tr[^>]* class="[^"]*\bsegment)" data-segment="([^"]+)"'
)  # a row of one, `slanb.tables`
UNDESCRIBED = re.compile(r"<img\b(?![^>]*\balt=)")


def notebook_page(
    notebook: Any, *, title: str, words: Wording, nav: Sequence[Mapping[str, str]], here: str
) -> str:
    """An executed notebook as one self-contained page without code.

    Parameters
    ----------
    notebook : as papermill leaves it; of its report data only a `text/html` view is shown, if it has one.
    title, words, nav, here : as for `slanb.publish.layout.fill`.
    """
    shown = copy.deepcopy(notebook)
    shown.cells = [cell for cell in shown.cells if not _to_try_out(cell)]
    for cell in shown.cells:
        if cell.cell_type == "code":
            cell.outputs = [output for output in cell.outputs if _for_readers(output)]
        elif cell.cell_type == "markdown":
            cell.source = translated(cell.source, words)
    body = _by_segment(_exported(shown), words)
    return fill("page.html.j2", title=title, words=words, nav=nav, here=here, body=Markup(body))


def _by_segment(body: str, words: Wording) -> str:
    """The page with a choice of segment above the first table that has rows of several."""
    names = sorted({name for _, name in OF_SEGMENT.findall(body)})
    if len(names) < 2:
        return body
    shown = [words.say(called(unescape(name))) for name in names]
    first = body.rindex("<table", 0, OF_SEGMENT.search(body).start())
    place = body.rindex("<div", 0, first)
    rows = OF_SEGMENT.sub(lambda row: f'{row[1]} segment-{names.index(row[2]) + 1}"', body[place:])
    return body[:place] + str(part("segments.html.j2", words=words, segments=shown)) + rows


def _to_try_out(cell: Any) -> bool:
    """Whether a text has code for those who have the notebook open."""
    return cell.cell_type == "markdown" and "```" in cell.source


def _for_readers(output: Any) -> bool:
    data = output.get("data", {})
    return output.get("name") != "stderr" and (MIME not in data or "text/html" in data)


def _exported(notebook: Any) -> str:
    """The notebook as HTML. nbconvert reads it all once more for pictures that nothing describes; ours are
    described, so that this is left out where there are no others."""
    from nbconvert.exporters.templateexporter import TemplateExporter

    exporter = _exporter()
    body, _ = TemplateExporter.from_notebook_node(exporter, notebook)
    return exporter.from_notebook_node(notebook)[0] if UNDESCRIBED.search(body) else body


@cache
def _exporter() -> Any:
    from nbconvert.exporters.html import HTMLExporter
    from nbconvert.filters import Highlight2HTML

    exporter = HTMLExporter(
        template_name="basic",
        exclude_input=True,
        exclude_input_prompt=True,
        exclude_output_prompt=True,
        exclude_anchor_links=True,
        optimistic_validation=True,
    )
    exporter.register_filter("highlight_code", Highlight2HTML(parent=exporter))
    return exporter
