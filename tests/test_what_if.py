"""The plan's numbers moved in a browser: the same as Python's to the last digit shown, and in the address."""

import json
import math
import re
from pathlib import Path
from types import SimpleNamespace

import pytest

from slanb.dictionary.wording import Wording
from slanb.errors import SlanbError
from slanb.facts.chance import certain
from slanb.goals import moved
from slanb.goals.moving import chances
from slanb.publish.first_page import Chapter, first_page
from slanb.publish.layout import links
from slanb.terms import load_terms
from slanb.terms.goals import goals_of, whole_leads
from tests import reading
from tests.small import TIERED, agreement
from tests.test_goals_honest import learnt
from tests.tiny import figure

ROOT = Path(__file__).parents[1]
SEGMENTED = (  # a segment with numbers of its own: a tier's rate alone does not decide
    TIERED
    + "  segments:\n    North: {share: 0.6, close_rate: 0.1}\n"
    + "    South: {share: 0.4, deal_size: 170}\n"
)
GRID = {"customers": [10.0, 40.0], "ratios": [0.5, 1.0, 2.0], "values": [[0.1, 0.4, 0.8], [0.0, 0.2, 1.0]]}
CHANGES = [
    {},
    {"quota": 500_000.0},
    {"quota": 123_456.78, "marketing_share": 0.333},
    {"deal_size": 7_777.0, "close_rate": 0.061},
    {"marketing_share": 0.999, "close_rate": 0.01},
    {"tiers": {"A": {"close_rate": 0.21}}},
    {"tiers": {"A": {"close_rate": 0.9}, "B": {"close_rate": 0.011}}, "quota": 1e9},
    {"tiers": {"B": {"close_rate": 0.07}}, "close_rate": 0.05, "deal_size": 12.5},
    {"close_rate": 0.99},  # a tier would close more than all
    {"marketing_share": 1.2},
]


def case(terms, period, what_if=None):
    """A period with its goals and hours; the records play no part here."""
    goals = goals_of(terms, terms.parse(period), what_if)
    hours = SimpleNamespace(
        hours=lambda leads, tries: leads * tries / 7, expected_attempts=3.1, hours_available=295.6
    )
    spans = goals.cells["period"].unique()
    return SimpleNamespace(
        goals=goals, plan=terms.plan(terms.parse(spans[0])), what_if={}, bandwidth=hours, certainty=None
    )  # fmt: skip


@pytest.fixture(scope="module")
def plans(tmp_path_factory):
    return {
        "sample": (load_terms(ROOT / "params/agreement.yml"), "2026-10"),
        "quarter": (load_terms(ROOT / "params/agreement.yml"), "2026-Q3"),
        "segments": (agreement(tmp_path_factory.mktemp("segments"), SEGMENTED), "2026-06"),
    }


def page_of(data, words, *figures):
    goals = Chapter(name="01-goals", title="Goals", what_if=data, figures=figures)
    nav = links([("01-goals.html", "Goals")], words)
    about = {"title": "Agreement", "period": "2026-10", "standing": ["As of now."], "nav": nav}
    return first_page([goals], **about, words=words)


def data_of(terms, period, monkeypatch, what_if=None):
    grid = GRID | {"rates": dict.fromkeys(["A", "B", "C"], 0.05)}
    monkeypatch.setattr("slanb.goals.moving.chances", lambda case: grid)
    return moved(case(terms, period, what_if))


def published(terms, period):
    """The figures that show the plan as agreed."""
    total = goals_of(terms, terms.parse(period)).total
    return [
        figure("plan.leads", total["leads"]),
        figure("plan.customers", total["customers"]),
        figure("sales.hours_needed", total["leads"] * 3.1 / 7),
        figure("plan.chance_learnt", 0.2),
    ]


