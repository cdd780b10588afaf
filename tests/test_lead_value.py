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


class TestSupported:
    def test_a_small_tier_is_drawn_toward_the_whole(self, tmp_path):
        result = valued(
            tmp_path,
            leads(600, 30, month=4, tier="A"), leads(400, 20, month=4, tier="B"),
            leads(10, 3, month=4, tier="Z"),
        )  # fmt: skip
        tiers = result.tiers.set_index("tier")
        assert tiers.loc["Z", "close_rate"] == pytest.approx(0.3)
        assert 0.05 < tiers.loc["Z", "shrunk"] < 0.25
        assert tiers.loc["Z", "shrunk_low"] < tiers.loc["Z", "shrunk"] < tiers.loc["Z", "shrunk_high"]
        assert tiers.loc["A", "own"] > tiers.loc["Z", "own"]

    def test_young_cohorts_count_as_far_as_they_had_their_time(self, tmp_path):
        old = [leads(200, 20, month=month, tier=tier) for month in (1, 2, 3, 4) for tier in "AB"]
        late = [("2026-06-28", "marketing", tier, None, 100.0) for tier in "AB" for _ in range(200)]
        tiers = valued(tmp_path, *old, late).tiers.set_index("tier")
        assert tiers.loc["A", "of"] == pytest.approx(800)  # June's 200 leads are too young to say anything
        assert tiers.loc["A", "shrunk"] == pytest.approx(0.1, abs=0.005)

    def test_the_order_of_the_worths_is_sure_or_it_is_not(self, tmp_path):
        right = valued(
            tmp_path,
            leads(400, 80, month=4, tier="A", amount=500), leads(400, 20, month=4, tier="B", amount=200),
        )  # fmt: skip
        assert right.weights.order > 0.99
        wrong = valued(
            tmp_path,
            leads(400, 20, month=4, tier="A", amount=200), leads(400, 80, month=4, tier="B", amount=500),
        )  # fmt: skip
        assert wrong.weights.order < 0.01
        words = agreement(tmp_path, TIERED).wording()
        assert "least sure is A above B" in " ".join(wrong.headlines(words))
        ids = [figure.id for figure in wrong.figures()]
        assert len(ids) == len(set(ids))
        assert {"weights.order", "tier.A.value_supported", "tier.A.close_rate_supported"} <= set(ids)

    def test_a_giant_deal_is_told_with_what_it_changes(self, tmp_path):
        giant = [("2026-04-05", "marketing", "A", 10, 9_000.0)]
        result = valued(tmp_path, leads(400, 20, month=4, tier="A"), giant, leads(400, 20, month=4, tier="B"))
        sizes = result.sizes.set_index("tier")
        assert sizes.loc["A", "mean"] == pytest.approx((20 * 100 + 9000) / 21)
        assert sizes.loc["A", ["median", "mean_without_largest"]].tolist() == [100, 100]
        assert sizes.loc["A", "largest_share"] == pytest.approx(9000 / 11_000)
        assert sizes.loc["All", "n"] == 41
        words = agreement(tmp_path, TIERED).wording()
        assert "The largest deal is 82% of tier A's revenue" in " ".join(result.headlines(words))

    def test_the_interval_is_log_normal_where_log_sizes_show_no_skew(self, tmp_path):
        amounts = [100 * 1.5 ** (n % 5 - 2) for n in range(40)]
        rows = [("2026-04-05", "marketing", "A", 10, amount) for amount in amounts]
        found = valued(tmp_path, rows).sizes.set_index("tier").loc["A"]
        assert found["even_logs"]
        assert (found["low"], found["high"]) == (found["lognormal_low"], found["lognormal_high"])

    def test_without_deals_or_tiers_nothing_is_audited(self, tmp_path):
        assert valued(tmp_path, leads(50, 0, month=4, tier="A")).weights is None
        assert valued(tmp_path, leads(50, 0, month=4, tier="A")).sizes.empty
        plan = "plan: {quota: 5000, marketing_share: 1, deal_size: 100, close_rate: 0.5}\n"
        assert valued(tmp_path, leads(90, 30, month=4), plan=plan).weights is None
