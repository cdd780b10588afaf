"""A clause's own target is the one that every page judges by."""

import pandas as pd
import pytest

from slanb import lead_value, marketing
from slanb.dictionary.wording import Wording
from slanb.facts.period import PeriodFacts
from slanb.scorecard import review
from slanb.scorecard.sentences import notes_on
from slanb.terms import load_terms
from slanb.terms.targets import own_target, promised_deliveries
from tests.small import GUIDE, HEAD, company

MARCH = pd.Period("2026-03", "M")
LEADS = [(f"2026-03-{day:02}", "marketing", "A", None, None) for day in range(1, 31)] * 4
OWN = HEAD.replace("figure: marketing.leads}", "figure: marketing.leads, target: {at_least: 150}}")


@pytest.fixture(scope="module")
def march(tmp_path_factory):
    path = tmp_path_factory.mktemp("own") / "agreement.yml"
    path.write_text(OWN + GUIDE)
    return PeriodFacts(company(LEADS), load_terms(path), MARCH)


def test_one_target_on_all_pages(march):
    figures = {figure.id: figure for figure in marketing.figures(march)}
    clause = review(march).figures()[0]
    assert (clause.target, clause.value, clause.verdict) == (150, 120, "missed")
    leads = figures["marketing.leads"]
    assert (leads.target, leads.value, leads.verdict) == (150, 120, "missed")  # the plan comes to 100
    whole = lead_value.reached(march, lead_value.by_tier(march, None)).iloc[-1]
    assert (whole["leads_goal"], whole["number"]) == (150, 0.8)


def test_pages_say_which_goal_it_is_and_how_much_was_reached(march):
    say = Wording("en_GB").say
    assert "120 of 150 leads (80%)" in say(marketing.headlines(march)[0])
    assert any(
        "asks for 150 leads" in say(note) and "100 leads" in say(note) for note in marketing.notes(march)
    )
    card = review(march).cards[0]
    assert [say(note) for note in notes_on(card, review(march))] == ["80% of it was reached."]


@pytest.mark.parametrize(
    ("period", "figure", "asked"),
    [
        (MARCH, "marketing.leads", 150),
        (pd.Period("2026Q1", "Q"), "marketing.leads", 450),
        (MARCH, "marketing.value", None),
    ],
)
def test_what_a_clause_asks_of_longer_periods_adds_up(march, period, figure, asked):
    assert own_target(march.terms, period, figure) == asked


def test_what_no_clause_says_is_as_planned(march):
    assert promised_deliveries(march.terms, MARCH, march.goals) == {
        "leads": 150,
        "value": march.goals.total["value_goal"],
    }
