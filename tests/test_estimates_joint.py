"""The joint promise: against scipy, a plain simulation of all its parts, and properties."""

import time

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from slanb.estimates.joint import _customers, expected_attempts, largest_promise
from slanb.estimates.mix import outcomes, reach
from slanb.estimates.months import month_effects
from tests import rounds
from tests.calibration.signing import World, rows

PLAN = pd.DataFrame({"leads": [300.0, 100.0], "close_rate": [0.1, 0.2]}, index=["A", "B"])
SLACK = 3  # a shared machine may be busy
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
    assert (found.simulated["brought"] >= found.goal).mean() >= 0.8


def test_outcomes_and_reach_are_two_readings_of_one_simulation():
    sizes = {"A": [100.0, 400.0, 50.0], "B": [1000.0]}
    brought = outcomes(PLAN, [0.5, 1.0], deal_sizes=sizes, draws=500)
    for goal in (5000, 20_000, 30_000):
        answer = reach(PLAN, revenue=goal, deal_sizes=sizes, draws=500)
        assert answer.chance(1.0) == pytest.approx((brought[:, 1] >= goal).mean())
        assert answer.chance(0.5) == pytest.approx((brought[:, 0] >= goal).mean())


@pytest.mark.parametrize(("hours", "hold"), [(1000, 1.0), (190, 0.8)])
def test_the_goal_is_reached_as_often_as_said_by_a_plain_simulation_of_each_lead(hours, hold):
    """Two months before: 300 and 350 leads of A alone, of whose customers 50 and 30 % close in the month."""
    pipe = pd.DataFrame(
        {"cohort": [1, 2], "part": "A", "leads": [300, 350], "won": 0, "came": [0.1, 0.0], "due": [0.5, 0.3]}
    )
    sizes = {"A": [100.0, 400.0, 50.0] * 40, "B": [1000.0]}
    settings = {"supply": (420, 45), "pipe": pipe, "own_share": 0.4, "deal_sizes": sizes, "draws": 5000}
    found = largest_promise(PLAN, hours=hours, **settings, **WORK)
    rng = np.random.default_rng(9)
    reached, followed = [], []
    for _ in range(2500):
        tier = rng.random(int(rng.gamma((420 / 45) ** 2, 45**2 / 420))) < 0.25  # B
        fits = np.cumsum(np.minimum(rng.geometric(0.2, len(tier)), 6)) * 10 / 60 <= hours
        wins = (rng.random(len(tier)) < np.where(tier, 0.2, 0.1)) & (rng.random(len(tier)) < 0.4) & fits
        deals = (wins & ~tier).sum() + rng.binomial(300, 0.1 * 0.5) + rng.binomial(350, 0.1 * 0.3)
        revenue = rng.choice(sizes["A"], deals).sum() + 1000 * (wins & tier).sum()
        reached.append(revenue >= found.goal)
        followed.append(fits.sum() >= found.leads.sum())
    assert np.mean(reached) == pytest.approx(0.8, abs=0.03)
    assert np.mean(followed) == pytest.approx(0.8, abs=0.03)
    assert found.leads.sum() <= hold * 420
    assert found.pipe == pytest.approx((15 + 10.5) * np.mean(sizes["A"]), rel=0.03)
    assert found.eventual == pytest.approx(
        found.leads["A"] * 0.1 * np.mean(sizes["A"]) + found.leads["B"] * 200, rel=0.03
    )


def test_customers_so_far_tell_of_a_months_own_effect():
    def due(won):
        pipe = {"cohort": [1], "part": "A", "leads": 500, "won": won, "came": 0.6, "due": 0.3}
        months = month_effects(np.array([10, 40] * 12), np.full(24, 500))
        return largest_promise(
            PLAN, hours=99, pipe=pd.DataFrame(pipe), own_share=0.0, months=months, **WORK
        ).pipe

    alike = 500 * 0.1 * 0.3
    assert due(30) == pytest.approx(alike, rel=0.1)  # 30 were to be expected by now
    assert due(15) < 0.8 * alike
    assert due(50) > 1.2 * alike


