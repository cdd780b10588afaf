"""A recalculation counted by hand: drift, proposal, and what was tracked."""

import pytest
import yaml

from slanb.periods import parse_period
from slanb.recalculation import recalculate
from tests.small import TIERED, agreement, company

JUNE = parse_period("2026-06")


def leads(n: int, wins: int, *, month: int, tier: str = "", amount: float = 100.0, source="marketing"):
    """`n` leads of a month, of which `wins` buy ten days later."""
    return [(f"2026-{month:02}-05", source, tier, 10 if i < wins else None, amount) for i in range(n)]


def company_with(*groups, **more):
    return company([row for group in groups for row in group], **more)


def test_the_guides_three_rates_are_recomputed(tmp_path):
    facts = company_with(
        leads(100, 50, month=5), leads(200, 60, month=4, amount=150), leads(10, 5, month=5, source="sales"),
        extra_deals=[("2026-05-20", None, 1000.0)],
    )  # fmt: skip
    result = recalculate(facts, agreement(tmp_path), JUNE)
    recent = result.recent.iloc[0]
    assert recent["close_rate"] == pytest.approx(110 / 300)
    assert recent["closing_deal_size"] == pytest.approx((50 * 100 + 60 * 150) / 110)
    assert recent["marketing_share"] == pytest.approx(14_000 / (14_000 + 500 + 1000))
    assert recent["unattributed_revenue"] == 1000


def test_an_assumption_is_called_into_question_only_beyond_its_interval(tmp_path):
    facts = company_with(leads(1000, 250, month=4), leads(1000, 250, month=5))
    drift = recalculate(facts, agreement(tmp_path), JUNE).drift.set_index("key")
    assert drift["beyond"].to_dict() == {"marketing_share": False, "close_rate": True, "deal_size": False}
    assert drift.loc["close_rate", "measured"] == 0.25


def test_few_records_change_nothing(tmp_path):
    result = recalculate(company_with(leads(20, 2, month=5)), agreement(tmp_path), JUNE)
    assert not result.drift["enough"].any()
    assert result.changes.empty
    assert "not enough records" in " ".join(result.headlines(agreement(tmp_path).wording()))


def test_no_records_at_all_is_no_error(tmp_path):
    result = recalculate(company_with(leads(1, 0, month=6, source="sales")), agreement(tmp_path), JUNE)
    assert result.tracked[["leads", "customers"]].to_numpy().tolist() == [[0, 0]]
    assert result.drift["measured"].isna().all()
    assert result.figures()


def test_adopting_the_measured_rate_doubles_the_leads_goal(tmp_path):
    facts = company_with(leads(1000, 250, month=4), leads(1000, 250, month=5))
    result = recalculate(facts, agreement(tmp_path), JUNE)
    assert (result.goal_planned, result.goal_proposed) == (pytest.approx(100), pytest.approx(200))
    assert result.changes["change"].tolist() == pytest.approx([100])
    assert yaml.safe_load(result.files["proposed-2026-07.yml"]) == {"close_rate": 0.25}


def test_a_tier_is_recalculated_for_itself(tmp_path):
    facts = company_with(
        leads(1000, 200, month=4, tier="A", amount=300), leads(1000, 50, month=4, tier="B", amount=200),
        leads(1000, 1, month=4, tier=None, amount=9),
    )  # fmt: skip
    result = recalculate(facts, agreement(tmp_path, TIERED), JUNE)
    drift = result.drift.set_index(["tier", "key"])
    assert drift.loc[("A", "close_rate"), "measured"] == 0.2  # agreed 0.1
    assert not drift.loc[("B", "close_rate"), "beyond"]
    assert yaml.safe_load(result.files["proposed-2026-07.yml"])["tiers"] == {"A": {"close_rate": 0.2}}


def test_what_an_overlay_changed_goes_on_unless_the_records_object(tmp_path):
    facts = company_with(leads(1000, 250, month=4), leads(1000, 250, month=5))
    terms = agreement(tmp_path, m2026_06="close_rate: 0.25\n")
    result = recalculate(facts, terms, JUNE)
    assert result.changes["reason"].tolist() == ["in force now"]
    assert yaml.safe_load(result.files["proposed-2026-07.yml"]) == {"close_rate": 0.25}


def test_what_the_next_period_already_states_is_kept(tmp_path):
    facts = company_with(leads(1000, 250, month=4), leads(1000, 250, month=5))
    terms = agreement(tmp_path, m2026_07="quota: 7000\n")
    proposal = yaml.safe_load(recalculate(facts, terms, JUNE).files["proposed-2026-07.yml"])
    assert proposal == {"quota": 7000, "close_rate": 0.25}


def test_a_young_cohort_is_marked_and_does_not_count(tmp_path):
    facts = company_with(leads(100, 50, month=4), leads(100, 0, month=6), as_of="2026-07-01")
    result = recalculate(facts, agreement(tmp_path), JUNE)
    assert result.now["young"]
    assert "2026-06" not in result.cohorts
    assert result.recent["close_rate"].iloc[0] == 0.5
    young = next(figure for figure in result.figures() if figure.id == "cohort.close_rate")
    assert (young.value, young.note) == (0, "young cohort: wins are still to come")


def test_beyond_the_agreement_nothing_is_proposed(tmp_path):
    facts = company_with(leads(100, 50, month=5), as_of="2027-01-01")
    result = recalculate(facts, agreement(tmp_path), parse_period("2026-12"))
    assert result.next_period is None
    assert result.files == {}


