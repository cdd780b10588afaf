"""The calibration study runs, in small, and its README is the study's own. The whole is `make calibrate`."""

import numpy as np
import pytest

from tests.calibration import parts, real, study
from tests.calibration.companies import SETTINGS, Setting, amounts, company_rates, pipeline

SMALL = SETTINGS[0]


def test_companies_have_the_truth_they_claim():
    rng = np.random.default_rng(0)
    assert company_rates(rng, 20_000).mean(axis=0) == pytest.approx([0.14, 0.06, 0.02], rel=0.02)
    heavy = Setting("heavy", 1, sigma=1.3)
    assert amounts(rng, heavy, 400_000).mean() == pytest.approx(8000, rel=0.03)
    leads, rates = pipeline(rng, Setting("one", 5000), 0.1, 12)
    assert rates.tolist() == [0.1] * 12
    assert np.isfinite(leads.won_after).mean() == pytest.approx(0.1, abs=0.01)
    assert (leads.age[leads.month == 11] < 30).all()


def test_each_part_answers_for_a_few_companies():
    plans = parts.plans(SMALL, 5, seed=1)
    assert plans.shape == (4, 2)
    assert plans.to_numpy().min() >= 0
    assert parts.intervals(SMALL, 5, seed=1).between(0, 1).all()
    young = parts.young_cohorts(SMALL, 5, seed=1)
    assert young.index.tolist() == [0, 1, 2]
    assert young.loc[0, "plain"] > young.loc[0, "corrected"]
    deciles, scores = parts.pace(SMALL, 18, seed=1)
    assert deciles["n"].sum() > 400
    assert set(scores.index) == {"profile", "straight", "working"}


def test_the_same_seed_gives_the_same_study():
    assert parts.plans(SMALL, 5, seed=3).equals(parts.plans(SMALL, 5, seed=3))


def test_what_falls_short_is_said():
    assert study.within(0.8, 0.78, 0.82) == "80.0 %"
    assert study.within(0.7, 0.78, 0.82) == "70.0 % **short**"


def test_the_readme_is_the_studys_and_of_enough_company_months():
    text = study.README.read_text()
    assert f"Seed {study.SEED}" in text
    assert study.MONTHS >= 1000
    assert f"{study.MONTHS:,}\ncompany-months" in text or f"{study.MONTHS:,} company-months" in text
    for setting in SETTINGS:
        assert setting.name in text


@pytest.mark.skipif(not real.available(), reason="the real companies' records are not beside the checkout")
def test_real_cohorts_are_read_from_what_was_known_then():
    walked = real.walk_forward("olist")
    may = walked[(walked["cohort"] == "2018-05") & (walked["age"] == 0)].iloc[0]
    assert may["plain"] == pytest.approx(70 / 1303)  # by the end of May; 130 of them bought by December
    assert may["final"] == pytest.approx(130 / 1303)
    found = real.errors(walked)
    assert (found["corrected_error"] < found["plain_error"]).all()
    assert found["cohorts"].tolist() == [5, 5, 5]
