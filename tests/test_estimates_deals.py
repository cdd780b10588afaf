"""Deal sizes: against scipy, by hand, and by how often the intervals hold the truth."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from slanb.estimates.deals import TOO_HEAVY, deal_sizes, lead_value_interval, size_interval, size_sums
from tests import rounds
from tests.calibration import sizes


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


def test_the_log_normal_interval_by_hand():
    # ln 1, e, e^2: mean 1, variance 1; centre 1.5; t(0.9, 2) = 1.885618; sqrt(1/3 + 1/8) = 0.677003
    found = size_interval(size_sums(pd.DataFrame({"amount": np.exp([0.0, 1, 2])}))).loc["all"]
    assert np.log([found["low"], found["high"]]) == pytest.approx([1.5 - 1.276569, 1.5 + 1.276569], abs=1e-5)


def test_zeros_are_a_share_of_their_own_by_hand():
    # the same three of six: ln(1/2) more; 0.4583333 + (1 - 1/2) / 3 = 0.625, root 0.7905694
    amounts = pd.DataFrame({"amount": [0.0, 0, 0, *np.exp([0.0, 1, 2])]})
    found = size_interval(size_sums(amounts)).loc["all"]
    centre, reach = 1.5 - np.log(2), 1.885618 * 0.7905694
    assert np.log([found["low"], found["high"]]) == pytest.approx([centre - reach, centre + reach], abs=1e-5)
    assert size_sums(pd.DataFrame({"amount": [0.0, None, 5.0]}))["n"].tolist() == [2]


def test_where_small_amounts_skew_the_logs_it_is_student_s_for_the_log_of_the_mean():
    amounts = np.random.default_rng(2).exponential(1, 200)
    found = size_interval(size_sums(pd.DataFrame({"amount": amounts}))).loc["all"]
    reach = stats.t.ppf(0.9, 199) * stats.sem(amounts) / amounts.mean()
    expected = amounts.mean() * np.exp([-reach, reach])
    assert [found["low"], found["high"]] == pytest.approx(expected)


def test_where_one_deal_carries_too_much_there_is_no_interval_and_its_weight_is_shown():
    found = deal_sizes(pd.DataFrame({"amount": [100.0, 110, 120, 90, 95] * 4 + [90_000.0]})).loc["all"]
    assert found["reason"] == TOO_HEAVY
    assert np.isnan([found["low"], found["high"]]).all()
    assert found["largest_share"] > 0.97
    assert found["mean_without_largest"] == 103


def test_lead_value_by_hand():
    # (1 - 0.05) / 20 + 1/20 x 1/20 of (mean 1000, cv 0.2): logs do not vary enough to skew
    sums = size_sums(pd.DataFrame({"amount": [1000.0] * 20}))
    found = lead_value_interval(np.array([20]), np.array([400]), sums).loc["all"]
    factor = np.exp(stats.t.ppf(0.9, 19) * np.sqrt(0.95 / 20))
    assert [found["low"], found["high"]] == pytest.approx([50 / factor, 50 * factor])
    assert np.isnan(lead_value_interval(np.array([0]), np.array([400]), sums).loc["all", "low"])


@pytest.mark.parametrize("world", [name for name in sizes.SIZES if name != "Pareto 1.5"])
def test_intervals_hold_the_mean_about_four_times_in_five_or_refuse_and_seldom_refuse_light_tails(world):
    """800 samples each of 20, 50 and 200 amounts; the study has more."""
    found = _told(world)
    assert (found["held"] > (0.72 if world.startswith(sizes.HEAVY) else 0.74)).all()
    if not world.startswith(sizes.HEAVY):
        assert (found["held"] < 0.88).all()
        assert (found["refused"] < 0.07).all()


def test_a_tail_without_a_variance_is_refused_more_often_the_more_of_it_is_seen():
    found = _told("Pareto 1.5")
    assert found["refused"].is_monotonic_increasing
    assert found["refused"].iloc[-1] > 0.9


@settings(deadline=None, max_examples=rounds(60))
@given(st.lists(st.one_of(st.just(0.0), st.floats(1e-3, 1e9)), min_size=1, max_size=60))
def test_the_mean_lies_in_its_interval_or_there_is_a_reason(amounts):
    row = deal_sizes(pd.DataFrame({"amount": amounts})).loc["all"]
    assert (row["reason"] != "") == bool(np.isnan(row["low"])) == bool(np.isnan(row["high"]))
    assert row["reason"] or row["low"] <= row["mean"] <= row["high"]


def _told(world):
    """Held where told and refused, by number of deals."""
    rng, (draw, mean) = np.random.default_rng(31), sizes.SIZES[world]
    rows = {}
    for n in sizes.COUNTS:
        deals = pd.DataFrame({"amount": draw(rng, (800, n)).ravel(), "company": np.repeat(np.arange(800), n)})
        ends = size_interval(size_sums(deals, by="company"))
        told = ends["reason"] == ""
        held = ends["low"].le(mean) & ends["high"].ge(mean)
        rows[n] = {"held": held[told].mean() if told.any() else np.nan, "refused": 1 - told.mean()}
    return pd.DataFrame(rows).T
