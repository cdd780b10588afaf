"""The scorecard as people see it: cards, charts, tables; no text breaks any of them."""

import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from slanb.dictionary.figures import Figure
from slanb.dictionary.wording import Wording
from slanb.facts import Facts
from slanb.facts.period import PeriodFacts
from slanb.periods import bounds, parse_period
from slanb.publish.first_page import Chapter, first_page
from slanb.scorecard import Cards, review, shown
from slanb.scorecard.view import HEIGHT, WIDTH, Half, Item, Math, Point, halves_html, spark
from slanb.tables import Table
from slanb.terms import load_terms
from tests.tiny import figure

ROOT = Path(__file__).parents[1]
EXAMPLES = ROOT / "params/examples"
EVIL = '<script>alert(1)</script>"><img src=x onerror=alert(2)>'


def scorecard(folder, period, as_of=None):
    terms = load_terms(folder / "agreement.yml")
    span = parse_period(period)
    clock = bounds(span, "Europe/Berlin")[1] if as_of is None else as_of
    facts = Facts({}, as_of=clock, exported_at=clock, zone="Europe/Berlin")  # measurements alone are known
    return review(PeriodFacts(facts, terms, span))


@pytest.fixture(scope="module")
def august():
    """Paper for two offices in August: one Monday was missed."""
    return scorecard(EXAMPLES / "paper", "2026-08")


@pytest.fixture(scope="module")
def september():
    """Three teams in September: two customers were not kept."""
    return scorecard(EXAMPLES / "three-teams", "2026-09")


def say(*messages):
    return [Wording().say(message) for message in messages]


