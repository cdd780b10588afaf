"""A recalculation counted by hand: drift, proposal, and what was tracked."""

import pandas as pd
import pytest
import yaml

from slanb import recalculation
from slanb.dictionary.figures import definition
from slanb.dictionary.messages import Message, texts
from slanb.dictionary.wording import Wording
from slanb.estimates.gap import CONTROLLED_BY
from slanb.facts.period import PeriodFacts
from slanb.periods import parse_period
from slanb.recalculation.gap import RARE, gap_notes, gap_said
from slanb.terms import load_terms
from tests.small import TIERED, agreement, company

JUNE = parse_period("2026-06")
SAY = Wording("en_GB").say


class Recalculated:
    """What the notebook works out of one period."""

    def __init__(self, facts, terms, period=JUNE):
        self.case = case = PeriodFacts(facts, terms, period)
        self.months, self.drift = recalculation.tracked(case), recalculation.drift(case)
        self.proposal = recalculation.propose(case, self.drift)
        self.gap, self.tiers = recalculation.gap(case), recalculation.by_tier(case)
        self.now = self.months.set_index("period").loc[case.label]
        self.changes = self.proposal.changes
        self.files = self.proposal.files

    @property
    def headlines(self) -> str:
        said = recalculation.headlines(self.case, self.months, self.drift, self.proposal, self.gap)
        return " ".join(SAY(line) for line in said)

    @property
    def notes(self) -> str:
        return " ".join(SAY(note) for note in recalculation.drift_notes(self.case, self.drift))

    @property
    def figures(self) -> dict:
        made = recalculation.figures(self.case, self.months, self.proposal, self.gap, self.tiers)
        assert len({figure.id for figure in made}) == len(made)
        return {figure.id: figure for figure in made}


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
    result = Recalculated(facts, agreement(tmp_path))
    recent = result.case.recent.iloc[0]
    assert recent["close_rate"] == pytest.approx(110 / 300)
    assert recent["closing_deal_size"] == pytest.approx((50 * 100 + 60 * 150) / 110)
    assert recent["marketing_share"] == pytest.approx(14_000 / (14_000 + 500 + 1000))
    assert recent["unattributed_revenue"] == 1000


def test_an_assumption_is_called_into_question_only_beyond_its_interval(tmp_path):
    facts = company_with(leads(1000, 250, month=4), leads(1000, 250, month=5))
    drift = Recalculated(facts, agreement(tmp_path)).drift.set_index("key")
    assert drift["beyond"].to_dict() == {"marketing_share": False, "close_rate": True, "deal_size": False}
    assert drift.loc["close_rate", "measured"] == 0.25


def test_few_records_change_nothing(tmp_path):
    result = Recalculated(company_with(leads(20, 2, month=5)), agreement(tmp_path))
    assert not result.drift["enough"].any()
    assert result.changes.empty
    assert "not enough records" in result.headlines


def test_no_records_at_all_is_no_error(tmp_path):
    result = Recalculated(company_with(leads(1, 0, month=6, source="sales")), agreement(tmp_path))
    assert result.months[~result.months["wide"]][["leads", "customers"]].to_numpy().tolist() == [[0, 0]]
    assert result.drift["measured"].isna().all()
    assert result.figures


def test_adopting_the_measured_rate_doubles_the_leads_goal(tmp_path):
    facts = company_with(leads(1000, 250, month=4), leads(1000, 250, month=5))
    result = Recalculated(facts, agreement(tmp_path))
    assert (result.proposal.leads_planned, result.proposal.leads_proposed) == (
        pytest.approx(100),
        pytest.approx(200),
    )
    assert result.changes["leads_change"].tolist() == pytest.approx([100])
    assert yaml.safe_load(result.files["proposed-2026-07.yml"]) == {"close_rate": 0.25}


def test_a_tier_is_recalculated_for_itself(tmp_path):
    facts = company_with(
        leads(1000, 200, month=4, tier="A", amount=300), leads(1000, 50, month=4, tier="B", amount=200),
        leads(1000, 1, month=4, tier=None, amount=9),
    )  # fmt: skip
    result = Recalculated(facts, agreement(tmp_path, TIERED))
    drift = result.drift.set_index(["tier", "key"])
    assert drift.loc[("A", "close_rate"), "measured"] == 0.2  # agreed 0.1
    assert not drift.loc[("B", "close_rate"), "beyond"]
    assert yaml.safe_load(result.files["proposed-2026-07.yml"])["tiers"] == {"A": {"close_rate": 0.2}}


