"""Parts, levers, grids and history of a goal, counted by hand."""

import json
import re
from pathlib import Path

import matplotlib.pyplot as plt
import pandas as pd
import pytest

from slanb import formulas, goals
from slanb.dictionary.wording import Wording
from slanb.facts.period import PeriodFacts
from slanb.facts.tracked import track_recent
from slanb.goals.history import realism
from slanb.goals.parts import by_grain
from slanb.periods import parse_period
from slanb.terms.goals import goals_of
from tests.small import TIERED, agreement, company

JUNE = parse_period("2026-06")
NOTHING = pd.DataFrame()
WORDS = Wording("en_GB")
SEGMENTED = TIERED + "  segments:\n    North: {share: 0.6}\n    South: {share: 0.4, close_rate: 0.05}\n"
NOTEBOOK = Path(__file__).parents[1] / "notebooks" / "01-set-goals.ipynb"


def month(number: int, n: int) -> list[tuple]:
    return [(f"2026-{number:02}-10", "marketing", "", None, None)] * n


def case(folder: Path, leads=(), plan: str | None = None, period=JUNE, **what_if) -> PeriodFacts:
    terms = agreement(folder, plan) if plan else agreement(folder)
    return PeriodFacts(company(list(leads) or month(5, 3)), terms, period, what_if)


def worked_out(page: PeriodFacts) -> pd.DataFrame:
    """The parts as notebook 01 works them out."""
    parts = page.goals.parts()
    parts["marketing_goal"] = formulas.marketing_revenue_goal(
        parts["quota"], marketing_share=parts["marketing_share"]
    )
    parts["customers"] = formulas.customers_needed(parts["marketing_goal"], deal_size=parts["deal_size"])
    parts["leads"] = formulas.leads_needed(parts["customers"], close_rate=parts["close_rate"])
    parts["value_goal"] = formulas.value_goal(parts["leads"], value=parts["value"])
    return parts


class TestParts:
    @pytest.mark.parametrize("plan", [None, TIERED, SEGMENTED])
    @pytest.mark.parametrize("period", ["2026-06", "2026-Q2", "2026"])
    def test_the_steps_on_the_whole_and_on_the_parts_agree(self, tmp_path, plan, period):
        page = case(tmp_path, plan=plan, period=parse_period(period))
        whole = page.goals.whole
        marketing = formulas.marketing_revenue_goal(whole.quota, marketing_share=whole.marketing_share)
        customers = formulas.customers_needed(marketing, deal_size=whole.deal_size)
        leads = formulas.leads_needed(customers, close_rate=whole.close_rate)
        assert leads == pytest.approx(page.goals.total["leads"])
        parts = worked_out(page)
        assert goals.adds_up(parts, leads).id == "goals.parts_agree"
        total = goals.with_sum(parts).iloc[-1]
        for column in ("quota", "marketing_goal", "deal_size", "customers", "close_rate", "value_goal"):
            assert total[column] == pytest.approx(page.goals.total[column]), column

    def test_a_part_is_named_by_its_segment_and_tier(self, tmp_path):
        shown = goals.with_sum(worked_out(case(tmp_path, plan=SEGMENTED)))
        named = [WORDS.say(name) for name in shown["part"]]
        assert named[0] == "North, tier A"
        assert named[-1] == "Sum of the parts"
        assert shown["whole"].tolist() == [False] * 4 + [True]

    def test_a_number_changed_in_one_of_the_two_is_said_with_the_difference(self, tmp_path):
        parts = worked_out(case(tmp_path, plan=TIERED))  # 400 leads
        said = WORDS.say(goals.adds_up(parts, 410.0))
        assert "add up to 400 leads, the steps above to 410 leads. They differ by -10 leads" in said.replace(
            "\u2212", "-"
        )

    def test_grains_leave_out_what_the_agreement_does_not_cover(self, tmp_path):
        frame = by_grain(case(tmp_path))
        assert frame["leads"].tolist() == [100, 300, 1200]
        assert frame["period"].tolist() == ["2026-06", "2026-Q2", "2026"]

    def test_tiers_the_whole_and_the_longer_periods_stand_below_one_another(self, tmp_path):
        parts = goals.by_part(case(tmp_path, plan=TIERED))
        parts["part"] = [WORDS.say(name) for name in parts["part"]]
        assert parts["part"].tolist() == ["Tier A", "Tier B", "All of June 2026", "Q2 2026", "2026"]
        assert parts["leads"].tolist() == pytest.approx([100, 300, 400, 1200, 4800])
        assert parts.loc[parts["whole"], "part"].tolist() == ["All of June 2026"]
        sure = parts.set_index("part")["leads_confident"]
        assert sure["Tier A"] + sure["Tier B"] == pytest.approx(sure["All of June 2026"], abs=2)

    def test_a_quota_of_the_period_is_not_that_of_the_year(self, tmp_path):
        assert by_grain(case(tmp_path, quota=10_000))["leads"].tolist() == [200, 300, 1200]


