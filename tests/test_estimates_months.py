"""How months differ: properties on random records, and a small seeded run of what is promised of them."""

import time

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from slanb.estimates import discoveries, how_likely, month_effects, reach
from slanb.estimates.months import thinned
from tests import rounds
from tests.calibration import months as calibration

COUNTS = st.lists(
    st.tuples(st.floats(0, 3000), st.floats(0, 1)).map(lambda cell: (cell[0] * cell[1] ** 3, cell[0])),
    max_size=30,
)


def learnt(months):
    won, of = np.array(months, dtype=float).reshape(-1, 2).T
    return month_effects(won, of)


@settings(max_examples=rounds(60), deadline=None)
@given(COUNTS, st.floats(0.5, 0.95))
def test_the_rate_now_lies_in_its_interval_and_a_wider_one_holds_the_narrower(months, level):
    found = learnt(months)
    value, low, high = found.current(level=level)
    assert 0 <= low <= value <= high <= 1
    _, wide_low, wide_high = found.current(level=0.96)
    assert wide_low <= low
    assert high <= wide_high


@settings(max_examples=rounds(60), deadline=None)
@given(COUNTS)
def test_the_spread_lies_in_its_interval_and_doubts_are_sane(months):
    found = learnt(months)
    low, high = found.spread_range()
    assert 0 <= low <= found.spread <= high <= 0.45
    assert found.weights.sum() == pytest.approx(1)
    assert found.doubt_over(24) <= found.doubt_over(12)
    assert found.over(3).spread <= found.spread


@settings(max_examples=rounds(60), deadline=None)
@given(COUNTS, st.floats(0.001, 0.5), st.floats(1, 2))
def test_chances_of_a_rate_rise_with_it(months, rate, times):
    found = learnt(months)
    assert 0 <= found.chance_below(rate) <= found.chance_below(rate * times) <= 1


@settings(max_examples=rounds(20), deadline=None)
@given(COUNTS.filter(bool), st.integers(1, 200), st.integers(0, 5))
def test_more_leads_never_lower_the_chance(months, goal, seed):

    plan = pd.DataFrame({"leads": [300.0, 200.0], "close_rate": [0.04, 0.1]})
    answer = reach(plan, customers=goal, months=learnt(months), draws=200, seed=seed)
    chances = [answer.chance(scale) for scale in np.linspace(0, 5, 40)]
    assert chances == sorted(chances)


@pytest.mark.parametrize(
    "months",
    [
        [],
        [(0, 0)] * 24,
        [(0, 500)] * 24,
        [(500, 500)] * 24,
        [(0, 0)] * 12 + [(25, 500)] * 12,
        [(25, 500)] * 12 + [(0, 0)] * 12,
        [(25, 500)] * 11 + [(0, 1)] + [(25, 500)] * 12,
        [(1e9, 1e10)] * 12 + [(1, 1e10)] * 12,
        [(0.01, 0.02)] * 200,
    ],
)
def test_holes_and_extremes_are_answered_soon(months):
    began = time.process_time()
    found = learnt(months)
    value, low, high = found.current()
    assert np.isfinite([value, low, high, found.spread, found.base]).all()
    assert np.isfinite(found.factors(2000)).all()
    assert time.process_time() - began < 0.5


def test_an_empty_month_is_no_month():
    months = [(20, 400), (30, 500)] * 6
    assert learnt([*months[:5], (0, 0), *months[5:]]).spread == pytest.approx(learnt(months).spread, rel=1e-3)


def test_months_that_differ_are_told_from_months_that_do_not():
    rng = np.random.default_rng(3)
    alike = month_effects(rng.binomial(2000, 0.05, 24), np.full(24, 2000))
    apart = month_effects(rng.binomial(2000, 0.05 * np.exp(rng.normal(0, 0.25, 24))), np.full(24, 2000))
    assert alike.spread < 0.06
    assert 0.15 < apart.spread < 0.35
    assert apart.spread_range()[0] > alike.spread_range()[0]


def test_what_all_leads_show_is_known_of_a_tier():
    rng = np.random.default_rng(4)
    won, of = rng.binomial(4000, 0.05 * np.exp(rng.normal(0, 0.25, 24))), np.full(24, 4000)
    tier = (rng.binomial(40, 0.05, 24), np.full(24, 40))
    assert month_effects(*tier, like=month_effects(won, of)).spread > month_effects(*tier).spread


def test_a_rate_that_fell_is_followed():
    fell = month_effects(np.array([75] * 18 + [56] * 6), np.full(24, 1500))
    value, low, high = fell.current()
    assert low <= 0.0373 <= high < 0.05
    assert value < 0.042
    assert fell.chance_below(0.05) > 0.95


