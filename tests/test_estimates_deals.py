"""Deal sizes: against scipy, by hand, and by how often the intervals hold the truth."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from slanb.estimates.deals import deal_sizes, lognormal_interval


def test_figures_by_hand():
    amounts = [10.0, 20, 30, 40, 50, 60, 70, 80, 90, 1000, None]
    found = deal_sizes(pd.DataFrame({"amount": amounts})).loc["all"]
    assert found["n"] == 10
    assert found["mean"] == 145
    assert found["median"] == 55
    assert found["trimmed"] == 55  # without 10 and 1000
    assert found["trimmed"] == stats.trim_mean(amounts[:10], 0.1)
    assert found["largest"] == 1000
    assert found["largest_share"] == pytest.approx(1000 / 1450)
    assert found["mean_without_largest"] == 50


def test_interval_is_the_studentised_bootstrap_of_a_second_computation():
    amounts = np.random.default_rng(1).lognormal(0, 0.8, 40)
    rng, standard = np.random.default_rng(99), []
    for _ in range(2500):
        again = rng.choice(amounts, 40)
        standard.append(np.log(again.mean() / amounts.mean()) / (stats.sem(again) / again.mean()))
    width = stats.sem(amounts) / amounts.mean()
    expected = amounts.mean() * np.exp(-np.quantile(standard, [0.9, 0.1]) * width)
    found = deal_sizes(pd.DataFrame({"amount": amounts}), draws=2500).loc["all"]
    assert [found["low"], found["high"]] == pytest.approx(expected, rel=0.02)


def test_groups_and_degenerate_ones():
    deals = pd.DataFrame(
        {"amount": [5.0, 5, 5, 7, 0, 0], "tier": ["equal", "equal", "equal", "one", "nought", "nought"]}
    )
    found = deal_sizes(deals, by="tier")
    assert found.index.name == "tier"
    assert found.loc["equal", ["low", "mean", "high"]].tolist() == pytest.approx([5, 5, 5])
    assert np.isnan(found.loc["one", "low"])
    assert np.isnan(found.loc["one", "mean_without_largest"])
    assert np.isnan(found.loc["nought", "largest_share"])
    assert deal_sizes(deals.iloc[:0]).empty
    with pytest.raises(ValueError, match="must not be negative"):
        deal_sizes(pd.DataFrame({"amount": [-1.0]}))


def test_same_seed_same_interval():
    deals = pd.DataFrame({"amount": np.random.default_rng(0).lognormal(0, 1, 50)})
    pd.testing.assert_frame_equal(deal_sizes(deals, seed=4), deal_sizes(deals, seed=4))


def test_lognormal_interval_by_hand():
    # ln 1, e, e^2: mean 1, variance 1; centre 1.5; t(0.9, 2) = 1.885618; sqrt(1/3 + 1/8) = 0.677003
    low, high = lognormal_interval(3, 5, 3)
    assert (np.log(low), np.log(high)) == pytest.approx((1.5 - 1.276569, 1.5 + 1.276569), abs=1e-5)


@pytest.mark.parametrize("n", [10, 40])
def test_intervals_hold_a_heavy_tailed_mean_about_four_times_in_five(n):
    rng = np.random.default_rng(8)
    amounts = rng.lognormal(0, 1, (400, n))
    deals = pd.DataFrame({"amount": amounts.ravel(), "month": np.repeat(np.arange(400), n)})
    found, truth = deal_sizes(deals, by="month", draws=200), np.exp(0.5)
    assert ((found["low"] <= truth) & (truth <= found["high"])).mean() > (0.65 if n == 10 else 0.72)
    held = (found["lognormal_low"] <= truth) & (truth <= found["lognormal_high"])
    assert 0.74 < held.mean() < 0.86
    assert found["even_logs"].mean() > 0.7


def test_sizes_far_from_log_normal_are_noticed():
    uneven = np.random.default_rng(2).exponential(1, 200)
    assert not deal_sizes(pd.DataFrame({"amount": uneven})).loc["all", "even_logs"]
