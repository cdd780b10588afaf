"""Value of leads by tier, agreed and realised, counted by hand."""

import numpy as np
import pytest

from slanb import formulas, lead_value
from slanb.dictionary.wording import Wording
from slanb.facts.period import PeriodFacts
from slanb.periods import parse_period
from slanb.plots.tiers import says_lead_values
from tests.small import TIERED, agreement, company
from tests.test_recalculation import leads

JUNE = parse_period("2026-06")
UNTIERED = "plan: {quota: 5000, marketing_share: 1, deal_size: 100, close_rate: 0.5}\n"


class Valued:
    """What the notebook works out of one period."""

    def __init__(self, case):
        self.case, self.audit, self.sizes = case, lead_value.audit(case), lead_value.sizes(case)
        self.frame = lead_value.by_tier(case, self.audit)
        self.tiers = self.frame.set_index("tier")
        self.total = lead_value.reached(case, self.frame).iloc[-1]
        self.outside = lead_value.values(self.frame).query("outside")["tier"].tolist()

    @property
    def headlines(self) -> str:
        lines = lead_value.headlines(self.case, self.frame, self.sizes, self.audit)
        return " ".join(Wording("en_GB").say(line) for line in lines)

    @property
    def figures(self) -> dict:
        made = lead_value.figures(self.case, self.frame, self.audit)
        assert len({figure.id for figure in made}) == len(made)
        return {figure.id: figure for figure in made}


def valued(tmp_path, *groups, plan=TIERED):
    facts = company([row for group in groups for row in group])
    return Valued(PeriodFacts(facts, agreement(tmp_path, plan), JUNE))


def test_realised_value_is_revenue_over_leads_of_the_old_cohorts(tmp_path):
    result = valued(
        tmp_path,
        leads(200, 20, month=4, tier="A", amount=500), leads(200, 10, month=4, tier="B", amount=200),
        leads(50, 0, month=6, tier="A"),
    )  # fmt: skip
    assert result.tiers["lead_value"].to_dict() == {"A": 50, "B": 10}  # A: 10,000 of 200 leads
    assert result.tiers.loc["A", "worth"] == 40
    assert result.tiers.loc["B", "worth"] == 10  # 0.05 x 200: none is agreed


def test_number_and_value_are_reached_apart(tmp_path):
    # goals: A 100 leads worth 40, B 300 worth 10: 400 leads, 7,000 in value
    result = valued(tmp_path, leads(50, 0, month=6, tier="A"), leads(390, 0, month=6, tier="B"))
    assert result.total["number"] == pytest.approx(440 / 400)
    assert result.total["value"] == pytest.approx((50 * 40 + 390 * 10) / 7000)
    assert "The number was reached but the value was not" in result.headlines


def test_leads_of_a_tier_that_is_not_promised_do_not_count_but_are_named(tmp_path):
    result = valued(tmp_path, leads(10, 0, month=6, tier="A"), leads(500, 0, month=6, tier=None))
    assert result.total["delivered"] == 10
    assert result.tiers.loc["", "delivered"] == 500
    assert "500 more leads were not of a promised tier" in result.headlines


def test_a_plan_without_tiers_promises_all_leads_together(tmp_path):
    groups = leads(60, 0, month=6, tier="A"), leads(60, 0, month=6, tier="B")
    result = valued(tmp_path, *groups, plan=UNTIERED)
    assert result.total["delivered"] == 120
    assert result.total["number"] == pytest.approx(1.2)
    assert len(lead_value.reached(result.case, result.frame)) == 1


def test_agreed_worth_outside_what_the_records_support_is_named(tmp_path):
    result = valued(
        tmp_path,
        leads(400, 200, month=4, tier="A", amount=500), leads(400, 20, month=4, tier="B", amount=200),
    )  # fmt: skip
    assert result.outside == ["A"]  # realised 250, agreed 40
    assert "A lead of tier A is agreed at €40; the records support" in result.headlines
    assert "tier B is agreed" not in result.headlines


