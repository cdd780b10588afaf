"""How sure goals are, when their leads pay, and what can be signed: by exact counts and by hand."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy import stats

from slanb import goals
from slanb.dictionary.figures import definition
from slanb.dictionary.wording import Wording
from slanb.estimates.settling import STILL_RISING
from slanb.facts.chance import agreed_sizes, certain
from slanb.facts.learnt import Learnt
from slanb.facts.period import PeriodFacts
from slanb.goals.phasing import missing_leads, spread_of
from slanb.periods import parse_period
from slanb.terms.goals import goals_of
from tests.small import GUIDE, TIERED, agreement, company
from tests.test_evidence import leads

JUNE = parse_period("2026-06")
WORDS = Wording("en_GB")
CAPACITY = (
    "  capacity: {reps: 1, hours_per_rep_per_week: 8, minutes_per_attempt: 60}\n"
    "  depth: {attempts: 2, within_days: 10, share: 0.5}\n"
)
QUICK = CAPACITY.replace("minutes_per_attempt: 60", "minutes_per_attempt: 1")
PLAN = "plan:\n  quota: 5000\n  marketing_share: 1\n  deal_size: 100\n  close_rate: 0.5\n"


def learnt(**tiers):
    """Tiers as name=(won, of, amounts)."""
    rates = pd.DataFrame({name: {"won": won, "of": of} for name, (won, of, _) in tiers.items()}).T
    return Learnt(rates, {name: np.asarray(sizes, float) for name, (*_, sizes) in tiers.items()})


class TestCertainty:
    def test_the_guides_example_suffices_every_second_time(self, tmp_path):
        found = certain(goals_of(agreement(tmp_path), JUNE), 0.8)
        assert found.chance() == pytest.approx(0.5398, abs=0.03)  # FIELD.md
        assert found.leads() == pytest.approx(108, abs=1)
        assert set(found.reaches) == {("agreed", "customers"), ("agreed", "revenue")}

    def test_two_tiers_agree_with_the_sum_of_two_binomials(self, tmp_path):
        found = certain(goals_of(agreement(tmp_path, TIERED), JUNE), 0.8)  # A 100 at 10 %, B 300 at 5 %
        both = np.convolve(stats.binom.pmf(range(101), 100, 0.1), stats.binom.pmf(range(301), 300, 0.05))
        assert found.chance() == pytest.approx(both[25:].sum(), abs=0.03)
        scale = found.leads() / 400
        more = np.convolve(
            stats.binom.pmf(range(400), round(100 * scale), 0.1),
            stats.binom.pmf(range(900), round(300 * scale), 0.05),
        )
        assert more[25:].sum() == pytest.approx(0.8, abs=0.03)
        assert found.by_tier().to_dict() == {
            "A": pytest.approx(100 * scale, abs=1), "B": pytest.approx(300 * scale, abs=1)
        }  # fmt: skip

    @given(st.lists(st.integers(1, 9), min_size=1, max_size=20))
    @settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    def test_cutting_the_quota_into_segments_changes_no_total(self, tmp_path, weights):
        parts = [f"    S{n}: {{share: {weight / sum(weights)}}}\n" for n, weight in enumerate(weights)]
        known = learnt(A=(20, 200, [300.0] * 20), B=(20, 400, [200.0] * 20))
        one, cut = (
            certain(goals_of(agreement(tmp_path, plan), JUNE), 0.8, known, of=["customers"])
            for plan in (TIERED, TIERED + "  segments:\n" + "".join(parts))
        )
        for reading, of in one.reaches:
            assert cut.leads(reading, of) == one.leads(reading, of)
            assert cut.chance(reading, of) == one.chance(reading, of)
        assert cut.by_tier().to_dict() == one.by_tier().to_dict()
        assert cut.by_tier().sum() == cut.leads()
        assert cut.goals.total.to_numpy() == pytest.approx(one.goals.total.to_numpy(), rel=1e-9)

    def test_what_is_learnt_from_little_asks_for_more(self, tmp_path):
        goal = goals_of(agreement(tmp_path, PLAN.replace("0.5", "0.05").replace("5000", "700")), JUNE)
        few = certain(goal, 0.8, learnt(**{"": (20, 400, [100.0] * 20)}))
        assert few.leads("records") == pytest.approx(189, abs=4)  # FIELD.md: 7 at 20 of 400
        assert few.leads() == pytest.approx(180, abs=4)

    def test_revenue_with_sizes_that_scatter_asks_for_more_than_customers(self, tmp_path):
        goal = goals_of(agreement(tmp_path), JUNE)
        sizes = np.random.default_rng(0).lognormal(3, 1, 200)
        found = certain(goal, 0.8, learnt(**{"": (500, 1000, sizes)}))
        assert found.leads("agreed", "revenue") > found.leads("agreed", "customers")

    def test_agreed_sizes_have_the_agreed_mean_and_the_past_spread(self):
        cells = pd.DataFrame({"tier": ["A", "B"], "deal_size": [200.0, 50.0]})
        past = learnt(A=(9, 90, [10, 20, 30, 40, 50]), B=(9, 90, [7.0]))
        sizes = agreed_sizes(cells, past)
        assert sizes[0].mean() == pytest.approx(200)
        assert sizes[0].max() / sizes[0].min() == pytest.approx(5)
        assert sizes[1].mean() == pytest.approx(50)  # spread of all tiers, one deal being too few
        assert agreed_sizes(cells, None)[1].tolist() == [50.0]

    def test_more_confidence_never_asks_for_fewer_leads(self, tmp_path):
        goal = goals_of(agreement(tmp_path, TIERED), JUNE)
        asked = [certain(goal, confidence).leads() for confidence in (0.5, 0.8, 0.9, 0.95)]
        assert asked == sorted(asked)

    def test_few_records_give_the_agreed_reading_alone(self, tmp_path):
        page = PeriodFacts(company(leads(20, 3, created="2026-03-01")), agreement(tmp_path), JUNE)
        assert {reading for reading, _ in page.certainty.reaches} == {"agreed"}
        assert goals.certainty(page)["goal"].tolist() == ["customers", "revenue"]
        assert np.isnan(page.certainty.leads("records"))

    def test_young_cohorts_are_read_as_what_they_will_be(self, tmp_path):
        old = [row for m in range(1, 6) for row in leads(100, 20, created=f"2026-{m:02}-01", days=20)]
        facts = company([*old, *leads(100, 0, created="2026-06-25")])
        found = PeriodFacts(facts, agreement(tmp_path), JUNE).learnt.rates.loc[""]
        assert found["won"] / found["of"] == pytest.approx(0.2)

    def test_nothing_planned_says_nothing(self, tmp_path):
        terms = agreement(tmp_path, GUIDE.replace("quota: 5000", "quota: 0"))
        page = PeriodFacts(company(leads(3, 0, created="2026-05-01")), terms, JUNE)
        assert page.certainty.figures() == []
        assert goals.certainty(page).empty
        assert goals.chance_curve(page).columns.tolist() == ["leads"]
        ids = [message.id for message in goals.headlines(page, goals.phase(page), goals.signable(page))]
        assert ids == ["goals.nothing"]

    def test_the_curve_goes_through_what_the_table_says(self, tmp_path):
        found = certain(goals_of(agreement(tmp_path), JUNE), 0.8)
        curve = found.curve().set_index("leads")["agreed"]
        assert curve[100.0] == found.chance()
        assert curve.is_monotonic_increasing
        assert curve[found.leads()] >= 0.8 > curve[curve.index < found.leads()].iloc[-1]

    def test_marks_of_the_chart_are_the_numbers_of_the_table(self, tmp_path):
        rows = [row for m in range(1, 6) for row in leads(200, 90, created=f"2026-{m:02}-02", days=5)]
        page = PeriodFacts(company(rows), agreement(tmp_path), JUNE)
        sure, curve = goals.certainty(page), goals.chance_curve(page).set_index("leads")
        assert set(sure["reading"]) == {"agreed", "records"}
        for row in sure[sure["goal"] == "customers"].itertuples():
            assert row.confidence == 0.8
            assert row.leads_confident == page.certainty.leads(row.reading)
            assert curve[row.reading][row.plain] == row.chance
            assert curve[row.reading][row.leads_confident] >= 0.8


class TestPhasing:
    @pytest.fixture
    def halves(self, tmp_path):
        """Half of the customers close in the month of the lead, half in the next; 20 of 100 a month."""
        rows = []
        for month in range(1, 6):
            rows += leads(10, 10, created=f"2026-{month:02}-02", days=5)
            rows += leads(10, 10, created=f"2026-{month:02}-02", days=32)
            rows += leads(80, 0, created=f"2026-{month:02}-02")
        terms = agreement(tmp_path, PLAN.replace("0.5", "0.2").replace("5000", "2000"))
        return terms, company([*rows, *leads(90, 18, created="2026-06-02", days=5)])

    def phased(self, terms, facts, period=JUNE):
        page = PeriodFacts(facts, terms, period)
        return page, goals.phase(page)

    def test_half_of_the_goal_is_in_the_pipe(self, halves):
        _, months = self.phased(*halves)
        june = months.iloc[0]
        assert (june["period"], june["month_goal"], june["plain_leads"]) == ("2026-06", 2000, 100)
        assert june["pipe"] == pytest.approx(1000, rel=0.12)  # 10 customers of May's 100 leads
        assert june["leads_in_time"] == pytest.approx(100, rel=0.15)
        assert june["leads_in_time_confident"] >= june["leads_in_time"]

    def test_a_shortfall_is_missed_now_and_next_month(self, halves):
        page, months = self.phased(*halves)
        assert missing_leads(page, 100) == (10, False)  # 100 promised, 90 came
        effect = months["effect"]
        assert effect.sum() == pytest.approx(-10 * 0.2 * 100)
        assert effect.iloc[0] == pytest.approx(-100, rel=0.2)
        assert effect.iloc[2:].tolist() == [0, 0, 0, 0]
        notes = " ".join(map(WORDS.say, goals.phasing_notes(page, months)))
        assert "what the 10 leads missing in June 2026 cost each period" in notes

    def test_the_month_after_a_closed_one_counts_on_the_leads_it_really_brought(self, halves):
        page, months = self.phased(*halves)
        alone = PeriodFacts(page.facts, page.terms, JUNE + 1)
        assert months.iloc[1]["pipe"] == pytest.approx(goals.phase(alone).iloc[0]["pipe"], rel=0.01)
        assert months.iloc[1]["pipe"] > 0.8 * 90 * 0.2 * 0.5 * 100
        assert "really brought" in " ".join(map(WORDS.say, goals.phasing_notes(page, months)))

    def test_each_month_has_its_own_terms(self, halves, tmp_path):
        terms = agreement(
            tmp_path,
            PLAN.replace("0.5", "0.2").replace("5000", "2000"),
            m2026_06="close_rate: 0.1",
            m2026_08="deal_size: 50",
        )
        _, months = self.phased(terms, halves[1])
        assert months["plain_leads"].tolist() == [200, 100, 200, 100, 100, 100]

    def test_what_is_as_sure_as_agreed_has_that_chance(self, halves):
        page, months = self.phased(*halves)
        surer = months["leads_in_time_confident"] > months["leads_in_time"]
        enough = months["chance_in_time"] >= page.plan.confidence
        assert (surer | enough | months["leads_in_time_confident"].isna()).all()

    def test_no_number_stands_for_leads_that_cannot_be_as_sure_as_agreed(self, tmp_path):
        rows = [row for m in range(1, 6) for row in leads(20, 10, created=f"2026-{m:02}-02", days=35)]
        page, months = self.phased(agreement(tmp_path), company(rows))  # June's leads close in July
        june = months.iloc[0]
        assert june["too_late"] > 0
        assert june["chance_in_time"] < page.plan.confidence
        assert math.isnan(june["leads_in_time_confident"])
        notes = " ".join(map(WORDS.say, goals.phasing_notes(page, months)))
        assert "A dash stands where such leads do not make a period as sure as agreed." in notes

    def test_a_running_month_assumes_a_tenth(self, halves):
        terms, _ = halves
        rows = [*leads(50, 5, created="2026-03-02", days=5), *leads(9, 0, created="2026-06-02")]
        facts = company(rows, as_of="2026-06-15")
        page, months = self.phased(terms, facts)
        assert missing_leads(page, 100) == (10, True)
        assert goals.phasing_notes(page, months)[0].id == "goals.effect_assumed"

    def test_months_beyond_the_agreement_are_left_out(self, tmp_path):
        terms = agreement(tmp_path)
        rows = [row for m in range(1, 10) for row in leads(50, 10, created=f"2026-{m:02}-02", days=5)]
        facts = company(rows, as_of="2026-12-01")
        _, months = self.phased(terms, facts, parse_period("2026-11"))
        assert months["period"].tolist() == ["2026-11", "2026-12"]

    def test_no_customers_no_table(self, tmp_path):
        page, months = self.phased(agreement(tmp_path), company(leads(5, 0, created="2026-03-01")))
        assert months.empty
        assert "plan.pipe" not in [figure.id for figure in goals.figures(page, months, None)]
        assert [note.id for note in goals.phasing_notes(page, months)] == ["goals.no_phasing"]


class TestSigning:
    def promise(self, tmp_path, plan):
        facts = company([row for m in range(1, 6) for row in leads(5, 2, created=f"2026-{m:02}-03")])
        page = PeriodFacts(facts, agreement(tmp_path, plan), JUNE)
        return page, goals.signable(page)

    def test_without_capacity_there_is_nothing_to_hold_it_against(self, tmp_path):
        page, promise = self.promise(tmp_path, PLAN)
        assert promise is None
        assert goals.signing(page, promise).empty
        assert [note.id for note in goals.signing_notes(page, promise)] == ["goals.no_capacity"]

    def test_hours_are_those_of_the_pages_of_sales(self, tmp_path):
        page, promise = self.promise(tmp_path, PLAN + CAPACITY)
        table = goals.signing(page, promise).set_index(
            pd.Index(["revenue", "average", "pipe", "leads", "worth", "hours needed", "hours available"])
        )
        # June 2026 has five Mondays, and Monday's 8 hours are the week
        assert table.loc["hours available", ["planned", "signable"]].tolist() == [5 * 8, 5 * 8]
        # two attempts of an hour on each of 100 leads, as none connects
        assert table.loc["hours needed", "planned"] == page.bandwidth.hours_needed == 200

    def test_hours_too_few_are_the_limit(self, tmp_path):
        rich = PLAN + QUICK
        (_, plenty), (_, tight) = self.promise(tmp_path, rich), self.promise(tmp_path, PLAN + CAPACITY)
        assert plenty.goal >= tight.goal
        assert tight.leads.sum() * 2 <= 40  # two attempts of an hour on each, as none connects
        assert (plenty.simulated["brought"] >= plenty.goal).mean() >= 0.8

    def test_most_of_a_month_is_in_the_pipe(self, tmp_path):
        """Of 100 leads a month 20 buy, for 100 each, 5 in their own month and 15 in the next."""
        rows = []
        for month in range(1, 6):
            rows += leads(5, 5, created=f"2026-{month:02}-02", days=5)
            rows += leads(15, 15, created=f"2026-{month:02}-02", days=32)
            rows += leads(80, 0, created=f"2026-{month:02}-02")
        plan = PLAN.replace("0.5", "0.2").replace("5000", "2000") + QUICK
        page = PeriodFacts(company(rows, as_of="2026-06-01"), agreement(tmp_path, plan), JUNE)
        promise = goals.signable(page)
        assert promise.pipe == pytest.approx(1500, rel=0.1)
        in_time = 0.25 * 25 / 30  # created evenly, a quarter of the customers closes after five days
        own = promise.simulated["followed"].mean() * 0.2 * 100 * in_time
        assert promise.simulated["own"].mean() == pytest.approx(own, rel=0.1)
        assert promise.eventual == pytest.approx(promise.leads.sum() * 0.2 * 100, rel=0.1)
        assert promise.goal < promise.simulated["brought"].mean()

    def test_where_nobody_knows_when_leads_close_all_they_bring_is_counted(self, tmp_path):
        rows = [row for m in range(1, 6) for row in leads(40, 4, created=f"2026-{m:02}-03", days=10)]
        page = PeriodFacts(company(rows, as_of="2026-06-01"), agreement(tmp_path, PLAN + QUICK), JUNE)
        object.__setattr__(page.evidence.whole, "reason", STILL_RISING)
        promise = goals.signable(page)
        assert promise.pipe == 0
        said = WORDS.say(goals.can_be_signed(page, promise))
        assert "counted whenever it closes" in said
        assert "goals.closing_unknown" in [note.id for note in goals.signing_notes(page, promise)]
        ids = [figure.id for figure in goals.figures(page, goals.phase(page), promise)]
        assert "plan.signable_worth" in ids
        assert "plan.signable_revenue" not in ids

    def test_it_is_said_and_published(self, tmp_path):
        page, promise = self.promise(tmp_path, PLAN + CAPACITY)
        values = {figure.id: figure.value for figure in goals.figures(page, goals.phase(page), promise)}
        assert values["plan.signable_revenue"] == promise.goal
        assert values["plan.signable_leads"] == promise.leads.sum()
        assert "80%" in WORDS.say(goals.can_be_signed(page, promise))
        table = goals.signing(page, promise)["signable"].tolist()
        assert [table[0], table[3]] == [promise.goal, promise.leads.sum()]


class TestTogether:
    def page(self, tmp_path, plan=GUIDE, period="2026-06", rows=(), **what_if):
        facts = company(list(rows) or leads(3, 0, created="2026-05-01"))
        return PeriodFacts(facts, agreement(tmp_path, plan), parse_period(period), what_if)

    def test_all_figures_have_an_id_of_their_own_and_a_formula(self, tmp_path):
        rows = [
            row
            for m in range(1, 6)
            for t in "AB"
            for row in leads(200, 30, created=f"2026-{m:02}-02", tier=t)
        ]
        page = self.page(tmp_path, TIERED, rows=rows)
        figures = goals.figures(page, goals.phase(page), goals.signable(page))
        ids = [figure.id for figure in figures]
        assert len(ids) == len(set(ids))
        assert {"plan.leads", "plan.leads_confident", "plan.chance", "plan.leads_confident_learnt"} <= set(
            ids
        )
        assert {"plan.tier.A.leads", "plan.tier.B.leads_confident", "plan.daily"} <= set(ids)
        assert all(figure.formula for figure in figures)

    def test_every_number_of_a_page_belongs_to_it_in_the_catalogue(self, tmp_path):
        page = self.page(tmp_path, TIERED)
        figures = goals.figures(page, goals.phase(page), goals.signable(page))
        assert {definition(figure.id)[0].page for figure in figures} == {"01-set-goals"}

    def test_the_steps_can_be_followed_by_hand(self, tmp_path):
        page = self.page(tmp_path, TIERED)  # 6,000 of revenue, 25 customers, 400 leads
        figures = goals.figures(page, goals.phase(page), goals.signable(page))
        math = {figure.id: WORDS.math(figure) for figure in figures}
        assert math["plan.marketing_goal"] == "€10,000 × 60.00%"
        assert math["plan.customers"] == "€6,000 ÷ €240"
        assert math["plan.leads"] == "25.00 ÷ 6.25%"
        assert math["plan.daily"] == "400 ÷ 30 days"
        assert math["plan.tier.A.leads"] == "10.00 ÷ 10.00%"

    def test_the_promise_comes_first(self, tmp_path):
        page = self.page(tmp_path)
        said = [WORDS.say(line) for line in goals.headlines(page, goals.phase(page), goals.signable(page))]
        assert said[0].startswith("Marketing is to deliver 100 leads in June 2026, 3.3 a day: 50.0 customers")
        assert "chance" in said[1]

    def test_a_quarter_is_set_like_a_month(self, tmp_path):
        page = self.page(tmp_path, period="2026-Q2")
        assert goals.headlines(page, goals.phase(page), None)[0].fields["leads"] == 300

    def test_a_what_ifs_confidence_counts(self, tmp_path):
        asked = [self.page(tmp_path, confidence=c).certainty.leads() for c in (0.6, 0.9)]
        assert asked[0] < asked[1]


def test_the_spread_of_equal_deals_is_none():
    assert spread_of(np.array([5.0, 5.0])) == 0
