"""Whole parts of a whole: by hand, and over random parts."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from slanb.estimates.rounding import whole_parts
from slanb.terms.goals import whole_leads


@pytest.mark.parametrize(
    ("parts", "whole", "expected"),
    [
        ([1, 1, 1], 100, [34, 33, 33]),
        ([53_000, 24_000, 23_000], 100, [53, 24, 23]),
        ([47, 16, 15.9, 12, 6, 3.1], 10, [5, 2, 1, 1, 1, 0]),  # Hamilton's seats, a textbook's example
        ([5, 0], 7, [7, 0]),
        ([5, 5], 0, [0, 0]),
        ([5, 5], np.inf, [np.inf, np.inf]),
    ],
)
def test_by_hand(parts, whole, expected):
    assert whole_parts(pd.Series(parts), whole=whole).tolist() == expected


@given(st.lists(st.floats(0.001, 1e6), min_size=1, max_size=60), st.integers(0, 10**6))
def test_parts_are_whole_add_up_and_are_near_their_shares(parts, whole):
    parts = pd.Series(parts)
    found = whole_parts(parts, whole=whole)
    assert found.sum() == whole
    assert (found == np.round(found)).all()
    assert (found - parts / parts.sum() * whole).abs().max() < 1 + 1e-6


@given(st.integers(1, 4000), st.lists(st.integers(1, 99), min_size=1, max_size=60))
def test_a_goal_that_ends_in_a_half_is_the_same_cut_into_any_parts(leads, weights):
    goal = leads + 0.5
    cut = sum(goal * weight / sum(weights) for weight in weights)
    assert whole_leads(cut) == whole_leads(goal) == leads + 1


def test_mistakes_are_named():
    with pytest.raises(ValueError, match="must not be negative"):
        whole_parts(pd.Series([1, -1]), whole=3)
    with pytest.raises(ValueError, match="nor all 0"):
        whole_parts(pd.Series([0.0, 0.0]), whole=3)
