"""The calibration study runs, in small, and its README is the study's own. The whole is `make calibrate`."""

import numpy as np
import pytest

from tests.calibration import real, study, young
from tests.calibration.companies import Setting, company_rates, pipeline


def test_companies_have_the_truth_they_claim():
    rng = np.random.default_rng(0)
    assert company_rates(rng, 20_000).mean(axis=0) == pytest.approx([0.14, 0.06, 0.02], rel=0.02)
    leads, rates = pipeline(rng, Setting("one", 5000), 0.1, 12)
    assert rates.tolist() == [0.1] * 12
    assert np.isfinite(leads.won_after).mean() == pytest.approx(0.1, abs=0.01)
    assert (leads.age[leads.month == 11] < 30).all()


def test_young_cohorts_are_read_nearer_to_the_truth_than_plainly():
    found = young.read(young.SETTINGS[0], 5, seed=1).set_index(["measure", "world"])["value"]
    assert found["error over the plain one's", "small, one month old"] < 1
    assert found.between(0, 1).all()
    assert young.read(young.SETTINGS[0], 5, seed=1)["value"].tolist() == found.tolist()


def test_what_falls_short_is_said():
    assert study.verdict(study.range_of("77-83 %")[1] >= 0.8) == ""
    assert study.verdict(False) == " **short**"


def test_the_readme_is_the_studys_and_of_enough_companies():
    """A thousand companies a row; real ones have the months they have."""
    text = study.README.read_text()
    assert text.partition("\n## ")[2] == study.main().partition("\n## ")[2]  # whatever the versions here
    simulated = [part for part in study.WORLDS if part not in study.told.ABOUT]
    assert text.count("1,000 companies a row") == len(simulated)


@pytest.mark.skipif(not real.available(), reason="the real companies' records are not beside the checkout")
def test_real_cohorts_are_read_from_what_was_known_then():
    walked = real.walk_forward("olist")
    may = walked[(walked["cohort"] == "2018-05") & (walked["age"] == 0)].iloc[0]
    assert may["plain"] == pytest.approx(70 / 1303)  # by the end of May; 130 of them bought by December
    assert may["final"] == pytest.approx(130 / 1303)
    found = real.errors(walked)
    assert (found["corrected_error"] < found["plain_error"]).all()
    assert found["cohorts"].tolist() == [5, 5, 5]
