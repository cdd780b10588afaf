"""Run-off and what it corrects, counted by hand and by plain pandas."""

from functools import partial

import numpy as np
import pandas as pd
import pytest

from slanb.facts import Facts
from slanb.facts.evidence import corrected_by, corrected_rate, learn
from slanb.periods import parse_period, trailing
from tests.small import company

JUNE = parse_period("2026-06")
MONTHS = trailing(JUNE, 6)


def leads(n, wins, *, created, tier="", days=10.0, source="marketing", amount=100.0):
    return [(created, source, tier, days if i < wins else None, amount) for i in range(n)]


def small_facts(as_of="2026-02-10"):
    day = partial(pd.to_datetime, format="ISO8601")
    rows = pd.DataFrame(
        {
            "lead_id": list("abcdefg"),
            "created_at": day(["2026-01-01"] * 6 + ["2026-01-31"]),
            "sourced_by": ["marketing"] * 5 + ["sales", "marketing"],
            "tier": ["A", "A", "A", "B", "B", "A", "A"],
            "lost_at": day([None, "2026-01-06", "2026-01-03", None, None, None, None]),
        }
    )
    deals = pd.DataFrame(
        {
            "deal_id": ["1", "2", "3", "4", "5", "6"],
            "lead_id": ["a", "a", "b", "d", "f", "g"],
            "sourced_by": "marketing",
            "closed_at": day(
                ["2026-01-11 12:00", "2026-02-01", "2026-02-02", None, "2026-01-05", "2026-01-30"]
            ),
            "won": True,
            "amount": [100.0, 50.0, 70.0, 30.0, 10.0, None],
        }
    )
    clock = pd.Timestamp(as_of, tz="UTC")
    return Facts({"leads": rows, "deals": deals}, as_of=clock, exported_at=clock, zone="UTC")


class TestFacts:
    def test_each_lead_ends_once_at_its_age(self):
        found = small_facts().run_off([pd.Period("2026-01", "M")])
        rows = found.set_index(["tier", "age"])[["won", "lost", "open", "amount"]].astype(float)
        assert rows.T.to_dict("list") == {
            ("A", 0): [1, 0, 0, 0],  # g: won the day before it was created; its amount is not known
            ("A", 2): [0, 1, 0, 0],  # c
            ("A", 10): [1, 0, 0, 150],  # a: its first win dates it, both deals are its revenue
            ("A", 32): [1, 0, 0, 70],  # b: lost first, came back
            ("B", 40): [0, 0, 1, 0],  # e; d was won without a date and is in no curve
        }

    def test_nothing_after_the_clock_is_known(self):
        found = small_facts("2026-01-20").run_off([pd.Period("2026-01", "M")])
        rows = found.groupby("age")[["won", "lost", "open"]].sum()
        assert rows.loc[5].tolist() == [0, 1, 0]  # b is lost, as far as anyone knows
        assert "g" not in rows.index
        assert rows.to_numpy().sum() == 4  # d was won without a date, which the export knows

    def test_ages_count_wins_without_a_date_too(self):
        found = small_facts().ages([pd.Period("2026-01", "M")])
        assert found.groupby("age")[["leads", "won"]].sum().T.to_dict("list") == {10: [1, 1], 40: [5, 3]}

    def test_the_triangle_is_by_months_of_creation_and_of_the_first_win(self):
        found = small_facts().triangle([pd.Period("2026-01", "M"), pd.Period("2026-02", "M")])
        rows = found[["period", "later", "customers", "revenue"]].to_numpy().tolist()
        assert rows == [["2026-01", 0, 2, 150.0], ["2026-01", 1, 1, 70.0]]

    def test_amounts_are_the_customers_revenue_and_capped(self):
        month = [pd.Period("2026-01", "M")]
        assert small_facts().amounts(month).to_numpy().tolist() == [["A", 70], ["A", 150], ["B", 30]]
        assert small_facts().amounts(month, most=1).to_numpy().tolist() == [["A", 70], ["B", 30]]

    def test_days_run_over_several_periods(self):
        facts = company([*leads(2, 0, created="2026-01-31"), *leads(3, 0, created="2026-02-01")])
        found = facts.daily_leads(pd.Period("2026-01", "M"), until=pd.Period("2026-03", "M"))
        assert found["leads"].tolist() == [2, 3]