def test_a_season_is_told_and_looked_ahead_by_its_month():
    """Twice round a wave of a fifth: months high in their turn, then low; steady ones have none."""
    wave = 1 + 0.22 * np.sin(2 * np.pi * np.arange(24) / 12)
    found = month_effects(np.round(100 * wave), np.full(24, 2000))
    assert found.seasonal > 0.9
    assert found.over(1, after=3).in_season == pytest.approx(0.2, abs=0.06)  # three months on: its height
    assert found.over(1, after=9).in_season == pytest.approx(-0.2, abs=0.06)
    assert found.over(12).in_season == pytest.approx(0, abs=0.02)
    low, high = found.current()[1:]
    assert low <= 0.05 <= high
    assert month_effects(np.full(24, 100), np.full(24, 2000)).seasonal < 0.2
    assert month_effects(np.round(100 * wave)[:12], np.full(12, 2000)).seasonal == 0


def test_the_simulated_months_have_the_mean_of_the_level():
    found = month_effects(np.array([10, 40, 25, 33] * 6), np.full(24, 500))
    drawn = found.factors(200_000, level=False)
    assert drawn.mean() == pytest.approx(1, abs=0.005)
    assert np.log(drawn).std() == pytest.approx(found.spread, abs=0.01)
    assert np.array_equal(found.factors(9, seed=2), found.factors(9, seed=2))


def test_thinned_counts_have_the_variance_of_both():
    assert 1 / (100 * thinned(100, 0.02)) == pytest.approx(1 / 100 + 0.02)
    assert thinned(100, 0) == 1


CHANCES = st.lists(st.one_of(st.floats(0, 1), st.just(float("nan"))), max_size=12)


@given(CHANCES, st.floats(0.01, 0.5))
def test_what_is_called_is_less_likely_than_its_own_rate(chances, rate):
    called = discoveries(np.array(chances), rate=rate)
    given_ = np.array(chances, dtype=float)
    assert (given_[called] <= rate).all()
    if called.any():  # the definition, counted
        known = given_[~np.isnan(given_)]
        assert given_[called].max() <= rate * called.sum() / len(known)


def test_alone_the_rule_is_the_interval_and_together_it_is_stricter():
    assert discoveries(np.array([0.15])).tolist() == [True]
    assert discoveries(np.array([0.15, 0.9])).tolist() == [False, False]
    assert discoveries(np.array([0.15, 0.16])).tolist() == [True, True]
    assert discoveries(np.array([])).tolist() == []


def test_all_true_assumptions_raise_an_alarm_no_oftener_than_accepted():
    drawn = np.random.default_rng(5).random((20_000, 7))
    alarms = np.mean([discoveries(row).any() for row in drawn[:4000]])
    assert alarms == pytest.approx(0.2, abs=0.02)  # Simes: exactly the rate, if independent


@given(st.floats(0.01, 1), st.floats(0.5, 0.99), st.floats(1.01, 2))
def test_an_interval_ends_where_its_own_chance_does(measured, level, factor):
    ends = (measured / factor, measured * factor**2)
    for end in ends:
        assert how_likely(end, measured, *ends, level=level) == pytest.approx(1 - level)
    assert how_likely(measured, measured, *ends, level=level) == 1


def test_chances_without_records_or_width():
    assert np.isnan(how_likely(0.1, np.nan, np.nan, np.nan))
    assert how_likely(0.2, 0.1, 0.1, 0.1) == 0
    assert how_likely(0.0, 0.1, 0.05, 0.2) == 0


class TestCalibration:
    """A small run of the study; its bars with the room that chance leaves so few companies."""

    def test_plans_know_that_months_differ(self):
        found = calibration.plans(calibration.World(0.25), 2000, 80, 7).set_index("measure")["value"]
        assert found["plan at 80 % reached"] > 0.68
        assert found["leads over those if months were alike"] <= 1.3
        assert found["80 % interval of the close rate"] > 0.65

    def test_true_assumptions_are_rarely_called_outside(self):
        found = calibration.alarms(calibration.World(0.1), 1500, 8, 7).set_index("measure")["value"]
        assert found["any true assumption called outside"] <= 0.5
        assert found["rate now in its interval"] >= 0.6

    def test_a_fall_is_seen(self):
        found = calibration.fallen(calibration.World(fell=0.25), 12, 7).set_index("measure")["value"]
        assert found["rate now in its range after a fall of 25 %"] >= 0.5
