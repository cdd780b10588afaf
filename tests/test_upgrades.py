"""Further deals of a customer: deals like the first, or revenue alone, as the agreement says."""

import pandas as pd
import pytest

from slanb import recalculation
from slanb.agreement import written
from slanb.dictionary.wording import Wording
from slanb.facts import Facts
from slanb.facts.period import PeriodFacts
from tests.small import TIERED, agreement

MARCH = pd.Period("2026-03", "M")
END = pd.Timestamp("2026-05-01", tz="UTC")
LEADS = pd.DataFrame(
    {
        "lead_id": ["grows", "buys once", "of sales", "open"],
        "created_at": pd.to_datetime(["2026-02-02", "2026-03-03", "2026-02-04", "2026-03-05"]),
        "sourced_by": ["marketing", "marketing", "sales", "marketing"],
        "tier": ["A", "B", "A", "A"],
    }
)
DEALS = pd.DataFrame(
    [
        ("first", "grows", "marketing", "2026-02-20", 1000.0),
        ("refund", "grows", "marketing", "2026-03-01", -100.0),
        ("upgrade", "grows", "marketing", "2026-03-10", 400.0),
        ("once", "buys once", "marketing", "2026-03-11", 600.0),
        ("new", "of sales", "sales", "2026-03-12", 2000.0),
        ("more", "of sales", "sales", "2026-03-13", 500.0),
        ("no lead", None, "sales", "2026-03-14", 50.0),
        ("no lead either", None, "sales", "2026-03-15", 50.0),
    ],
    columns=["deal_id", "lead_id", "sourced_by", "closed_at", "amount"],
).assign(won=True, closed_at=lambda deals: pd.to_datetime(deals["closed_at"]))
SAID = {
    "customers": "6 deals were won in March 2026; 2 of them, €900, are further deals of customers and count "
    "like first ones (`customers.upgrades` in the agreement).",
    "revenue_only": "6 deals were won in March 2026: 4 deals of new customers, and 2 upgrades of customers, "
    "€900, which are revenue and no new customers.",
}


def case(folder, rule="", deals=DEALS) -> PeriodFacts:
    facts = Facts({"leads": LEADS, "deals": deals}, as_of=END, exported_at=END, zone="UTC")
    stated = f"customers: {{upgrades: {rule}}}\n" if rule else ""
    return PeriodFacts(facts, agreement(folder, stated + TIERED), MARCH)


def row(own, label="2026-03"):
    return own.tracked.set_index("period").loc[label]


@pytest.mark.parametrize(
    ("rule", "deals", "size"), [("", 6, 500), ("customers", 6, 500), ("revenue_only", 4, 600)]
)
def test_an_upgrade_is_revenue_and_a_new_customer_only_where_agreed(tmp_path, rule, deals, size):
    """By hand: 3,600 booked in March, 900 of it by leads that had bought; 100 refunded."""
    now = row(case(tmp_path, rule))
    names = "all_booked all_refunds all_revenue closed_revenue upgrades upgraded"
    assert now[names.split()].tolist() == [3600, 100, 3500, 900, 2, 900]
    assert (now["all_deals"], now["closing_deal_size"]) == (deals, size)
    assert now["marketing_share"] == pytest.approx(900 / 3500)


def test_a_lead_is_one_customer_by_either_rule_and_its_deal_size_that_of_its_first_deal(tmp_path):
    for rule, booked in (("customers", 1400), ("revenue_only", 1000)):
        february = row(case(tmp_path, rule), "2026-02")
        assert february[["customers", "booked", "revenue"]].tolist() == [1, booked, 1300]
        assert february["deal_size"] == booked


def test_the_first_deal_is_the_one_closed_first_and_a_refund_is_no_deal(tmp_path):
    turned = DEALS.assign(amount=DEALS["amount"].where(DEALS["deal_id"] != "first", -5.0))
    now = row(case(tmp_path, "revenue_only", turned))
    assert (now["upgrades"], now["closed_deals"]) == (1, 2)  # what was the upgrade is now the first sale


@pytest.mark.parametrize("rule", SAID)
def test_the_page_says_how_upgrades_count_and_its_gap_adds_up(tmp_path, rule):
    own = case(tmp_path, rule)
    months, drift = recalculation.tracked(own), recalculation.drift(own)
    proposal, gap = recalculation.propose(own, drift), recalculation.gap(own)
    words = Wording("en_GB", currency="EUR")
    lines = recalculation.headlines(own, months, drift, proposal, gap)
    assert SAID[rule] in [words.say(line) for line in lines]
    assert gap["amount"].sum() == pytest.approx(3500 - 10_000)
    part = gap[gap["key"] == "upgrades"]["amount"].tolist()
    assert part == ([900] if rule == "revenue_only" else [])


def test_without_further_deals_nothing_is_said(tmp_path):
    own = case(tmp_path, "revenue_only", DEALS[~DEALS["deal_id"].isin(["upgrade", "more"])])
    months, drift = recalculation.tracked(own), recalculation.drift(own)
    proposal, gap = recalculation.propose(own, drift), recalculation.gap(own)
    lines = recalculation.headlines(own, months, drift, proposal, gap)
    assert not [line for line in lines if line.id.startswith("recalculation.upgrades")]
    assert "upgrades" not in gap["key"].tolist()


@pytest.mark.parametrize("rule", ["", "customers", "revenue_only"])
def test_the_signed_document_says_what_an_upgrade_is(tmp_path, rule):
    terms = case(tmp_path, rule).terms
    said = "A further deal of a lead that has bought before is revenue and no new customer"
    text = written(terms, MARCH, form="headings", format="markdown").decode()
    assert (said in text) == (rule == "revenue_only")