def late_company(as_of="2026-07-01"):
    """Half of the customers buy after 10 days, half after 40; 20 of 100 in the end."""
    rows = []
    for month in range(1, 7):
        rows += leads(10, 10, created=f"2026-{month:02}-01") + leads(
            10, 10, created=f"2026-{month:02}-01", days=40
        )
        rows += leads(80, 0, created=f"2026-{month:02}-01")
    return company(rows, as_of=as_of)


class TestCorrection:
    def test_a_cohort_with_half_its_customers_in_is_doubled(self):
        facts = late_company()
        found = corrected_by(facts, MONTHS, learn(facts, JUNE)).set_index("period")
        assert found.loc["2026-06", ["plain", "share_in", "corrected"]].tolist() == pytest.approx(
            [0.1, 0.5, 0.2]
        )
        assert found.loc["2026-01", ["plain", "corrected"]].tolist() == pytest.approx([0.2, 0.2])
        assert found["young"].tolist() == [False] * 5 + [True]
        assert found.loc["2026-06", "expected"] == pytest.approx(20, abs=1)

    def test_all_cohorts_together_read_as_customers_over_leads_that_had_their_time(self):
        facts = late_company()
        found = corrected_rate(facts, MONTHS, learn(facts, JUNE))
        assert found["plain"] == pytest.approx(110 / 600)
        assert found["corrected"] == pytest.approx(110 / 550)
        assert found["low"] < 0.2 < found["high"]

    def test_a_curve_that_still_rises_corrects_nothing_and_says_so(self):
        rows = []
        for month in (4, 5):
            rows += [row for d in range(1, 60) for row in leads(10, 2, created=f"2026-{month:02}-01", days=d)]
        facts = company(rows, as_of="2026-06-01")
        evidence = learn(facts, JUNE)
        assert evidence.whole.reason == "still rising at its last age"
        found = corrected_by(facts, MONTHS, evidence)
        assert found["corrected"].isna().all()
        assert found["plain"].notna().any()
        assert corrected_rate(facts, MONTHS, evidence)["reason"] == "still rising at its last age"

    def test_a_tier_is_corrected_by_its_own_run_off(self):
        fast = [
            row for m in range(1, 7) for row in leads(50, 10, created=f"2026-{m:02}-01", tier="A", days=3)
        ]
        slow = [
            row for m in range(1, 7) for row in leads(50, 10, created=f"2026-{m:02}-01", tier="B", days=45)
        ]
        facts = company([*fast, *slow])
        evidence = learn(facts, JUNE)
        assert corrected_rate(facts, MONTHS, evidence, "A")["corrected"] == pytest.approx(0.2)
        found = corrected_rate(
            facts, MONTHS, evidence, "B"
        )  # June's 50 are 30 days old: none can have bought
        assert found["plain"] == pytest.approx(50 / 300)
        assert found["corrected"] == pytest.approx(50 / 250)

    def test_without_records_there_is_a_reason_and_no_error(self):
        facts = company(leads(3, 0, created="2026-06-02", source="sales"))
        evidence = learn(facts, JUNE)
        assert evidence.whole.reason
        assert evidence.by_month is None
        assert corrected_by(facts, MONTHS, evidence)["n"].tolist() == [0.0] * 6
        assert corrected_rate(facts, MONTHS, evidence, "A")["reason"] == "too few leads old enough"

    def test_the_curve_equals_plain_counting_where_every_lead_is_old(self):
        rng = np.random.default_rng(1)
        days = np.where(rng.random(400) < 0.3, rng.integers(1, 80, 400), np.nan)
        rows = [("2026-01-01", "marketing", "", None if np.isnan(d) else d, 100.0) for d in days]
        facts = company(rows, as_of="2026-12-31")
        curve = learn(facts, JUNE).whole
        for age in (10, 40, 79):
            assert curve.within(age).value == pytest.approx((days <= age).mean())

    def test_customers_without_a_date_are_counted(self):
        assert learn(small_facts(), pd.Period("2026-01", "M")).undated == 1