class TestLevers:
    def test_without_records_each_lever_moves_by_a_tenth(self, tmp_path):
        levers = goals.levers(goals_of(agreement(tmp_path), JUNE), NOTHING).set_index("lever")
        assert levers.loc["quota", ["low", "high"]].tolist() == pytest.approx([90, 110])
        assert levers.loc["close_rate", ["low", "high"]].tolist() == pytest.approx([100 / 0.9, 100 / 1.1])
        assert levers.loc["marketing_share", "high_value"] == 1  # all of it already
        assert levers.index[0] in ("close_rate", "deal_size")  # 11 leads more beat 10

    def test_with_records_a_lever_ends_where_they_do(self, tmp_path):
        leads = [("2026-01-10", "marketing", "", 5 if n % 4 == 0 else None, 100) for n in range(400)]
        recent = track_recent(company(leads), JUNE)
        levers = goals.levers(goals_of(agreement(tmp_path), JUNE), recent).set_index("lever")
        low, high = levers.loc["close_rate", ["low_value", "high_value"]]
        assert 0.2 < low < 0.25 < high < 0.3
        # agreed is 50 %: both ends ask for more than the 100 leads agreed, and each has its own result
        assert levers.loc["close_rate", ["low", "high"]].tolist() == pytest.approx([50 / low, 50 / high])
        assert levers.loc["close_rate", "low"] > levers.loc["close_rate", "high"] > 100

    def test_labels_name_the_lever_and_its_ends(self, tmp_path):
        levers = goals.lever_labels(goals.levers(goals_of(agreement(tmp_path), JUNE), NOTHING), WORDS)
        row = levers.set_index("lever").loc["Close rate"]
        assert (row["low_at"], row["high_at"]) == ("45.0%", "55.0%")

    def test_the_grid_holds_the_agreed_point_in_its_middle(self, tmp_path):
        grid = goals.around(goals_of(agreement(tmp_path), JUNE), steps=3, spread=0.2)
        middle = grid[(grid["close_rate"] == 0.5) & (grid["deal_size"] == 100)]
        assert middle["leads"].tolist() == [100]
        assert grid["leads"].min() == pytest.approx(5000 / 120 / 0.6)


class TestHistory:
    LEADS = (*month(3, 80), *month(4, 120), *month(5, 100), *month(6, 500))

    def test_each_period_stands_beside_its_own_goal(self, tmp_path):
        terms = agreement(tmp_path, m2026_04="quota: 6005\n")  # 120.1 leads, promised as 120
        frame = goals.history(PeriodFacts(company(list(self.LEADS)), terms, JUNE))
        assert frame["period"].tolist() == ["2026-03", "2026-04", "2026-05", "2026-06"]
        assert frame["leads"].tolist() == [80, 120, 100, 500]
        assert frame["goal"].tolist() == [100, 120, 100, 100]
        assert frame["complete"].all()

    def test_own_goals_and_this_periods_goal_are_counted_apart(self, tmp_path):
        terms = agreement(tmp_path, m2026_06="quota: 6000\n")  # June asks for 120, the others for 100
        fields = realism(PeriodFacts(company(list(self.LEADS)), terms, JUNE)).fields
        assert (fields["own"].fields["kept"], fields["own"].fields["n"]) == (2, 3)
        assert (fields["as_many"].fields["n"], fields["as_many"].fields["of"]) == (1, 3)
        assert fields["as_many"].fields["best"] == 120  # June itself is no history
        assert fields["compared"].fields["growth"] == pytest.approx(0.2)

    def test_periods_before_the_agreement_have_no_goal_to_reach(self, tmp_path):
        leads = [
            (f"2025-{number}-10", "marketing", "", None, None) for number in (11, 12) for _ in range(150)
        ]
        january = PeriodFacts(company(leads), agreement(tmp_path), parse_period("2026-01"))
        assert goals.history(january)["goal"].isna().tolist() == [True, True, False]
        said = WORDS.say(realism(january))
        assert said == (
            "Of the last 2 periods on record, 2 brought at least the 100 leads of this one; the best "
            "brought 150. The goal is 33% below the average of the last 2."
        )

    def test_quarters_far_back_are_counted_whole(self, tmp_path):
        leads = [("2023-05-10", "marketing", "", None, None)] * 7
        page = case(tmp_path, leads, period=parse_period("2026-Q1"))
        assert goals.history(page).set_index("period")["leads"]["2023-Q2"] == 7

    def test_no_history_says_so(self, tmp_path):
        assert realism(case(tmp_path, month(6, 5))).id == "goals.no_history"


def test_a_chart_of_ones_own_takes_the_three_lines_the_notebook_shows(tmp_path):
    cells = json.loads(NOTEBOOK.read_text())["cells"]
    (text,) = ["".join(cell["source"]) for cell in cells if "A chart of your own" in "".join(cell["source"])]
    lines = re.search(r"```python\n(.*?)```", text, re.S).group(1)
    assert len(lines.splitlines()) == 3
    exec(lines, {"goals": goals, "page": case(tmp_path, TestHistory.LEADS)})
    assert [bar.get_height() for bar in plt.gca().patches] == [-20, 20, 0, 400]
    plt.close()
