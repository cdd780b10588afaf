"""What all pages of a report share: one template around them, the style sheet, the links between them.

A page is one file: no request to anywhere, its own language and title, and no script but at most one of ours,
which its policy knows by its hash and without which the page is whole.
"""

import base64
import hashlib
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import jinja2
from markupsafe import Markup

from slanb import __version__
from slanb.dictionary.wording import Wording

POLICY = "default-src 'none'; img-src data:; font-src data:; style-src 'unsafe-inline'"
INDEX, MEANING, QUALITY, AGREEMENT = "index.html", "figures.html", "quality.html", "agreement.html"
WORKBOOK = "report.xlsx"
AROUND = Markup("<!-- around -->"), Markup("<!-- /around -->")  # between them: the reports around this one
REPORTS = "../index.html"  # the list of all reports, beside the report's folder


def links(notebooks: Sequence[tuple[str, str]], words: Wording) -> list[dict[str, str]]:
    """The pages of a report as each page lists them: the leaders' first, then the notebooks', then the rest.

    Parameters
    ----------
    notebooks : file name and title of each notebook's page, in order.

    >>> [link["href"] for link in links([("01-goals.html", "Goals")], Wording())]
    ['index.html', '01-goals.html', 'agreement.html', 'figures.html', 'quality.html', '../index.html']
    """
    rest = [(AGREEMENT, "agreement"), (MEANING, "meaning"), (QUALITY, "quality"), (REPORTS, "reports")]
    pages = [(INDEX, words.say("publish.overview")), *notebooks]
    pages += [(href, words.say(f"publish.{key}")) for href, key in rest]
    return [{"href": href, "title": title} for href, title in pages]


def fill(
    template: str,
    *,
    title: str,
    words: Wording,
    nav: Sequence[Mapping[str, str]],
    here: str,
    script: str = "",
    **values: Any,
) -> str:
    """A page by its template.

    Parameters
    ----------
    title : of the page.
    words : the reader's language.
    nav : the report's pages (`links`); `here` is the `href` of this one.
    script : the one that may run in the page, by its hash; none if empty.
    values : what the template shows; text is escaped, `Markup` is not.
    """
    policy = POLICY
    if script:
        digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
        policy = f"{POLICY}; script-src 'sha256-{digest}'"
    frame = {"words": words, "title": title, "nav": nav, "here": here, "css": Markup(source("report.css"))}
    frame |= {"policy": policy, "script": Markup(script), "version": __version__, "around": AROUND}
    return _environment().get_template(template).render(**frame, **values)


def linked(document: str, *, words: Wording, nav: Sequence[Mapping[str, str]], here: str) -> str:
    """A document that is whole by itself, as the agreement, with the links of the report's pages, and of the
    reports around it, on top; they are not printed."""
    links_on_top = part("linked.html.j2", words=words, nav=nav, here=here, around=AROUND)
    return document.replace("<body>", f"<body>\n{links_on_top}", 1)


def source(name: str) -> str:
    """The text of a file beside the templates."""
    pages = _environment()
    return pages.loader.get_source(pages, name)[0]


def part(template: str, **values: Any) -> Markup:
    """A part of a page by its template."""
    return Markup(_environment().get_template(template).render(**values))


@cache
def _environment() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.PackageLoader("slanb.publish"),
        autoescape=jinja2.select_autoescape(["html.j2"]),
        undefined=jinja2.StrictUndefined,
    )