def test_worths_that_hold_are_not_named(tmp_path):
    groups = [leads(400, 20, month=4, tier="A", amount=800), leads(400, 20, month=4, tier="B", amount=200)]
    result = valued(tmp_path, *groups)  # realised 40 and 10, as agreed
    assert result.outside == []
    assert "is agreed at" not in result.headlines


def test_a_month_without_leads_reaches_nothing_and_breaks_nothing(tmp_path):
    result = valued(tmp_path, leads(1, 0, month=4, tier="A", source="sales"))
    assert result.total["delivered"] == 0
    assert result.total["number"] == 0
    assert result.case.judged
    assert result.figures


def test_deliveries_are_those_of_every_other_page(tmp_path):
    groups = leads(50, 0, month=6, tier="A"), leads(390, 0, month=6, tier="B"), leads(9, 0, month=6, tier="Z")
    result = valued(tmp_path, *groups)
    came = result.case.delivered.iloc[-1]
    assert result.tiers.loc[["A", "B"], ["delivered", "value_delivered"]].sum().tolist() == [440, 5900]
    assert (came["leads"], came["value"]) == (440, 5900)
    assert result.total[["delivered", "value_delivered"]].tolist() == [440, 5900]


def test_the_formulas_on_the_frame_give_the_numbers_of_the_page(tmp_path):
    result = valued(tmp_path, leads(200, 20, month=4, tier="A", amount=500), leads(50, 0, month=4, tier="B"))
    frame = result.frame
    frame["value_goal"] = formulas.value_goal(frame["leads_goal"], value=frame["worth"])
    frame["close_rate_judged"] = formulas.close_rate(frame["customers"], leads=frame["n_judged"])
    assert lead_value.values_agree(result.case, frame).id == "lead_value.values_agree"
    frame.loc[0, "close_rate_judged"] = 0.06
    changed = lead_value.values_agree(result.case, frame)
    assert (changed.id, changed.fields) == ("lead_value.values_differ", {"n": 1})


