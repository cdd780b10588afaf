"""Shrunk close rates: against the marginal likelihood of scipy, known truth, and properties."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from slanb.estimates.rates import rate_interval
from slanb.estimates.shrinkage import learn_prior, shrink
from tests import rounds

COUNTS = st.lists(st.tuples(st.integers(0, 30), st.integers(1, 300)), min_size=1, max_size=8)


def test_prior_of_many_tiers_is_the_true_one_and_near_the_most_likely():
    rng = np.random.default_rng(3)
    of = np.full(200, 300)
    won = rng.binomial(of, rng.beta(4, 76, 200))
    a, b = learn_prior(won, of)
    assert a / (a + b) == pytest.approx(0.05, rel=0.1)
    assert a + b == pytest.approx(80, rel=0.35)

    def likelihood(a, b):
        return stats.betabinom(of, a, b).logpmf(won).sum()

    steps = np.linspace(0.5, 2, 16)
    best = max(likelihood(a * x, b * y) for x in steps for y in steps)
    assert likelihood(a, b) > best - 2


def test_a_few_tiers_never_pass_for_certainty():
    a, b = learn_prior([50, 51], [1000, 1000])
    assert a + b < 500
    assert learn_prior([], []) == (0.5, 0.5)
    assert learn_prior([np.nan, 3], [10, 0]) == (0.5, 0.5)


@settings(deadline=None)
@given(COUNTS)
def test_the_shrunk_rate_lies_between_and_its_interval_holds_it(counts):
    won = pd.Series([won for won, _ in counts], dtype=float)
    of = won + [lost for _, lost in counts]
    found = shrink(won, of)
    assert ((found["low"] < found["shrunk"]) & (found["shrunk"] < found["high"])).all()
    assert found["weight"].between(0, 1).all()
    assert found["shrunk"].between(0, 1).all()
    assert (found["raw"] - won / of).abs().max() < 1e-12


@settings(deadline=None)
@given(st.lists(st.integers(0, 50), min_size=2, max_size=8), st.integers(50, 500))
def test_with_equal_leads_the_order_of_the_raw_rates_is_kept_and_their_spread_narrowed(won, leads):
    found = shrink(pd.Series(won), pd.Series([leads] * len(won))).sort_values("raw")
    assert (found["shrunk"].diff().dropna() >= -1e-12).all()
    assert np.ptp(found["shrunk"]) <= np.ptp(found["raw"]) + 1e-12


@settings(deadline=None)
@given(COUNTS)
def test_the_tier_with_more_leads_speaks_more_for_itself(counts):
    won = pd.Series([won for won, _ in counts], dtype=float)
    found = shrink(won, won + [lost for _, lost in counts]).sort_values("n")
    assert (found["weight"].diff().dropna() >= -1e-12).all()


def test_a_tiny_tier_is_drawn_to_the_whole_and_an_empty_one_is_the_whole():
    won, of = pd.Series({"A": 30, "B": 22, "C": 3, "D": 0}), pd.Series({"A": 600, "B": 400, "C": 10, "D": 0})
    found = shrink(won, of)
    assert found.loc["A", "shrunk"] == pytest.approx(0.05, rel=0.07)
    assert 0.05 < found.loc["C", "shrunk"] < 0.15 < found.loc["C", "raw"]
    assert np.isnan(found.loc["D", "raw"])
    assert found.loc["D", "weight"] == 0
    assert (found.loc["A", "raw_low"], found.loc["A", "raw_high"]) == rate_interval(30, 600)
    with pytest.raises(ValueError, match="won must not exceed of"):
        shrink(pd.Series([3]), pd.Series([2]))


@pytest.mark.parametrize("strength", [40, 400])
def test_it_is_nearer_the_truth_than_the_raw_rate_and_its_intervals_hold_it(strength):
    rng = np.random.default_rng(11)
    raw, shrunk, held = [], [], []
    for _ in range(150):
        truth = rng.beta(0.05 * strength, 0.95 * strength, 10)
        of = rng.integers(10, 400, 10)
        found = shrink(pd.Series(rng.binomial(of, truth)), pd.Series(of))
        raw.append(((found["raw"] - truth) ** 2).mean())
        shrunk.append(((found["shrunk"] - truth) ** 2).mean())
        held.append(((found["low"] <= truth) & (truth <= found["high"])).mean())
    assert np.mean(shrunk) < 0.7 * np.mean(raw)
    assert 0.76 < np.mean(held) < 0.90


@settings(deadline=None, max_examples=rounds(60))
@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=8), st.integers(0, 3))
def test_the_shrunk_rate_lies_in_its_interval_where_hardly_any_lead_bought(leads, most):
    of = pd.Series(leads, dtype=float)
    found = shrink(of.clip(upper=most), of)
    assert ((found["low"] <= found["shrunk"]) & (found["shrunk"] <= found["high"])).all()
