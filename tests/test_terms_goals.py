"""Goals against the guides' worked example and against sums by hand."""

import pytest

from slanb.errors import SlanbError
from slanb.periods import parse_period
from slanb.terms.goals import goals_of, whole_leads
from tests.small import TIERED, agreement


def test_the_guides_example_asks_for_fifty_customers_and_a_hundred_leads(tmp_path):
    goal = goals_of(agreement(tmp_path), parse_period("2026-02")).total
    assert (goal["marketing_goal"], goal["customers"], goal["leads"]) == (5000, 50, 100)
    assert goal["sales_goal"] == 0


@pytest.mark.parametrize(("period", "leads"), [("2026-02", 100), ("2026-Q1", 300), ("2026", 1200)])
def test_a_longer_period_is_the_sum_of_its_months(tmp_path, period, leads):
    goals = goals_of(agreement(tmp_path), parse_period(period))
    assert goals.total["leads"] == leads
    assert goals.total["close_rate"] == pytest.approx(0.5)


def test_tiers_add_up_to_the_whole_and_its_rates_are_those_of_the_sum(tmp_path):
    goals = goals_of(agreement(tmp_path, TIERED), parse_period("2026-02"))
    # 10,000 x 0.6 x 0.5 = 3,000 for each: A 10 customers of 300, 100 leads; B 15 of 200, 300 leads
    by_tier = goals.by("tier").set_index("tier")
    assert by_tier["customers"].to_dict() == pytest.approx({"A": 10, "B": 15})
    assert by_tier["leads"].to_dict() == pytest.approx({"A": 100, "B": 300})
    assert by_tier["value_goal"].to_dict() == pytest.approx({"A": 4000, "B": 3000})  # 40 agreed; 0.05 x 200
    assert goals.total["leads"] == pytest.approx(400)
    assert goals.total["close_rate"] == pytest.approx(25 / 400)
    assert goals.total["deal_size"] == pytest.approx(6000 / 25)
    assert goals.total["sales_goal"] == pytest.approx(4000)


def test_an_overlay_counts_in_its_own_period_alone(tmp_path):
    terms = agreement(tmp_path, m2026_02="quota: 6000\n")
    assert goals_of(terms, parse_period("2026-02")).total["leads"] == 120
    assert goals_of(terms, parse_period("2026-03")).total["leads"] == 100
    assert goals_of(terms, parse_period("2026-Q1")).total["leads"] == 320


def test_a_what_if_for_the_whole_moves_every_tier_in_proportion(tmp_path):
    terms = agreement(tmp_path, TIERED)
    goals = goals_of(terms, parse_period("2026-02"), {"close_rate": 0.125, "quota": None})
    assert goals.total["leads"] == pytest.approx(200)
    assert goals.by("tier")["leads"].tolist() == pytest.approx([50, 150])


def test_a_quota_given_for_a_quarter_is_spread_as_its_months_are(tmp_path):
    terms = agreement(tmp_path, m2026_02="quota: 10000\n")
    goals = goals_of(terms, parse_period("2026-Q1"), {"quota": 40_000})
    assert goals.by("period")["quota"].tolist() == pytest.approx([10_000, 20_000, 10_000])
    assert goals.total["leads"] == pytest.approx(800)


def test_the_impossible_is_refused_in_words(tmp_path):
    terms = agreement(tmp_path)
    with pytest.raises(SlanbError, match="in force"):
        goals_of(terms, parse_period("2027-02"))
    with pytest.raises(SlanbError, match="close_rate is 5"):
        goals_of(terms, parse_period("2026-02"), {"close_rate": 5})
    with pytest.raises(SlanbError, match="qota"):
        goals_of(terms, parse_period("2026-02"), {"qota": 5})


def test_the_agreed_numbers_of_the_parts_come_to_the_whole(tmp_path):
    goals = goals_of(agreement(tmp_path, TIERED), parse_period("2026-Q1"))
    parts = goals.parts()
    assert parts[["segment", "tier"]].to_numpy().tolist() == [["", "A"], ["", "B"]]
    assert parts["quota"].tolist() == [15_000, 15_000]
    assert parts["value"].tolist() == pytest.approx([40, 10])
    assert goals.whole.to_dict() == pytest.approx(
        {"quota": 30_000, "marketing_share": 0.6, "deal_size": 240, "close_rate": 0.0625}
    )


@pytest.mark.parametrize(("leads", "whole"), [(558.13, 558), (100.5, 101), (101.5, 102), (0, 0)])
def test_leads_come_whole_as_a_page_rounds_them(leads, whole):
    assert whole_leads(leads) == whole
