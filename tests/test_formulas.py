"""The arithmetic against the guides' and other published numbers, and its properties in words."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from slanb import formulas as f

money = st.floats(0, 1e9)
sizes = st.floats(1, 1e6)
counts = st.floats(0, 1e7)
shares = st.floats(0, 1)
rates = st.floats(0.001, 1)

# What each function is called with, where only the kind of the numbers matters.
CALLS = {
    f.marketing_revenue_goal: {"quota": 5_000, "marketing_share": 0.6},
    f.sales_revenue_goal: {"quota": 5_000, "marketing_share": 0.6},
    f.customers_needed: {"revenue_goal": 5_000, "deal_size": 100},
    f.leads_needed: {"customers": 50, "close_rate": 0.5},
    f.close_rate: {"customers": 20, "leads": 400},
    f.deal_size: {"revenue": 5_000, "customers": 50},
    f.marketing_share: {"marketing_revenue": 3_000, "revenue": 5_000},
    f.lead_value: {"close_rate": 0.05, "deal_size": 2_000},
    f.value_goal: {"leads": 100, "value": 2.5},
    f.daily_goal: {"goal": 93, "days": 31},
    f.follow_up_hours: {"leads": 100, "attempts": 6, "minutes": 5},
    f.leads_affordable: {"hours": 50, "attempts": 6, "minutes": 5},
    f.downtime: {"available": 0.99, "length": 100},
}
ANSWERS = [3_000, 2_000, 50, 100, 0.05, 100, 0.6, 100, 250, 3, 50, 100, 1]  # by hand
RATIOS = [f.close_rate, f.deal_size, f.marketing_share]
every_formula = pytest.mark.parametrize("formula", CALLS, ids=lambda x: x.__name__)


# --- published numbers


@pytest.mark.parametrize(("formula", "expected"), list(zip(CALLS, ANSWERS, strict=True)))
def test_hand_calculation(formula, expected):
    assert formula(**CALLS[formula]) == pytest.approx(expected)


def test_guides_month_5000_all_from_marketing_100_a_sale_half_won():
    goal = f.marketing_revenue_goal(quota=5_000, marketing_share=1)
    customers = f.customers_needed(revenue_goal=goal, deal_size=100)
    leads = f.leads_needed(customers=customers, close_rate=0.5)
    assert (goal, customers, leads) == (5_000, 50, 100)
    assert f.sales_revenue_goal(quota=5_000, marketing_share=1) == 0


def test_field_plain_ratio_of_7_customers_at_5_percent():
    assert f.leads_needed(customers=7, close_rate=0.05) == pytest.approx(140)


def test_roberge_lecture_100_leads_5_customers():
    assert f.close_rate(customers=5, leads=100) == 0.05


def test_winfirstmarketing_4_reps_80_calls_20_days_6_calls_a_lead():
    minutes = 8 * 60 / 80  # a working day of any length gives the same
    assert round(f.leads_affordable(hours=4 * 20 * 8, attempts=6, minutes=minutes)) == 1_067


@pytest.mark.parametrize(
    ("available", "length", "lost", "source"),
    [
        (0.99999, 365 * 24 * 60, 5.26, "guides: five nines are 5.26 minutes a year"),
        (0.999999, 365 * 24 * 3600, 31.5, "guides: six nines are 31.5 seconds a year"),
        (0.999, 30 * 24 * 60, 43.2, "by hand: three nines of a month of 30 days, minutes"),
        (1, 1, 0, "never away"),
        (0, 7, 7, "never there"),
    ],
)
def test_downtime(available, length, lost, source):
    assert f.downtime(available=available, length=length) == pytest.approx(lost, abs=0.05, rel=1e-3), source


def test_value_goal_of_the_guides_weights():
    # a chief executive worth 100, a director 50, a manager 40; 2, 4 and 10 leads of them
    value = f.lead_value(close_rate=pd.Series([1.0, 0.5, 0.4]), deal_size=100)
    assert value.to_list() == [100, 50, 40]
    assert f.value_goal(pd.Series([2, 4, 10]), value=value).sum() == 800


# --- kinds: numbers, arrays, Series in, the same out


@every_formula
def test_a_number_gives_a_number(formula):
    assert type(formula(**CALLS[formula])) is float


@every_formula
def test_an_array_gives_an_array(formula):
    arrays = {name: np.array([value, value]) for name, value in CALLS[formula].items()}
    answer = formula(**arrays)
    assert isinstance(answer, np.ndarray)
    np.testing.assert_allclose(answer, formula(**CALLS[formula]))


@every_formula
def test_a_series_keeps_its_index(formula):
    tiers = pd.Index(["a", "b"], name="tier")
    answer = formula(**{name: pd.Series(value, index=tiers) for name, value in CALLS[formula].items()})
    pd.testing.assert_series_equal(answer, pd.Series(formula(**CALLS[formula]), index=tiers))


@every_formula
def test_one_series_among_numbers_is_enough(formula):
    for name, value in CALLS[formula].items():
        answer = formula(**CALLS[formula] | {name: pd.Series([value])})
        assert isinstance(answer, pd.Series)
        assert answer[0] == pytest.approx(formula(**CALLS[formula]))


def test_two_ranges_span_a_map():
    leads = f.leads_needed(customers=np.array([[10.0], [20.0]]), close_rate=np.array([0.5, 0.1, 0.05]))
    np.testing.assert_allclose(leads, [[20, 100, 200], [40, 200, 400]])


# --- edges


@every_formula
def test_not_known_in_not_known_out(formula):
    for name in CALLS[formula]:
        assert math.isnan(formula(**CALLS[formula] | {name: math.nan}))
        answer = formula(**CALLS[formula] | {name: pd.Series([math.nan, CALLS[formula][name]])})
        assert answer.isna().to_list() == [True, False]


@pytest.mark.parametrize("ratio", RATIOS)
@pytest.mark.parametrize("part", [0, 0.0, 3])
@pytest.mark.parametrize("zero", [0, 0.0, np.int64(0), np.float64(0)])
def test_a_ratio_to_nothing_is_not_known(ratio, part, zero):
    part_name, whole_name = CALLS[ratio]
    assert math.isnan(ratio(**{part_name: part, whole_name: zero}))


@pytest.mark.parametrize("ratio", RATIOS)
@pytest.mark.parametrize("kind", [np.array, pd.Series])
def test_a_ratio_to_nothing_is_not_known_in_a_column(ratio, kind):
    part_name, whole_name = CALLS[ratio]
    answer = ratio(**{part_name: kind([0, 3, 1]), whole_name: kind([0, 0, 4])})
    np.testing.assert_array_equal(answer, [math.nan, math.nan, 0.25])


def test_close_rate_on_the_closing_basis_can_pass_1_and_is_refused_as_a_plan():
    rate = f.close_rate(customers=6, leads=4)
    assert rate == 1.5
    with pytest.raises(ValueError, match=r"close_rate is 1\.5"):
        f.leads_needed(customers=6, close_rate=rate)


def test_marketing_share_of_the_same_deals_in_another_order_is_1():
    forwards, backwards = 0.1 + 0.2 + 0.3, 0.3 + 0.2 + 0.1
    assert forwards > backwards
    assert f.marketing_share(marketing_revenue=forwards, revenue=backwards) == 1
    column = f.marketing_share(marketing_revenue=pd.Series([forwards]), revenue=backwards)
    assert column[0] == 1


@pytest.mark.parametrize("revenue", [5, np.array([9.0, 5.0]), pd.Series([9.0, 5.0])])
def test_marketing_brings_no_more_than_all(revenue):
    with pytest.raises(ValueError, match=r"marketing_revenue / revenue is 1\.2, but no more than 1"):
        f.marketing_share(marketing_revenue=6, revenue=revenue)


@every_formula
@pytest.mark.parametrize("wrong", [-1, math.inf, -math.inf, "much"])
def test_no_argument_may_be_negative_infinite_or_text(formula, wrong):
    for name, right in CALLS[formula].items():
        for value in (wrong, pd.Series([right, wrong])):
            with pytest.raises(ValueError, match=f"^{name} (is|holds) .* expected$"):
                formula(**CALLS[formula] | {name: value})


@pytest.mark.parametrize(
    ("formula", "name", "wrong", "allowed"),
    [
        (f.marketing_revenue_goal, "marketing_share", 60, "a share from 0 to 1 (5 % is 0.05)"),
        (f.leads_needed, "close_rate", 5, "a share above 0 and at most 1 (5 % is 0.05)"),
        (f.leads_needed, "close_rate", 0, "a share above 0 and at most 1 (5 % is 0.05)"),
        (f.customers_needed, "deal_size", 0, "a finite number above 0"),
        (f.lead_value, "close_rate", 1.01, "a share from 0 to 1 (5 % is 0.05)"),
        (f.daily_goal, "days", 0, "a whole number of days, 1 or more"),
        (f.daily_goal, "days", 30.5, "a whole number of days, 1 or more"),
        (f.leads_affordable, "attempts", 0, "a finite number above 0"),
        (f.leads_affordable, "minutes", 0, "a finite number above 0"),
        (f.downtime, "available", 99.999, "a share from 0 to 1 (5 % is 0.05)"),
    ],
)
def test_range(formula, name, wrong, allowed):
    with pytest.raises(ValueError) as error:  # noqa: PT011  the whole message is compared
        formula(**CALLS[formula] | {name: wrong})
    assert str(error.value) == f"{name} is {wrong}, but {allowed} is expected"


@pytest.mark.parametrize("formula", [x for x in CALLS if x is not f.daily_goal], ids=lambda x: x.__name__)
def test_arguments_cannot_be_swapped(formula):
    with pytest.raises(TypeError, match="positional"):
        formula(*CALLS[formula].values())


# --- the goal line


def test_goal_line_of_a_leap_february():
    line = f.goal_line(goal=29, days=29)
    np.testing.assert_allclose(line, np.arange(1, 30))


def test_goal_lines_of_tiers():
    lines = f.goal_line(goal=pd.Series({"a": 10, "b": 20}), days=2)
    np.testing.assert_array_equal(lines, [[5, 10], [10, 20]])


@pytest.mark.parametrize("days", [0, -3, 2.5])
def test_goal_line_needs_days(days):
    with pytest.raises(ValueError, match="days is"):
        f.goal_line(goal=10, days=days)


@given(goal=money, days=st.integers(1, 366))
def test_goal_line_starts_with_a_daily_goal_never_falls_and_ends_exactly_at_the_goal(goal, days):
    line = f.goal_line(goal=goal, days=days)
    assert line.shape == (days,)
    assert line[0] == pytest.approx(f.daily_goal(goal=goal, days=days))
    assert (np.diff(line) >= 0).all()
    assert line[-1] == goal


# --- properties


@given(quota=money, share=shares)
def test_both_sides_goals_make_the_quota(quota, share):
    sides = [
        goal(quota=quota, marketing_share=share) for goal in (f.marketing_revenue_goal, f.sales_revenue_goal)
    ]
    assert sum(sides) == pytest.approx(quota)
    assert min(sides) >= 0


@given(quota=money, share=shares, size=sizes, rate=rates)
def test_the_goal_met_exactly_brings_the_revenue_planned(quota, share, size, rate):
    goal = f.marketing_revenue_goal(quota=quota, marketing_share=share)
    leads = f.leads_needed(customers=f.customers_needed(revenue_goal=goal, deal_size=size), close_rate=rate)
    assert leads * f.lead_value(close_rate=rate, deal_size=size) == pytest.approx(goal)


@given(customers=counts, rate=rates, better=rates)
def test_a_better_close_rate_never_asks_for_more_leads(customers, rate, better):
    rate, better = sorted((rate, better))
    assert f.leads_needed(customers=customers, close_rate=better) <= f.leads_needed(
        customers=customers, close_rate=rate
    )


@given(customers=st.floats(1, 1e6), rate=rates, size=sizes)
def test_recalculating_a_month_that_went_to_plan_gives_the_plan_back(customers, rate, size):
    leads = f.leads_needed(customers=customers, close_rate=rate)
    assert f.close_rate(customers=customers, leads=leads) == pytest.approx(rate)
    assert f.deal_size(revenue=customers * size, customers=customers) == pytest.approx(size)


@given(leads=counts, attempts=st.floats(0.5, 20), minutes=st.floats(0.5, 60))
def test_the_hours_the_leads_need_afford_those_leads(leads, attempts, minutes):
    hours = f.follow_up_hours(leads=leads, attempts=attempts, minutes=minutes)
    assert f.leads_affordable(hours=hours, attempts=attempts, minutes=minutes) == pytest.approx(leads)


@given(available=shares, length=st.floats(0, 1e9))
def test_time_lost_is_part_of_the_time(available, length):
    assert 0 <= f.downtime(available=available, length=length) <= length
