"""Time-phased goals: steady state, by hand, forward simulation, and properties."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from slanb.estimates.timephased import customers_by_month, shortfall_effect, time_phased

F = np.array([0.06, 0.29, 0.25, 0.15, 0.10, 0.15])


def months(*goals):
    return pd.Series(goals, index=pd.period_range("2026-11", periods=len(goals), freq="M"), dtype=float)


def test_pipe_by_hand_and_by_simulation_of_each_lead():
    found = customers_by_month([100, 200], close_rate=[0.1, 0.2], shares=[0.5, 0.3, 0.2], months=4)
    assert found.tolist() == pytest.approx([100 * 0.1 * 0.2 + 200 * 0.2 * 0.3, 200 * 0.2 * 0.2, 0, 0])
    rng = np.random.default_rng(1)
    created = np.repeat([0, 1, 2], 100_000)
    closing = (created + rng.choice(6, 300_000, p=F))[rng.random(300_000) < 0.1]
    expected = customers_by_month([100_000] * 3, close_rate=0.1, shares=F, months=3)
    assert expected == pytest.approx(np.bincount(closing, minlength=6)[3:6], rel=0.05)


def test_in_a_steady_state_the_naive_goal_is_right():
    plan = time_phased(months(*[7] * 12), close_rate=0.05, shares=F, created=[140] * 5)
    assert plan["leads"].tolist() == [140] * 12
    assert plan["short"].max() == 0
    assert plan["naive"].tolist() == pytest.approx([140] * 12)
    assert plan["chance"].iloc[0] == pytest.approx(stats.poisson(7).sf(6))


def test_without_a_sales_cycle_it_is_the_chain():
    plan = time_phased(months(10, 20, 5), close_rate=0.1, shares=[1.0])
    assert plan["leads"].tolist() == [100, 200, 50]


def test_a_month_that_was_not_sown_falls_short_whatever_is_done_now():
    plan = time_phased(months(7, 7, 7, 7, 7, 7), close_rate=0.05, shares=F, most=280)
    assert plan["short"].iloc[0] == pytest.approx(7 - 280 * 0.05 * 0.06)
    assert plan["short"].iloc[3] == 0
    assert plan["leads"].max() == 280
    literal = time_phased(months(7, 7, 7, 7, 7, 7), close_rate=0.05, shares=F, most=1e5)
    assert literal["leads"].iloc[0] == np.ceil(7 / 0.05 / 0.06)
    assert literal["short"].max() == 0


def test_a_thin_month_before_is_felt_in_the_months_it_should_have_fed():
    full, thin = (
        time_phased(months(7, 7, 7, 7, 7, 7), close_rate=0.05, shares=F, created=[140] * 4 + [last])
        for last in (140, 40)
    )
    lost = full["pipe"] - thin["pipe"]
    assert lost.to_numpy() == pytest.approx(np.append(100 * 0.05 * F[1:], 0))
    assert thin["short"].iloc[0] > 0
    effect = shortfall_effect(100, close_rate=0.05, shares=F, month=pd.Period("2026-10"))
    assert effect.iloc[1:].to_numpy() == pytest.approx(lost.iloc[:5].to_numpy())
    assert effect.index[0] == pd.Period("2026-10")
    assert effect.sum() == pytest.approx(5)


@settings(deadline=None, max_examples=40)
@given(
    st.lists(st.integers(0, 30), min_size=1, max_size=8),
    st.lists(st.integers(0, 400), max_size=6),
    st.integers(50, 2000),
)
def test_the_plan_brings_what_it_says_and_no_plan_within_the_limit_falls_less_short(goals, created, most):
    plan = time_phased(months(*goals), close_rate=0.05, shares=F, created=created, most=most)
    leads = np.concatenate([created, plan["leads"]])
    total = 0.05 * np.convolve(leads, F)[len(created) : len(leads)]
    assert plan["expected"].to_numpy() == pytest.approx(total, abs=1e-6)
    assert plan["leads"].between(0, most).all()
    flat_out = (
        0.05 * np.convolve(np.concatenate([created, [most] * len(goals)]), F)[len(created) : len(leads)]
    )
    unavoidable = np.maximum(np.array(goals) - flat_out, 0)
    assert (plan["short"] >= unavoidable - 1e-5).all()


@settings(deadline=None, max_examples=20)
@given(st.integers(2, 40), st.floats(0.5, 0.85))
def test_more_confidence_never_asks_for_fewer_leads_and_its_months_reach_it(goal, confidence):
    goals = months(*[goal] * 8)
    more = time_phased(goals, close_rate=0.05, shares=F, confidence=confidence + 0.1, most=1e6)
    less = time_phased(goals, close_rate=0.05, shares=F, confidence=confidence, most=1e6)
    assert more["leads"].sum() >= less["leads"].sum()
    assert (less["chance"] >= confidence - 1e-6).all()
    assert (less["short"] == 0).all()


def test_confidence_of_a_steady_month_agrees_with_simulated_customers_and_revenue():
    goals = months(*[20] * 6)
    plan = time_phased(goals, close_rate=0.05, shares=F, created=[488] * 5, confidence=0.8)
    rng = np.random.default_rng(3)
    customers = rng.poisson(plan["expected"].iloc[-1], 20_000)
    assert plan["chance"].iloc[-1] == pytest.approx((customers >= 20).mean(), abs=0.01)
    revenue = time_phased(
        goals * 1000,
        close_rate=0.05,
        shares=F,
        created=[500] * 5,
        deal_size=1000,
        deal_spread=0.8,
        confidence=0.8,
    )
    deals = rng.poisson(revenue["expected"].iloc[-1] / 1000, 20_000)
    sigma = np.sqrt(np.log(1 + 0.8**2))
    sums = np.array([rng.lognormal(np.log(1000) - sigma**2 / 2, sigma, n).sum() for n in deals])
    assert revenue["chance"].iloc[-1] == pytest.approx((sums >= 20_000).mean(), abs=0.02)
    assert revenue["chance"].iloc[-1] >= 0.8


@pytest.mark.parametrize(
    "wrong", [{"close_rate": 0}, {"close_rate": 5}, {"shares": [0.9, 0.9]}, {"shares": [-0.1, 1]}]
)
def test_mistakes_are_named(wrong):
    with pytest.raises(ValueError, match="close_rate must lie in"):
        time_phased(months(7), **({"close_rate": 0.05, "shares": F} | wrong))