def test_what_an_overlay_changed_goes_on_unless_the_records_object(tmp_path):
    facts = company_with(leads(1000, 250, month=4), leads(1000, 250, month=5))
    terms = agreement(tmp_path, m2026_06="close_rate: 0.25\n")
    result = Recalculated(facts, terms)
    assert result.changes["reason"].tolist() == ["in force now"]
    assert yaml.safe_load(result.files["proposed-2026-07.yml"]) == {"close_rate": 0.25}


def test_what_the_next_period_already_states_is_kept(tmp_path):
    facts = company_with(leads(1000, 250, month=4), leads(1000, 250, month=5))
    terms = agreement(tmp_path, m2026_07="quota: 7000\n")
    proposal = yaml.safe_load(Recalculated(facts, terms).files["proposed-2026-07.yml"])
    assert proposal == {"quota": 7000, "close_rate": 0.25}


def test_a_young_cohort_is_marked_and_does_not_count(tmp_path):
    facts = company_with(leads(100, 50, month=4), leads(100, 0, month=6), as_of="2026-07-01")
    result = Recalculated(facts, agreement(tmp_path))
    assert result.now["young"]
    assert JUNE not in result.case.judged
    assert result.case.recent["close_rate"].iloc[0] == 0.5
    young = result.figures["cohort.close_rate"]
    assert (young.value, young.note) == (0, Message("recalculation.young"))


def test_beyond_the_agreement_nothing_is_proposed(tmp_path):
    facts = company_with(leads(100, 50, month=5), as_of="2027-01-01")
    result = Recalculated(facts, agreement(tmp_path), parse_period("2026-12"))
    assert result.proposal.period is None
    assert result.files == {}


def test_a_quarter_is_recalculated_over_quarters(tmp_path):
    result = Recalculated(company_with(leads(100, 50, month=5)), agreement(tmp_path), parse_period("2026-Q2"))
    assert result.now["leads"] == 100
    assert result.case.goals.total["leads"] == 300
    assert result.months["period"].tolist()[-2:] == ["2026-Q2", "2026"]
    assert result.proposal.period is None  # parameters are those of months
    assert "month by month" in SAY(recalculation.next_goal(result.case, result.proposal))


def test_targets_are_judged_when_the_period_has_ended(tmp_path):
    groups = leads(100, 51, month=6)
    ended = Recalculated(company_with(groups), agreement(tmp_path))
    running = Recalculated(company_with(groups, as_of="2026-06-15"), agreement(tmp_path))

    def verdicts(result):
        return {id_: figure.verdict for id_, figure in result.figures.items() if figure.target is not None}

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
    result = Recalculated(aged_company(), agreement(tmp_path))
    assert (result.now["close_rate"], result.now["young"]) == (0.1, True)
    assert result.now["close_rate_corrected"] == pytest.approx(0.2, abs=0.01)
    assert result.now["due_by_now"] == pytest.approx(0.5)
    figures = result.figures
    assert figures["cohort.close_rate"].value == 0.1
    assert figures["cohort.close_rate_corrected"].value == pytest.approx(0.2, abs=0.01)
    assert figures["recent.close_rate_corrected"].value == pytest.approx(0.2)
    assert "corrected for age" in result.headlines


def test_the_proposal_is_the_corrected_rate_where_there_is_one(tmp_path):
    result = Recalculated(aged_company(), agreement(tmp_path))
    drift = result.drift.set_index("key").loc["close_rate"]
    assert (drift["judged_value"], drift["corrected_value"]) == (pytest.approx(0.2), pytest.approx(0.2))
    assert yaml.safe_load(result.files["proposed-2026-07.yml"]) == {"close_rate": 0.2}
    assert "it is the value that counts and is proposed" in result.notes


def test_a_run_off_that_still_rises_corrects_nothing_and_the_reason_is_told(tmp_path):
    rows = [
        (f"2026-{month:02}-01", "marketing", "", day if i < 2 else None, 100.0)
        for month in (4, 5)
        for day in range(1, 60)
        for i in range(10)
    ]
    result = Recalculated(company(rows, as_of="2026-06-01"), agreement(tmp_path), JUNE - 1)
    assert result.drift["corrected_value"].isna().all()
    assert result.months["close_rate_corrected"].isna().all()
    assert "Not corrected for age: Close rate, because customers still come" in result.notes
    assert "Close rates are not corrected" in result.headlines
    end = SAY(recalculation.horizons(result.case)["within"].iloc[-1])
    assert end == "in the end: not known, because customers still come at the oldest age on record"
    figures = result.figures
    assert "customers still come" in SAY(figures["cohort.close_rate_corrected"].note)


