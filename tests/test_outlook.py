"""The chance of reaching the month's goal, on companies whose days are known."""

import numpy as np
import pandas as pd
import pytest

from slanb import outlook
from slanb.periods import parse_period
from tests.small import agreement, company

JUNE = parse_period("2026-06")


def steady(as_of: str, *, each: int = 3, first="2026-01-01"):
    """So many leads every day, until the clock."""
    days = pd.date_range(first, pd.Timestamp(as_of) - pd.Timedelta(days=1))
    return company(
        [(str(day.date()), "marketing", "", None, 1.0) for day in days for _ in range(each)], as_of=as_of
    )


def test_the_goal_that_is_reached_has_chance_one(tmp_path):
    terms = agreement(tmp_path, "plan: {quota: 300, marketing_share: 1, deal_size: 100, close_rate: 0.1}\n")
    found = outlook.look_ahead(steady("2026-06-16"), terms, JUNE)  # 30 leads wanted, 45 here
    assert found.today["chance"] == 1
    assert found.today["so_far"] == 45
    assert found.today.name == pd.Timestamp("2026-06-15")
    assert found.days["chance"].isna().sum() == 15


def test_a_goal_out_of_reach_has_none_and_one_at_the_pace_about_half(tmp_path):
    far = agreement(tmp_path, "plan: {quota: 9000, marketing_share: 1, deal_size: 100, close_rate: 0.5}\n")
    assert outlook.look_ahead(steady("2026-06-16"), far, JUNE).today["chance"] < 0.01
    level = agreement(tmp_path, "plan: {quota: 9000, marketing_share: 1, deal_size: 100, close_rate: 1}\n")
    chance = outlook.look_ahead(steady("2026-06-16"), level, JUNE).today["chance"]
    assert 0.3 < chance < 0.7  # 90 wanted, 3 a day come


def test_the_sentences_tell_chance_range_and_track_record(tmp_path):
    terms = agreement(tmp_path, "plan: {quota: 9000, marketing_share: 1, deal_size: 100, close_rate: 1}\n")
    found = outlook.look_ahead(steady("2026-06-16"), terms, JUNE)
    said = " ".join(found.sentences(terms.wording()))
    assert "After 15 June 2026 the chance of reaching 90 leads in June 2026 is" in said
    assert "Brier" in said
    assert [figure.id for figure in found.figures()] == ["outlook.chance", "outlook.leads"]
    assert found.past.forecasts["month"].nunique() == 2  # April and May; January to March are learnt from


def test_there_is_no_outlook_for_a_quarter_or_without_history(tmp_path):
    terms = agreement(tmp_path)
    assert outlook.look_ahead(steady("2026-06-16"), terms, parse_period("2026-Q2")) is None
    assert outlook.look_ahead(steady("2026-06-16", first="2026-05-01"), terms, JUNE) is None


def test_before_the_first_day_is_over_nothing_is_said(tmp_path):
    terms = agreement(tmp_path)
    found = outlook.look_ahead(steady("2026-06-01"), terms, JUNE)
    assert found.today is None
    assert found.sentences(terms.wording()) == []
    assert found.figures() == []


def test_only_promised_tiers_count(tmp_path):
    rows = [("2026-06-02", "marketing", tier, None, 1.0) for tier in ("A", "A", "Z")]
    rows += [("2026-06-02", "sales", "A", None, 1.0), ("2026-01-02", "marketing", "A", None, 1.0)]
    plan = "plan: {quota: 9, marketing_share: 1, tiers: {A: {share: 1, close_rate: 0.5, deal_size: 1}}}\n"
    days = outlook.daily(company(rows, as_of="2026-06-10"), agreement(tmp_path, plan), JUNE)
    june = days[days["day"] >= "2026-06-01"]
    assert june["leads"].sum() == 2
    assert june["leads"].isna().sum() == 21  # the 10th to the 30th
    assert june.loc[june["working"], "day"].dt.day.tolist() == [1, 8, 15, 22, 29]  # Mondays alone are worked


def test_supply_is_what_past_months_brought(tmp_path):
    days = outlook.daily(steady("2026-06-01"), agreement(tmp_path), JUNE)
    mean, spread = outlook.supply(days, JUNE)
    assert mean == pytest.approx(90, rel=0.05)
    assert spread > np.sqrt(90) * 0.9
    quarter = outlook.daily(steady("2026-06-01"), agreement(tmp_path), parse_period("2026-Q2"))
    assert outlook.supply(quarter, parse_period("2026-Q2"))[0] == pytest.approx(273, rel=0.05)
    february = parse_period("2026-02")
    few = outlook.daily(steady("2026-03-01"), agreement(tmp_path), february)
    assert outlook.supply(few, february) is None
