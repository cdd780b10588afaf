"""Tables: what a reader sees, and that nothing a user wrote becomes part of the page's own text."""

import re
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from slanb.dictionary import columns as dictionary
from slanb.dictionary.columns import Column
from slanb.dictionary.figures import Figure
from slanb.dictionary.messages import Message, texts
from slanb.dictionary.wording import Wording
from slanb.tables import Sentences, Table, anchor, figures_table, sentences

WORDS = Wording()
NAN = float("nan")
TIERS = pd.DataFrame(
    {
        "tier": ["A", "", Message("tables.young")],
        "since": ["2026-10-01", None, pd.NaT],
        "period": ["2026-10", "2026-Q4", None],
        "leads": [1234, 0, np.nan],
        "close_rate": [0.13, NAN, 0.05],
        "close_rate_low": [0.1, 0.01, NAN],
        "close_rate_high": [0.16, 0.02, 0.08],
        "lead_value": [12.5, 300.0, -40.0],
        "drift": [0.015, 0.0, NAN],
        "young": [False, True, False],
        "total": [False, False, True],
    }
)
OWN = {  # columns of these tests, beside the dictionary's
    "since": Column("Since", "date"),
    "drift": Column("Drift", "change:share"),
    "close_rate_range": Column("Interval", "interval:share"),
    "wrong": Column("Wrong", "txt"),
    "euro": Column("Euro", "change:euro"),
    "leads_range": Column("Range", "interval:leads"),
    "evil": Column('<script>alert("x")</script>&amp;', "text"),
}
EVERY_KIND = "tier since period leads close_rate lead_value drift close_rate_range"


@pytest.fixture(autouse=True)
def own_columns(monkeypatch):
    known = dictionary.columns() | OWN
    monkeypatch.setattr(dictionary, "columns", lambda: known)