def test_the_gap_adds_up_to_the_cent_and_names_the_sides(tmp_path):
    facts = company_with(
        leads(90, 40, month=6, amount=110.0), leads(60, 30, month=5, amount=90.0),
        extra_deals=[("2026-06-20", None, 333.33)],
    )  # fmt: skip
    result = Recalculated(facts, agreement(tmp_path))
    now = result.now
    assert result.gap["amount"].sum() == pytest.approx(now["all_revenue"] - 5000, abs=0.005)
    parts = result.gap.set_index("key")
    assert parts.loc["volume", "amount"] < 0  # 90 of 100 leads
    assert parts["controlled_by"].to_dict()["volume"] == "marketing"
    assert parts.loc["marketing_share", "amount"] == pytest.approx(333.33)  # nothing was planned from others
    assert SAY(result.gap["part"].iloc[1]) == "Number of leads"
    assert parts.loc["plan_months", "amount"] == 0  # goals are level
    assert "no_lead" not in parts.index
    assert "gap.close_rate" in result.figures


@pytest.mark.parametrize("months", [(5, 6), (6,)])  # with a run-off by month and without one
@pytest.mark.parametrize("source", ["marketing", "sales", None])
def test_refunds_are_a_part_of_their_own_and_change_no_other(tmp_path, source, months):
    rows = [row for month in months for row in leads(90, 40, month=month)]
    plain, refunded = (
        Recalculated(company(rows, extra_deals=[("2026-06-20", "sales", 333.0), *more]), agreement(tmp_path))
        for more in ([], [("2026-06-22", source, -250.004), ("2026-06-23", source, -0.003)])
    )
    before, now = (result.gap.set_index("key")["amount"] for result in (plain, refunded))
    assert "refunds" not in before.index
    assert now.to_dict() == {**before.to_dict(), "refunds": -250.01}
    assert refunded.figures["closing.refunds"].value == pytest.approx(250.007)
    assert round(now.sum(), 2) == round(refunded.now["all_revenue"] - 5000, 2)


@pytest.mark.parametrize(
    ("amounts", "expected"),
    [
        ({"volume": -100.0, "deal_size": 40.0}, "fewer leads cost €100, and larger deals added €40."),
        ({"close_rate": -62_689.0, "timing": 0.0}, "a lower close rate cost €62,689."),
        ({"plan_months": 99.0, "volume": 12.0}, "more leads added €12."),
    ],
)
def test_the_largest_part_on_either_side_is_said(amounts, expected):
    gap = pd.DataFrame({"key": amounts.keys(), "amount": amounts.values()})
    assert [SAY(line) for line in gap_said(gap)] == [f"Against the plan, {expected}"]


def test_every_part_of_a_gap_has_its_words(tmp_path):
    result = Recalculated(company_with(leads(90, 40, month=6)), agreement(tmp_path))
    for key in result.gap["key"]:
        assert {f"recalculation.gap_{key}{way}" for way in ("", "_lower", "_higher")} <= texts().keys()


@pytest.mark.parametrize("key", [*(part.replace(" ", "_") for part in CONTROLLED_BY), *RARE])
def test_every_part_of_a_gap_has_its_figure_and_name(key):
    assert definition(f"gap.{key}")[0].page == "02-recalculate-month"
    assert f"recalculation.gap_{key}" in texts()


SLOW = (0, 4, 5, 1)  # of ten customers of each month, by months until they buy


