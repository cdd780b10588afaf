"""How sure goals are, when their leads pay, and what can be signed: by exact counts and by hand."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from slanb import goals
from slanb.facts.evidence import learn
from slanb.goals import Learnt, agreed_sizes, certain, learn_tiers, phase, set_goals, signable
from slanb.periods import parse_period
from slanb.terms.goals import goals_of
from tests.small import GUIDE, TIERED, agreement, company
from tests.test_evidence import leads

JUNE = parse_period("2026-06")
CAPACITY = (
    "  capacity: {reps: 1, hours_per_rep_per_week: 8, minutes_per_attempt: 60}\n"
    "  depth: {attempts: 2, within_days: 10, share: 0.5}\n"
)
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
        goal = goals_of(agreement(tmp_path), JUNE)
        facts = company(leads(20, 3, created="2026-03-01"))
        found = certain(goal, 0.8, learn_tiers(facts, goal, learn(facts, JUNE), JUNE))
        assert {reading for reading, _ in found.reaches} == {"agreed"}
        assert len(found.table(agreement(tmp_path).wording())) == 2
        assert np.isnan(found.leads("records"))

    def test_young_cohorts_are_read_as_what_they_will_be(self, tmp_path):
        goal = goals_of(agreement(tmp_path), JUNE)
        old = [row for m in range(1, 6) for row in leads(100, 20, created=f"2026-{m:02}-01", days=20)]
        facts = company([*old, *leads(100, 0, created="2026-06-25")])
        found = learn_tiers(facts, goal, learn(facts, JUNE), JUNE).rates.loc[""]
        assert found["won"] / found["of"] == pytest.approx(0.2)

    def test_nothing_planned_says_nothing(self, tmp_path):
        goal = goals_of(agreement(tmp_path, GUIDE.replace("quota: 5000", "quota: 0")), JUNE)
        found = certain(goal, 0.8)
        assert found.figures() == []
        assert found.sentences(agreement(tmp_path).wording()) == []

    def test_the_curve_goes_through_what_the_table_says(self, tmp_path):
        found = certain(goals_of(agreement(tmp_path), JUNE), 0.8)
        curve = found.curve().set_index("leads")["agreed"]
        assert curve[100.0] == found.chance()
        assert curve.is_monotonic_increasing
        assert curve[curve >= 0.8].index[0] == pytest.approx(found.leads(), abs=1)


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

    def phased(self, terms, facts, **options):
        goal = goals_of(terms, JUNE)
        return phase(facts, terms, goal, learn(facts, JUNE), confidence=0.8, **options)

    def test_half_of_the_goal_is_in_the_pipe(self, halves):
        found = self.phased(*halves)
        june = found.months.iloc[0]
        assert (june["period"], june["goal"], june["naive"]) == ("2026-06", 2000, 100)
        assert june["pipe"] == pytest.approx(1000, rel=0.12)  # 10 customers of May's 100 leads
        assert june["leads"] == pytest.approx(100, rel=0.15)

    def test_a_shortfall_is_missed_now_and_next_month(self, halves):
        found = self.phased(*halves)
        assert found.missing == 10  # 100 promised, 90 came
        assert not found.assumed
        effect = found.months["effect"]
        assert effect.sum() == pytest.approx(-10 * 0.2 * 100)
        assert effect.iloc[0] == pytest.approx(-100, rel=0.2)
        assert effect.iloc[2:].tolist() == [0, 0, 0, 0]
        assert "10 leads were missing in June 2026" in found.note(halves[0].wording())

    def test_a_running_month_assumes_a_tenth(self, halves):
        terms, _ = halves
        rows = [*leads(50, 5, created="2026-03-02", days=5), *leads(9, 0, created="2026-06-02")]
        facts = company(rows, as_of="2026-06-15")
        found = self.phased(terms, facts)
        assert found.assumed
        assert found.missing == 10

    def test_months_beyond_the_agreement_are_left_out(self, tmp_path):
        terms = agreement(tmp_path)
        rows = [row for m in range(1, 10) for row in leads(50, 10, created=f"2026-{m:02}-02", days=5)]
        facts = company(rows, as_of="2026-12-01")
        november = parse_period("2026-11")
        found = phase(facts, terms, goals_of(terms, november), learn(facts, november), confidence=0.8)
        assert found.months["period"].tolist() == ["2026-11", "2026-12"]

    def test_no_customers_no_table(self, tmp_path):
        found = self.phased(agreement(tmp_path), company(leads(5, 0, created="2026-03-01")))
        assert found.months.empty
        assert found.figures() == []
        assert "Not enough whole months" in found.note(agreement(tmp_path).wording())


class TestSigning:
    def promise(self, tmp_path, plan, **options):
        terms = agreement(tmp_path, plan)
        facts = company([row for m in range(1, 6) for row in leads(5, 2, created=f"2026-{m:02}-03")])
        goal = goals_of(terms, JUNE)
        return signable(facts, terms, goal, learn_tiers(facts, goal, learn(facts, JUNE), JUNE), **options)

    def test_without_capacity_there_is_nothing_to_hold_it_against(self, tmp_path):
        assert self.promise(tmp_path, PLAN) is None

    def test_hours_are_the_calendars(self, tmp_path):
        found = self.promise(tmp_path, PLAN + CAPACITY)
        assert found.hours == 5 * 8  # June 2026 has five Mondays, and Monday's 8 hours are the week

    def test_hours_too_few_are_the_limit(self, tmp_path):
        rich = PLAN + CAPACITY.replace("minutes_per_attempt: 60", "minutes_per_attempt: 1")
        plenty, tight = self.promise(tmp_path, rich), self.promise(tmp_path, PLAN + CAPACITY)
        assert plenty.promise.goal >= tight.promise.goal
        assert tight.promise.leads.sum() * 2 <= 40  # two attempts of an hour on each, as none connects
        assert plenty.promise.chance >= 0.8 or not plenty.promise.goal

    def test_it_is_told_and_published(self, tmp_path):
        found, words = self.promise(tmp_path, PLAN + CAPACITY), agreement(tmp_path).wording()
        assert [figure.id for figure in found.figures()] == ["plan.signable_revenue", "plan.signable_leads"]
        assert "80%" in found.sentences(words)[0]
        assert found.table(words)["what"].tolist()[0] == "Marketing revenue"


class TestTogether:
    def test_all_figures_have_an_id_of_their_own_and_a_formula(self, tmp_path):
        rows = [
            row
            for m in range(1, 6)
            for t in "AB"
            for row in leads(200, 30, created=f"2026-{m:02}-02", tier=t)
        ]
        result = set_goals(company(rows), agreement(tmp_path, TIERED), JUNE)
        figures = result.figures()
        ids = [figure.id for figure in figures]
        assert len(ids) == len(set(ids))
        assert {"plan.leads", "plan.leads_confident", "plan.chance", "plan.leads_confident_learnt"} <= set(
            ids
        )
        assert all(figure.formula for figure in figures)

    def test_parts_name_the_whole_and_the_longer_periods(self, tmp_path):
        result = set_goals(company(leads(3, 0, created="2026-05-01")), agreement(tmp_path, TIERED), JUNE)
        parts = result.parts(agreement(tmp_path).wording())
        assert parts["part"].tolist() == ["A", "B", "All of June 2026", "Q2 2026", "2026"]
        whole = parts.set_index("part")["leads_confident"]
        assert whole["A"] + whole["B"] == pytest.approx(whole["All of June 2026"], abs=2)

    def test_the_promise_comes_first(self, tmp_path):
        result = set_goals(company(leads(3, 0, created="2026-05-01")), agreement(tmp_path), JUNE)
        said = result.headlines(agreement(tmp_path).wording())
        assert said[0].startswith("Marketing is to deliver 100 leads in June 2026")
        assert "chance" in said[1]

    def test_a_quarter_is_set_like_a_month(self, tmp_path):
        result = set_goals(
            company(leads(3, 0, created="2026-05-01")), agreement(tmp_path), parse_period("2026-Q2")
        )
        assert result.certainty.goals.total["leads"] == 300
        assert result.outlook is None

    def test_a_what_ifs_confidence_counts(self, tmp_path):
        facts = company(leads(3, 0, created="2026-05-01"))
        asked = [
            set_goals(facts, agreement(tmp_path), JUNE, what_if={"confidence": c}).certainty.leads()
            for c in (0.6, 0.9)
        ]
        assert asked[0] < asked[1]


def test_the_spread_of_equal_deals_is_none():
    assert goals.spread_of(np.array([5.0, 5.0])) == 0
