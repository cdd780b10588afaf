"""Whole reports on two real companies' records, against reference values computed elsewhere.

The records are not part of the project (their licences differ); the tests look for them beside the checkout.
"""

import json
from pathlib import Path

import pandas as pd
import pytest

from slanb import lead_value
from slanb.facts.tracked import track, track_periods, track_recent
from slanb.open_period import open_period
from slanb.periods import parse_period, trailing
from slanb.run import run

ROOT = Path(__file__).parents[1]
RECORDS = ROOT.parent / "shared" / "data"

pytestmark = pytest.mark.skipif(
    not (RECORDS / "answers.json").exists(), reason="the real companies' records are not beside the checkout"
)


@pytest.fixture(scope="module")
def answers():
    return json.loads((RECORDS / "answers.json").read_text())


def terms_of(name: str) -> dict:
    folder = ROOT / "params" / "examples" / name
    files = {"agreement": str(folder / "agreement.yml"), "source": str(folder / "source.yml")}
    return files | {"data": str(RECORDS / name)}


@pytest.fixture(scope="module")
def olist():
    return open_period("2018-05", as_of="2018-12-01", **terms_of("olist"))


@pytest.fixture(scope="module")
def school():
    return open_period("2023-12", as_of="2024-06-22", **terms_of("school"))


def by_month(frame: pd.DataFrame) -> dict:
    rows = frame[["period", "leads", "customers"]].itertuples(index=False)
    return {period: [int(leads), int(customers)] for period, leads, customers in rows}


class TestOlist:
    def test_leads_and_customers_by_month(self, olist, answers):
        expected = {month: row[:2] for month, row in answers["olist"]["by_month"].items()}
        assert by_month(track_periods(olist.facts, trailing(olist.period, 12))) == expected

    def test_truncated_cohorts_are_left_out_of_the_close_rate_and_it_is_said(self, olist, answers):
        assert olist.judged == trailing(parse_period("2018-05"), 5)
        rate = olist.recent["close_rate"].iloc[0]
        assert rate == pytest.approx(answers["olist"]["close_rate_2018_cohorts"], abs=5e-6)
        assert "No win is on record before 5 December 2017" in repr(olist)
        assert any(anomaly["id"] == "truncated_history" for anomaly in olist.quality["anomalies"])

    def test_april_2018_reads_otherwise_on_the_other_clock(self, olist):
        april = track_periods(olist.facts, [parse_period("2018-04")]).iloc[0]
        assert (round(april["close_rate"], 3), round(april["closing_close_rate"], 3)) == (0.135, 0.153)

    def test_rates_by_origin_over_all_cohorts(self, olist, answers):
        cohorts = (
            olist.facts.cohorts(trailing(olist.period, 12)).groupby("tier")[["leads", "customers"]].sum()
        )
        expected = answers["olist"]["by_origin"]
        found = {tier or "(blank)": [row.leads, row.customers] for tier, row in cohorts.iterrows()}
        assert found == {origin: row[:2] for origin, row in expected.items()}

    def test_revenue_and_days_to_win(self, olist, answers):
        cohorts = olist.facts.cohorts(trailing(olist.period, 12))
        assert cohorts["revenue"].sum() == pytest.approx(answers["olist"]["gmv_total"], abs=0.005)
        closed = olist.facts.closings(trailing(parse_period("2018-12"), 24))
        assert closed["revenue"].sum() == pytest.approx(answers["olist"]["gmv_total"], abs=0.005)
        negative = [a for a in olist.quality["anomalies"] if a["id"] == "closed_before_created"]
        assert negative[0]["count"] == answers["olist"]["negative_cycle"]


class TestSchool:
    def test_leads_and_customers_by_month(self, school, answers):
        expected = {month: row[:2] for month, row in answers["school"]["by_month"].items()}
        assert by_month(track_periods(school.facts, trailing(parse_period("2024-06"), 12))) == expected

    def test_created_before_2024(self, school, answers):
        recent = track_recent(school.facts, school.period).iloc[0]
        expected = answers["school"]["created_before_2024"]
        assert (recent["leads"], recent["customers"]) == (expected["leads"], expected["won"])
        assert recent["revenue"] == expected["won_amount_sum"]

    def test_quality_grades_with_value_per_lead(self, school, answers):
        whole = track_periods(school.facts, trailing(parse_period("2024-06"), 12))
        assert whole["revenue"].sum() == answers["school"]["won_amount_sum"]
        tiers = track(school.facts, trailing(parse_period("2024-06"), 12), keys=["tier"])
        found = {
            row.tier or "(blank)": [row.leads, row.customers, round(row.lead_value, 1)]
            for row in tiers.itertuples()
        }
        assert found == answers["school"]["quality"]
        values = lead_value.by_tier(school, lead_value.audit(school))
        assert values["n_judged"].sum() == answers["school"]["created_before_2024"]["leads"]

    def test_every_trap_is_counted(self, school, answers):
        found = {anomaly["id"]: anomaly["count"] for anomaly in school.quality["anomalies"]}
        assert found["won_without_closing_date"] == answers["school"]["won_without_closing_date"]
        assert found["won_without_amount"] == answers["school"]["won_amount_missing"]
        assert found["no_tier"] == answers["school"]["quality"]["(blank)"][0]
        assert school.quality["tables"]["leads"]["read"] == answers["school"]["rows"]["deals"]
        assert school.quality["tables"]["activities"]["read"] == answers["school"]["rows"]["calls"]
        for table in school.quality["tables"].values():
            assert table["read"] == table["used"] + table["quarantined"]


@pytest.mark.run
@pytest.mark.parametrize(
    ("name", "period", "as_of", "expected"),
    [
        ("olist", "2018-05", "2018-12-01", {"cohort.leads": 1303, "recent.close_rate": 0.13021}),
        ("school", "2023-12", "2024-06-22", {"cohort.leads": 645, "cohort.customers": 101}),
    ],
)
def test_the_whole_report_runs(name, period, as_of, expected, tmp_path):
    folder = run(period, as_of=as_of, outputs=tmp_path, notebooks=ROOT / "notebooks", **terms_of(name))
    figures = {figure["id"]: figure["value"] for figure in json.loads((folder / "figures.json").read_text())}
    for figure, value in expected.items():
        assert figures[figure] == pytest.approx(value, abs=5e-6)
    assert (folder / "index.html").stat().st_size < 1_500_000
    assert json.loads((folder / "run.json").read_text())["status"] == "ok"
