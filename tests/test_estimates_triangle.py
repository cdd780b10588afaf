"""The run-off triangle: the worked example, Mack's published errors, and properties."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from slanb.estimates.settling import NO_CUSTOMERS, STILL_RISING, still_rises
from slanb.estimates.triangle import closing_over_created, development

WORKED = pd.DataFrame([[10, 15, 18], [12, 18, None], [8, None, None]], index=["Jan", "Feb", "Mar"])
TAYLOR_ASHE = """
357848 1124788 1735330 2218270 2745596 3319994 3466336 3606286 3833515 3901463
352118 1236139 2170033 3353322 3799067 4120063 4647867 4914039 5339085
290507 1292306 2218525 3235179 3985995 4132918 4628910 4909315
310608 1418858 2195047 3757447 4029929 4381982 4588268
443160 1136350 2128333 2897821 3402672 3873311
396132 1333217 2180715 2985752 3691712
440832 1288463 2419861 3483130
359480 1421128 2864498
376686 1363294
344014"""


def as_triangle(text):
    rows = [[float(value) for value in line.split()] for line in text.split("\n") if line]
    return pd.DataFrame([row + [np.nan] * (len(rows) - len(row)) for row in rows])


def test_worked_triangle():
    found = development(WORKED)
    assert found.factors.tolist() == pytest.approx([1.5, 1.2])
    assert found.cohorts["ultimate"].tolist() == pytest.approx([18, 21.6, 14.4])
    assert found.shares.tolist() == pytest.approx([0.5556, 0.2778, 0.1667], abs=5e-5)
    assert found.cohorts["share_in"].tolist() == pytest.approx([1, 0.8333, 0.5556], abs=5e-5)
    assert found.cohorts["young"].tolist() == [False, True, True]


def test_ages_before_the_first_customers_of_all_have_no_share():
    late = pd.DataFrame([[0, 0, 3, 4], [0, 0, 6, None], [0, 0, None, None], [0, None, None, None]])
    assert development(late).shares.tolist() == pytest.approx([0, 0, 0.75, 0.25])


def test_an_eventual_number_is_refused_while_the_curve_still_rises():
    assert development(WORKED).reason == STILL_RISING
    assert development(WORKED).eventual is None
    flat = pd.DataFrame([[10, 18, 19, 19.2], [9, 17, 18, None], [11, 20, None, None], [8, None, None, None]])
    settled = development(flat)
    assert settled.reason == ""
    assert settled.eventual.iloc[3] == pytest.approx(8 * 55 / 30 * 37 / 35 * 19.2 / 19)


def test_errors_are_those_published_by_mack_1993_for_the_taylor_ashe_triangle():
    found = development(as_triangle(TAYLOR_ASHE)).cohorts
    reserve = found["ultimate"] - found["customers"]
    assert reserve.sum() == pytest.approx(18_680_856, abs=1)
    published = [0, 75_535, 121_699, 133_549, 261_406, 411_010, 558_317, 875_328, 971_258, 1_363_155]
    assert found["error"].tolist() == pytest.approx(published, abs=1)


def test_intervals_hold_what_is_in_already_and_widen():
    found = development(as_triangle(TAYLOR_ASHE))
    low, high = found.interval(0.8)
    wider_low, wider_high = found.interval(0.95)
    ultimate, so_far = found.cohorts["ultimate"], found.cohorts["customers"]
    assert (so_far <= wider_low).all()
    assert ((wider_low <= low) & (low <= ultimate) & (ultimate <= high) & (high <= wider_high)).all()


def test_no_customers_and_a_single_month():
    nothing = development(pd.DataFrame([[0.0, 0.0], [0.0, np.nan]]))
    assert nothing.reason == NO_CUSTOMERS
    assert nothing.eventual is None
    single = development(pd.DataFrame([[10.0]]))
    assert single.shares.tolist() == [1]
    assert single.reason == STILL_RISING
    with pytest.raises(ValueError, match="no gap"):
        development(pd.DataFrame([[1.0, np.nan, 3.0]]))


@given(st.lists(st.floats(1.0, 3.0), min_size=1, max_size=6), st.integers(1, 50))
def test_cohorts_that_all_grow_alike_are_developed_exactly(growth, start):
    curve = start * np.cumprod([1.0, *growth])
    sizes = np.arange(1, len(curve) + 1)
    whole = np.outer(sizes, curve)
    seen = np.where(np.add.outer(sizes - 1, np.arange(len(curve))) < len(curve), whole, np.nan)
    found = development(pd.DataFrame(seen))
    assert found.cohorts["ultimate"].tolist() == pytest.approx(whole[:, -1].tolist())
    assert found.shares.sum() == pytest.approx(1)


@pytest.mark.parametrize(("growth", "shown"), [(0.05, 0.0440), (0.10, 0.0394), (0.0, 0.05)])
def test_closing_over_created_is_right_only_when_volume_is_flat(growth, shown):
    """True rate 5 %, time to close log-normal with median 60 days and sigma 0.8, months of 30 days."""
    close, within = stats.lognorm(0.8, scale=60), np.arange(0.005, 30, 0.01)
    by_age = [close.cdf(np.maximum((age + 1) * 30 - within, 0)).mean() for age in range(60)]
    shares = pd.Series(np.diff(by_age, prepend=0))
    assert 0.05 * closing_over_created(shares, growth=growth) == pytest.approx(shown, abs=5e-5)


def test_a_curve_still_rises_until_few_are_left():
    curve = stats.lognorm(0.8, scale=60).cdf(np.arange(1, 500))
    first = next(days for days in range(30, 500) if not still_rises(curve[:days]))
    assert 0.97 < curve[first] < 0.98
    assert not still_rises(np.array([0.0, 0.0]))