def on_plan(counts: list[int], *, slow=SLOW, amount: float = 100.0):
    """Months of leads up to June, every twentieth a customer, with as much time as usual."""
    rows = []
    for month, n in enumerate(counts, start=7 - len(counts)):
        later = [age for age, share in enumerate(slow) for _ in range(share * n // 200)]
        days = [(pd.Timestamp(2026, month, 5) + pd.DateOffset(months=age)) for age in later]
        days = [(day - pd.Timestamp(2026, month, 5)).days for day in days]
        days = [day if month + age <= 6 else None for day, age in zip(days, later, strict=True)]
        days += [None] * (n - len(days))
        rows += [(f"2026-{month:02}-05", "marketing", "", day, amount) for day in days]
    return company(rows)


GROWING = [1000, 1200, 1400, 1600, 1800, 2000]
PLANNED = "plan: {quota: 5000, marketing_share: 1, deal_size: 100, close_rate: 0.05}\n"


def test_a_growing_company_exactly_on_plan_has_no_gap_but_what_the_plan_itself_brings(tmp_path):
    quotas = {f"m2026_{month:02}": f"quota: {5 * n}" for month, n in enumerate(GROWING, start=1)}
    case = PeriodFacts(on_plan(GROWING), agreement(tmp_path, PLANNED, **quotas), JUNE)
    assert case.evidence.by_month.shares.round(6).tolist() == [0, 0.4, 0.5, 0.1, 0, 0]
    gap = recalculation.gap(case).set_index("key")["amount"]
    assert (gap.drop("plan_months") == 0).all()
    assert gap["plan_months"] == (36 + 40 + 7) * 100 - 10_000  # of May, April and March; June's come later
    said = SAY(recalculation.gap_notes(case, recalculation.gap(case))[0])
    assert "close €8,300 in it, €1,700 less than marketing's goal of €10,000" in said


def test_cohorts_before_the_agreement_count_as_they_came(tmp_path):
    late = agreement(tmp_path, PLANNED).agreement.effective_from
    path = tmp_path / "agreement.yml"
    path.write_text(path.read_text().replace(f"effective_from: {late}", "effective_from: 2026-06-01"))
    case = PeriodFacts(on_plan(GROWING), load_terms(path), JUNE)
    found = recalculation.gap(case)
    gap = found.set_index("key")["amount"]
    assert gap["volume"] == 0  # June promised 1,000 leads and 2,000 came, but none of them is due
    assert gap["plan_months"] == 8300 - 5000
    notes = [SAY(note) for note in gap_notes(case, found)]
    assert notes[1].startswith("Before June 2026 nothing was agreed")


def test_a_quarter_adds_up_over_its_months(tmp_path):
    case = PeriodFacts(on_plan([1000] * 6), agreement(tmp_path, PLANNED), parse_period("2026-Q2"))
    gap = recalculation.gap(case).set_index("key")["amount"]
    assert gap.drop("plan_months").abs().sum() == 0
    assert gap["plan_months"] == 0


def test_without_a_run_off_the_parts_that_can_be_told_are_given_with_the_reason(tmp_path):
    case = PeriodFacts(on_plan(GROWING[-2:]), agreement(tmp_path, PLANNED), JUNE)
    found = recalculation.gap(case)
    gap = found.set_index("key")["amount"]
    assert list(gap.index) == ["customers", "deal_size", "marketing_share"]
    assert gap["customers"] == 3600 - 5000
    assert "because customers still come" in SAY(gap_notes(case, found)[0])


@pytest.mark.parametrize(
    ("planned", "proposed", "expected"),
    [(463, 511, "raise its leads goal from 463 to 511"), (511, 463, "lower its leads goal from 511 to 463"),
     (463.2, 463.4, "leave its leads goal at 463")],
)  # fmt: skip
def test_what_the_proposal_does_to_the_goal_is_said(planned, proposed, expected, tmp_path):
    case = PeriodFacts(company_with(leads(1, 0, month=6)), agreement(tmp_path), JUNE)
    changed = pd.DataFrame({"key": ["close_rate"]})
    made = recalculation.Proposal("2026-07", changed, {}, planned, proposed)
    assert SAY(recalculation.next_goal(case, made)) == f"The parameters proposed for July 2026 {expected}."


def test_a_running_period_has_no_gap_yet(tmp_path):
    result = Recalculated(company_with(leads(90, 40, month=6), as_of="2026-06-15"), agreement(tmp_path))
    assert result.gap.empty
    assert not [id_ for id_ in result.figures if id_.startswith("gap.")]


def test_the_triangle_lies_on_the_daily_curve(tmp_path):
    result = Recalculated(aged_company(), agreement(tmp_path))
    months, days = recalculation.by_month(result.case), recalculation.by_age(result.case)
    assert months["rate"].iloc[0] == pytest.approx(0.1, rel=0.1)
    assert months["rate"].iloc[1] == pytest.approx(days["rate"].iloc[-1], rel=0.1)