def chance_of(goals):
    """The grid's chance, by hand: straight between its points, at its ends beyond them."""

    def at(points, x):
        x = min(max(x, points[0]), points[-1])
        right = next(place for place, point in enumerate(points) if point >= x)
        left = max(right - 1, 0)
        return left, right, (x - points[left]) / (points[right] - points[left]) if right else 0.0

    needed = goals.total["customers"]
    low, high, up = at(GRID["customers"], needed)
    left, right, along = at(GRID["ratios"], goals.total["leads"] * 0.05 / needed)
    ends = [
        row[left] + (row[right] - row[left]) * along for row in (GRID["values"][low], GRID["values"][high])
    ]
    return ends[0] + (ends[1] - ends[0]) * up


def answers_of(terms, period, change, words):
    """What Python has for a change of the plan, as the page writes it; dashes where it is not possible."""
    try:
        goals = goals_of(terms, terms.parse(period), change)
    except SlanbError:
        return ["–"] * 4
    total = goals.total
    return [
        words.number(float(whole_leads(total["leads"]))),
        words.number(total["customers"], 1),
        words.number(total["leads"] * 3.1 / 7),
        words.share(chance_of(goals), 0),
    ]


def typed(change):
    """A change as fields of the page take it."""
    flat = {key: value for key, value in change.items() if key != "tiers"}
    flat |= {f"tiers.{tier}": stated["close_rate"] for tier, stated in change.get("tiers", {}).items()}
    money = ("quota", "deal_size")
    return {key: value if key in money else round(value * 100, 9) for key, value in flat.items()}


@pytest.fixture(scope="module")
def browser():
    with reading.browser() as opened:
        yield opened


@pytest.mark.browser
@pytest.mark.parametrize(
    ("name", "language"), [("sample", "en"), ("sample", "de_DE"), ("quarter", "en"), ("segments", "en")]
)
def test_moved_numbers_are_pythons_to_the_last_digit(browser, plans, monkeypatch, tmp_path, name, language):
    (terms, period), words = plans[name], Wording(language)
    data = data_of(terms, period, monkeypatch)
    page = page_of(data, words, *published(terms, period))
    (tmp_path / "index.html").write_text(page, encoding="utf-8")
    tab = browser.new_page()
    complaints = []
    tab.on("console", lambda message: complaints.append(message.text))
    tab.on("pageerror", lambda error: complaints.append(str(error)))
    tab.goto(f"file://{tmp_path / 'index.html'}")
    tab.click("#what-if summary")
    for change in CHANGES:
        if "tiers" in change and not data["tiers"]:
            continue
        if "tiers" in change:
            tab.evaluate("document.querySelector('#what-if details').open = true")
        for key, value in typed(change).items():
            tab.fill(f'input[type=number][data-key="{key}"]', str(value))
        shown = tab.locator("#what-if output").all_inner_texts()
        assert shown == answers_of(terms, period, change, words), change
        assert tab.locator(".impossible").is_visible() == (shown[0] == "–")
        if change == CHANGES[3]:  # the address carries it
            again = browser.new_page()
            again.goto(tab.url)
            assert again.locator("#what-if output").all_inner_texts() == shown
            again.close()
        if change:
            tab.click("#what-if button")
    assert complaints == []
    tab.close()


@pytest.mark.browser
def test_it_moves_by_keyboard_and_goes_back(browser, plans, monkeypatch, tmp_path):
    terms, period = plans["sample"]
    words = Wording()
    figures = published(terms, period)
    page = page_of(data_of(terms, period, monkeypatch), words, *figures)
    (tmp_path / "index.html").write_text(page, encoding="utf-8")
    assert reading.problems(browser, tmp_path / "index.html") == []
    tab = browser.new_page()
    requests = []
    tab.on("request", lambda request: requests.append(request.url))
    tab.goto(f"file://{tmp_path / 'index.html'}")
    tab.focus("#what-if summary")
    tab.keyboard.press("Enter")
    tab.focus('input[type=range][data-key="quota"]')
    tab.keyboard.press("ArrowRight")
    assert tab.input_value('input[type=number][data-key="quota"]') == "425000"
    assert tab.locator("#what-if output").first.inner_text() == "565"
    assert tab.url.endswith("#what-if?quota=425000")
    assert "€420,000" in tab.inner_text("#what-if")  # what is agreed stays in sight
    assert "558" in tab.inner_text(".answers")
    tab.click("text=Back to the agreed plan")
    assert tab.locator("#what-if output").first.inner_text() == "558"
    assert tab.input_value('input[type=number][data-key="quota"]') == "420000"
    assert len(requests) == 1
    tab.close()


