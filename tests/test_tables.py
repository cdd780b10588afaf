"""Tables: what a reader sees, and that nothing a user wrote becomes part of the page's own text."""

from html.parser import HTMLParser

import numpy as np
import pandas as pd
import pytest

from slanb.dictionary.figures import Figure
from slanb.dictionary.wording import Wording
from slanb.tables import Sentences, Table, anchor, figures_table, sentences

WORDS = Wording()
NAN = float("nan")
TIERS = pd.DataFrame(
    {
        "tier": ["A", "", "All"],
        "since": ["2026-10-01", None, pd.NaT],
        "period": ["2026-10", "2026-Q4", None],
        "leads": [1234, 0, np.nan],
        "close_rate": [0.13, NAN, 0.05],
        "close_rate_low": [0.1, 0.01, NAN],
        "close_rate_high": [0.16, 0.02, 0.08],
        "value": [12.5, 300.0, -40.0],
        "change": [0.015, 0.0, NAN],
        "young": [False, True, False],
        "total": [False, False, True],
    }
)
EVERY_KIND = {
    "tier": ("Tier", "text"),
    "since": ("Since", "date"),
    "period": ("Period", "period"),
    "leads": ("Leads", "leads"),
    "close_rate": ("Close rate", "share"),
    "value": ("Value", "money per lead"),
    "change": ("Change", "change:share"),
    ("close_rate_low", "close_rate_high"): ("Interval", "interval:share"),
}


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
    return Table(frame, columns, words=words, **{"caption": "Tiers", "id": "tiers"} | options)


def page(*arguments, **options):
    return Page(table(*arguments, **options)._repr_html_())


def test_every_kind_is_said_in_its_manner():
    assert page().rows == [
        ["Tier", "Since", "Period", "Leads", "Close rate", "Value", "Change", "Interval"],
        ["A", "1 October 2026", "October 2026", "1,234", "13.0%", "€12.50", "+1.5 pp", "10.0% to 16.0%"],
        ["(blank) (young)", "–", "Q4 2026", "0", "–", "€300", "±0.0 pp", "1.0% to 2.0%"],
        ["All", "–", "–", "–", "5.0%", "-€40", "–", "–"],
    ]


def test_the_readers_language():
    rows = page(words=Wording("de_DE")).rows
    assert rows[1][1:5] == ["1. Oktober 2026", "Oktober 2026", "1.234", "13,0\u00a0%"]
    assert page(words=Wording("ar")).all("table")[0]["dir"] == "rtl"


def test_an_interval_by_one_name_takes_its_low_and_high_columns():
    assert page(columns={"close_rate": ("Interval", "interval:share")}).rows[1] == ["10.0% to 16.0%"]


def test_rows_may_name_their_own_units():
    frame = pd.DataFrame({"what": ["speed", "rate"], "value": [2.5, 0.5], "unit": ["hours", "share"]})
    columns = {"what": ("What", "text"), "value": ("Value", "unit")}
    assert page(frame, columns).rows[1:] == [["speed", "2.5 hrs"], ["rate", "50.0%"]]


def test_numbers_and_headers_can_be_told_apart_by_style_sheets_and_screen_readers():
    shown = page()
    headings = [attributes for attributes in shown.all("th") if attributes["scope"] == "col"]
    assert [heading["class"] for heading in headings] == ["text"] * 3 + ["number"] * 5
    assert [cell["class"] for cell in shown.all("td")[:7]] == ["text"] * 2 + ["number"] * 5
    assert len([header for header in shown.all("th") if header["scope"] == "row"]) == 3
    assert shown.all("table") == [{"class": "slanb", "id": "tiers", "dir": "ltr"}]
    assert shown.all("div")[0]["aria-labelledby"] == shown.all("caption")[0]["id"] == "tiers-caption"


def test_young_rows_are_greyed_and_marked_in_words():
    looks = [row.get("class") for row in page().all("tr")]
    assert looks == [None, None, "faint", None]
    assert "(blank) (young)" in repr(table())
    both = TIERS.assign(incomplete=TIERS["young"])
    assert "(blank) (young and not complete)" in repr(table(both))
    thin = table(TIERS.assign(thin=[True, False, False]), marks={"thin": "few cases"})
    assert "A (few cases)" in repr(thin)
    assert "young" not in repr(thin)


@pytest.mark.parametrize("strong", ["total", [False, False, True], TIERS["total"]])
def test_totals_are_strong(strong):
    assert [row.get("class") for row in page(strong_rows=strong, marks={}).all("tr")] == [None] * 3 + [
        "strong"
    ]


