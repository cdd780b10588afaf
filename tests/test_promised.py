"""Leads of a tier nobody promised stand apart: sales is not charged with them, marketing not credited."""

import pandas as pd
import pytest

from slanb import goals, marketing, recalculation, sales
from slanb.dictionary.wording import Wording
from slanb.facts import Facts
from slanb.facts.period import PeriodFacts
from slanb.facts.promised import tiers_handed_off
from tests.small import agreement

WORDS = Wording("en_GB")
PLAN = """
plan:
  quota: 3000
  marketing_share: 1
  tiers:
    A: {share: 0.6, close_rate: 0.2, deal_size: 100}
    B: {share: 0.4, close_rate: 0.1, deal_size: 100}
  speed: {hours: 24, clock: wall, share: 0.8}
  depth: {attempts: 1, within_days: 7, share: 0.5}
"""
RULE = """qualification: {text: A alone is handed off., tiers: [A], counts_toward_goal: handed_off}\n"""
APRIL = pd.Period("2026-04", "M")
MONTHS = pd.period_range("2026-01", APRIL, freq="M")


def records(*, junk: int, days: int = 5) -> Facts:
    """A month: 10 leads of A and 20 of B, called in an hour, every fifth of A and tenth of B buys in `days`;
    and `junk` leads of a tier nobody promised, never called, the first of which buys."""
    leads, deals, calls = [], [], []
    for month in MONTHS:
        for n in range(30 + junk):
            tier = "A" if n < 10 else "B" if n < 30 else "junk"
            lead, made = f"{month}-{n}", month.start_time + pd.Timedelta(days=n % 20, hours=10)
            leads.append((lead, made, "marketing", tier))
            if n % (5 if tier == "A" else 10) == 0 and n <= 30:
                deals.append((lead, lead, "marketing", made + pd.Timedelta(days=days), True, 100.0))
            if tier != "junk":
                calls.append((lead, lead, made + pd.Timedelta(hours=1), "call", True, True, False))
    names = {
        "leads": "lead_id created_at sourced_by tier",
        "deals": "deal_id lead_id sourced_by closed_at won amount",
        "activities": "activity_id lead_id occurred_at kind by_human outbound connected",
    }
    rows = {"leads": leads, "deals": deals, "activities": calls}
    tables = {name: pd.DataFrame(rows[name], columns=each.split()) for name, each in names.items()}
    clock = pd.Timestamp("2026-05-01", tz="UTC")
    return Facts(tables, as_of=clock, exported_at=clock, zone="UTC")


@pytest.fixture
def pair(tmp_path):
    """April without any lead nobody promised, and with 500 of them in every month."""
    terms = agreement(tmp_path, PLAN)
    return [PeriodFacts(records(junk=junk), terms, APRIL) for junk in (0, 500)]


def said(messages) -> list[str]:
    return [WORDS.say(message) for message in messages]


def test_follow_up_is_that_of_promised_leads(pair):
    clean, flooded = (
        {each.id: each.value for each in sales.figures(case) if ".segment." not in each.id} for case in pair
    )
    assert clean == pytest.approx(flooded, nan_ok=True)
    assert clean["sales.speed"] == 1.0
    assert not sales.files(pair[1])  # nobody is sent to call leads that the agreement keeps from sales
    assert said(sales.headlines(pair[1])[-1:]) == [
        (
            "500 more leads are not handed off by the agreement, being of tier junk: on this page only the "
            "attempts on leads of all sources count them."
        )
    ]
    assert said(sales.headlines(pair[0])) == said(sales.headlines(pair[1]))[:-1]


def test_rates_beside_agreed_values_are_those_of_promised_leads(pair):
    clean, flooded = (recalculation.trends(case).set_index(["metric", "period"]) for case in pair)
    # in the planned mix: 90 leads of A, which closes 1 in 5, and 120 of B, which closes 1 in 10
    assert clean.loc["close_rate", "value"].tolist() == pytest.approx([30 / 210] * 4)
    columns = ["value", "agreed", "n"]
    rates = ["close_rate", "deal_size"]
    assert clean.loc[rates, columns].equals(flooded.loc[rates, columns])
    assert pair[1].recent["close_rate"].tolist() == pytest.approx([4 / 30])
    by_tier = pair[1].recent_by_tier.set_index("tier")["leads"]
    assert by_tier["junk"] == 1500  # beside them, in a row of its own


