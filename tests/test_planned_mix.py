"""Measured rates stand beside a plan in the plan's mix of tiers, and the page says what the mix does."""

import pandas as pd
import pytest

from slanb import goals, recalculation
from slanb.facts.period import PeriodFacts
from slanb.facts.planned_mix import at_planned_mix
from tests.small import agreement
from tests.test_gaps_in_records import APRIL, case, records, said

PLAIN = "plan: {quota: 8000, marketing_share: 1, deal_size: 1000, close_rate: 0.25}\n"


def test_the_measured_pair_counts_each_tier_by_the_leads_planned_of_it(tmp_path):
    page = case(tmp_path, records())  # planned: 9.6 leads of A, 40 of B; they came as 40 to 60
    row = page.recent_as_planned.iloc[0]
    planned = page.goals.by("tier").set_index("tier")["leads"]
    rates = {"A": 80 / 160, "B": 20 / 240}
    by_hand = sum(planned[tier] * rate for tier, rate in rates.items()) / planned.sum()
    assert row["close_rate"] == pytest.approx(by_hand, rel=0.02)
    assert row["close_rate_low"] < row["close_rate"] < row["close_rate_high"]
    assert row["came_rate"] == pytest.approx(100 / 400)
    assert page.recent["close_rate"].iloc[0] == pytest.approx(100 / 400)


def test_what_is_needed_at_the_measured_pair_fits_the_chance_on_the_same_page(tmp_path):
    page = case(tmp_path, records())
    _, measured = goals.points(page.goals, page.recent_as_planned)
    needed = page.goals.total["marketing_goal"] / (measured[0] * measured[1])
    sure = page.certainty.leads("records")
    assert 0.7 * sure < needed < sure  # an expectation lies below what is four times in five enough


def test_the_page_says_what_the_mix_alone_does(tmp_path):
    page = case(tmp_path, records())
    (mixed,) = said(goals.measured_notes(page))
    assert mixed == (
        "Measured in the planned mix of tiers, the close rate is 16.4% and the deal size €1,031, which takes "
        "47 leads. In the mix that came they are 25.0% and €1,030, which would take 31 leads: that "
        "difference is the mix alone."
    )
    (note,) = said(recalculation.trend_notes(page))
    assert note == (
        "Close rates and deal sizes are shown in the planned mix of tiers. The leads created in January 2026 "
        "came in another one: their close rate is 25.0%, in the planned mix 16.3%."
    )


def test_a_trend_whose_tiers_close_as_agreed_lies_on_the_agreed_line_whatever_came(tmp_path):
    page = case(tmp_path, records())
    rates = recalculation.trends(page).query("metric == 'close_rate'")
    assert rates["value"].tolist() == pytest.approx(rates["agreed"].tolist(), rel=0.02)
    assert (rates["low"] < rates["value"]).all()
    assert (rates["high"] <= 1).all()


def test_without_tiers_there_is_no_mix(tmp_path):
    page = PeriodFacts(records(), agreement(tmp_path, PLAIN), APRIL)
    row = page.recent_as_planned.iloc[0]
    assert row["close_rate"] == row["came_rate"] == pytest.approx(0.25)
    assert goals.measured_notes(page) == []
    assert recalculation.trend_notes(page) == []


def test_deals_of_months_before_the_wins_on_record_are_in_no_measured_size(tmp_path):
    cut = records(wins_from="2026-02-20")  # of February's leads only those that came late are known as wins
    page = PeriodFacts(cut, agreement(tmp_path, PLAIN), APRIL)
    assert [span.month for span in page.judged] == [3]
    assert page.learnt.rates.loc["", "n"] == 200
    assert len(page.learnt.amounts[""]) == page.learnt.rates.loc["", "won"] == 50
    measured, recent = page.recent_as_planned.iloc[0], page.recent.iloc[0]
    assert measured["deal_size"] == pytest.approx(recent["deal_size"])


def test_where_no_tier_can_be_read_nothing_is_measured(tmp_path):
    page = case(tmp_path, records(undated=True))
    assert goals.points(page.goals, page.recent_as_planned)[1] is None
    levers = goals.levers(page.goals, page.recent_as_planned).set_index("lever")
    assert levers["measured"].to_dict() == {
        "quota": False, "marketing_share": True, "deal_size": False, "close_rate": False,
    }  # fmt: skip
    assert goals.measured_notes(page) == []


def test_no_records_no_rates(tmp_path):
    page = case(tmp_path, records())
    assert at_planned_mix(page.goals, page.learnt, pd.DataFrame()).empty
