"""Marketing's share stands as a range over the rules that say whose a deal is, with the goal under each."""

import pandas as pd
import pytest

from slanb import goals, recalculation
from slanb.facts import Facts
from slanb.facts.period import PeriodFacts
from tests.small import agreement
from tests.test_gaps_in_records import WORDS, said

APRIL = pd.Period("2026-04", "M")
PLAN = "plan: {quota: 10000, marketing_share: 0.5, deal_size: 1000, close_rate: 0.25}\n"
MONTHS = ("2026-01", "2026-02", "2026-03", "2026-04", "2026-05")


def by(*amounts: float) -> dict:
    """Of 10,000 won each month so much is marketing's."""
    return {
        "months": {
            m: {"amount": 10_000, "marketing_amount": own} for m, own in zip(MONTHS, amounts, strict=True)
        }
    }


SIDES = {
    "rule": "first_source",
    "by_rule": {"first_source": by(6000, 6000, 6000, 6000, 0), "contact_role": by(8000, 8000, 8000, 8000, 0)},
}


def case(folder, sides=SIDES, plan=PLAN) -> PeriodFacts:
    """40 leads a month, every fourth of which buys for 1,000; sales closes 4 deals a month without a lead."""
    leads, deals = [], []
    for month in pd.period_range("2026-01", "2026-04", freq="M"):
        for n in range(40):
            made = month.start_time + pd.Timedelta(days=n % 18)
            leads.append((f"{month}-{n}", made, "marketing"))
            if n % 4 == 0:
                deals.append(
                    (f"{month}-{n}", f"{month}-{n}", "marketing", made + pd.Timedelta(days=5), True, 1000.0)
                )
        deals += [(f"{month}-s{n}", None, "sales", month.start_time, True, 1000.0) for n in range(4)]
    columns = ["deal_id", "lead_id", "sourced_by", "closed_at", "won", "amount"]
    tables = {
        "leads": pd.DataFrame(leads, columns=["lead_id", "created_at", "sourced_by"]),
        "deals": pd.DataFrame(deals, columns=columns),
    }
    clock = pd.Timestamp("2026-05-01", tz="UTC")
    facts = Facts(tables, as_of=clock, exported_at=clock, zone="UTC", sides=sides)
    return PeriodFacts(facts, agreement(folder, plan), APRIL)


SENTENCE = (
    "Marketing's share of what closed in the trailing periods is 60.0% to 80.0%, by the rule that says whose "
    "a deal is: 60.0% by the first source of the lead (24 leads for the period; the rule in force) and 80.0% "
    "by the source of any contact of the deal (32 leads for the period)."
)


def test_the_range_and_the_goal_under_each_rule_stand_on_the_pages_of_goal_and_recalculation(tmp_path):
    page = case(tmp_path)
    assert page.rules["leads"].tolist() == pytest.approx([24, 32])  # 6,000 and 8,000 at 1,000 and 1 in 4
    assert SENTENCE in said(goals.measured_notes(page))
    assert SENTENCE in said(recalculation.drift_notes(page, recalculation.drift(page)))
    share = goals.levers(page.goals, page.recent_as_planned).set_index("lever").loc["marketing_share"]
    assert share["high_value"] >= 0.8


def test_the_gap_says_what_is_marketings_by_the_other_rules(tmp_path):
    page = case(tmp_path)
    note = said(recalculation.gap_notes(page, recalculation.gap(page)))[-1]
    assert note == (
        "By the rule in force €6,000 of what closed in April 2026 is marketing's. It would be €8,000 by the "
        "source of any contact of the deal; the parts of the gap would differ by as much."
    )


def test_a_share_that_no_plan_can_hold_asks_for_no_leads(tmp_path):
    segments = "  segments: {North: {share: 0.5, marketing_share: 0.9}, South: {share: 0.5}}\n"
    plan = "plan:\n  quota: 10000\n  marketing_share: 0.5\n  deal_size: 1000\n  close_rate: 0.25\n" + segments
    page = case(tmp_path, SIDES | {"by_rule": {"deal_source": by(9900, 9900, 9900, 9900, 0)}}, plan)
    assert page.rules["leads"].isna().all()
    assert goals.measured_notes(page) == []


@pytest.mark.parametrize(
    "sides",
    [
        None,
        {"rule": "hs_source", "by_rule": {}},
        {"rule": "first_source", "by_rule": {"first_source": SIDES["by_rule"]["first_source"]}},
        {
            "rule": "first_source",
            "by_rule": dict.fromkeys(("first_source", "deal_source"), by(1, 1, 1, 1, 1)),
        },
        {
            "rule": "first_source",
            "by_rule": {"first_source": by(1, 1, 1, 1, 1), "deal_source": by(-9, -9, -9, -9, 0)},
        },
    ],
)
def test_one_rule_or_rules_that_agree_or_cannot_be_told_say_nothing(tmp_path, sides):
    page = case(tmp_path, sides)
    assert goals.measured_notes(page) == []


def test_a_month_that_has_not_ended_is_in_no_share(tmp_path):
    assert case(tmp_path).rules["revenue"].tolist() == [40_000, 40_000]
    assert WORDS.share(case(tmp_path).rules["marketing_share"].iloc[0]) == "60.0%"
