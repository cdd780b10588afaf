"""The weights audit: certain cases, coin tosses, and a second computation of the order."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from slanb.estimates.weights import audit_weights


def tiers(weights, leads, customers, size, spread=0.5):
    """Tiers whose deals are log-normal of relative standard deviation `spread`, as their sums."""
    n, variance = np.asarray(customers, dtype=float), np.log1p(spread**2)
    size = np.asarray(size, dtype=float)
    mean = np.log(size) - variance / 2
    sums = {
        "n": n,
        "paid": n,
        "total": n * size,
        "squares": n * size**2 * (1 + spread**2),
        "largest": size * (n > 0),
        "logs": n * mean,
        "log_squares": n * (mean**2 + variance),
        "log_cubes": n * (mean**3 + 3 * mean * variance),
    }
    frame = pd.DataFrame({"weight": weights, "leads": leads, "customers": n} | sums)
    return frame.set_axis(list("ABC")[: len(weights)])


def test_a_clear_order_is_sure_and_its_reverse_impossible():
    agreed = tiers([100, 50, 40], [4000] * 3, [800, 400, 100], [1000] * 3)
    assert audit_weights(agreed).order > 0.99
    assert audit_weights(agreed.assign(weight=[40, 50, 100])).order < 0.01


def test_equal_tiers_are_a_coin_toss_and_one_in_six():
    two = audit_weights(tiers([2, 1], [400, 400], [40, 40], [100, 100]))
    assert two.order == pytest.approx(0.5, abs=0.04)
    assert two.steps["A"] == pytest.approx(0.5, abs=0.04)
    three = tiers([3, 2, 1], [400] * 3, [40] * 3, [100] * 3)
    assert audit_weights(three).order == pytest.approx(1 / 6, abs=0.03)
    assert audit_weights(three.assign(weight=[2, 2, 1])).order == pytest.approx(1 / 3, abs=0.03)
    assert audit_weights(three.assign(weight=[2, 2, 2])).order == 1


def test_order_of_two_tiers_agrees_with_the_normal_approximation():
    """Large tiers, of which the prior changes little: z = difference of logs over its standard error."""
    found = audit_weights(tiers([2, 1], [5000, 5000], [550, 500], [100, 100]), draws=20_000)
    variance = sum(0.25 / n + (1 - n / 5000) / n for n in (550, 500))
    assert found.order == pytest.approx(stats.norm.cdf(np.log(1.1) / np.sqrt(variance)), abs=0.03)


def test_points_are_scaled_to_money_and_outliers_told():
    agreed = tiers([10, 5, 1], [1000] * 3, [100, 50, 100], [1000] * 3)
    found = audit_weights(agreed).tiers
    assert (found["scaled"] * found["n"]).sum() == pytest.approx((found["value"] * found["n"]).sum())
    assert found["outside"].tolist() == [True, True, True]
    in_money = audit_weights(agreed.assign(weight=[100.0, 50.0, 100.0]), money=True).tiers
    assert in_money["scaled"].tolist() == in_money["weight"].tolist()
    assert not in_money["outside"].any()
    assert in_money.loc["B", "raw"] == 50


def test_a_tier_without_deals_borrows_and_is_unsure():
    found = audit_weights(tiers([3, 2, 1], [200, 200, 20], [40, 30, 0], [1000, 1000, 1000])).tiers
    assert found.loc["C", "low"] < found.loc["C", "value"] < found.loc["C", "high"]
    relative = found["high"] / found["low"]
    assert relative["C"] > 3 * relative["A"]


@pytest.mark.parametrize(
    ("change", "message"), [({"weight": 0}, "above 0"), ({"paid": 0}, "no tier has a deal")]
)
def test_mistakes_are_named(change, message):
    with pytest.raises(ValueError, match=message):
        audit_weights(tiers([2, 1], [10, 10], [1, 1], [5, 5]).assign(**change))
