"""The sample company's reports of a quarter, a year and a month that still runs."""

import json

import pandas as pd
import pytest

from slanb.simulate import simulate, write_files
from tests.sampled import PROMISED, report

pytestmark = pytest.mark.run


@pytest.fixture(scope="module")
def outputs(tmp_path_factory):
    folder = tmp_path_factory.mktemp("periods")
    write_files(simulate(), folder / "data")
    return folder


@pytest.mark.parametrize("period", ["2026-Q3", "2025"])
def test_a_quarter_and_a_year_run_as_a_month_does(outputs, period):
    folder = report(outputs, "longer", period)
    values = {figure["id"]: figure["value"] for figure in json.loads((folder / "figures.json").read_text())}
    leads = pd.read_csv(outputs / "data/leads.csv", dtype=str)
    wanted = pd.Period(period.replace("-", ""))
    inside = pd.to_datetime(leads["Create Date"]).dt.to_period(wanted.freqstr) == wanted
    of_marketing = ~leads["Original Source"].isin(["Sales outreach", "Partner"])
    promised = leads["Rating"].isin(PROMISED)
    assert values["cohort.leads"] == (inside & of_marketing & promised).sum()


def test_an_interim_run_is_pending_and_stands_beside(outputs):
    folder = report(outputs, "interim", as_of="2026-10-14")
    assert folder.name == "2026-10-asof-2026-10-14"
    figures = {figure["id"]: figure for figure in json.loads((folder / "figures.json").read_text())}
    assert figures["closing.revenue"]["verdict"] == "pending"
