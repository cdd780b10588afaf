"""The report on paper: nothing cut or lost, tagged and named, on the paper asked for."""

import sys

import pytest
from markupsafe import Markup

from slanb.dictionary.wording import Wording
from slanb.errors import SlanbError
from slanb.publish.chapter import chapter
from slanb.publish.layout import fill, links
from slanb.publish.paper import TAGGED, check_printer, laid_out
from tests.printing import boxes, cut, words_of

try:
    check_printer()
except SlanbError as missing:
    pytest.skip(str(missing), allow_module_level=True)
from bs4 import BeautifulSoup

WORDS = Wording("en_GB")
PICTURE = '<svg viewBox="0 0 720 1200" width="720" height="1200" aria-label="Leads"><path d="M0 0h9"/></svg>'
MONTHS = "".join(f"<tr><th>Month {n}</th>" + "<td>1,234,567</td>" * 9 + "</tr>" for n in range(70))
HEADS = "".join(f'<th scope="col">Heading {n}</th>' for n in range(10))
TEXT = '<div class="cell text_cell"><div class="text_cell_render"><h1>Goals</h1><p>Said once.</p></div></div>'
GOALS = f"""{TEXT}<div class="cell code_cell"><div class="slanb-scroll"><table class="slanb" id="months">
<caption>By month</caption><thead><tr>{HEADS}</tr></thead><tbody>{MONTHS}</tbody></table></div></div>
<div class="cell code_cell"><figure class="slanb">{PICTURE}<figcaption>Leads</figcaption></figure></div>"""
FIRST = """<div class="minute"><h1>October 2026</h1><p class="headline">2 of 4 promises were kept.</p>
<p><a href="01-goals.html#months">Goals</a> <a href="run.json">run.json</a></p></div>
<div class="rest"><p>The data behind it</p></div>"""


def page(body, here):
    nav = links([("01-goals.html", "Set the goals")], WORDS)
    return fill("page.html.j2", title=here, words=WORDS, nav=nav, here=here, body=body)


@pytest.fixture(scope="module")
def pages():
    bodies = {"index.html": FIRST, "01-goals.html": GOALS, "02-again.html": TEXT}
    return {name: page(Markup(body), name) for name, body in bodies.items()}


@pytest.fixture(scope="module", params=["A4", "Letter"])
def printed(request, pages):
    return request.param, laid_out(pages, title="Leads", size=request.param, words=WORDS, scale=1)


def test_no_column_and_no_picture_is_cut_and_heads_are_repeated(printed):
    size, document = printed
    assert round(document.pages[0].width) == {"A4": 794, "Letter": 816}[size]
    with_rows = [sheet for sheet in document.pages if boxes(sheet, "td")]
    assert len(with_rows) > 1
    assert cut(document) == []
    assert all("Heading 0" in words_of(sheet) for sheet in with_rows)


def test_an_explanation_is_given_once_and_only_what_a_screen_needs_is_left_out(printed):
    text = " ".join(map(words_of, printed[1].pages))
    assert text.count("Said once.") == 1
    assert "Skip" not in text
    assert "run.json" in text  # its link leads nowhere, its name stays


def test_the_file_is_tagged_and_has_title_language_bookmarks_and_pages_of_contents(printed):
    _, document = printed
    assert [label for label, *_ in document.make_bookmark_tree()] == [
        "October 2026",
        "Goals",
        "Goals",
    ]
    pdf = document.write_pdf(**TAGGED, uncompressed_pdf=True)
    for mark in (b"/StructTreeRoot", b"/Lang (en-GB)", b"/Title (Leads)", b"pdfuaid"):
        assert mark in pdf


def table(id_, *rows):
    """A table in a cell of a notebook, its first row the headings."""
    cells = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row.split()) + "</tr>" for row in rows)
    shown = f'<table class="slanb" id="{id_}"><caption>{id_}</caption>{cells}</table>'
    return f'<div class="cell code_cell"><div class="slanb-scroll">{shown}</div></div>'


def chapter_of(body):
    return BeautifulSoup(chapter("a.html", page(Markup(body), "a"), set(), set())["content"], "html.parser")


def test_tables_of_the_same_rows_become_one_that_shows_once_what_both_show():
    body = table("ahead", "Part Quota Leads", "October 420 558", "All 420 558")
    body += table("tiers", "Part A Leads", "October 80 558", "All 80 558")
    content = chapter_of(body + table("others", "Part B", "November 205", "All 205"))
    assert [each.get_text() for each in content.select(".caption")] == ["ahead · tiers", "others"]
    rows = [each.get_text(" ") for each in content.table("tr")]
    assert rows == ["Part Quota Leads A", "October 420 558 80", "All 420 558 80"]


def test_what_a_number_explains_as_the_one_above_does_is_said_once():
    def row(name, equation):
        return f"<tr><th>{name}</th><td>5%</td><td><bdi>won ÷ leads</bdi><span>{equation}</span></td></tr>"

    rows = row("Tier A", "1 ÷ 20") + row("Tier B", "2 ÷ 40") + row("Tier C", "2 ÷ 40")
    content = chapter_of(f'<table class="meaning"><thead></thead><tbody>{rows}</tbody></table>')
    said = [each.get_text(" ").strip() for each in content("p")]
    assert said == ["Tier A 5% won ÷ leads 1 ÷ 20", "Tier B 5% 2 ÷ 40", "Tier C 5%"]


def test_without_the_extra_one_sentence_says_how_to_get_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "weasyprint", None)
    with pytest.raises(SlanbError, match=r"pip install 'slanb\[pdf\]'"):
        check_printer()
