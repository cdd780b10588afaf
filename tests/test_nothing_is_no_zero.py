"""What is not on record is not counted as nothing: the gap is named, and nothing is concluded from it."""

import pandas as pd
import pytest

from slanb import lead_value, recalculation
from slanb.dictionary.wording import Wording
from slanb.facts.period import PeriodFacts
from slanb.facts.tracked import track_periods, track_recent
from slanb.scorecard.figures import Asked, figures_by_span
from tests.small import TIERED, agreement, company

MARCH = pd.Period("2026-03", "M")
LEADS = [(f"2026-0{month}-05", "marketing", tier, None, None) for month in (1, 2, 3) for tier in "AAB"]


@pytest.fixture(scope="module")
def without_deals(tmp_path_factory):
    return PeriodFacts(company(LEADS), agreement(tmp_path_factory.mktemp("small"), TIERED), MARCH)


def test_without_a_deal_on_record_no_rate_and_no_revenue_is_known(without_deals):
    row = track_periods(without_deals.facts, [MARCH]).iloc[0]
    assert row["leads"] == 3
    unknown = ["customers", "close_rate", "close_rate_high", "revenue", "all_revenue", "marketing_share"]
    assert row[[*unknown, "lead_value", "closed_deals"]].isna().all()
    assert track_recent(without_deals.facts, MARCH)[unknown].isna().all(axis=None)


def test_a_lead_that_did_not_buy_where_others_did_is_a_zero_all_the_same():
    facts = company(LEADS, extra_deals=[("2026-01-20", "sales", 100.0)])
    assert track_periods(facts, [MARCH]).iloc[0][["customers", "close_rate"]].tolist() == [0, 0]


def test_a_promise_about_customers_cannot_be_judged_without_deals(without_deals):
    asked = Asked("cohort.close_rate", MARCH, MARCH.end_time.normalize())
    figure = figures_by_span(without_deals, [asked])[asked]
    assert (pd.isna(figure.value), figure.n) == (True, 3)


def test_pages_name_the_gap_and_conclude_nothing(without_deals):
    case, words = without_deals, Wording("en_GB")
    drift = recalculation.drift(case)
    proposal, gap = recalculation.propose(case, drift), recalculation.gap(case)
    months, tiers = recalculation.tracked(case), lead_value.by_tier(case, lead_value.audit(case))
    said = recalculation.headlines(case, months, drift, proposal, gap)
    assert [words.say(line) for line in said] == [
        "No deal is on record, so revenue, customers and close rates are not known.",
        "There are not enough records yet to judge the agreed assumptions.",
        "The parameters of April 2026 stay as they are, since the records cannot judge any of them yet.",
    ]
    assert gap.empty
    assert (
        tiers[["customers", "close_rate_judged", "close_rate_supported", "lead_value"]].isna().all(axis=None)
    )
    said = lead_value.headlines(case, tiers, lead_value.sizes(case), lead_value.audit(case))
    assert words.say(said[-1]) == "No deal is on record, so what leads brought is not known."
    figures = recalculation.figures(case, months, proposal, gap, recalculation.by_tier(case))
    rates = [figure for figure in figures if figure.id in ("cohort.close_rate", "closing.revenue")]
    assert all(pd.isna(figure.value) and figure.note.id == "recalculation.no_deals" for figure in rates)


def test_cohorts_are_named_from_the_first_with_a_lead_of_marketing_on(tmp_path):
    """A lead with a mistyped year makes no cohorts of the years between."""
    leads = [("2025-06-02", "sales", "A", None, None), *LEADS, ("2026-01-06", "marketing", "A", 5, 100.0)]
    case = PeriodFacts(company(leads), agreement(tmp_path, TIERED), MARCH)
    said = Wording("en_GB").say(recalculation.judged_cohorts(case))
    assert said == "The cohorts old enough to judge are January 2026 to March 2026."