class Tags(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.tags, self.links, self.text = [], [], ""
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        self.links += [value for name, value in attributes if name in ("href", "src")]

    def handle_data(self, data):
        self.text += data


# ---------------------------------------------------------------- the small chart


def point(value, target, verdict):
    return Point("May", "", value, target, verdict)


def test_a_chart_draws_higher_numbers_higher_and_keeps_within_its_frame():
    chart = spark([point(1, 4, "missed"), point(3, 4, "missed"), point(5, 4, "kept")])
    heights = [mark["y"] for mark in chart["marks"]]
    assert heights == sorted(heights, reverse=True)
    assert all(0 <= mark["x"] <= WIDTH and 0 <= mark["y"] <= HEIGHT for mark in chart["marks"])


def test_a_gap_in_the_past_is_a_gap_in_the_line():
    chart = spark([point(1, 2, "missed"), point(None, 2, "not measurable"), point(3, 2, "kept")])
    assert chart["line"].count("M") == 2
    assert chart["marks"][1]["verdict"] == "unmeasured"


def test_a_target_that_moved_is_drawn_in_steps():
    chart = spark([point(1, 2, "missed"), point(1, 2, "missed"), point(1, 3, "missed")])
    assert len({step.split("H")[0].split(" ")[1] for step in chart["target"].split("M")[1:]}) == 2


def test_where_the_promise_changed_a_line_stands_before_the_span():
    trend = [point(1, 2, "missed"), point(1, 2, "missed"), replace(point(1, 2, "missed"), changed="Tighter.")]
    assert spark(trend)["changes"] == f"M{(3 * WIDTH - 14) / 4:.1f} 0V{HEIGHT}"  # halfway to the last
    assert spark(trend[:2])["changes"] == ""
    assert "Tighter." in halves_html([Half("Sales", (Item("Speed", "1", trend=tuple(trend)),))], Wording())


def test_equal_numbers_make_a_level_line():
    chart = spark([point(2, 2, "kept"), point(2, 2, "kept")])
    assert len({mark["y"] for mark in chart["marks"]}) == 1


def test_one_span_makes_no_chart():
    assert Item("Leads", "1", trend=(point(1, 2, "missed"),)).chart is None


# ---------------------------------------------------------------- cards


def test_each_side_has_its_promises_with_word_streak_and_chart(august):
    data = shown.for_leaders(august)
    assert [side["title"] for side in data["sides"]] == ["Papierhaus Süd", "Office Services"]
    reams, mondays, _ = data["sides"][0]["cards"]
    assert (reams["value"], reams["target"], reams["word"]) == ("50 reams", "at least 50 reams", "kept")
    assert reams["streak"] == "kept 8 months running"
    assert (mondays["value"], mondays["verdict"]) == ("kept in 4 of 5 weeks", "missed")
    assert len(reams["trend"]) == 8  # the agreement began in January
    assert len(mondays["trend"]) == 12
    assert mondays["trend_text"] == "Kept in 11 of the last 12 weeks."


def test_a_tightened_promise_is_said_and_marked_and_a_plans_goals_are_not(tmp_path):
    """Of a promise of the plan, as speed, the plan's change counts; leads are another number each month."""
    for file in (Path(__file__).parents[1] / "params").glob("*.yml"):
        (tmp_path / file.name).write_text(file.read_text())
    january = shown.for_leaders(scorecard(tmp_path, "2026-02"))
    changes = {
        card["clause"]: {point["span"]: point["changed"] for point in card["trend"] if point["changed"]}
        for side in january["sides"]
        for card in side["cards"]
    }
    said = (
        "From January 2026 on the promise was 90% of the leads within 4 working hours of hand-off; before it "
        "was 90% of the leads within 8 working hours of hand-off."
    )
    assert changes == {"leads": {}, "value": {}, "speed": {"January 2026": said}, "depth": {}}


def test_a_record_is_plain_json(august):
    data = shown.for_leaders(august)
    assert json.loads(json.dumps(data, allow_nan=False)) == data


def test_cards_say_their_verdict_in_words_and_each_in_its_own_shape(august):
    text = Cards(august)._repr_html_()
    assert "4 of 5 weeks" in text
    assert re.search(r'class="verdict missed"><svg.*?</svg> missed', text, re.DOTALL)
    assert 'aria-label="Kept in 11 of the last 12 weeks."' in text


def test_cards_in_a_plain_console(august):
    assert "4 of 5 weeks (missed)" in repr(Cards(august))


def test_no_text_becomes_markup():
    evil = Item(EVIL, EVIL, EVIL, "kept", EVIL, EVIL, Math(EVIL, EVIL, EVIL, (EVIL,)), EVIL, (EVIL,),
                (Point(EVIL, EVIL, 1, 1, "kept"), Point(EVIL, EVIL, 2, 1, "kept")), EVIL)  # fmt: skip
    page = Tags(halves_html([Half(EVIL, (evil,))], Wording()))
    assert not {"script", "img"} & set(page.tags)


# ---------------------------------------------------------------- the leaders' page


def page_of(data, *figures):
    clauses = [
        figure(f"clause.{card['clause']}", 48.0, formula="as measured", n=48)
        for side in data["sides"]
        for card in side["cards"]
    ]
    own = Chapter(name="06-review", title="Review", scorecard=data, figures=clauses)
    other = Chapter(name="04-marketing", title="Marketing", figures=list(figures))
    chapters = [other, own]
    about = {"title": "Agreement", "period": "August 2026", "standing": ["As of now."], "nav": []}
    return first_page(chapters, **about, words=Wording())


def test_the_leaders_page_is_the_scorecard(august):
    text = page_of(shown.for_leaders(august))
    page = Tags(text)
    assert "3 of 4 promises decided in August 2026 were kept." in page.text
    for heading in (
        "Papierhaus Süd",
        "Office Services",
        "To do by the agreement’s rules",
    ):
        assert heading in page.text
    assert "Credit for “mondays”, week of 17 August 2026: €42.00." in page.text


def test_the_math_tells_segments_and_tiers_apart(september):
    data, whole = shown.for_leaders(september), figure("marketing.leads", 48.0)
    reached = {"unit": "share", "formula": "x"}
    parts = [
        figure("marketing.segment.North.reached", 1.02, **reached),
        figure("marketing.segment.blank.reached", 0.9, **reached),
        figure("marketing.tier.A.reached", 0.95, **reached),  # the only one is the whole
    ]
    text = Tags(page_of(data, whole, *parts)).text
    assert "Of the goal, by segment: North 102.0% and (blank) 90.0%." in text
    assert "by tier" not in text


def test_what_a_card_tells_is_not_said_again_below_it(august, september):
    """“kept: 50 reams” is on the card; by how many customers a promise fell short is not."""
    assert (shown.for_leaders(august)["celebrate"], shown.for_leaders(august)["address"]) == ([], [])
    (short,) = shown.for_leaders(september)["address"]
    assert "It fell short by 2 customers." in short
    assert Tags(page_of(shown.for_leaders(september))).text.count("It fell short by 2 customers.") == 1


def test_the_math_opens_in_place_and_is_that_of_the_number_on_the_card(september):
    """A promise that counts up to its own day shows its own number's, not that of the whole period."""
    data = shown.for_leaders(september)
    about = {"formula": "those that came", "math": "40 + 8", "n": 50, "low": 45.0, "high": 51.0, "level": 0.8}
    for value, shows in ((48.0, True), (50.0, False)):
        page = Tags(page_of(data, figure("marketing.leads", value, clock="cohort", **about)))
        assert ("figures.html#figure-marketing.leads" in page.links) == shows
        assert ("figures.html#figure-clause.leads" in page.links) == (not shows)
        assert ("40 + 8 = 48 leads" in page.text) == shows
        assert ("45 leads to 51 leads, 80% sure" in page.text) == shows
        assert "figures.html#figure-clause.kept" in page.links  # a measurement has no other
        assert page.tags.count("summary") == sum(len(side["cards"]) for side in data["sides"])


def test_figures_name_each_clause_with_its_side(september):
    figures = {figure.id: figure for figure in september.figures()}
    assert [figure.verdict for figure in figures.values()][2:] == ["missed", "kept"]
    assert figures["clause.kept"].value == 48
    assert figures["clause.leads"].side == "marketing"
    assert all(isinstance(figure, Figure) and figure.record() for figure in figures.values())


# ---------------------------------------------------------------- tables


def test_the_tables_of_the_review(september):
    promises = shown.promises(september).set_index("clause")
    assert say(promises.loc["kept", "agreed"], promises.loc["kept", "outcome"]) == [
        "at least 50 customers",
        "48 customers",
    ]
    history = shown.history(september).set_index("judged_span")
    assert say(history.loc[parse_period("2026-04"), "“kept”"]) == ["49 customers, missed"]
    endings = shown.endings(september).set_index("clause")
    assert say(endings.loc["kept", "stands"]) == ["2 months away"]


@pytest.mark.parametrize(
    ("name", "frame"),
    [
        ("promises", shown.promises),
        ("history", shown.history),
        ("repairs", shown.repairs),
        ("endings", shown.endings),
        ("remedies", shown.remedies),
        ("exceptions", shown.exceptions),
    ],
)
def test_every_table_of_the_review_reads_as_text(september, august, name, frame):
    for card in (september, august):
        rows = frame(card)
        table = Table(rows, list(rows), words=Wording(), id=name)
        assert "Message(" not in table._repr_html_() + repr(table)


def test_what_followed_in_the_past_is_counted():
    paper = scorecard(EXAMPLES / "paper", "2026-10")
    spans = shown.repairs(paper)["judged_span"]
    assert [Wording().period(span) for span in spans] == ["September 2026", "week of 17 August 2026"]
    exceptions = shown.exceptions(paper)
    assert say(*exceptions["excluded_days"]) == ["2 February 2026 to 6 February 2026"]
    assert "reams (Feb 2026)" in say(*exceptions["excused_promises"])[0]
    assert say(*shown.obligations(paper))[0].startswith("Owed all the same by Papierhaus Süd: Paper for")
