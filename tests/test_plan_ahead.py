"""What lies ahead is planned: any period the agreement covers, twelve months, the next one's plan."""

import pandas as pd
import pytest

from slanb import goals, lead_value
from slanb.facts.period import PeriodFacts
from slanb.periods import label, parse_period
from slanb.run.next_plan import next_planned, plan_name
from slanb.scorecard import review
from tests.small import company
from tests.test_scorecard_judging import agreed

LEADS = [
    (f"2026-{month:02}-{day:02}", "marketing", "A", None, 0) for month in (1, 2, 3) for day in range(1, 29)
]
PARTS = """
plan:
  quota: 24000
  marketing_share: 0.5
  segments:
    North: {share: 0.6}
    South: {share: 0.4}
  tiers:
    A: {share: 0.5, close_rate: 0.1, deal_size: 200}
    B: {share: 0.5, close_rate: 0.05, deal_size: 100}
"""


def planned(terms, period, as_of="2026-03-25"):
    facts = company(LEADS, as_of=as_of)
    return PeriodFacts(facts, terms, parse_period(period))


@pytest.fixture
def terms(tmp_path):
    return agreed(tmp_path)


@pytest.mark.parametrize("period", ["2026-04", "2026-05", "2026-Q3", "2026-12"])
def test_a_coming_period_is_learnt_from_what_is_on_record(terms, period):
    case = planned(terms, period)
    assert not case.begun
    assert not case.complete
    assert case.learnt_until.start_time <= pd.Timestamp("2026-03-25") <= case.learnt_until.end_time
    assert case.trailing[-1] == case.period
    assert all(span.start_time < pd.Timestamp("2026-03-25") for span in case.trailing[:-1])


def test_its_promises_are_pending_with_what_they_ask_for(terms):
    judged = review(planned(terms, "2026-05"))
    for card in judged.cards:
        assert card.verdict == "pending"
        assert card.last.value is None
        if card.clause.grain != "week":  # the plan asks nothing of a week
            assert card.last.aim == judged.targets.aim(card.clause)


def test_nothing_is_said_to_have_come_before_it_begins(terms):
    case = planned(terms, "2026-05")
    tiers = lead_value.by_tier(case, None)
    assert tiers["delivered"].isna().all()
    assert lead_value.reached(case, tiers).empty


@pytest.mark.parametrize(("measure", "periods"), [("month", 9), ("quarter", 3)])
def test_twelve_months_ahead_add_up(tmp_path, measure, periods):
    terms = agreed(tmp_path, plan=PARTS, measure=measure)  # in force until December
    case = planned(terms, "2026-04" if measure == "month" else "2026-Q2")
    whole = goals.ahead(case)
    assert len(whole) == periods + 1
    rows, total = whole[~whole["whole"]], whole[whole["whole"]].iloc[0]
    for column in ("quota", "marketing_goal", "customers", "leads", "value_goal"):
        assert rows[column].sum() == pytest.approx(total[column])
    for key, names in (("tier", ["A", "B"]), ("segment", ["North", "South"])):
        parts = goals.ahead_by(case, key)
        assert list(parts) == ["part", *[f"leads.{name}" for name in names], "leads"]
        assert parts["leads"].tolist() == pytest.approx(whole["leads"].tolist())


def test_the_twelve_months_end_with_the_agreement(terms):
    case = planned(terms, "2026-11")
    assert len(goals.ahead(case)) == 3
    assert [message.id for message in goals.ahead_note(case)] == ["goals.ahead", "goals.ahead_ends"]


def test_a_plan_without_parts_has_no_table_of_them(terms):
    assert goals.ahead_by(planned(terms, "2026-05"), "segment").empty


class Asked:
    only, what_if = (), {}
    notebooks = (type("Path", (), {"stem": "01-set-goals"}),)


def test_a_closed_period_plans_the_next_one(terms):
    closed, running = planned(terms, "2026-02"), planned(terms, "2026-03")
    assert label(next_planned(Asked, closed)) == "2026-03"
    assert plan_name(next_planned(Asked, closed)) == "plan-2026-03"
    assert next_planned(Asked, running) is None
    what_if = type("Job", (Asked,), {"what_if": {"quota": 1}})
    assert next_planned(what_if, closed) is None


BOUGHT = [
    (f"2026-{month:02}-{day:02}", "marketing", "A", (10 + day) if day % 3 == 0 else None, 100)
    for month in range(1, 7)
    for day in range(1, 29)
]
TIMED = "plan: {quota: 900, marketing_share: 1, deal_size: 100, close_rate: 0.3}\n"


def timed(folder, period, measure="month", as_of="2026-07-01"):
    terms = agreed(folder, plan=TIMED, measure=measure)
    return PeriodFacts(company(BOUGHT, as_of=as_of), terms, parse_period(period))


def test_a_quarter_is_phased_by_its_months(tmp_path):
    phased = goals.phase(timed(tmp_path, "2026-Q3", "quarter"))
    assert phased["period"].tolist() == [f"2026-{month:02}" for month in range(7, 13)]
    assert phased["month_goal"].tolist() == pytest.approx([300.0] * 6)
    assert phased["plain_leads"].tolist() == pytest.approx([10.0] * 6)


def test_leads_still_to_come_before_a_plan_are_those_planned(tmp_path):
    july, september = (goals.phase(timed(tmp_path, period)) for period in ("2026-07", "2026-09"))
    assert july["pipe"].iloc[0] > september["pipe"].iloc[0] > 0  # 28 leads a month came, 30 are planned
    alone = goals.phase(timed(tmp_path, "2026-07"))["pipe"].iloc[2]  # of the leads on record
    assert september["pipe"].iloc[0] > alone
