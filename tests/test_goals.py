"""Levers, grids and history of a goal, counted by hand."""

import pandas as pd
import pytest

from slanb import goals
from slanb.facts.tracked import track_recent
from slanb.periods import parse_period
from slanb.terms.goals import goals_of
from tests.small import TIERED, agreement, company

JUNE = parse_period("2026-06")
NOTHING = pd.DataFrame()


def month(number: int, n: int) -> list[tuple]:
    return [(f"2026-{number:02}-10", "marketing", "", None, None)] * n


def test_the_steps_are_the_guides_chain(tmp_path):
    steps = goals.steps(goals_of(agreement(tmp_path), JUNE)).set_index("step")["value"]
    assert steps["Customers needed"] == 50
    assert steps["Leads needed"] == 100
    assert steps["Leads a day"] == pytest.approx(100 / 30)
    assert steps["Sales revenue goal"] == 0


def test_without_records_each_lever_moves_by_a_tenth(tmp_path):
    levers = goals.levers(goals_of(agreement(tmp_path), JUNE), NOTHING).set_index("lever")
    assert levers.loc["quota", ["low", "high"]].tolist() == pytest.approx([90, 110])
    assert levers.loc["close_rate", ["low", "high"]].tolist() == pytest.approx([100 / 0.9, 100 / 1.1])
    assert levers.loc["marketing_share", "high_value"] == 1  # all of it already
    assert levers.index[0] in ("close_rate", "deal_size")  # 11 leads more beat 10


def test_with_records_a_lever_ends_where_they_do(tmp_path):
    leads = [("2026-01-10", "marketing", "", 5 if n % 4 == 0 else None, 100) for n in range(400)]
    recent = track_recent(company(leads), JUNE)
    levers = goals.levers(goals_of(agreement(tmp_path), JUNE), recent).set_index("lever")
    low, high = levers.loc["close_rate", ["low_value", "high_value"]]
    assert 0.2 < low < 0.25 < high < 0.3
    assert levers.loc["close_rate", "low"] == pytest.approx(50 / low)


def test_the_grid_holds_the_agreed_point_in_its_middle(tmp_path):
    grid = goals.around(goals_of(agreement(tmp_path), JUNE), steps=3, spread=0.2)
    middle = grid[(grid["close_rate"] == 0.5) & (grid["deal_size"] == 100)]
    assert middle["leads"].tolist() == [100]
    assert grid["leads"].min() == pytest.approx(5000 / 120 / 0.6)


def test_history_holds_the_goal_against_the_periods_before(tmp_path):
    facts = company([*month(3, 80), *month(4, 120), *month(5, 100), *month(6, 500)])
    history = goals.against_history(goals_of(agreement(tmp_path), JUNE), facts, agreement(tmp_path))
    assert history.past.tolist() == [80, 120, 100]  # June itself is no history
    assert history.reached == 2
    assert history.growth_needed == pytest.approx(0)


def test_no_history_says_so(tmp_path):
    goal = goals_of(agreement(tmp_path), JUNE)
    words = agreement(tmp_path).wording()
    history = goals.against_history(goal, company(month(6, 5)), agreement(tmp_path))
    assert history.past.empty
    assert "no complete past period" in " ".join(goals.headlines(goal, history, words))


def test_grains_leave_out_what_the_agreement_does_not_cover(tmp_path):
    terms = agreement(tmp_path)
    assert goals.by_grain(terms, JUNE)["leads"].tolist() == [100, 300, 1200]
    assert goals.by_grain(terms, JUNE)["period"].tolist() == ["2026-06", "2026-Q2", "2026"]


def test_parts_end_with_the_whole(tmp_path):
    parts = goals.parts(goals_of(agreement(tmp_path, TIERED), JUNE))
    assert parts["part"].tolist() == ["A", "B", "All"]
    assert parts["leads"].tolist() == pytest.approx([100, 300, 400])


def test_every_figure_has_an_id_of_its_own(tmp_path):
    ids = [figure.id for figure in goals.figures(goals_of(agreement(tmp_path, TIERED), JUNE))]
    assert len(ids) == len(set(ids))
    assert "plan.tier.A.leads" in ids