def test_marks_that_are_not_known_do_not_grey():
    frame = TIERS.assign(young=pd.array([pd.NA, True, False], dtype="boolean"))
    assert [row.get("class") for row in page(frame).all("tr")] == [None, None, "faint", None]


def test_nothing_a_user_wrote_becomes_markup():
    evil = '<script>alert("x")</script>&amp;'
    frame = TIERS.assign(tier=evil)
    shown = page(frame, {"tier": (evil, "text")}, caption=evil, note=evil)
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
    assert repr(table(TIERS.iloc[:0])) == "Tiers\nNothing to show"


def test_the_plain_text_has_caption_cells_and_note():
    said = repr(table(columns={"tier": ("Tier", "text"), "leads": ("Leads", "leads")}, note="As of today"))
    assert said.splitlines()[0] == "Tiers"
    assert said.splitlines()[2].split() == ["A", "1,234"]
    assert said.splitlines()[-1] == "As of today"


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"columns": {"tear": ("Tier", "text")}}, r"needs columns \['tear'\], but the frame has \['tier'"),
        ({"columns": {"tier": ("Tier", "txt")}}, "'txt' was passed"),
        ({"columns": {"value": ("Value", "change:euro")}}, "'change:euro' was passed"),
        ({"columns": {"value": ("Value", "unit")}}, r"needs columns \['unit'\]"),
        ({"columns": {"leads": ("Leads", "interval:leads")}}, r"\['leads_low', 'leads_high'\]"),
        ({"id": "1 <b>"}, "'1 <b>' was passed"),
        ({"strong_rows": "sum"}, r"\['sum'\]"),
    ],
)
def test_mistakes_of_a_caller_are_named(wrong, message):
    with pytest.raises(ValueError, match=message):
        table(**wrong)


# -- figures


def figure(**changes):
    plain = {"id": "x", "label": "X", "value": 1.0, "unit": "leads", "basis": "cohort", "formula": "counted"}
    return Figure(**plain | changes)


def test_every_number_of_a_page_with_what_it_rests_on():
    figures = [
        figure(id="marketing.leads", label="Leads delivered", value=524, n=524, target=500, verdict="kept"),
        figure(
            id="rate", label="Close rate", value=0.042, unit="share", low=0.03, high=0.055, level=0.8, n=524
        ),
        figure(
            id="tier.web chat.value",
            label="<b>",
            value=None,
            unit="money per lead",
            basis="closing",
            note="few",
        ),
    ]
    shown = Page(figures_table(figures, words=WORDS)._repr_html_())
    assert shown.rows == [
        ["Figure", "Value", "n", "Interval", "Target", "Verdict", "Basis", "Formula", "Limits"],
        ["Leads delivered", "524", "524", "–", "500", "kept", "cohort", "counted", ""],
        ["Close rate", "4.2%", "524", "3.0% to 5.5%", "–", "–", "cohort", "counted", ""],
        ["<b>", "–", "–", "–", "–", "–", "closing", "counted", "few"],
    ]
    assert "Intervals hold the true number about 80% of the time." in figures_table(figures, words=WORDS).note
    anchors = [row["id"] for row in shown.all("tr") if "id" in row]
    assert anchors == [anchor(figure.id) for figure in figures]
    assert anchors == ["figure-marketing.leads", "figure-rate", "figure-tier.web-chat.value"]


def test_columns_no_figure_fills_are_left_out():
    assert Page(figures_table([figure(basis="plan")], words=WORDS)._repr_html_()).rows == [
        ["Figure", "Value", "Basis", "Formula"],
        ["X", "1", "as agreed", "counted"],
    ]


def test_several_levels_are_told_row_by_row():
    figures = [figure(id=str(level), low=0.0, high=1.0, level=level) for level in (0.8, 0.9)]
    rows = Page(figures_table(figures, words=WORDS)._repr_html_()).rows
    assert [row[-1] for row in rows] == ["Certainty", "80.0%", "90.0%"]


def test_no_figures_say_so_and_twins_are_refused():
    assert "Nothing to show" in repr(figures_table([], words=WORDS))
    with pytest.raises(ValueError, match="figure-x"):
        figures_table([figure(), figure()], words=WORDS)


# -- sentences


def test_the_first_sentence_is_the_headline():
    said = sentences(["Goal reached <3", "", "524 & more"])
    assert isinstance(said, Sentences)
    shown = Page(said._repr_html_())
    assert [paragraph.get("class") for paragraph in shown.all("p")] == ["headline", None]
    assert "Goal reached &lt;3" in said._repr_html_()
    assert repr(said) == "Goal reached <3\n524 & more"