def test_a_quarter_is_recalculated_over_quarters(tmp_path):
    result = recalculate(company_with(leads(100, 50, month=5)), agreement(tmp_path), parse_period("2026-Q2"))
    assert result.now["leads"] == 100
    assert result.goals.total["leads"] == 300
    assert result.wider["period"].tolist() == ["2026-Q2", "2026"]
    assert result.next_period is None  # parameters are those of months


def test_targets_are_judged_when_the_period_has_ended(tmp_path):
    groups = leads(100, 51, month=6)
    ended = recalculate(company_with(groups), agreement(tmp_path), JUNE)
    running = recalculate(company_with(groups, as_of="2026-06-15"), agreement(tmp_path), JUNE)

    def verdicts(result):
        return {figure.id: figure.verdict for figure in result.figures() if figure.target is not None}

    assert verdicts(ended)["closing.revenue"] == "kept"  # 5,100 of 5,000
    assert verdicts(running)["closing.revenue"] == "pending"  # the wins come on the 15th


def aged_company(tier="", as_of="2026-07-01"):
    """Half of 20 customers of 100 buy after 10 days, half after 40; the leads of June are 29 days old."""
    rows = []
    for month in range(1, 7):
        born = f"2026-{month:02}-02"
        rows += [
            (born, "marketing", tier, 10 if i < 10 else 40 if i < 20 else None, 100.0) for i in range(100)
        ]
    return company(rows, as_of=as_of)


def test_the_corrected_rate_stands_beside_the_plain_one(tmp_path):
    result = recalculate(aged_company(), agreement(tmp_path), JUNE)
    assert (result.now["close_rate"], result.now["young"]) == (0.1, True)
    assert result.now["corrected"] == pytest.approx(0.2, abs=0.01)
    assert result.now["share_in"] == pytest.approx(0.5)
    figures = {figure.id: figure for figure in result.figures()}
    assert figures["cohort.close_rate"].value == 0.1
    assert figures["cohort.close_rate_corrected"].value == pytest.approx(0.2, abs=0.01)
    assert figures["recent.close_rate_corrected"].value == pytest.approx(0.2)
    assert "corrected for age" in " ".join(result.headlines(agreement(tmp_path).wording()))


def test_the_proposal_is_the_corrected_rate_where_there_is_one(tmp_path):
    result = recalculate(aged_company(), agreement(tmp_path), JUNE)
    drift = result.drift.set_index("key").loc["close_rate"]
    assert (drift["plain"], drift["corrected"]) == (pytest.approx(0.2), pytest.approx(0.2))
    assert yaml.safe_load(result.files["proposed-2026-07.yml"]) == {"close_rate": 0.2}
    words = agreement(tmp_path).wording()
    assert "it is what counts and what is proposed" in result.aging_note(words)


def test_a_run_off_that_still_rises_corrects_nothing_and_the_reason_is_told(tmp_path):
    rows = [
        (f"2026-{month:02}-01", "marketing", "", day if i < 2 else None, 100.0)
        for month in (4, 5)
        for day in range(1, 60)
        for i in range(10)
    ]
    result = recalculate(company(rows, as_of="2026-06-01"), agreement(tmp_path), JUNE - 1)
    assert result.drift.set_index("key").loc["close_rate", "corrected"] != 0.2
    assert result.tracked["corrected"].isna().all()
    words = agreement(tmp_path).wording()
    assert "since its run-off is still rising at its last age" in result.aging_note(words)
    assert "Close rates are not corrected" in " ".join(result.headlines(words))
    assert result.horizons(words)["within"].iloc[-1] == "in the end: still rising at its last age"
    figures = {figure.id: figure for figure in result.figures()}
    assert "still rising" in figures["cohort.close_rate_corrected"].note


def test_the_gap_adds_up_to_the_cent_and_names_the_sides(tmp_path):
    facts = company_with(
        leads(90, 40, month=6, amount=110.0), leads(60, 30, month=5, amount=90.0),
        extra_deals=[("2026-06-20", None, 333.33)],
    )  # fmt: skip
    result = recalculate(facts, agreement(tmp_path), JUNE)
    now = result.now
    assert result.gap["amount"].sum() == pytest.approx(now["all_revenue"] - 5000, abs=0.005)
    parts = result.gap.set_index("key")
    assert parts.loc["volume", "amount"] < 0  # 90 of 100 leads
    assert parts["controlled_by"].to_dict()["volume"] == "marketing"
    assert parts.loc["marketing share", "amount"] == pytest.approx(333.33)  # nothing was planned from others
    named = result.gap_named(agreement(tmp_path).wording())
    assert named["part"].tolist()[0] == "Number of leads"
    ids = [figure.id for figure in result.figures()]
    assert len(ids) == len(set(ids))
    assert "gap.close_rate" in ids


def test_a_running_period_has_no_gap_yet(tmp_path):
    result = recalculate(company_with(leads(90, 40, month=6), as_of="2026-06-15"), agreement(tmp_path), JUNE)
    assert result.gap.empty
    assert not [figure for figure in result.figures() if figure.id.startswith("gap.")]


def test_the_triangle_lies_on_the_daily_curve(tmp_path):
    result = recalculate(aged_company(), agreement(tmp_path), JUNE)
    months, days = result.run_off_by_month, result.run_off
    assert months["rate"].iloc[0] == pytest.approx(0.1, rel=0.1)
    assert months["rate"].iloc[1] == pytest.approx(days["rate"].iloc[-1], rel=0.1)
