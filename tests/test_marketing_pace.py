"""The chance of reaching the month's goal, on companies whose days are known."""

import pandas as pd
import pytest

from slanb import marketing
from slanb.facts.period import PeriodFacts
from slanb.periods import parse_period
from tests.small import agreement, company

JUNE = parse_period("2026-06")
LEVEL = "plan: {quota: 9000, marketing_share: 1, deal_size: 100, close_rate: 1}\n"  # 90 wanted


def steady(as_of: str, *, each: int = 3, first="2026-01-01"):
    """So many leads every day, until the clock."""
    days = pd.date_range(first, pd.Timestamp(as_of) - pd.Timedelta(days=1))
    return company(
        [(str(day.date()), "marketing", "", None, 1.0) for day in days for _ in range(each)], as_of=as_of
    )


def june(folder, plan: str = LEVEL, *, as_of: str = "2026-06-16", period=JUNE, **company) -> PeriodFacts:
    return PeriodFacts(steady(as_of, **company), agreement(folder, plan), period)


def test_the_goal_that_is_reached_has_chance_one(tmp_path):
    plan = "plan: {quota: 300, marketing_share: 1, deal_size: 100, close_rate: 0.1}\n"
    ahead = marketing.outlook(june(tmp_path, plan))  # 30 leads wanted, 45 here
    assert ahead.today["chance"] == 1
    assert ahead.today["so_far"] == 45
    assert ahead.today.name == pd.Timestamp("2026-06-15")
    assert ahead.days["chance"].isna().sum() == 15


def test_a_goal_out_of_reach_has_none_and_one_at_the_pace_about_half(tmp_path):
    far = "plan: {quota: 9000, marketing_share: 1, deal_size: 100, close_rate: 0.5}\n"
    assert marketing.outlook(june(tmp_path, far)).today["chance"] < 0.01
    assert 0.3 < marketing.outlook(june(tmp_path)).today["chance"] < 0.7  # 90 wanted, 3 a day come


def test_chance_range_and_track_record_are_one_number_in_sentence_figure_and_picture(tmp_path):
    case = june(tmp_path)
    ahead = marketing.outlook(case)
    lines = marketing.headlines(case, ahead)
    by_id = {line.id: line for line in lines}
    figures = {figure.id: figure for figure in marketing.figures(case, ahead)}
    chance = by_id["marketing.chance"].fields
    assert chance["chance"] == figures["outlook.chance"].value == ahead.days["chance"].dropna().iloc[-1]
    assert (chance["low"], chance["high"]) == (figures["outlook.leads"].low, figures["outlook.leads"].high)
    text = " ".join(case.terms.wording().say(line) for line in lines)
    assert "After 15 June 2026 the chance of reaching 90 leads in June 2026 is" in text
    assert "with 45 leads so far" in text
    assert "Brier" in text
    assert ahead.fared.forecasts["month"].nunique() == 2  # April and May; January to March are learnt from


def test_past_months_are_forecast_against_their_own_goals(tmp_path):
    plan = {"m2026_05": "quota: 60000\n"}  # 600 leads in May, far above the 93 that came
    terms = agreement(
        tmp_path, "plan: {quota: 3000, marketing_share: 1, deal_size: 100, close_rate: 1}\n", **plan
    )
    forecasts = marketing.outlook(PeriodFacts(steady("2026-06-16"), terms, JUNE)).fared.forecasts
    reached = forecasts.groupby("month")["reached"].first()
    assert reached.tolist() == [True, False]


def test_there_is_no_outlook_for_a_quarter_or_without_history(tmp_path):
    assert marketing.outlook(june(tmp_path, period=parse_period("2026-Q2"))) is None
    short = june(tmp_path, first="2026-05-01")
    assert marketing.outlook(short) is None
    assert not any(line.id == "marketing.chance" for line in marketing.headlines(short, None))


def test_before_the_first_day_is_over_nothing_is_said(tmp_path):
    case = june(tmp_path, as_of="2026-06-01")
    ahead = marketing.outlook(case)
    assert ahead.today is None
    assert not any(line.id.startswith("marketing.chance") for line in marketing.headlines(case, ahead))
    assert not any(figure.id.startswith("outlook") for figure in marketing.figures(case, ahead))


@pytest.mark.parametrize("as_of", ["2026-07-01", "2026-08-01"])
def test_a_month_that_has_ended_has_its_line_and_no_chance_to_publish(tmp_path, as_of):
    case = june(tmp_path, as_of=as_of)
    ahead = marketing.outlook(case)
    assert ahead.days["so_far"].iloc[-1] == 90
    assert not any(line.id == "marketing.chance" for line in marketing.headlines(case, ahead))
    assert not any(figure.id.startswith("outlook") for figure in marketing.figures(case, ahead))
