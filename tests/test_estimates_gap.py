"""The gap decomposition: by hand, by averaging all orders, and that it always adds up."""

from itertools import permutations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from slanb.estimates.gap import CONTROLLED_BY, revenue_gap

RATE = st.one_of(st.just(np.nan), st.floats(0, 1))
SIZE = st.one_of(st.just(np.nan), st.floats(0, 1e5))
FRAME = st.lists(st.tuples(st.integers(0, 500), RATE, SIZE), min_size=1, max_size=4)


def frame(rows):
    return pd.DataFrame(rows, columns=["leads", "close_rate", "deal_size"])


def test_two_factors_by_hand():
    # 100 x 50 % x 100 = 5,000; 90 leads at 40 % = 3,600; volume: (90 - 100) x (0.5 + 0.4) / 2 x 100 = -450
    found = revenue_gap(
        frame([(100, 0.5, 100)]),
        frame([(90, 0.4, 100)]),
        plan_other=0,
        actual_other=200,
        actual_marketing=3700,
    )["amount"]
    assert found["volume"] == -450
    assert found["close rate"] == -950
    assert found["marketing share"] == 200
    assert found["timing"] == 100
    assert found.sum() == 3700 + 200 - 5000


def test_a_poorer_mix_is_told_apart_from_fewer_leads():
    plan = frame([(50, 0.2, 1000), (50, 0.1, 1000)])
    poorer = frame([(30, 0.2, 1000), (70, 0.1, 1000)])
    found = revenue_gap(plan, poorer, plan_other=0, actual_other=0, actual_marketing=13_000)["amount"]
    assert found["mix"] == -2000
    assert found.drop("mix").abs().sum() == 0


def test_shapley_values_are_averages_over_all_orders():
    rng = np.random.default_rng(4)
    plan, actual = (
        pd.DataFrame(
            {"leads": rng.integers(20, 90, 3), "close_rate": rng.random(3), "deal_size": rng.random(3) * 1e4}
        )
        for _ in range(2)
    )

    def worth(volume, mix, rate, size):
        return volume * (mix * rate * size).sum()

    def factors(f):
        return [f["leads"].sum(), f["leads"] / f["leads"].sum(), f["close_rate"], f["deal_size"]]

    before, after = factors(plan), factors(actual)
    parts = np.zeros(4)
    for order in permutations(range(4)):
        state = list(before)
        for factor in order:
            held = worth(*state)
            state[factor] = after[factor]
            parts[factor] += (worth(*state) - held) / 24
    found = revenue_gap(plan, actual, plan_other=0, actual_other=0, actual_marketing=worth(*after))["amount"]
    assert found.iloc[:4].to_numpy() == pytest.approx(parts, abs=0.02)


@given(FRAME, FRAME, *[st.floats(-1e6, 1e7)] * 4)
def test_parts_always_add_up_to_the_cent(plan, actual, plan_other, other, marketing, planned):
    found = revenue_gap(
        frame(plan),
        frame(actual),
        plan_other=plan_other,
        actual_other=other,
        actual_marketing=marketing,
        plan_marketing=planned,
    )
    cents = (found["amount"] * 100).round().astype(int)
    assert cents.sum() == round(((marketing + other) - (planned + plan_other)) * 100)
    assert (found["amount"] * 100 - cents).abs().max() < 1e-4
    assert found["controlled_by"].to_dict() == CONTROLLED_BY


@given(FRAME, st.floats(0, 1e6))
def test_a_plan_kept_has_no_gap_and_turning_plan_and_actual_around_turns_the_signs(rows, other):
    plan = frame(rows).assign(close_rate=0.1, deal_size=100.0)
    kept = revenue_gap(
        plan, plan, plan_other=other, actual_other=other, actual_marketing=plan["leads"].sum() * 10
    )
    assert kept["amount"].abs().sum() == 0
    actual = frame(rows[::-1]).assign(close_rate=0.2, deal_size=70.0)
    there, back = (
        revenue_gap(a, b, plan_other=0, actual_other=0, actual_marketing=0, plan_marketing=0)["amount"]
        for a, b in ((plan, actual), (actual, plan))
    )
    assert (there + back).abs().max() <= 0.02


def test_a_tier_that_brought_no_lead_costs_volume_and_mix_but_no_close_rate():
    plan = pd.DataFrame(
        {"leads": [50, 50], "close_rate": [0.2, 0.1], "deal_size": [1000.0] * 2}, index=["A", "B"]
    )
    actual = pd.DataFrame({"leads": [50], "close_rate": [0.2], "deal_size": [1000.0]}, index=["A"])
    found = revenue_gap(plan, actual, plan_other=0, actual_other=0, actual_marketing=10_000)["amount"]
    assert found["close rate"] == 0
    assert found["deal size"] == 0
    assert found["volume"] + found["mix"] == -5000
    nothing = revenue_gap(plan, plan.iloc[:0], plan_other=0, actual_other=0, actual_marketing=0)["amount"]
    assert nothing["volume"] == -15_000


def test_mistakes_are_named():
    with pytest.raises(ValueError, match="actual lacks close_rate, leads"):
        revenue_gap(
            frame([(1, 1, 1)]),
            pd.DataFrame({"deal_size": [1]}),
            plan_other=0,
            actual_other=0,
            actual_marketing=0,
        )