def test_the_gap_keeps_what_was_not_promised_apart(pair):
    clean, flooded = (recalculation.gap(case).set_index("key")["amount"] for case in pair)
    assert "not_promised" not in clean.index
    assert flooded["not_promised"] == 100  # one of them bought
    assert flooded.drop("not_promised").to_dict() == pytest.approx(clean.to_dict())


def test_the_pipe_is_that_of_promised_leads(tmp_path):
    terms = agreement(tmp_path, PLAN)
    alone, beside = (goals.phase(PeriodFacts(records(junk=n, days=25), terms, APRIL)) for n in (0, 500))
    assert alone["pipe"].iloc[0] > 0
    assert beside["pipe"].tolist() == pytest.approx(alone["pipe"].tolist(), rel=1e-6)
    assert beside["leads_in_time"].tolist() == alone["leads_in_time"].tolist()


@pytest.mark.parametrize(
    ("rule", "handed"),
    [("", {0: ["A", "B"], 1: ["A", "B"]}), (RULE, {0: ["A"], 1: ["A"]})],
)
def test_the_rule_names_the_tiers_in_every_span_also_before_the_agreement(tmp_path, rule, handed):
    terms = agreement(tmp_path, rule + PLAN)
    rows = tiers_handed_off(terms, [pd.Period("2025-12", "M"), APRIL])
    assert rows.groupby("place")["tier"].agg(list).to_dict() == handed


def test_without_tiers_every_lead_is_promised(tmp_path):
    terms = agreement(tmp_path)
    case = PeriodFacts(records(junk=5), terms, APRIL)
    assert case.promised is case.facts
    assert tiers_handed_off(terms, [APRIL])["tier"].tolist() == [None]
    assert case.apart.empty


@pytest.fixture
def nurtured():
    """Four leads a month from January on; every fourth was never presented to sales, and buys."""
    leads = pd.DataFrame(
        {
            "lead_id": [f"{month}-{n}" for month in range(1, 6) for n in range(4)],
            "created_at": [pd.Timestamp(2026, month, 5 + n, 10) for month in range(1, 6) for n in range(4)],
            "sourced_by": "marketing",
            "presented": [n != 3 if n else None for _ in range(1, 6) for n in range(4)],  # blank: presented
        }
    )
    deals = leads[leads["lead_id"].str.endswith("3")].rename(columns={"created_at": "closed_at"})
    deals = deals.assign(deal_id=deals["lead_id"], won=True, amount=100.0).drop(columns="presented")
    clock = pd.Timestamp("2026-06-01", tz="UTC")
    return Facts({"leads": leads, "deals": deals}, as_of=clock, exported_at=clock, zone="UTC")


def test_a_lead_never_presented_to_sales_is_no_promises_and_is_shown_apart(tmp_path, nurtured):
    plan = "plan: {quota: 500, marketing_share: 1, deal_size: 100, close_rate: 0.5}\n"
    page = PeriodFacts(nurtured, agreement(tmp_path, plan), pd.Period("2026-05", "M"))
    assert page.delivered["leads"].tolist() == [3] * 5
    assert page.tracked[["leads", "customers"]].sum().tolist() == [15, 0]  # their deals are no lead's
    assert page.tracked["closed_revenue"].sum() == 500
    assert page.unpresented == 1
    assert [WORDS.say(line) for line in sales.apart_line(page)] == [
        (
            "1 more lead was never presented to sales: on this page only the attempts on leads of all "
            "sources count it."
        )
    ]
    assert any(
        "1 was never presented to sales" in WORDS.say(line) for line in marketing.headlines(page, None)
    )
