"""Leads for a confidence: golden values from an independent computation, scipy.stats, and properties."""

import time

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from slanb.estimates.confidence import chance_leads_suffice, leads_for_confidence

GOLDEN = [  # customers, what is known of the rate, leads at 50, 80, 90 and 95 %
    (7, {"close_rate": 0.05}, [134, 180, 209, 234]),
    (50, {"close_rate": 0.5}, [99, 108, 113, 117]),
    (7, {"won": 20, "of": 400}, [133, 189, 226, 262]),
]


@pytest.mark.parametrize(("customers", "rate", "leads"), GOLDEN)
def test_golden_leads(customers, rate, leads):
    found = [leads_for_confidence(customers, confidence=q, **rate) for q in (0.5, 0.8, 0.9, 0.95)]
    assert found == leads


@pytest.mark.parametrize(
    ("leads", "customers", "rate", "chance"), [(140, 7, 0.05, 0.5541), (100, 50, 0.5, 0.5398)]
)
def test_the_plain_ratio_suffices_about_every_second_time(leads, customers, rate, chance):
    assert chance_leads_suffice(leads, customers, close_rate=rate) == pytest.approx(chance, abs=5e-5)


@given(st.integers(0, 300), st.integers(0, 60), st.integers(0, 40), st.integers(0, 400))
def test_chances_are_those_of_scipy(leads, customers, won, lost):
    learnt = chance_leads_suffice(leads, customers, won=won, of=won + lost)
    assert learnt == pytest.approx(stats.betabinom(leads, won + 0.5, lost + 0.5).sf(customers - 1), abs=1e-9)
    known = chance_leads_suffice(leads, customers, close_rate=(won + 1) / (won + lost + 2))
    assert known == pytest.approx(
        stats.binom(leads, (won + 1) / (won + lost + 2)).sf(customers - 1), abs=1e-9
    )


@settings(deadline=None)
@given(st.integers(1, 200), st.integers(1, 50), st.integers(1, 500), st.floats(0.05, 0.9))
def test_the_answer_is_the_smallest_that_suffices_and_more_confidence_never_asks_for_fewer(
    customers, won, lost, confidence
):
    rate = {"won": won, "of": won + lost}
    leads = leads_for_confidence(customers, confidence=confidence, **rate)
    assert chance_leads_suffice(leads, customers, **rate) >= confidence
    assert chance_leads_suffice(leads - 1, customers, **rate) < confidence
    assert leads_for_confidence(customers, confidence=confidence + 0.05, **rate) >= leads
    assert leads_for_confidence(customers + 1, confidence=confidence, **rate) >= leads


def test_edges():
    customers = pd.Series([0, 3, np.nan, 4, 6.2], index=list("abcde"))
    rate = pd.Series([0.1, 0.0, 0.1, 1.0, 1.0], index=list("abcde"))
    found = leads_for_confidence(customers, close_rate=rate)
    assert found["a"] == 0
    assert found["b"] == np.inf
    assert np.isnan(found["c"])
    assert found["d"] == 4
    assert found["e"] == 7
    assert chance_leads_suffice(0, 0, close_rate=0.5) == 1
    assert chance_leads_suffice(4.9, 5, close_rate=1) == 0


@pytest.mark.parametrize(
    ("given_rate", "message"),
    [
        ({}, "either close_rate, or both"),
        ({"close_rate": 0.1, "won": 1, "of": 2}, "either close_rate, or both"),
        ({"close_rate": 5}, r"5 % is 0\.05"),
        ({"won": 3, "of": 2}, "won must not exceed"),
        ({"close_rate": -0.1}, "close_rate must not be negative"),
    ],
)
def test_mistakes_are_named(given_rate, message):
    with pytest.raises(ValueError, match=message):
        leads_for_confidence(7, **given_rate)
    with pytest.raises(ValueError, match="level must lie between"):
        leads_for_confidence(7, close_rate=0.1, confidence=1)


def test_twelve_months_of_ten_tiers_are_immediate():
    customers = np.random.default_rng(0).integers(1, 200, (12, 10))
    start = time.perf_counter()
    leads_for_confidence(customers, won=20, of=400)
    assert time.perf_counter() - start < 0.2
