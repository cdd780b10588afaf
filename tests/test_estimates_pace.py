"""Pace: the lines by hand, the chance against scipy, and how forecasts of simulated months fared."""

import time

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from slanb.estimates.calibration import brier, deciles, pace_calibration
from slanb.estimates.habits import Habits, learn_habits
from slanb.estimates.pace import GRID, TAILS, ToCome, month_pace
from tests import rounds
from tests.calibration import pace_real, pace_worlds, real


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


def test_chance_and_range_are_those_of_simulated_months():
    """Bayes' rule by brute force: months are drawn, and those that brought as much so far are kept."""
    days, _ = company(1)
    habits = Habits(np.array([1, 1, 1, 1, 1, 0.2, 0.2, 0.2]), 20.0, 0.1, 1.4, within=0.1)
    known = in_the_month(days, "2026-09-15")
    row = month_pace(known, 390, habits=habits, level=0.9).loc["2026-09-15"]
    month = known[known["day"] >= "2026-09-01"]
    off = (month["day"].dt.day_of_week < 5) & ~month["working"]
    weight = np.where((month["day"].dt.day_of_week >= 5) | off, 0.2, 1.0)
    done, rest = weight[:15].sum(), weight[15:].sum()
    rng = np.random.default_rng(0)
    shares, times, least = np.transpose(TAILS)
    spread = np.maximum(times * 0.1, least)[rng.choice(3, 2_000_000, p=shares)]
    levels = 20 * np.exp(rng.normal(0, spread))

    def brought(levels, weight, moved):
        size = 1 / (0.4 / 20 / weight + 0.1**2 / 2 * moved)
        return rng.poisson(levels * weight * rng.gamma(size, 1 / size, len(levels)))

    alike = levels[brought(levels, done, rest / weight.sum()) == row["so_far"]]
    total = row["so_far"] + brought(np.tile(alike, 50), rest, 1 + done / weight.sum())
    assert len(alike) > 5000
    assert row["chance"] == pytest.approx((total >= 390).mean(), abs=0.02)
    quantiles = np.quantile(total, [0.05, 0.5, 0.95])
    assert row[["low", "expected", "high"]].to_numpy() == pytest.approx(quantiles, abs=2)


def test_leads_to_come_are_negative_binomial_as_in_scipy():
    coming = ToCome(np.full((1, 32), 60.0), np.array([40.0]))
    scipys = stats.nbinom(40, 40 / 100)
    assert coming.at_least(np.array([[1.0], [55.0], [90.0]]))[:, 0] == pytest.approx(scipys.sf([0, 54, 89]))
    assert coming.quantiles([0.1, 0.5, 0.9])[:, 0].tolist() == scipys.ppf([0.1, 0.5, 0.9]).tolist()


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


COUNTS = st.one_of(
    st.just(0.0), st.sampled_from([0.0, 1.0, 2.0, 1e6]), st.integers(0, 60).map(float), st.integers(0, 10**6)
)


@st.composite
def records(draw):
    """Up to eight months before a current one: quiet, busy and empty ones, evenly or on single days."""
    months = draw(st.integers(2, 8))
    calendar = pd.date_range("2026-01-01", (pd.Period("2026-01", "M") + months - 1).end_time.normalize())
    month = calendar.month.to_numpy() - 1
    a_day = np.array(draw(st.lists(COUNTS, min_size=months, max_size=months)))[month]
    rng = np.random.default_rng(draw(st.integers(0, 99)))
    weight = np.where(rng.random(len(calendar)) < draw(st.sampled_from([0.02, 0.5, 1.0])), 1.0, 0.0)
    working = calendar.day_of_week < draw(st.sampled_from([5, 7]))
    return pd.DataFrame({"day": calendar, "leads": rng.poisson(a_day * weight) * 1.0, "working": working})


@settings(deadline=None, max_examples=rounds(60))
@given(records(), st.integers(1, 27), st.integers(1, 10**6), st.integers(0, 10**6), st.integers(1, 10**6))
def test_whatever_the_records_the_forecast_is_sound(days, day, goal, dearer, more):
    """The estimate lies in its interval; a larger goal never raises the chance; more leads never lower it."""
    first = days["day"].max().to_period("M").start_time
    if not days.loc[days["day"] < first, "leads"].sum() > 0:
        days.loc[0, "leads"] = 1.0
    last = first + pd.Timedelta(days=day - 1)
    known = in_the_month(days, last)
    better = known.copy()
    better.loc[better["day"] == last, "leads"] += more
    began = time.process_time()
    found = month_pace(known, goal)
    assert time.process_time() - began < 0.5
    over = found[found["chance"].notna()]
    assert len(over) == day
    assert np.isfinite(over).all(axis=None)
    assert over["expected"].between(over["low"], over["high"]).all()
    assert (over["low"] >= over["so_far"]).all()
    assert over["chance"].between(0, 1).all()
    raised, larger = month_pace(better, goal), month_pace(known, goal + dearer)
    assert raised.loc[last, "chance"] >= over.loc[last, "chance"] - 1e-9
    assert (larger.loc[over.index, "chance"] <= over["chance"] + 1e-9).all()


