"""What keeps a promise, and how promises, rules and amounts are said."""

from pathlib import Path

import pandas as pd
import pytest

from slanb.periods import parse_period
from slanb.terms import load_terms
from slanb.terms.consequences import Rule
from slanb.terms.phrases import Phrases
from slanb.terms.targets import Aim, due_on, targets_of

EXAMPLES = Path(__file__).parents[1] / "params/examples"


def phrases_of(name):
    terms = load_terms(EXAMPLES / name / "agreement.yml")
    return Phrases(targets_of(terms, parse_period("2026-10"))), terms.wording()


@pytest.mark.parametrize(
    ("aim", "value", "missing"),
    [
        (Aim(at_least=100), 100, 0),
        (Aim(at_least=100), 99, 1),
        (Aim(at_most=4), 6, 2),
        (Aim(at_least=1, at_most=4), 0, 1),
    ],
)
def test_an_aim_says_how_far(aim, value, missing):
    assert aim.missing(value) == missing
    assert aim.kept_by(value) == (missing == 0)


@pytest.mark.parametrize(
    ("span", "day", "weekday", "due"),
    [
        ("2026-02", 31, None, "2026-02-28"),
        ("2028-02", 29, None, "2028-02-29"),
        ("2026Q4", 15, None, "2026-12-15"),  # the last month of the quarter
        ("week of 2026-10-05", None, "monday", "2026-10-05"),
        ("week of 2026-10-05", None, "friday", "2026-10-09"),
        ("2026-10", None, None, "2026-10-31"),
    ],
)
def test_due_on_the_agreed_day(span, day, weekday, due):
    week = pd.Period(span.removeprefix("week of "), freq="W") if span.startswith("week") else None
    assert str(due_on(week or pd.Period(span), day=day, weekday=weekday).date()) == due


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ({"missed": 1}, "When missed"),
        ({"by_more_than": 0.05}, "When missed by more than 5%"),
        ({"missed": 2}, "When missed 2 months running"),
        ({"missed": 2, "by_more_than": 0.125}, "When missed 2 months running by more than 12.5%"),
        ({"missed": 2, "of_last": 3}, "When missed in 2 of the last 3 months"),
        (
            {"missed": 1, "of_last": 3, "by_more_than": 0.1},
            "When missed in 1 of the last 3 months by more than 10%",
        ),
    ],
)
def test_rules_are_said_as_people_do(rule, expected):
    phrases, words = phrases_of("hundred-leads")
    assert words.say(phrases.rule(Rule(**rule))) == expected


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [
        (558.0, "leads", "558 leads"),
        (275_730.0, "money", "€275,730"),
        (12.5, "money per lead", "€12.50 per lead"),
        (50, "reams", "50 reams"),
        (12.5, "reams", "12.5 reams"),
        (3, "", "3"),
    ],
)
def test_amounts_have_their_unit_or_one_of_the_agreements_own(value, unit, expected):
    phrases, words = phrases_of("paper")
    assert words.say(phrases.amount(value, unit)) == expected


@pytest.mark.parametrize(
    ("aim", "first", "expected"),
    [
        (Aim(at_least=558.13, unit="leads"), True, "At least 559 leads"),  # they come whole
        (Aim(at_most=4.7, unit="attempts"), False, "at most 4 attempts"),
        (Aim(at_least=1, at_most=2.5, unit="hours"), False, "between 1 hour and 2.5 hours"),
        (Aim(at_least=0.99999, unit="share"), False, "at least 99.999%"),  # in as many decimals as agreed
    ],
)
def test_an_aim_is_said_as_it_binds(aim, first, expected):
    phrases, words = phrases_of("hundred-leads")
    assert words.say(phrases.aim(aim, first=first)) == expected
