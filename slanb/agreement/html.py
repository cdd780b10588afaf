"""A document as one self-contained web page: no script, no request to anywhere, everything escaped."""

from functools import cache

import jinja2
from markupsafe import Markup

from slanb.agreement.document import Document, Line, Side, is_broad, is_rtl, text_of

POLICY = "default-src 'none'; style-src 'unsafe-inline'"
COLOURS = 5  # of the style sheet; further parties begin again


def render(document: Document) -> str:
    """The whole document; details fold."""
    template = _environment().get_template("document.html.j2")
    return template.render(document=document, policy=POLICY)


@cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("slanb.agreement", ""),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    css = environment.loader.get_source(environment, "document.css")[0]
    environment.globals |= {"css": Markup(css), "colour": _colour}
    environment.filters |= {"kind": lambda part: type(part).__name__, "way": _way}
    environment.tests |= {"side": lambda head: isinstance(head, Side), "broad": is_broad}
    return environment


def _colour(side: Side) -> str:
    return f"side-{(side.number - 1) % COLOURS + 1}" if side.number else "side-shared"


def _way(stretch: str | Line) -> str:
    """Which way a stretch runs, by its own letters."""
    return "rtl" if is_rtl(stretch if isinstance(stretch, str) else text_of(stretch)) else "ltr"