class Page(HTMLParser):
    """The tags, attributes and cells of a piece of a page."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.rows, self.open = [], [], []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self.open.append(tag)
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append("")

    def handle_endtag(self, tag):
        assert self.open.pop() == tag  # well formed

    def handle_data(self, data):
        if {"td", "th"} & set(self.open):
            self.rows[-1][-1] += data

    def all(self, tag):
        return [attributes for name, attributes in self.tags if name == tag]


def table(frame=TIERS, columns=EVERY_KIND, words=WORDS, **options):
    return Table(frame, columns, words=words, **{"id": "tiers-of-this-test"} | options)


def page(*arguments, **options):
    return Page(table(*arguments, **options)._repr_html_())


def test_every_kind_is_shown_in_its_manner():
    assert page().rows == [
        ["Tier", "Since", "Period", "Leads", "Close rate", "Value of a lead", "Drift", "Interval"],
        ["A", "1 October 2026", "October 2026", "1,234", "13.0%", "€12.50", "+1.5 pp", "10.0% to 16.0%"],
        ["(blank) (young)", "–", "Q4 2026", "0", "–", "€300", "±0.0 pp", "1.0% to 2.0%"],
        ["young", "–", "–", "–", "5.0%", "-€40", "–", "–"],
    ]


def test_the_readers_language():
    rows = page(words=Wording("de_DE")).rows
    assert rows[1][1:5] == ["1. Oktober 2026", "Oktober 2026", "1.234", "13,0\u00a0%"]
    assert page(words=Wording("ar")).all("table")[0]["dir"] == "rtl"


def test_an_analysts_own_columns_are_called_as_they_are_named():
    frame = pd.DataFrame({"my_number": [1234], "my_text": ["so"]})
    assert page(frame, ["my_text", "my_number"]).rows == [["My text", "My number"], ["so", "1,234"]]


def test_rows_may_name_their_own_units():
    frame = pd.DataFrame({"label": ["speed", "rate"], "value": [2.5, 0.5], "unit": ["hours", "share"]})
    assert page(frame, "label value").rows[1:] == [["speed", "2.5 hrs"], ["rate", "50.0%"]]


def test_an_interval_whose_ends_read_alike_is_one_number():
    frame = pd.DataFrame({"close_rate_low": [0.6291], "close_rate_high": [0.6294]})
    assert page(frame, "close_rate_range").rows[1] == ["62.9%"]


def test_the_caption_is_the_dictionarys_else_the_id():
    assert table(id="steps").caption == "From quota to leads"
    assert table().caption == "Tiers of this test"


def test_numbers_and_headers_can_be_told_apart_by_style_sheets_and_screen_readers():
    shown = page()
    headings = [attributes for attributes in shown.all("th") if attributes["scope"] == "col"]
    numbers = ["number"] * 4 + ["number ends"]
    assert [heading["class"] for heading in headings] == ["text", "word", "word", *numbers]
    assert [cell["class"] for cell in shown.all("td")[:7]] == ["word", "word", *numbers]
    assert len([header for header in shown.all("th") if header["scope"] == "row"]) == 3
    assert shown.all("table") == [{"class": "slanb folds", "id": "tiers-of-this-test", "dir": "ltr"}]
    region, caption = shown.all("div")[0], shown.all("caption")[0]
    assert (region["role"], region["tabindex"]) == ("region", "0")
    assert region["aria-labelledby"] == caption["id"] == "tiers-of-this-test-caption"


def test_young_rows_are_greyed_and_marked_in_words():
    looks = [row.get("class") for row in page().all("tr")]
    assert looks == [None, None, "faint", None]
    assert "(blank) (young)" in repr(table())
    both = TIERS.assign(incomplete=TIERS["young"])
    assert "(blank) (young and not complete)" in repr(table(both))
    thin = table(TIERS.assign(thin=[True, False, False]), marks={"thin": "few cases"})
    assert "A (few cases)" in repr(thin)
    assert "(young)" not in repr(thin)


@pytest.mark.parametrize("strong", ["total", [False, False, True], TIERS["total"]])
def test_totals_are_strong(strong):
    looks = [row.get("class") for row in page(strong_rows=strong, marks={}).all("tr")]
    assert looks == [None] * 3 + ["strong"]


def test_marks_that_are_not_known_do_not_grey():
    frame = TIERS.assign(young=pd.array([pd.NA, True, False], dtype="boolean"))
    assert [row.get("class") for row in page(frame).all("tr")] == [None, None, "faint", None]


def test_nothing_a_user_wrote_becomes_markup():
    evil = OWN["evil"].heading
    shown = page(TIERS.assign(evil=evil), "evil", note=evil)
    assert not shown.all("script")
    assert shown.rows[0] == [evil]
    assert shown.rows[-1] == [evil]


def test_text_of_any_direction_keeps_its_own():
    frame = TIERS.assign(tier="عميل")
    assert page(frame).rows[1][0] == "عميل"
    assert {header.get("dir") for header in page(frame).all("th") if header["scope"] == "row"} == {"auto"}


def test_the_same_table_gives_the_same_text():
    assert table()._repr_html_() == table()._repr_html_()
    assert not hasattr(table(), "_repr_markdown_")


def test_no_rows_say_so():
    assert page(TIERS.iloc[:0]).rows[1] == ["Nothing to show"]
    assert repr(table(TIERS.iloc[:0])) == "Tiers of this test\nNothing to show"


def test_the_plain_text_has_caption_cells_and_notes():
    notes = ["As of today.", "", Message("opening.running")]
    lines = repr(table(columns="tier leads", note=notes)).splitlines()
    assert lines[0] == "Tiers of this test"
    assert lines[2].split() == ["A", "1,234"]
    assert lines[-1] == "As of today. The period has not ended: every count is one so far."


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"columns": "tear"}, r"needs columns \['tear'\], but the frame has \['tier'"),
        ({"columns": "wrong"}, "'txt' was passed"),
        ({"columns": "euro"}, "'change:euro' was passed"),
        ({"columns": "lead_value value"}, r"needs columns \['value', 'unit'\]"),
        ({"columns": "leads_range"}, r"\['leads_low', 'leads_high'\]"),
        ({"id": "1 <b>"}, "'1 <b>' was passed"),
        ({"strong_rows": "sum"}, r"\['sum'\]"),
    ],
)
def test_mistakes_of_a_caller_are_named(wrong, message):
    with pytest.raises(ValueError, match=message):
        table(**wrong)


# -- figures


def test_every_number_of_a_page_with_what_it_rests_on():
    figures = [
        Figure("sales.speed", 0.73, n=550, target=0.9, verdict="missed", parts={"kept": 400, "decided": 550}),
        Figure("recent.close_rate", 0.042, low=0.03, high=0.055, level=0.8, n=524),
        Figure("tier.web <b> chat.lead_value", None, note="few"),
    ]
    shown = Page(figures_table(figures, words=WORDS)._repr_html_())
    assert shown.rows[0] == [
        *["Figure", "Value", "n", "Interval", "Target", "Verdict"],
        *["Clock", "Formula", "With its numbers", "Limits"],
    ]
    speed, rate, value = shown.rows[1:]
    assert speed[:7] == [figures[0].label, "73.0%", "550", "–", "90.0%", "missed", "cohort"]
    assert speed[7:] == [figures[0].formula, "400 ÷ 550", ""]
    assert rate[1:7] == ["4.2%", "524", "3.0% to 5.5%", "–", "", "cohort"]
    assert (value[0], value[1], value[-1]) == (figures[2].label, "–", "few")
    assert "Intervals hold the true number about 80% of the time." in repr(
        figures_table(figures, words=WORDS)
    )
    anchors = [row["id"] for row in shown.all("tr") if "id" in row]
    assert anchors == [anchor(figure.id) for figure in figures]
    assert anchors[::2] == ["figure-sales.speed", "figure-tier.web-<b>-chat.lead_value"]


def test_columns_no_figure_fills_are_left_out():
    rows = Page(figures_table([Figure("plan.quota", 1.0)], words=WORDS)._repr_html_()).rows
    assert rows[0] == ["Figure", "Value", "Clock", "Formula"]
    assert rows[1][1:3] == ["€1", "as agreed"]


def test_several_levels_are_named_row_by_row():
    levels = {"recent.close_rate": 0.8, "recent.deal_size": 0.9}
    figures = [Figure(id_, 0.5, low=0.0, high=1.0, level=level) for id_, level in levels.items()]
    rows = Page(figures_table(figures, words=WORDS)._repr_html_()).rows
    assert [row[-1] for row in rows] == ["Certainty", "80.0%", "90.0%"]


def test_no_figures_say_so_and_twins_are_refused():
    assert "Nothing to show" in repr(figures_table([], words=WORDS))
    with pytest.raises(ValueError, match=r"figure-plan\.quota"):
        figures_table([Figure("plan.quota", 1.0)] * 2, words=WORDS)


# -- sentences


def test_the_first_sentence_is_the_headline():
    shown = sentences(["Goal reached <3", "", Message("figures.kept")], words=WORDS)
    assert isinstance(shown, Sentences)
    assert [paragraph.get("class") for paragraph in Page(shown._repr_html_()).all("p")] == ["headline", None]
    assert "Goal reached &lt;3" in shown._repr_html_()
    assert repr(shown) == "Goal reached <3\nkept"


def test_every_table_of_the_bench_and_the_notebooks_has_a_caption():
    root = Path(__file__).parents[1]
    sources = [*(root / "slanb").rglob("*.py"), *(root / "notebooks").glob("*.ipynb")]
    code = "".join(source.read_text(encoding="utf-8").replace('\\"', '"') for source in sources)
    shown = set(re.findall(r'\.table\([\s",\\n]*"([a-z][a-z-]+)"', code))
    assert {"improvements", "standing"} <= shown
    assert not [name for name in sorted(shown) if f"tables.{name}" not in texts()]


def test_every_table_shows_columns_of_the_dictionary_under_a_caption():
    for name in dictionary._tables():
        assert f"tables.{name}" in texts(), name
        known = {**dictionary.columns(), **OWN}
        assert not [each for each in dictionary.columns_of(name) if each not in known], name
    with pytest.raises(ValueError, match="pass the columns it is to show"):
        Table(TIERS, words=WORDS, id="my-own")
