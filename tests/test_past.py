"""Past periods judged as of their own ends: by hand on a small company, and by running them at that time."""

import pandas as pd
import pytest

from slanb.dictionary.wording import Wording
from slanb.lead_value import value_leads
from slanb.lead_value.promised import deliveries
from slanb.open_period import OpenPeriod
from slanb.past import PastFigures, analysis_of, review
from slanb.periods import bounds, parse_period
from slanb.scorecard import span_label
from slanb.terms import load_terms
from tests.small import GUIDE, HEAD, TIERED, agreement, company

HEAD_OF_THREE = HEAD.replace(
    "  - {id: leads, party: marketing, text: Marketing delivers the leads., figure: marketing.leads}\n",
    """\
  - {id: leads, party: marketing, text: Marketing delivers the leads., figure: marketing.leads, due_day: 10}
  - {id: revenue, party: sales, text: Sales closes the quota., figure: closing.revenue}
  - {id: weekly, party: sales, text: Sales closes each week., figure: closing.revenue, grain: week}
""",
)
# The plan: 500 in money from 10 leads a month.
PLAN = "plan: {quota: 500, marketing_share: 1, deal_size: 100, close_rate: 0.5}\n"
# created, source, tier, days to the win, amount
LEADS = (
    [("2026-02-05", "marketing", "", 10, 100)] * 5  # won on 15 February: 500
    + [("2026-02-08", "marketing", "", None, None)] * 5  # ten by the 10th: kept
    + [("2026-03-08", "marketing", "", 30, 100)] * 9  # won on 7 April: 900
    + [("2026-03-12", "marketing", "", None, None)] * 4  # nine by the 10th, thirteen by the end: missed
    + [("2026-04-02", "marketing", "", None, None)] * 11
)


@pytest.fixture
def opened(tmp_path):
    """April as of its end."""
    (tmp_path / "agreement.yml").write_text(HEAD_OF_THREE + PLAN)
    return opening(load_terms(tmp_path / "agreement.yml"), "2026-04")


def opening(terms, period, as_of="2026-05-01"):
    span = parse_period(period)
    facts = company(LEADS, as_of="2026-07-01").at(pd.Timestamp(as_of, tz="UTC"))
    return OpenPeriod(span, facts.as_of, terms, terms.in_force(span), {}, facts, {}, Wording())


def verdicts(card):
    frame = card.frame()
    return {
        clause: dict(zip(rows["span"], rows["verdict"], strict=True))
        for clause, rows in frame.groupby("clause")
    }


def test_each_month_is_judged_as_derived(opened):
    found = verdicts(review(opened))
    # January ended before the first lead on record: nothing can be said of it.
    assert found["leads"] == {
        "2026-01": "not measurable", "2026-02": "kept", "2026-03": "missed", "2026-04": "kept",
    }  # fmt: skip
    # 500 in February, nothing in March, 900 in April, of 500 a month.
    assert found["revenue"] == {
        "2026-01": "not measurable", "2026-02": "kept", "2026-03": "missed", "2026-04": "kept",
    }  # fmt: skip


def test_weeks_have_no_figures_of_their_own(opened):
    assert set(verdicts(review(opened))["weekly"].values()) == {"not measurable"}


def test_a_month_looks_the_same_at_its_end_and_in_later_reports(opened):
    for month in ("2026-02", "2026-03"):
        then = opening(opened.terms, month, str(bounds(parse_period(month), "UTC")[1].date()))
        for clause in ("leads", "revenue"):
            assert verdicts(review(then))[clause][month] == verdicts(review(opened))[clause][month]


def test_no_figure_is_known_later_than_the_report(opened):
    """The nine customers of March are won in April: a report of March does not know them."""
    march = opening(opened.terms, "2026-03", "2026-04-01")
    assert review(march).frame().set_index(["clause", "span"]).loc[("revenue", "2026-03"), "value"] == 0


def test_months_after_the_last_record_are_not_judged(opened):
    """The records were taken on 1 July: a report of the year says nothing of the months after June."""
    year = opening(opened.terms, "2026", "2027-01-01")
    assert list(verdicts(review(year))["leads"])[-1] == "2026-06"


def test_a_year_is_judged_by_its_own_months(opened):
    year = opening(opened.terms, "2026", "2027-01-01")
    assert next(iter(verdicts(review(year))["leads"])) == "2026-01"


def test_a_span_is_computed_once(opened, monkeypatch):
    figures = PastFigures(opened)
    clock = opened.as_of
    assert figures(opened.period, clock)["marketing.leads"].value == 11
    monkeypatch.setattr(type(opened.facts), "at", lambda self, clock: pytest.fail("computed again"))
    assert figures(opened.period, clock)["closing.revenue"].value == 900


def test_an_agreement_with_a_quarterly_measure_has_no_monthly_figures(tmp_path):
    text = (HEAD_OF_THREE + PLAN).replace("measure: month", "measure: quarter").replace(", grain: week", "")
    (tmp_path / "agreement.yml").write_text(text)
    found = review(opening(load_terms(tmp_path / "agreement.yml"), "2026-Q1"), n=2).histories["revenue"]
    assert [(span_label(each.span), each.verdict, each.value) for each in found] == [("2026-Q1", "kept", 500)]


@pytest.mark.parametrize("plan", [GUIDE, TIERED])
def test_deliveries_are_those_of_the_lead_value_report(tmp_path, plan):
    leads = [("2026-02-05", "marketing", tier, None, None) for tier in ("A", "A", "B", "other", "")]
    facts, terms = company(leads), agreement(tmp_path, plan)
    period = parse_period("2026-02")
    assert deliveries(facts, terms, period) == value_leads(facts, terms, period).figures()[:2]


@pytest.mark.parametrize(
    "figure", ["plan.quota", "next.leads_planned", "recent.close_rate", "marketingleads"]
)
def test_figures_that_no_past_period_has(figure):
    assert analysis_of(figure) is None