class TestSupported:
    def test_a_small_tier_is_drawn_toward_the_whole(self, tmp_path):
        result = valued(
            tmp_path,
            leads(600, 30, month=4, tier="A"), leads(400, 20, month=4, tier="B"),
            leads(10, 3, month=4, tier="Z"),
        )  # fmt: skip
        tiers = result.tiers
        assert tiers.loc["Z", "close_rate_judged"] == pytest.approx(0.3)
        assert 0.05 < tiers.loc["Z", "close_rate_supported"] < 0.25
        low, rate, high = (tiers.loc["Z", f"close_rate_supported{end}"] for end in ("_low", "", "_high"))
        assert low < rate < high
        assert tiers.loc["A", "own"] > tiers.loc["Z", "own"]

    def test_young_cohorts_count_as_far_as_they_had_their_time(self, tmp_path):
        old = [leads(200, 20, month=month, tier=tier) for month in (1, 2, 3, 4) for tier in "AB"]
        late = [("2026-06-28", "marketing", tier, None, 100.0) for tier in "AB" for _ in range(200)]
        tiers = valued(tmp_path, *old, late).tiers
        assert tiers.loc["A", "n_supported"] == pytest.approx(
            800
        )  # June's 200 leads are too young to say anything
        assert tiers.loc["A", "close_rate_supported"] == pytest.approx(0.1, abs=0.005)

    def test_the_order_of_the_worths_is_sure_or_it_is_not(self, tmp_path):
        right = valued(
            tmp_path,
            leads(400, 80, month=4, tier="A", amount=500), leads(400, 20, month=4, tier="B", amount=200),
        )  # fmt: skip
        assert right.audit.order > 0.99
        wrong = valued(
            tmp_path,
            leads(400, 20, month=4, tier="A", amount=200), leads(400, 80, month=4, tier="B", amount=500),
        )  # fmt: skip
        assert wrong.audit.order < 0.01
        assert "The least certain step is tier A above tier B" in wrong.headlines
        of_tier = {f"tier.A.{name}" for name in ("value_supported", "close_rate_supported", "close_rate")}
        assert {"weights.order", *of_tier} <= wrong.figures.keys()

    def test_a_giant_deal_is_told_with_what_it_changes(self, tmp_path):
        giant = [("2026-04-05", "marketing", "A", 10, 9_000.0)]
        result = valued(tmp_path, leads(400, 20, month=4, tier="A"), giant, leads(400, 20, month=4, tier="B"))
        sizes = result.sizes[~result.sizes["whole"]].set_index("tier")
        whole = result.sizes.set_index("whole")["deals"]
        assert sizes.loc["A", "mean"] == pytest.approx((20 * 100 + 9000) / 21)
        assert sizes.loc["A", ["median", "mean_without_largest"]].tolist() == [100, 100]
        assert sizes.loc["A", "largest_share"] == pytest.approx(9000 / 11_000)
        assert whole[True] == 41
        assert "The largest deal is 82% of the revenue of tier A" in result.headlines

    def test_every_page_gives_one_deal_size_one_interval(self, tmp_path):
        amounts = [100 * 1.5 ** (n % 5 - 2) for n in range(40)]
        rows = [("2026-04-05", "marketing", "A", 10, amount) for amount in amounts]
        result = valued(tmp_path, rows)
        size, recent = result.sizes.iloc[0], result.case.recent_by_tier.iloc[0]
        ends = [recent["deal_size_low"], recent["deal_size_high"]]
        assert [size["mean_low"], size["mean_high"]] == pytest.approx(ends)
        assert lead_value.sizes_note(result.case, result.sizes)[0].id == "tables.intervals"

    def test_customers_worth_0_count_in_the_value_of_a_lead_and_unknown_amounts_do_not(self, tmp_path):
        free = leads(110, 110, month=4, tier="A", amount=0)
        rows = [leads(800, 90, month=4, tier="A", amount=500), free, leads(400, 20, month=4, tier="B")]
        result = valued(tmp_path, *rows)
        row = result.tiers.loc["A"]
        assert row["lead_value"] == pytest.approx(90 * 500 / 910)
        assert row["value_supported"] == pytest.approx(90 * 500 / 910, rel=0.05)
        assert row["value_supported_low"] < 90 * 500 / 910 < row["value_supported_high"]
        unknown = [("2026-04-05", "marketing", "A", 10, None)] * 110
        row = valued(tmp_path, rows[0], unknown, rows[2]).tiers.loc["A"]
        assert row["value_supported"] == pytest.approx(200 / 910 * 500, rel=0.05)

    def test_where_one_deal_carries_too_much_the_records_cannot_tell(self, tmp_path):
        giant = [("2026-04-05", "marketing", "A", 10, 90_000.0)]
        groups = [leads(400, 20, month=4, tier="A"), giant, leads(400, 20, month=4, tier="B")]
        result = valued(tmp_path, *groups)
        row = result.tiers.loc["A"]
        assert row["verdict"].id == "lead_value.cannot_tell"
        assert np.isnan(row[["lead_value_low", "value_supported_low", "value_supported_high"]].tolist()).all()
        assert result.tiers.loc["B", "verdict"].id in {"lead_value.holds", "lead_value.outside"}
        assert "A" not in result.outside
        assert "The records cannot tell the order of worth: in tier A" in result.headlines
        note = " ".join(
            Wording("en_GB").say(line) for line in lead_value.sizes_note(result.case, result.sizes)
        )
        assert "No interval for A and All: one deal carries so much" in note
        said = says_lead_values(lead_value.values(result.frame), words=Wording("en_GB"))
        assert "the records cannot tell" in said

    def test_without_deals_or_tiers_nothing_is_audited(self, tmp_path):
        assert valued(tmp_path, leads(50, 0, month=4, tier="A")).audit is None
        assert valued(tmp_path, leads(50, 0, month=4, tier="A")).sizes.empty
        assert valued(tmp_path, leads(90, 30, month=4), plan=UNTIERED).audit is None
