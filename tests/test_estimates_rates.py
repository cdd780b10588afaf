"""Intervals of the chain: against scipy.stats, by hand, and by how often they hold the truth."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from slanb.estimates.rates import rate_interval, share_interval


@pytest.mark.parametrize(("customers", "leads", "level"), [(20, 400, 0.8), (1, 7, 0.95), (6, 7, 0.5)])
def test_rate_interval_is_the_jeffreys_posterior_of_scipy(customers, leads, level):
    expected = stats.beta(customers + 0.5, leads - customers + 0.5).interval(level)
    assert rate_interval(customers, leads, level=level) == pytest.approx(expected)


def test_rate_interval_ends_at_0_and_1_and_is_nan_without_a_share():
    low, high = rate_interval(np.array([0, 5, 0, 6, np.nan]), np.array([5, 5, 0, 5, 5]))
    assert low[0] == 0
    assert 0 < high[0] < 1
    assert 0 < low[1] < 1
    assert high[1] == 1
    assert np.isnan(low[2:]).all()
    assert np.isnan(high[2:]).all()


@given(st.integers(0, 300), st.integers(1, 300), st.floats(0.05, 0.9))
def test_rate_interval_holds_the_raw_rate_and_widens_with_the_level(customers, more, level):
    leads = customers + more
    low, high = rate_interval(customers, leads, level=level)
    wider_low, wider_high = rate_interval(customers, leads, level=level + 0.05)
    assert 0 <= wider_low <= low <= high <= wider_high <= 1
    if level >= 0.5:
        assert low <= customers / leads <= high


def test_series_keep_their_index_and_must_share_it():
    customers = pd.Series([2, 0], index=["A", "B"])
    low, high = rate_interval(customers, pd.Series([40, 10], index=["A", "B"]))
    assert list(low.index) == list(high.index) == ["A", "B"]
    with pytest.raises(ValueError, match="leads has another index"):
        rate_interval(customers, pd.Series([40, 10], index=["B", "A"]))


def test_share_interval_by_hand():
    # standard error on the logit scale: sqrt(4.4e7 / 4e4^2 + 6.8e7 / 6e4^2) = 0.215381; t(0.9, 99) = 1.290161
    low, high = share_interval(40_000, 4.4e7, 40, 60_000, 6.8e7, 60)
    reach = 0.215381 * 1.290161
    expected = [1 / (1 + np.exp(0.405465 + reach)), 1 / (1 + np.exp(0.405465 - reach))]
    assert [low, high] == pytest.approx(expected, abs=1e-6)


def test_share_interval_without_deals_on_one_side():
    low, high = share_interval(0, 0, 0, 1000, 100_000, 10)  # ten equal deals: effective number 10
    assert low == 0
    assert high == pytest.approx(rate_interval(0, 10)[1])
    assert share_interval(1000, 100_000, 10, 0, 0, 0) == pytest.approx((1 - high, 1))
    assert np.isnan(share_interval(100, 10_000, 1, 0, 0, 0)).all()


@pytest.mark.parametrize("call", [lambda: rate_interval(-1, 5), lambda: share_interval(5, 5, -2, 1, 1, 1)])
def test_negative_counts_are_refused_by_name(call):
    with pytest.raises(ValueError, match="must not be negative"):
        call()


def test_eighty_percent_intervals_hold_the_truth_about_four_times_in_five():
    """4,000 simulated months of about 40 deals of moderate tail (log-normal, sigma 0.6)."""
    rng = np.random.default_rng(7)
    marketing, other = rng.poisson(16, 4000), rng.poisson(24, 4000)

    def sums(counts):
        sizes = rng.lognormal(0, 0.6, (4000, counts.max()))
        sizes[np.arange(counts.max()) >= counts[:, None]] = 0
        return sizes.sum(axis=1), (sizes**2).sum(axis=1), counts

    customers = rng.binomial(400, 0.04, 4000)
    for (low, high), truth in [
        (rate_interval(customers, np.full(4000, 400)), 0.04),
        (share_interval(*sums(marketing), *sums(other)), 0.4),
    ]:
        assert 0.76 < ((low <= truth) & (truth <= high)).mean() < 0.84
