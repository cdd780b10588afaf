"""Value of leads by tier, agreed and realised, counted by hand."""

import pytest

from slanb.lead_value import value_leads
from slanb.periods import parse_period
from tests.small import TIERED, agreement, company
from tests.test_recalculation import leads

JUNE = parse_period("2026-06")


def valued(tmp_path, *groups, plan=TIERED):
    facts = company([row for group in groups for row in group])
    return value_leads(facts, agreement(tmp_path, plan), JUNE)


def test_realised_value_is_revenue_over_leads_of_the_old_cohorts(tmp_path):
    result = valued(
        tmp_path,
        leads(200, 20, month=4, tier="A", amount=500), leads(200, 10, month=4, tier="B", amount=200),
        leads(50, 0, month=6, tier="A"),
    )  # fmt: skip
    tiers = result.tiers.set_index("tier")
    assert tiers.loc["A", "realised"] == 50  # 10,000 of 200 leads
    assert tiers.loc["B", "realised"] == 10
    assert tiers.loc["A", "agreed"] == 40
    assert tiers.loc["B", "agreed"] == 10  # 0.05 x 200: none is agreed


def test_number_and_value_are_reached_apart(tmp_path):
    # goals: A 100 leads worth 40, B 300 worth 10: 400 leads, 7,000 in value
    result = valued(tmp_path, leads(50, 0, month=6, tier="A"), leads(390, 0, month=6, tier="B"))
    assert result.total["number_reached"] == pytest.approx(440 / 400)
    assert result.total["value_reached"] == pytest.approx((50 * 40 + 390 * 10) / 7000)
    verdicts = {figure.id: figure.verdict for figure in result.figures() if figure.target}
    assert verdicts == {"marketing.leads": "kept", "marketing.value": "missed"}
    words = agreement(tmp_path, TIERED).wording()
    assert "The number was reached, the value was not" in " ".join(result.headlines(words))


def test_leads_of_a_tier_nobody_promised_do_not_count_but_are_told(tmp_path):
    result = valued(tmp_path, leads(10, 0, month=6, tier="A"), leads(500, 0, month=6, tier=None))
    assert result.total["delivered"] == 10
    assert result.tiers.set_index("tier").loc["", "delivered"] == 500
    assert "500 leads more" in " ".join(result.headlines(agreement(tmp_path, TIERED).wording()))


def test_a_plan_without_tiers_promises_all_leads_together(tmp_path):
    plan = "plan: {quota: 5000, marketing_share: 1, deal_size: 100, close_rate: 0.5}\n"
    result = valued(tmp_path, leads(60, 0, month=6, tier="A"), leads(60, 0, month=6, tier="B"), plan=plan)
    assert result.total["delivered"] == 120
    assert result.total["number_reached"] == pytest.approx(1.2)
    assert result.reached["tier"].tolist() == ["All"]


def test_agreed_worth_outside_what_the_records_support_is_named(tmp_path):
    result = valued(
        tmp_path,
        leads(400, 200, month=4, tier="A", amount=500), leads(400, 20, month=4, tier="B", amount=200),
    )  # fmt: skip
    assert result.outside["tier"].tolist() == ["A"]  # realised 250, agreed 40


def test_a_month_without_leads_reaches_nothing_and_breaks_nothing(tmp_path):
    result = valued(tmp_path, leads(1, 0, month=4, tier="A", source="sales"))
    assert result.total["delivered"] == 0
    assert result.total["number_reached"] == 0
    assert result.cohorts
    assert result.figures()