@pytest.mark.browser
def test_without_a_script_the_plan_stands_there_whole(browser, plans, monkeypatch, tmp_path):
    terms, period = plans["sample"]
    page = page_of(data_of(terms, period, monkeypatch), Wording(), *published(terms, period))
    other = page.replace(
        '"use strict";', '"use strict";document.title = "taken";', 1
    )  # not the script it names
    for name, text, enabled in (("off", page, False), ("other", other, True)):
        (tmp_path / f"{name}.html").write_text(text, encoding="utf-8")
        context = browser.new_context(java_script_enabled=enabled)
        tab = context.new_page()
        tab.goto(f"file://{tmp_path / name}.html")
        tab.click("#what-if summary")
        assert tab.title() != "taken"
        assert tab.locator("#what-if input:visible").count() == 0
        assert "€420,000" in tab.inner_text("#what-if")
        assert "558" in tab.inner_text(".answers")
        context.close()


def test_levers_stand_in_the_plans_order_whatever_order_a_notebook_keeps(plans, monkeypatch):
    data = json.loads(json.dumps(data_of(*plans["sample"], monkeypatch), sort_keys=True))
    data["tiers"] = dict(reversed(data["tiers"].items()))
    keys = re.findall('type="range"[^>]* data-key="([^"]+)"', page_of(data, Wording()))
    assert keys == ["quota", "marketing_share", "deal_size", "close_rate", "tiers.A", "tiers.B", "tiers.C"]


def test_where_nothing_can_be_moved_there_is_nothing_to_move(plans, monkeypatch):
    terms, period = plans["sample"]
    whatif = case(terms, period)
    whatif.what_if = {"quota": 1.0}
    assert moved(whatif) == {}
    data = data_of(terms, period, monkeypatch)
    assert 'id="what-if"' not in page_of({}, Wording())
    assert "<script" not in page_of(data, Wording("hi"))  # 12,34,567 is not written by it
    assert data_of(*plans["segments"], monkeypatch)["tiers"] == {}
    assert data["most"] == {"marketing_share": 1.0, "close_rate": pytest.approx(0.3625)}


def test_the_grid_holds_the_reports_own_chance(tmp_path):
    """At the agreed plan it is the chance the report shows; more leads or fewer customers raise it."""
    terms = agreement(tmp_path, TIERED)
    period = terms.parse("2026-06")
    known = learnt(A=(20, 200, [300.0] * 20), B=(20, 400, [200.0] * 20))
    goals = goals_of(terms, period)
    sure = certain(goals, 0.8, known)
    case = SimpleNamespace(
        goals=goals, terms=terms, period=period, plan=terms.plan(period), learnt=known, months_ahead=None,
        certainty=sure,
    )  # fmt: skip
    grid = chances(case)
    tiers = goals.by("tier").set_index("tier")["leads"]
    expected = sum(tiers[tier] * rate for tier, rate in grid["rates"].items())
    middle = grid["customers"].index(goals.total["customers"])
    ratio = expected / goals.total["customers"]
    place = min(range(len(grid["ratios"])), key=lambda at: abs(grid["ratios"][at] - ratio))
    assert math.isclose(grid["ratios"][place], ratio, rel_tol=1e-9)
    assert grid["values"][middle][place] == pytest.approx(sure.chance("records"), abs=1e-4)
    for row in grid["values"]:
        assert row == sorted(row)
    assert grid["rates"]["A"] / grid["rates"]["B"] == pytest.approx(2.0)
