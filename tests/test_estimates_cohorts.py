"""Young cohorts: the golden example of a month read too early, by hand, and companies with known truth."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from slanb.estimates.cohorts import cohort_rates
from slanb.estimates.runoff import incidence
from slanb.estimates.speed import AS_BEFORE, SPEEDS, learn_speeds
from tests import rounds
from tests.calibration import sizes

CLOSE = stats.lognorm(0.8, scale=60)


def company(seed, *, a_month=500, months=24, rate=0.05):
    """Run-off counts, ages and final shares of a simulated company whose months differ by chance alone."""
    rng = np.random.default_rng(seed)
    leads, as_of = a_month * months, months * 30
    created = np.sort(rng.uniform(0, as_of, leads))
    wins, seen = rng.random(leads) < rate, as_of - created
    after = np.where(wins, rng.lognormal(np.log(60), 0.8, leads), rng.lognormal(np.log(40), 1, leads))
    ended, cohort = after <= seen, (created // 30).astype(int)
    counts = pd.DataFrame(
        {
            "age": np.minimum(after, seen).astype(int),
            "won": wins & ended,
            "lost": ~wins & ended,
            "open": ~ended,
        }
    )
    ages = pd.DataFrame({"cohort": cohort, "age": seen.astype(int), "leads": 1, "won": wins & ended})
    final = pd.Series(wins).groupby(cohort).mean()
    return incidence(counts.groupby("age", as_index=False).sum()), ages, final


@pytest.mark.parametrize(("oldest", "plain"), [(30, 0.0031), (90, 0.0303)])
def test_golden_a_month_read_early_shows_a_fraction_of_its_rate_and_is_corrected(oldest, plain):
    """True rate 5 %; leads of a 30-day month are 0-30 (or 60-90) days old; published 0.31 % and 3.0 %."""
    days = np.arange(900)
    won = 50_000 * np.diff(CLOSE.cdf(np.arange(901)))
    still_open = np.zeros(900)
    still_open[-1] = 950_000
    runoff = incidence(pd.DataFrame({"age": days, "won": won, "lost": 0.0, "open": still_open}))
    age = np.arange(oldest - 30, oldest)
    customers = 1000 * 0.05 * (CLOSE.cdf(age) + CLOSE.cdf(age + 1)) / 2
    month = pd.DataFrame({"cohort": "month", "age": age, "leads": 1000, "won": customers})
    found = cohort_rates(month, runoff).loc["month"]
    assert found["plain"] == pytest.approx(plain, abs=1e-4)
    assert found["corrected"] == pytest.approx(0.05, rel=0.01)
    assert found["young"]


def test_by_hand():
    # run-off 60 % at 10-19 days, 90 % at 20-29, all at 30: exposures 100 x 0.6 and 100 x 0.9 + 100 x 1
    counts = pd.DataFrame({"age": [10, 20, 30, 90], "won": [30, 15, 5, 0], "lost": 0, "open": [0, 0, 0, 950]})
    ages = pd.DataFrame(
        {"cohort": ["new", "mid", "mid"], "age": [15, 25, 40], "leads": [100] * 3, "won": [3, 5, 6]}
    )
    found = cohort_rates(ages, incidence(counts), prior=(1e-9, 1e-9), speeds=AS_BEFORE)
    assert found["share_in"].tolist() == pytest.approx([0.6, 0.95])
    assert found["corrected"].tolist() == pytest.approx([3 / 60, 11 / 190])
    assert found["credible"].tolist() == pytest.approx([3 / 60, 11 / 190])
    # still to come of "new": 97 leads x 0.05 x 0.4 / (1 - 0.05 x 0.6)
    assert found.loc["new", "expected"] == pytest.approx(3 + 97 * 0.02 / 0.97)
    assert found["young"].tolist() == [True, False]


def test_corrected_and_credible_on_companies_with_known_truth():
    """One- and two-month-old cohorts: a quarter of the plain error; final shares held four times in five."""
    plain, credible, held = [], [], []
    for seed in range(60):
        runoff, ages, final = company(seed)
        young = cohort_rates(ages, runoff).assign(final=final).iloc[-3:-1]
        plain.append((young["plain"] - 0.05).abs().mean())
        credible.append((young["credible"] - 0.05).abs().mean())
        held.extend((young["final_low"] <= young["final"]) & (young["final"] <= young["final_high"]))
        assert young["young"].all()
    assert np.mean(credible) < np.mean(plain) / 4
    assert 0.7 < np.mean(held) < 0.9


def test_intervals_shrink_to_what_happened_as_a_cohort_ages():
    runoff, ages, _ = company(1)
    found = cohort_rates(ages, runoff)
    width = found["final_high"] - found["final_low"]
    assert width.iloc[0] < 0.2 * width.iloc[-2]
    assert (found["final_low"] >= found["plain"] - 1e-12).all()
    assert (found["expected"] >= found["customers"]).all()
    assert (found["share_in"].diff().dropna() <= 1e-12).all()


def test_without_any_customer_nothing_is_claimed():
    runoff = incidence(pd.DataFrame({"age": range(60), "won": 0, "lost": 5, "open": 3}))
    ages = pd.DataFrame({"cohort": ["a"], "age": [20], "leads": [50], "won": [0]})
    found = cohort_rates(ages, runoff).loc["a"]
    assert found["plain"] == 0
    assert np.isnan(found["corrected"])
    assert found["young"]


def test_the_speed_of_closing_is_learnt_from_all_young_cohorts_and_old_ones_say_nothing():
    days = np.arange(900)
    won = 50_000 * np.diff(CLOSE.cdf(np.arange(901)))
    still_open = np.where(days == 899, 950_000, 0.0)
    runoff = incidence(pd.DataFrame({"age": days, "won": won, "lost": 0.0, "open": still_open}))
    age = np.arange(15, 900, 30)
    lived = pd.DataFrame({"cohort": age, "age": age, "leads": 4000})

    def speed(slower, since):
        share = CLOSE.cdf((age + 0.5) / np.where(age < since, slower, 1))
        found = learn_speeds(lived.assign(won=200 * share), runoff, (50, 950))
        return found.index.to_numpy() @ found

    assert speed(1.0, 180) == pytest.approx(1, abs=0.03)
    assert 1.2 < speed(1.3, 180) < 1.35
    assert 0.7 < speed(1 / 1.3, 180) < 0.85
    old = lived.iloc[-3:].assign(won=200.0)
    assert (np.log(SPEEDS) @ learn_speeds(old, runoff, (50, 950))) == pytest.approx(0, abs=0.02)


def test_final_shares_are_held_when_closing_has_slowed_by_thirty_percent():
    """60 companies of 1,000 leads a month, slow for four months; the study has more, and other worlds."""
    closing = sizes.CLOSINGS["slowed by 30 % four months ago"]
    rng = np.random.default_rng(77)
    held = [sizes.read_young(rng, 1000, closing) for _ in range(60)]
    assert np.mean([each for each in held if each], axis=0).min() > 0.72


COHORTS = st.lists(
    st.tuples(st.integers(0, 4), st.integers(0, 420), st.integers(0, 200), st.floats(0, 1)),
    min_size=1,
    max_size=30,
)
ENDED = st.lists(
    st.tuples(st.integers(0, 400), st.integers(0, 9), st.integers(0, 9), st.integers(0, 30)),
    min_size=1,
    max_size=60,
)


@settings(deadline=None, max_examples=rounds(60))
@given(COHORTS, ENDED)
def test_the_estimates_lie_in_their_intervals_whatever_the_records(cohorts, ended):
    frame = pd.DataFrame(cohorts, columns=["cohort", "age", "leads", "won"])
    ages = frame.assign(won=(frame["won"] * frame["leads"]).round())
    runoff = incidence(pd.DataFrame(ended, columns=["age", "won", "lost", "open"]))
    found = cohort_rates(ages, runoff)
    known = found[found["expected"].notna()]
    final = known["expected"] / known["n"]
    assert ((known["low"] <= known["credible"]) & (known["credible"] <= known["high"])).all()
    assert ((known["final_low"] <= final + 1e-12) & (final <= known["final_high"] + 1e-12)).all()
    ends = known[["low", "high", "final_low", "final_high"]].to_numpy()
    assert ((ends >= 0) & (ends <= 1 + 1e-12)).all()
    assert (known["expected"] >= known["customers"] - 1e-9).all()
