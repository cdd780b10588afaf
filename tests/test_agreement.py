"""The agreement as a document: every example in every form, and nothing anybody writes can break one.

Golden documents, one a form, are in `tests/golden`; `python -m tests.test_agreement` writes them anew, to be
read before they are kept.
"""

import html
import io
import re
import zipfile
from html.parser import HTMLParser
from pathlib import Path

import mistune
import pytest
import yaml
from docx import Document as read_docx
from docx.oxml.ns import qn

from slanb.agreement import ENDINGS, FORMATS, FORMS, written
from slanb.agreement.document import is_rtl, one_line
from slanb.agreement.working_hours import working_hours
from slanb.dictionary.escaping import escaped
from slanb.dictionary.wording import Wording
from slanb.errors import SlanbError
from slanb.periods import parse_period
from slanb.terms import load_terms
from slanb.terms.phrases import Phrases
from slanb.terms.targets import targets_of
from slanb.terms.watching import Calendar
from tests import reading
from tests.pseudo import write_pseudo

ROOT = Path(__file__).parents[1]
GOLDEN = Path(__file__).parent / "golden"
PARAMS = ROOT / "params"
KINDS = {"customer": "paper", "internal": "hundred-leads", "multilevel": "three-teams"}
EXAMPLES = {  # every agreement there is, with a period of its own
    "sample": (PARAMS / "agreement.yml", "2026-10"),
    "paper": (PARAMS / "examples/paper/agreement.yml", "2026-10"),
    "hundred-leads": (PARAMS / "examples/hundred-leads/agreement.yml", "2026-10"),
    "three-teams": (PARAMS / "examples/three-teams/agreement.yml", "2026-10"),
    "olist": (PARAMS / "examples/olist/agreement.yml", "2018-03"),
    "school": (PARAMS / "examples/school/agreement.yml", "2024-03"),
}
SHOWN = {  # the example whose document in each form has been read and kept
    "columns": "three-teams",
    "steps": "three-teams",
    "process": "sample",
    "bullets": "hundred-leads",
    "headings": "sample",
    "formal": "paper",
}
OCTOBER = parse_period("2026-10")

HOSTILE = {
    "html": "<script>alert(1)</script><img src=x onerror=alert(2)>\"'><svg/onload=alert(3)>",
    "entities": "R&D &amp; &lt;b&gt; ]]> <!-- -->",
    "markdown": "**bold** [link](javascript:x) ![i](//x.example/i) `code` | cell | # ~~s~~ $m$ _e_ \\",
    "list": "1. not a list",
    "heading": "# not a heading",
    "rule": "- - -",
    "templates": "{{ 7 * 7 }} {% raw %} {name} {0} %s",
    "long": "Donaudampfschifffahrtsgesellschaft" * 12,
    "hebrew": "הסכם רמת שירות (SLA) 2026",
    "arabic": "اتفاقية مستوى الخدمة: ١٠٠ عميل",
    "chinese": "市场部每月交付一百条线索",
    "emoji": "Team 🚀👩‍👩‍👧‍👦 Ñandú",
    "override": "left\u202eright and back",
    "control": "bell\x07 tab\t line\u2028end",
}
# Keys under which people write freely.
FREE = {"title", "summary", "text", "details", "reason", "what", "source", "collected", "purpose", "case",
        "email", "nurturing", "unit"}  # fmt: skip
NAMED = ("parties", "contacts", "approvals")


def terms_of(kind):
    return load_terms(ROOT / "params/examples" / KINDS[kind] / "agreement.yml")


def hostile(tree, text, key=""):
    """The agreement with `text` in every field that holds free text."""
    if isinstance(tree, dict):
        if key == "definitions":
            return {text: text}
        return {
            name: text
            if name in FREE or (key in NAMED and name in ("name", *(("role",) if key == "contacts" else ())))
            else hostile(value, text, name)
            for name, value in tree.items()
        }
    if isinstance(tree, list):
        free = key in ("background", "rejection_reasons")
        return [text if free else hostile(item, text, key) for item in tree]
    return tree


@pytest.fixture(scope="module")
def hostile_terms(tmp_path_factory):
    """The sample agreement by the hostile text in all its fields."""
    tree = yaml.safe_load((ROOT / "params/agreement.yml").read_text())
    tree["plan"]["tiers"] = {"A": tree["plan"]["tiers"]["A"] | {"share": 1}}
    loaded = {}
    for name, text in HOSTILE.items():
        folder = tmp_path_factory.mktemp(name)
        made = hostile(tree, text)
        made["qualification"]["tiers"] = [text]
        made["plan"]["tiers"] = {text: tree["plan"]["tiers"]["A"]}
        made["plan"]["segments"] = {text: {"share": 1}}
        (folder / "agreement.yml").write_text(yaml.safe_dump(made, allow_unicode=False), encoding="utf-8")
        loaded[name] = load_terms(folder / "agreement.yml")
    return loaded