@pytest.mark.parametrize("empty", [["2026-01", "2026-02"], ["2026-05"], ["2026-08"], ["2026-03", "2026-06"]])
def test_an_empty_past_month_does_not_wreck_the_forecast(empty):
    """Tiers first seen in March, a paused month, a lost export: no billions, and the month itself decides."""
    days, _ = company(7, months=9)
    whole = month_pace(in_the_month(days, "2026-09-10"), 400).loc["2026-09-10"]
    days.loc[days["day"].dt.to_period("M").astype(str).isin(empty), "leads"] = 0.0
    found = month_pace(in_the_month(days, "2026-09-10"), 400).loc["2026-09-10"]
    assert found["expected"] == pytest.approx(whole["expected"], rel=0.15)
    assert found["high"] < 2 * whole["high"]


def test_months_before_the_first_lead_are_no_history():
    days, _ = company(8, months=12)
    early = days["day"] < "2026-03-01"
    habits = learn_habits(days.assign(leads=days["leads"].where(~early, 0)))
    assert habits.level == learn_habits(days[~early]).level


def test_a_month_that_jumps_is_believed_within_days():
    """Olist's January 2018: 200 leads in December, then 1,141."""
    days, _ = company(9)
    days.loc[days["day"] >= "2026-09-01", "leads"] *= 6
    total = days.loc[days["day"] >= "2026-09-01", "leads"].sum()
    found = month_pace(days, total * 0.8)
    assert found["chance"].iloc[7] > 0.8
    assert found["expected"].iloc[7] == pytest.approx(total, rel=0.2)
    assert GRID[0] < np.log(1e-6)
    assert GRID[-1] > np.log(1e6)


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
    whole = pace_calibration(days, goals)
    earlier = days[days["day"] < "2026-08-01"]
    part = pace_calibration(earlier, goals)
    for name in ("forecasts", "near", "months"):
        pd.testing.assert_frame_equal(
            getattr(part, name), getattr(whole, name).iloc[: len(getattr(part, name))]
        )
    without = pace_calibration(days, goals.iloc[:2])
    assert without.forecasts.empty
    pd.testing.assert_frame_equal(without.near, whole.near)
    assert without.months["goal"].isna().all()
    assert np.isnan(pace_calibration(days, first=8).skill)


def test_the_track_record_is_of_goals_that_could_be_missed_and_says_what_a_page_would_have():
    days, _ = company(10, months=9)
    found = pace_calibration(days, day=12)
    assert 0.2 < found.near["reached"].mean() < 0.8
    row = found.months.iloc[-1]
    page = month_pace(days, 400).iloc[11]
    assert row[["low", "expected", "high"]].tolist() == page[["low", "expected", "high"]].tolist()
    assert row["happened"] == page["so_far"] + days["leads"].iloc[-18:].sum()
    assert found.held == sum(found.months["happened"].between(found.months["low"], found.months["high"]))
    assert found.skill == pytest.approx(1 - found.brier["profile"] / found.brier["straight"])


def test_on_simulated_companies_the_range_holds_and_the_chance_beats_the_straight_line():
    """Three companies a world; the whole is in the study (`tests/calibration/pace_worlds.py`)."""
    found = pace_worlds.rows(3, seed=1).pivot_table(index="measure", values="value").squeeze()
    assert 0.7 < found["pace: 80 % range holds"] < 0.9
    assert (
        found["pace: Brier, goals near what was expected"]
        < 0.75 * found["straight line: Brier, the same goals"]
    )


@pytest.mark.skipif(not real.available(), reason="needs the real companies' records")
def test_on_olist_the_range_holds_and_nothing_is_said_to_be_impossible_that_happens():
    """12 March 2018 said "912 to 1,023, chance 0 %"; 1,174 came, of 1,176."""
    days, agreed = pace_real.daily_leads("olist")
    period = days["day"].dt.to_period("M")
    known = in_the_month(days[period <= "2018-03"], "2018-03-12")
    row = month_pace(known, agreed).loc["2018-03-12"]
    assert row["low"] < 1174 < row["high"]
    assert 0.1 < row["chance"] < 0.5
    fared = pace_calibration(days)
    assert 0.7 <= fared.held / len(fared.months) <= 0.9
    assert fared.skill > 0.2