@pytest.mark.parametrize(
    ("change", "limit"),
    [
        ({"hours": 60, "own_share": 1.0}, "hours"),
        ({"supply": (200, 10), "own_share": 1.0}, "leads"),
        ({"supply": (420, 10), "own_share": 0.1}, "pipe"),
    ],
)
def test_what_keeps_the_goal_from_being_larger_is_named(change, limit):
    pipe = pd.DataFrame({"cohort": [1], "part": "A", "leads": 300, "won": 5, "came": 0.1, "due": 0.5})
    assert largest_promise(PLAN, **({"hours": 500, "pipe": pipe} | change | WORK)).limit == limit


@pytest.mark.parametrize("seed", range(3))
def test_quantiles_of_the_binomial_are_scipys(seed):
    rng = np.random.default_rng(seed)
    trials, chance = rng.integers(0, 400, 500).astype(float), rng.random(500) ** 2
    at = rng.random(500)
    found, true = _customers(trials, chance, at), np.maximum(stats.binom.ppf(at, trials, chance), 0)
    assert np.abs(found - true).max() <= 1
    assert (found == true).mean() > 0.97


NUMBERS = st.floats(0, 1e12) | st.floats(0, 1e-6) | st.integers(0, 2000).map(float)


@settings(deadline=None, max_examples=rounds(60))
@given(
    supply=st.tuples(NUMBERS, NUMBERS),
    rate=st.floats(0, 1) | st.floats(0, 1e-9),
    hours=NUMBERS | st.just(np.inf),
    leads=st.floats(1e-3, 1e11),
    past=st.floats(0, 1e11),
    share=st.floats(0, 1),
    amounts=st.lists(st.floats(0, 1e9), min_size=1, max_size=20),
    differ=st.booleans(),
)
@pytest.mark.filterwarnings("error")
def test_any_input_is_answered_at_once_and_more_of_anything_never_lowers_the_goal(
    supply, rate, hours, leads, past, share, amounts, differ
):
    plan = pd.DataFrame({"leads": [leads], "close_rate": [rate]}, index=["A"])
    months = month_effects(np.array([10, 40] * 6), np.full(12, 500)) if differ else None
    pipe = {
        "cohort": [1],
        "part": "A",
        "leads": past,
        "won": rate * past * share,
        "came": share,
        "due": 1 - share,
    }
    given_ = {"deal_sizes": amounts, "months": months, "own_share": share, "draws": 400}
    given_ |= {"supply": supply, "hours": hours, "pipe": pd.DataFrame(pipe)}

    def goal(**change):
        began = time.process_time()
        found = largest_promise(plan, **(WORK | given_ | change))
        assert time.process_time() - began < 0.5 * SLACK
        numbers = [found.goal, found.hours, found.pipe, found.eventual, *found.leads]
        assert np.isfinite(numbers).all()
        assert min(numbers) >= 0
        assert found.goal_if_followed_up >= found.goal * (1 - 1e-9)
        return found.goal

    least = goal() * (1 - 0.02) - 1e-6  # rounding of whole leads and customers
    assert goal(hours=hours * 1.5 + 1) >= least
    assert goal(supply=(supply[0] * 1.5, supply[1] * 1.5)) >= least
    assert goal(confidence=0.7) >= least
    assert goal(pipe=pd.DataFrame(pipe | {"leads": 1.5 * past, "won": 1.5 * pipe["won"]})) >= 0


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


@settings(deadline=None, max_examples=rounds(25))
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


def test_companies_simulated_lead_by_lead_reach_what_they_sign():
    fast = World("small, closing within weeks", leads=200, days=12.0, hours=0.8)
    found = rows(40, seed=3, worlds=(fast,)).set_index("measure")["value"]
    assert found.between(0.65, 0.95).all()  # 80 %, give or take two standard errors of 40 companies


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"hours": -1}, "hours must be >= 0"),
        ({"connect_rate": None}, "either connect_rate, or both"),
        ({"connect_rate": 20}, r"5 % is 0\.05"),
        ({"connect_rate": None, "connected": 5, "attempts": 3}, "connected must lie"),
        ({"own_share": 1.2}, "own_share shares from 0 to 1"),
        ({"supply": (np.nan, 1)}, "supply must be"),
        ({"deal_sizes": []}, "must be amounts"),
    ],
)
def test_mistakes_are_named(wrong, message):
    with pytest.raises(ValueError, match=message):
        largest_promise(PLAN, **({"hours": 100} | WORK | wrong))
    with pytest.raises(ValueError, match="add up to more than 0"):
        largest_promise(PLAN.assign(leads=0), hours=1, **WORK)
