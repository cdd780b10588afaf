"""The joint promise: against scipy, a plain simulation of all three parts, and properties."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from slanb.estimates.joint import expected_attempts, largest_promise
from slanb.estimates.mix import outcomes, reach

PLAN = pd.DataFrame({"leads": [300.0, 100.0], "close_rate": [0.1, 0.2]}, index=["A", "B"])
WORK = {"minutes": 10, "depth": 6, "connect_rate": 0.2}


@pytest.mark.parametrize(("rate", "depth"), [(0.0, 6), (1.0, 6), (0.25, 1), (0.25, 3), (0.05, 12)])
def test_expected_attempts_by_counting(rate, depth):
    chances = [rate * (1 - rate) ** k for k in range(depth - 1)] + [(1 - rate) ** (depth - 1)]
    tries = np.arange(1, depth + 1)
    mean = np.dot(chances, tries)
    found = expected_attempts(rate, depth)
    assert found[0] == pytest.approx(mean)
    assert found[1] == pytest.approx(np.dot(chances, tries**2) - mean**2)


def test_with_time_enough_it_is_the_quantile_of_the_customers():
    one = pd.DataFrame({"leads": [400], "close_rate": [0.1]})
    found = largest_promise(one, hours=np.inf, draws=20_000, **WORK)
    assert found.goal == stats.binom(400, 0.1).isf(0.8)
    assert found.leads.tolist() == [400]
    assert found.limit == "leads"
    assert found.chance >= 0.8


def test_outcomes_and_reach_are_two_readings_of_one_simulation():
    sizes = {"A": [100.0, 400.0, 50.0], "B": [1000.0]}
    brought = outcomes(PLAN, [0.5, 1.0], deal_sizes=sizes, draws=500)
    for goal in (5000, 20_000, 30_000):
        answer = reach(PLAN, revenue=goal, deal_sizes=sizes, draws=500)
        assert answer.chance(1.0) == pytest.approx((brought[:, 1] >= goal).mean())
        assert answer.chance(0.5) == pytest.approx((brought[:, 0] >= goal).mean())


def test_the_joint_chance_agrees_with_a_plain_simulation_of_each_lead():
    found = largest_promise(PLAN, hours=230, supply=(420, 25), draws=5000, **WORK)
    rng = np.random.default_rng(9)
    kept = []
    n = found.leads.astype(int)
    for _ in range(3000):
        come = rng.normal(420, 25) >= n.sum()
        customers = rng.binomial(n["A"], 0.1) + rng.binomial(n["B"], 0.2)
        attempts = np.minimum(rng.geometric(0.2, n.sum()), 6).sum()
        kept.append(come and attempts * 10 / 60 <= 230 and customers >= found.goal)
    assert np.mean(kept) == pytest.approx(found.chance, abs=0.025)
    assert found.chance >= 0.8


def test_hours_limit_the_goal_and_the_leads():
    free = largest_promise(PLAN, hours=np.inf, **WORK)
    tight = largest_promise(PLAN, hours=150, **WORK)
    assert tight.limit == "hours"
    assert tight.goal < free.goal == tight.goal_if_followed_up
    assert tight.leads.sum() < free.leads.sum()
    assert tight.hours < 150
    assert tight.leads["A"] / tight.leads["B"] == pytest.approx(3, rel=0.03)
    nothing = largest_promise(PLAN, hours=0, **WORK)
    assert (nothing.goal, nothing.leads.sum(), nothing.limit) == (0, 0, "hours")


@settings(deadline=None, max_examples=25)
@given(st.floats(50, 400), st.floats(1, 100), st.floats(0.5, 0.9), st.integers(1, 8))
def test_more_hours_never_lower_the_goal_nor_does_less_confidence_or_less_depth(
    hours, more, confidence, depth
):
    def goal(**change):
        work = {"minutes": 10, "depth": depth, "connected": 60, "attempts": 300}
        return largest_promise(
            PLAN, **({"hours": hours, "confidence": confidence, "draws": 300} | work | change)
        ).goal

    assert goal(hours=hours + more) >= goal()
    assert goal(confidence=confidence + 0.05) <= goal()
    assert goal(depth=depth + 1) <= goal()
    assert goal(automated_share=0.3) >= goal()


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"hours": -1}, "hours must be >= 0"),
        ({"connect_rate": None}, "either connect_rate, or both"),
        ({"connect_rate": 20}, r"5 % is 0\.05"),
        ({"connect_rate": None, "connected": 5, "attempts": 3}, "connected must lie"),
    ],
)
def test_mistakes_are_named(wrong, message):
    with pytest.raises(ValueError, match=message):
        largest_promise(PLAN, **({"hours": 100} | WORK | wrong))
    with pytest.raises(ValueError, match="add up to more than 0"):
        largest_promise(PLAN.assign(leads=0), hours=1, **WORK)
