"""A report on paper: all its pages as one PDF, and what a leader needs as one sheet.

WeasyPrint lays them out, an extra (`slanb[pdf]`) that an ordinary report neither needs nor loads.
"""

from collections.abc import Mapping
from importlib import import_module
from typing import Any

from slanb.dictionary.wording import Wording
from slanb.errors import SlanbError
from slanb.publish.chapter import chapter
from slanb.publish.layout import INDEX, part, source

REPORT, LEADER = "report.pdf", "leader.pdf"
SIZES, BY_COUNTRY = ("A4", "Letter"), "by country"
LETTER = "BZ CA CL CO CR GT MX NI PA PH PR SV US VE"  # the countries of this paper, by the CLDR
POINTS, SMALLER = 7.8, (1.15, 1.0, 0.92, 0.85, 0.78, 0.7)  # of text; a first page has what fits of it
TAGGED = {"pdf_variant": "pdf/ua-1"}


def size_of(country: str | None, language: str) -> str:
    """The paper of a country, or where none is stated of the language's.

    >>> size_of("US", "en"), size_of("DE", "en-US"), size_of(None, "es-MX"), size_of(None, "en")
    ('Letter', 'A4', 'Letter', 'A4')
    """
    return "Letter" if (country or language.partition("-")[2]) in LETTER.split() else "A4"


def check_printer() -> None:
    """Refuse where WeasyPrint, or the library that it sets text with, is not installed."""
    try:
        import_module("bs4")
        import_module("weasyprint")
    except ImportError:
        raise SlanbError(
            "The PDF needs WeasyPrint, which is not installed: pip install 'slanb[pdf]'."
        ) from None
    except OSError:
        raise SlanbError(
            "A PDF takes Pango, which WeasyPrint does not find: install libpango-1.0-0 and libpangoft2-1.0-0 "
            "(Debian, Ubuntu) or pango (Homebrew, conda)."
        ) from None


def printed(pages: Mapping[str, str], *, title: str, size: str, words: Wording) -> dict[str, bytes]:
    """The PDFs of a report by their names: one of all its pages, with bookmarks and contents, one of the
    leaders' page as a single sheet; both tagged (PDF/UA).

    Parameters
    ----------
    pages : each page by its name, in the order to print them; the leaders' first.
    title, words : of the report. size : of the paper, one of `SIZES`.
    """
    first = {INDEX: pages[INDEX]}
    for scale in SMALLER:
        sheet = laid_out(first, title=title, size=size, words=words, scale=scale)
        if len(sheet.pages) == 1:
            break
    whole = laid_out(pages, title=title, size=size, words=words, scale=scale)
    return {LEADER: sheet.write_pdf(**TAGGED), REPORT: whole.write_pdf(**TAGGED)}


def laid_out(pages: Mapping[str, str], *, title: str, size: str, words: Wording, scale: float) -> Any:
    """The document, set; of the leaders' page alone it is their sheet.

    Parameters
    ----------
    scale : how large the text of the leaders' page is.
    """
    import weasyprint
    from weasyprint.urls import URLFetcher

    said: set[str] = set()
    chapters = [chapter(name, text, set(pages), said) for name, text in pages.items()]
    page = part("paper.html.j2", words=words, title=title, chapters=chapters)
    sheet = f"{source('paper.css')} @page {{ size: {size} }} html {{ font-size: {POINTS}pt }}"
    sheet += f" .minute {{ font-size: {scale}rem }}"
    within = URLFetcher(allowed_protocols=["data"])
    return weasyprint.HTML(string=page, url_fetcher=within).render(stylesheets=[weasyprint.CSS(string=sheet)])
