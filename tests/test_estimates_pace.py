"""Pace: the lines by hand, the chance against scipy, and how forecasts of simulated months fared."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from slanb.estimates.calibration import brier, deciles, pace_calibration
from slanb.estimates.pace import Habits, learn_habits, month_pace


def company(seed, *, a_day=20.0, growth=0.0, weekend=0.15, months=24, end="2026-09-30"):
    """Daily leads of known habits: negative binomial with dispersion 1.5, months differing by 8 %."""
    rng = np.random.default_rng(seed)
    calendar = pd.date_range(end=end, start=pd.Period(end, "M").start_time - pd.DateOffset(months=months - 1))
    working = (calendar.day_of_week < 5) & (rng.random(len(calendar)) > 0.03)
    weight = np.where(working, 1.0, weekend)
    month = pd.factorize(calendar.to_period("M"))[0]
    levels = a_day * (1 + growth) ** np.arange(months) * rng.lognormal(-0.0032, 0.08, months)
    mean = weight * levels[month]
    days = pd.DataFrame(
        {
            "day": calendar,
            "leads": rng.negative_binomial(mean / 0.5, 1 / 1.5).astype(float),
            "working": working,
        }
    )
    plain = pd.Series(
        weight * (a_day * (1 + growth) ** np.arange(months))[month], index=calendar.to_period("M")
    )
    return days, (plain.groupby(level=0).sum() * rng.uniform(0.85, 1.15, months)).round()


def in_the_month(days, last_day):
    known = days.copy()
    known.loc[known["day"] > last_day, "leads"] = np.nan
    return known


def test_lines_by_hand():
    """September 2026 begins on a Tuesday: 30 days, 22 of them weekdays."""
    days, _ = company(0)
    month = days["day"].dt.to_period("M") == pd.Period("2026-09")
    days.loc[month, "working"] = days.loc[month, "day"].dt.day_of_week < 5
    habits = Habits(np.array([1, 1, 1, 1, 1, 0.15, 0.15, 0.15]), 20.0, 0.1, 1.5)
    found = month_pace(in_the_month(days, "2026-09-08"), 440, habits=habits)
    assert found.loc["2026-09-08", "straight"] == pytest.approx(440 * 8 / 30)
    assert found.loc["2026-09-08", "working"] == pytest.approx(440 * 6 / 22)
    assert found.loc["2026-09-08", "profile"] == pytest.approx(440 * 6.3 / 23.2)
    assert found.loc["2026-09-30", ["straight", "working", "profile"]].tolist() == pytest.approx([440] * 3)
    assert found["chance"].notna().sum() == 8


def test_the_straight_line_is_off_by_up_to_five_percent_of_the_goal_from_the_calendar_alone():
    worst = 0.0
    for start in pd.date_range("2024-01-01", "2027-12-01", freq="MS"):
        calendar = pd.date_range(start, start + pd.offsets.MonthEnd())
        days = pd.DataFrame({"day": calendar, "leads": np.nan, "working": calendar.day_of_week < 5})
        habits = Habits(np.array([1, 1, 1, 1, 1, 0.15, 0.15, 0.15]), 20.0, 0.1, 1.0)
        lines = month_pace(days, 100, habits=habits)
        worst = max(worst, (lines["straight"] - lines["profile"]).abs().max())
    assert 4 < worst < 7


def test_chance_and_range_are_those_of_the_negative_binomial_of_scipy():
    days, _ = company(1)
    habits = Habits(np.array([1, 1, 1, 1, 1, 0.2, 0.2, 0.2]), 20.0, 0.1, 1.4)
    known = in_the_month(days, "2026-09-15")
    row = month_pace(known, 460, habits=habits, level=0.9).loc["2026-09-15"]
    month = known[known["day"] >= "2026-09-01"]
    off = (month["day"].dt.day_of_week < 5) & ~month["working"]
    weight = np.where((month["day"].dt.day_of_week >= 5) | off, 0.2, 1.0)
    shape, rate = 100 + row["so_far"] / 1.4, 100 / 20 + weight[:15].sum() / 1.4
    mean = weight[15:].sum() * shape / rate
    variance = 1.4 * mean + weight[15:].sum() ** 2 * shape / rate**2
    coming = stats.nbinom(mean**2 / (variance - mean), mean / variance)
    assert row["expected"] == pytest.approx(row["so_far"] + mean)
    assert row["chance"] == pytest.approx(coming.sf(460 - row["so_far"] - 1))
    assert row["low"] == row["so_far"] + coming.ppf(0.05)
    assert row["high"] == row["so_far"] + coming.ppf(0.95)


def test_habits_of_a_known_company_are_learnt():
    days, _ = company(2, a_day=60)
    habits = learn_habits(days)
    assert habits.kinds[5:7] / habits.kinds[:5].mean() == pytest.approx([0.15, 0.15], abs=0.03)
    assert habits.kinds[7] / habits.kinds[:5].mean() == pytest.approx(0.15, abs=0.07)
    assert habits.dispersion == pytest.approx(1.5, abs=0.25)
    assert habits.level * habits.kinds[:5].mean() == pytest.approx(60, rel=0.15)
    assert 0.04 < habits.error < 0.16
    growing, _ = company(2, a_day=60, growth=0.04)
    assert learn_habits(growing).level * habits.kinds[0] == pytest.approx(60 * 1.04**24, rel=0.2)


@settings(deadline=None, max_examples=25)
@given(st.integers(1, 29), st.integers(300, 600), st.integers(1, 60))
def test_more_leads_never_lower_the_chance_and_a_larger_goal_never_raises_it(day, goal, more):
    days, _ = company(3, months=6)
    known = in_the_month(days, f"2026-09-{day:02}")
    better = known.copy()
    better.loc[better["day"] == f"2026-09-{day:02}", "leads"] += more
    habits = learn_habits(days[days["day"] < "2026-09-01"])
    plain, raised, larger = (
        month_pace(frame, g, habits=habits).loc[f"2026-09-{day:02}"]
        for frame, g in ((known, goal), (better, goal), (known, goal + more))
    )
    assert raised["chance"] >= plain["chance"] - 1e-9
    assert larger["chance"] <= plain["chance"] + 1e-9
    assert plain["low"] <= plain["high"]


def test_at_the_end_it_is_certain_and_a_goal_reached_stays_reached():
    days, _ = company(4)
    total = days.loc[days["day"] >= "2026-09-01", "leads"].sum()
    assert month_pace(days, total)["chance"].iloc[-1] == 1
    assert month_pace(days, total + 1)["chance"].iloc[-1] == 0
    assert (month_pace(days, 1)["chance"].iloc[3:] == 1).all()
    assert month_pace(days, total)["expected"].iloc[-1] == total


def test_without_past_leads_there_is_nothing_to_learn():
    days, _ = company(5)
    with pytest.raises(ValueError, match="no lead in the past months"):
        learn_habits(days.assign(leads=0))


def test_forecasts_of_simulated_companies_are_calibrated_and_beat_both_lines():
    """About 430 company-months, forecast on each of their days."""
    parts = [
        pace_calibration(*company(seed, growth=0.03 * (seed % 2)), first=6).forecasts for seed in range(24)
    ]
    forecasts = pd.concat(parts)
    assert forecasts.groupby("month").size().sum() / 30 > 400
    table = deciles(forecasts["profile"], forecasts["reached"])
    assert (table["said"] - table["reached"]).abs().max() < 0.12
    scores = {
        name: brier(forecasts[name], forecasts["reached"]) for name in ("profile", "working", "straight")
    }
    assert scores["profile"] < scores["working"] < scores["straight"]


def test_calibration_knows_only_the_past():
    days, goals = company(6, months=8)
    whole = pace_calibration(days, goals).forecasts
    earlier = days[days["day"] < "2026-08-01"]
    part = pace_calibration(earlier, goals).forecasts
    pd.testing.assert_frame_equal(part, whole.iloc[: len(part)])
    assert pace_calibration(days, goals.iloc[:2]).forecasts.empty
    assert np.isnan(pace_calibration(days, goals.iloc[:2]).brier["profile"])
