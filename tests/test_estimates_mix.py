"""A mix of tiers, and revenue: against the exact answer for one tier, scipy's, and properties."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from slanb.estimates.confidence import chance_leads_suffice, leads_for_confidence
from slanb.estimates.mix import reach
from tests import rounds

TWO = pd.DataFrame({"leads": [100, 40], "close_rate": [0.05, 0.1]}, index=["A", "B"])


@pytest.mark.parametrize("rate", [{"close_rate": 0.05}, {"won": 20, "of": 400}])
@pytest.mark.parametrize("goal", [{"customers": 7}, {"revenue": 700, "deal_sizes": 100}])
def test_one_tier_with_one_deal_size_agrees_with_the_exact_answer(rate, goal):
    plan = pd.DataFrame({"leads": [100.0], **{name: [value] for name, value in rate.items()}})
    answer = reach(plan, draws=20_000, **goal)
    for confidence in (0.5, 0.8, 0.95):
        assert answer.leads(confidence)[0] == pytest.approx(
            leads_for_confidence(7, confidence=confidence, **rate), rel=0.015
        )
    assert answer.chance(1.4) == pytest.approx(chance_leads_suffice(140, 7, **rate), abs=0.012)


def test_a_mix_agrees_with_the_convolution_of_two_binomials():
    total = np.convolve(stats.binom(100, 0.05).pmf(range(101)), stats.binom(40, 0.1).pmf(range(41)))
    assert reach(TWO, customers=9, draws=20_000).chance() == pytest.approx(total[9:].sum(), abs=0.012)


def test_revenue_of_resampled_deals_agrees_with_a_second_simulation():
    """Known close rate; deal sizes 100 or 900; a mean learnt from ten deals is itself uncertain."""
    amounts = [100.0] * 8 + [900.0] * 2
    plan = pd.DataFrame({"leads": [400.0], "close_rate": [0.1]})
    rng = np.random.default_rng(5)
    large = rng.beta(2, 8, 20_000)  # share of large deals, given 2 of 10, under the Bayesian bootstrap
    deals = rng.binomial(400, 0.1, 20_000)
    revenue = 100 * deals + 800 * rng.binomial(deals, large)
    found = reach(plan, revenue=8000, deal_sizes=amounts, draws=20_000)
    assert found.chance() == pytest.approx((revenue >= 8000).mean(), abs=0.015)
    assert found.plain == pytest.approx(8000 / (40 * 260))


def test_both_goals_are_harder_than_each():
    sizes = {"A": [100.0, 300.0, 50.0, 80.0], "B": [500.0, 1500.0]}
    customers = reach(TWO, customers=9)
    revenue = reach(TWO, revenue=4000, deal_sizes=sizes)
    both = reach(TWO, customers=9, revenue=4000, deal_sizes=sizes)
    assert both.chance() <= min(customers.chance(), revenue.chance()) + 0.02
    assert both.scale(0.8) >= max(customers.scale(0.8), revenue.scale(0.8)) * 0.98
    assert np.isnan(both.plain)


@settings(max_examples=rounds(25), deadline=None)
@given(st.integers(1, 60), st.integers(1, 60), st.floats(0.1, 0.9), st.integers(0, 5))
def test_more_confidence_or_a_larger_goal_never_asks_for_fewer_leads(goal, more, confidence, seed):
    plan = pd.DataFrame({"leads": [80, 30, 0], "won": [9, 2, 1], "of": [150, 30, 9]})
    small, large = (reach(plan, customers=g, draws=300, seed=seed) for g in (goal, goal + more))
    assert small.scale(confidence) <= small.scale(confidence + 0.05)
    assert small.scale(confidence) <= large.scale(confidence)
    assert large.chance(2) <= large.chance(2.5)


def test_leads_keep_the_plans_proportions_and_labels():
    leads = reach(TWO, customers=9).leads(0.9)
    assert list(leads.index) == ["A", "B"]
    assert leads["A"] / leads["B"] == pytest.approx(2.5, rel=0.03)


def cut(plan: pd.DataFrame, weights: list[list[float]]) -> pd.DataFrame:
    """The same leads in more rows: each row's cut by the weights."""
    rows = [
        row.assign(leads=row["leads"] * weight / sum(parts))
        for (_, row), parts in zip(plan.groupby(level=0), weights, strict=True)
        for weight in parts
    ]
    return pd.concat(rows, ignore_index=True)


CUTS = st.lists(st.lists(st.integers(1, 9), min_size=1, max_size=25), min_size=2, max_size=2)


@settings(max_examples=rounds(25), deadline=None)
@given(CUTS, st.integers(0, 5))
def test_cutting_the_same_leads_into_more_rows_changes_no_answer_beyond_chance(weights, seed):
    whole, rows = (
        reach(plan, customers=20, seed=seed) for plan in (TWO * [2.5, 1], cut(TWO * [2.5, 1], weights))
    )
    assert rows.chance() == pytest.approx(whole.chance(), abs=0.06)  # four standard errors of a difference
    assert rows.scale(0.8) == pytest.approx(whole.scale(0.8), rel=0.05)
    asked = rows.leads(0.8)
    assert asked.sum() == np.ceil(350 * rows.scale(0.8) - 1e-9)
    assert (asked - rows.plan * asked.sum() / 350).abs().max() < 1


def test_twenty_segments_ask_for_as_many_leads_as_one_within_a_standard_error():
    plan = TWO * [4, 1]
    twenty = cut(plan, [[1] * 20] * 2)
    one, many = (
        [reach(each, customers=30, seed=seed).scale(0.8) for seed in range(30)] for each in (plan, twenty)
    )
    assert np.mean(many) == pytest.approx(np.mean(one), rel=0.004)  # it was 5 to 7 % more


def test_same_seed_same_answer_and_hopeless_plans_are_infinite():
    assert np.array_equal(reach(TWO, customers=9, seed=3).scales, reach(TWO, customers=9, seed=3).scales)
    assert reach(TWO.assign(close_rate=0.0), customers=1).scale(0.5) == np.inf


@pytest.mark.parametrize(
    ("goal", "message"),
    [
        ({}, "give a goal above 0"),
        ({"revenue": 100}, "needs deal_sizes"),
        ({"revenue": 100, "deal_sizes": {"A": [1.0], "B": []}}, "deal_sizes for 'B'"),
    ],
)
def test_mistakes_are_named(goal, message):
    with pytest.raises(ValueError, match=message):
        reach(TWO, **goal)
    with pytest.raises(ValueError, match="close_rate, or the columns won and of"):
        reach(TWO[["leads"]], customers=1)