@pytest.fixture(scope="module")
def browser():
    with reading.browser() as opened:
        yield opened


class Page(HTMLParser):
    """The tags and the visible text of a page."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.text, self.attributes = set(), "", []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.tags.add(tag)
        self.attributes += attributes

    def handle_data(self, data):
        self.text += data


def squeezed(text):
    return re.sub(r"\s+", " ", text).strip()


# ---------------------------------------------------------------- golden documents


def example(name):
    path, period = EXAMPLES[name]
    return load_terms(path), parse_period(period)


def golden(form):
    return written(*example(SHOWN[form]), form=form, format="markdown").decode()


@pytest.mark.parametrize("form", FORMS)
def test_each_form_reads_as_reviewed(form):
    assert golden(form) == (GOLDEN / f"{form}.md").read_text(encoding="utf-8")


def texts_of(terms, period, form):
    """The text of a document in each format, its white space squeezed."""
    made = {format_: written(terms, period, form=form, format=format_) for format_ in FORMATS}
    word = read_docx(io.BytesIO(made["docx"])).element.body
    return {
        "html": squeezed(Page(made["html"].decode()).text),
        "docx": squeezed(" ".join(part.text for part in word.iter() if part.tag.endswith("}t"))),
        "markdown": squeezed(Page(mistune.html(made["markdown"].decode())).text),
    }


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", EXAMPLES)
def test_every_clause_number_and_name_is_in_every_form_and_format(name, form):
    terms, period = example(name)
    say, words = Phrases(targets_of(terms, period)), terms.wording()
    expected = [party.name for party in say.agreement.parties]
    expected += [contact.name or contact.role for contact in say.agreement.contacts]
    for clause in say.agreement.clauses:
        expected.append(clause.id if form == "process" else clause.text)
        number, due = say.promise(clause), say.due(clause)
        expected += [words.say(part) for part in (number, due) if part]
    for format_, text in texts_of(terms, period, form).items():
        lacking = [part for part in expected if squeezed(part).lower() not in text.lower()]
        assert not lacking, format_


@pytest.mark.parametrize("format_", FORMATS)
def test_the_same_terms_give_the_same_bytes(format_):
    first, second = (written(terms_of("internal"), OCTOBER, format=format_) for _ in range(2))
    assert first == second


# ---------------------------------------------------------------- what people write


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", HOSTILE)
def test_html_shows_any_text_as_text(hostile_terms, name, form):
    page = Page(written(hostile_terms[name], OCTOBER, form=form, format="html").decode())
    assert not page.tags & {"script", "img", "svg", "b", "iframe", "a", "link"}
    assert not [key for key, _ in page.attributes if key.startswith("on") or key in ("src", "href")]
    assert squeezed(one_line(HOSTILE[name])) in squeezed(page.text)
    assert "49" not in page.text  # no template ran


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", HOSTILE)
def test_markdown_shows_any_text_as_text(hostile_terms, name, form):
    text = written(hostile_terms[name], OCTOBER, form=form, format="markdown").decode()
    lax = mistune.create_markdown(escape=False, plugins=["table", "strikethrough", "math"])
    page = Page(lax(text))
    assert not page.tags & {"script", "img", "svg", "b", "code", "del", "ol"}
    links = [value for key, value in page.attributes if key == "href"]
    assert all(value.startswith("#") for value in links)
    assert squeezed(one_line(HOSTILE[name])) in squeezed(page.text)


@pytest.mark.parametrize("form", ["columns", "headings", "formal"])  # every kind of part is in them
@pytest.mark.parametrize("name", HOSTILE)
def test_word_holds_any_text(hostile_terms, name, form):
    made = written(hostile_terms[name], OCTOBER, form=form, format="docx")
    document = read_docx(io.BytesIO(made))
    assert one_line(HOSTILE[name]) in document.paragraphs[0].text
    xml = zipfile.ZipFile(io.BytesIO(made)).read("word/document.xml").decode()
    if name in ("hebrew", "arabic"):
        assert "<w:bidi/>" in xml
        assert "<w:rtl/>" in xml


@pytest.mark.parametrize("form", FORMS)
def test_a_page_needs_nothing_from_anywhere(form):
    text = written(terms_of("internal"), OCTOBER, form=form, format="html").decode()
    assert "default-src 'none'" in html.unescape(text)
    assert not re.findall(r"https?://|@import|url\(", text)
    assert len(text) < 100_000


@pytest.mark.browser
@pytest.mark.parametrize("form", FORMS)
def test_axe_finds_nothing_in_a_form_and_nothing_is_clipped(browser, tmp_path, form):
    path = tmp_path / f"{form}.html"
    path.write_bytes(written(*example(SHOWN[form]), form=form, format="html"))
    assert reading.problems(browser, path) == []


BROKEN = """() => [
  ...document.querySelectorAll("table:not(.matrix) thead th, .figure, .signatures td:nth-child(3)"),
].flatMap((cell) => {
  const walk = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT), found = [];
  while (walk.nextNode()) for (const word of walk.currentNode.data.matchAll(/\\S+/g)) {
    const range = new Range();
    range.setStart(walk.currentNode, word.index);
    range.setEnd(walk.currentNode, word.index + word[0].length);
    if (new Set([...range.getClientRects()].map((each) => each.top)).size > 1) found.push(word[0]);
  }
  return found;
})"""


@pytest.mark.browser
@pytest.mark.parametrize("form", FORMS)
def test_headings_numbers_and_days_are_not_broken_within_a_word_on_a_phone(browser, tmp_path, form):
    path = tmp_path / f"{form}.html"
    path.write_bytes(written(load_terms(PARAMS / "agreement.yml"), OCTOBER, form=form, format="html"))
    for width in (390, 320):
        tab = browser.new_page(viewport={"width": width, "height": 800})
        tab.goto(path.as_uri())
        tab.evaluate("document.querySelectorAll('details').forEach((each) => (each.open = true))")
        assert tab.evaluate(BROKEN) == []
        tab.close()


@pytest.mark.browser
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", ["html", "long", "hebrew"])
def test_a_page_fits_a_phone_and_asks_for_nothing(browser, hostile_terms, tmp_path, name, form):
    (tmp_path / "page.html").write_bytes(written(hostile_terms[name], OCTOBER, form=form))
    tab = browser.new_page(viewport={"width": 390, "height": 800})
    requests, complaints = [], []
    tab.on("request", lambda request: requests.append(request.url))
    tab.on("console", lambda message: complaints.append(message.text))
    tab.on("dialog", lambda dialog: complaints.append(dialog.message))
    tab.goto(f"file://{tmp_path / 'page.html'}")
    assert [url for url in requests if not url.startswith("file:")] == []
    assert complaints == []
    assert tab.evaluate("document.documentElement.scrollWidth") <= 390
    tab.close()


def test_a_right_to_left_agreement_reads_from_the_right(tmp_path, monkeypatch):
    write_pseudo(tmp_path / "locale", "he")
    monkeypatch.setenv("SLANB_LOCALE", str(tmp_path / "locale"))
    tree = yaml.safe_load((ROOT / "params/examples/hundred-leads/agreement.yml").read_text())
    tree |= {"language": "he_IL", "title": "הסכם"}
    (tmp_path / "agreement.yml").write_text(yaml.safe_dump(tree, allow_unicode=True), encoding="utf-8")
    terms = load_terms(tmp_path / "agreement.yml")
    assert '<html lang="he-IL" dir="rtl">' in written(terms, OCTOBER, form="columns").decode()
    xml = zipfile.ZipFile(io.BytesIO(written(terms, OCTOBER, form="columns", format="docx")))
    assert b"<w:bidiVisual/>" in xml.read("word/document.xml")


# ---------------------------------------------------------------- numbers


@pytest.mark.parametrize(
    ("period", "leads", "why"),
    [
        ("2026-10", "At least 558 leads", "the October overlay: 558.13 leads, and they come whole"),
        # 2025-06, version 1.0: 270,000 x 0.65 = 175,500; A 93,015 / 1,800 = 51.675, B 63,180 / 480 = 131.625,
        # C 19,305 / 125 = 154.44; together 337.74 leads.
        ("2025-06", "At least 338 leads", "the terms before the amendment"),
    ],
)
def test_numbers_are_those_of_the_period_and_of_its_terms(period, leads, why):
    text = written(load_terms(ROOT / "params/agreement.yml"), parse_period(period), format="markdown")
    assert leads in text.decode() or leads[0].lower() + leads[1:] in text.decode(), why


@pytest.mark.parametrize(
    ("period", "version", "signed"),
    [
        ("2025-06", "version 1.0, in force from 1 November 2024", ("21 October 2024", "22 October 2024")),
        ("2026-10", "version 1.1, in force from 1 January 2026", ("11 December 2025", "12 December 2025")),
    ],
)
def test_a_version_is_signed_by_its_own_approvals_on_the_page_of_what_it_ends_with(period, version, signed):
    terms = load_terms(ROOT / "params/agreement.yml")
    text = written(terms, parse_period(period), form="bullets").decode()
    ending = text.partition('<div class="together">')[2]
    assert all(day in ending for day in (version, *signed))
    assert "Reviews and changes" in ending
    assert "Nordwind Workflow GmbH" in text


def test_a_version_that_nobody_signed_has_room_to_sign(tmp_path):
    tree = yaml.safe_load((ROOT / "params/agreement.yml").read_text())
    del tree["amendments"][0]["approvals"]
    (tmp_path / "agreement.yml").write_text(yaml.safe_dump(tree), encoding="utf-8")
    text = written(
        load_terms(tmp_path / "agreement.yml"), OCTOBER, form="bullets", format="markdown"
    ).decode()
    assert "| Marketing |  |  |  |" in text


def test_the_looks_of_a_word_document_are_its_styles():
    made = read_docx(io.BytesIO(written(*example("sample"), form="process", format="docx")))
    kept = {"rStyle", "rtl", "bCs"}
    direct = {each.tag.partition("}")[2] for run in made.element.body.iter(qn("w:rPr")) for each in run}
    assert direct <= kept
    assert {"Lead", "Fact", "Matrix", "Strong", "Soft"} <= {style.name for style in made.styles}


def test_the_guides_example_promises_100_leads_by_the_25th():
    text = written(terms_of("internal"), OCTOBER, form="bullets", format="markdown").decode()
    assert "At least 100 leads, by day 25 of the month." in text


def test_a_share_of_nines_says_what_it_lets_slip(tmp_path):
    """FIELD: 99.999 % is 5.26 minutes a year, 99.9999 % is 31.5 seconds."""
    tree = yaml.safe_load((ROOT / "params/examples/paper/agreement.yml").read_text())
    tree["clauses"][0] |= {"target": {"at_least": 0.99999}, "unit": "share"}
    (tmp_path / "agreement.yml").write_text(yaml.safe_dump(tree))
    text = written(
        load_terms(tmp_path / "agreement.yml"), OCTOBER, form="bullets", format="markdown"
    ).decode()
    assert "At least 99.999%" in text
    assert "That is at most 5.3 minutes a year, 26 seconds a month." in text


def test_what_is_open_asks_for_its_answer():
    text = written(terms_of("multilevel"), OCTOBER, form="steps", format="markdown").decode()
    assert "questions are still open" in text
    assert "Name the least a lead must show" in text


def test_markdown_is_escaped_where_it_starts_too():
    assert [escaped(text) for text in ("- a", "2) b", "2026 c", "a - b")] == [
        "\\- a",
        "2\\) b",
        "2026 c",
        "a - b",
    ]


def test_direction_is_that_of_the_first_letter():
    assert [is_rtl(text) for text in ("123 שלום", "SLA שלום", "!?")] == [True, False, False]


def test_unknown_form_and_format_are_told_together():
    with pytest.raises(SlanbError) as caught:
        written(terms_of("internal"), OCTOBER, form="poem", format="pdf")
    assert len(caught.value.problems) == 2


def test_the_goals_of_the_period_can_be_followed_by_hand():
    """273,000 / 8,996 = 30.35; 30.35 / 5.44 % = 558."""
    text = golden("headings")
    for row in ("Customers needed | 30.35", "Close rate | 5.44%", "Leads needed | 558"):
        assert row in text


LUNCH, NIGHT = [["09:00", "12:00"], ["13:00", "17:30"]], ["22:00", "06:00 next day"]


@pytest.mark.parametrize(
    ("office", "said"),
    [
        (
            {"hours": {"monday": LUNCH, "tuesday": LUNCH, "friday": ["09:00", "15:00"]}, "country": "DE"},
            (
                "Monday to Tuesday 09:00–12:00 and 13:00–17:30 and Friday 09:00–15:00, on the clock of UTC. "
                "Public holidays of Germany are free."
            ),
        ),
        (
            {"hours": {"sunday": NIGHT}, "country": "DE", "subdivision": "BE"},
            (
                "Sunday 22:00–06:00 on the next day, on the clock of UTC. A night shift belongs to the "
                "day on which it begins. Public holidays of Germany (BE) are free."
            ),
        ),
        ({"hours": "round the clock"}, "Round the clock, every day, on the clock of UTC."),
    ],
)
def test_working_hours_are_said(office, said):
    words = Wording("en")
    told = working_hours(Calendar(zone="UTC", **office))
    assert " ".join(map(words.say, told)) == said


if __name__ == "__main__":
    for form_ in FORMS:
        (GOLDEN / f"{form_}{ENDINGS['markdown']}").write_text(golden(form_), encoding="utf-8")
