"""Time-phased goals: steady state, by hand, forward simulation, and properties."""

import time

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from slanb.estimates.timephased import customers_by_month, shortfall_effect, time_phased
from tests import rounds

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


def test_a_month_that_was_not_sown_falls_short_and_no_burst_of_leads_is_asked_for_it():
    plan = time_phased(months(7, 7, 7, 7, 7, 7), close_rate=0.05, shares=F)
    assert plan["leads"].tolist() == [374, 140, 140, 140, 140, 140]  # 7 / 0.05 / 0.06 would be 2,334
    assert plan["short"].iloc[0] == pytest.approx(7 - 374 * 0.05 * 0.06)
    assert plan["short"].iloc[4:].max() == 0
    nothing = time_phased(months(7, 0, 0, 0, 0, 0), close_rate=0.05, shares=F)
    assert nothing["leads"].max() == 0  # six of a hundred customers would close in the month that needs them


def test_each_month_has_its_own_terms():
    rates, sizes = np.array([0.05, 0.04, 0.06]), np.array([100.0, 200.0, 150.0])
    plan = time_phased(months(1000, 2000, 900), close_rate=rates, shares=[1.0], deal_size=sizes)
    assert plan["leads"].tolist() == [200, 250, 100]
    assert plan["naive"].tolist() == pytest.approx([200, 250, 100])
    pipe = time_phased(
        months(500, 1000), close_rate=0.1, shares=[0.0, 1.0], created=[100], deal_size=[50.0, 100.0]
    )
    assert pipe["pipe"].tolist() == [500, 0]  # customers pay what is agreed for the month they close in
    assert pipe["leads"].iloc[0] == 100


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


def cost(leads, needed, rate=0.05):
    """What the plan minimises: leads, what is missing in leads over 0.35, three tenths of the changes; the
    months after the last stay at its goal and share one number of leads."""
    whole = np.concatenate([leads, np.full(len(needed) - len(leads) + 1, leads[-1])])
    months, tail = len(leads) - 1, len(needed) - len(leads) + 1
    brought = rate * np.convolve(whole[: len(needed)], F)[: len(needed)]
    missing = np.maximum(needed - brought, 0).sum() / rate
    return leads[:months].sum() + tail * leads[-1] + missing / 0.35 + 0.3 * np.abs(np.diff(leads)).sum()


@settings(deadline=None, max_examples=rounds(40))
@given(
    st.lists(st.integers(0, 30), min_size=1, max_size=8),
    st.lists(st.integers(0, 400), max_size=6),
    st.integers(0, 10_000),
)
def test_the_plan_brings_what_it_says_and_no_other_plan_is_worth_more(goals, created, seed):
    plan = time_phased(months(*goals), close_rate=0.05, shares=F, created=created)
    leads = np.concatenate([created, plan["leads"]])
    total = 0.05 * np.convolve(leads, F)[len(created) : len(leads)]
    assert plan["expected"].to_numpy() == pytest.approx(total, abs=1e-6)
    short = np.maximum(np.array(goals) - plan["expected"], 0).round(6)
    assert plan["short"].to_numpy() == pytest.approx(short.to_numpy(), abs=1e-6)  # rounded before and after
    tail = len(F) - 1
    pipe = customers_by_month(created, close_rate=0.05, shares=F, months=len(goals) + tail)
    needed = np.append(goals, np.full(tail, goals[-1])) - pipe
    rng = np.random.default_rng(seed)
    own = min(cost(np.append(plan["leads"], last), needed) for last in np.linspace(0, 2000, 401))
    for _ in range(20):
        other = rng.uniform(0, 2, len(goals) + 1) * np.append(plan["naive"], plan["naive"].iloc[-1])
        assert cost(other, needed) >= own - 3 * (len(goals) + tail) - 5  # whole leads; a grid of the last


@settings(deadline=None, max_examples=rounds(20))
@given(st.integers(2, 40), st.floats(0.5, 0.85), st.sampled_from([0.0, 0.15]))
def test_more_confidence_never_asks_for_fewer_leads_and_its_months_reach_it(goal, confidence, spread):
    goals = months(*[goal] * 8)
    for sown in (0, 10 * goal, 60 * goal):
        terms = {"close_rate": 0.05, "shares": F, "created": [sown] * 5, "month_spread": spread}
        more = time_phased(goals, confidence=confidence + 0.1, **terms)
        less = time_phased(goals, confidence=confidence, **terms)
        assert more["leads"].sum() >= less["leads"].sum()
        assert ((less["chance"] >= confidence - 1e-6) == (less["short"] < 1e-5)).all()
        assert less["chance"].iloc[-1] >= confidence - 1e-6 or sown == 0


def test_months_that_differ_are_less_sure():
    sown = {"close_rate": 0.05, "shares": F, "created": [900] * 5, "confidence": 0.8}
    alike, apart = (time_phased(months(*[20] * 6), month_spread=each, **sown) for each in (0, 0.2))
    assert apart["leads"].iloc[-1] > 1.05 * alike["leads"].iloc[-1]
    rng = np.random.default_rng(5)
    customers = rng.poisson(apart["expected"].iloc[-1] * rng.gamma(25, 1 / 25, 20_000))
    assert apart["chance"].iloc[-1] == pytest.approx((customers >= 20).mean(), abs=0.01)


@settings(deadline=None, max_examples=rounds(60))
@given(
    st.lists(st.floats(0, 1e12), min_size=1, max_size=24),
    st.lists(st.floats(0, 1), min_size=1, max_size=24).filter(lambda shares: sum(shares) > 0),
    st.lists(st.floats(0, 1e11), max_size=24),
    st.floats(1e-12, 1),
    st.sampled_from([None, 0.8]),
    st.sampled_from([0.0, 0.2]),
)
@pytest.mark.filterwarnings("error")
def test_any_input_is_answered_at_once(goals, shares, created, rate, confidence, spread):
    began = time.process_time()
    plan = time_phased(
        months(*goals), close_rate=rate, shares=np.array(shares) / sum(shares), created=created,
        deal_size=100.0, deal_spread=1.0, confidence=confidence, month_spread=spread,
    )  # fmt: skip
    assert time.process_time() - began < 1.5  # 0.5 s where no one else is at work
    assert np.isfinite(plan.to_numpy()).all()
    assert (plan >= 0).all(axis=None)


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
    with pytest.raises(ValueError, match="of at most 60 months"):
        time_phased(pd.Series([7.0] * 61), close_rate=0.05, shares=F)
