"""One id, one value: over random companies and agreements, whatever is published says the same number."""

import math

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from slanb import lead_value, marketing, recalculation, sales
from slanb.facts.period import PeriodFacts
from slanb.publish.status import statuses
from slanb.scorecard import for_leaders, review
from tests.test_publish_status import judged_chapter
from tests.test_scorecard_judging import COMPANIES, RICH, RICH_PLAN, RULE, agreed, rich_company

SEGMENTS = "  segments:\n    North: {share: 0.6}\n    South: {share: 0.4}\n"
REPORTS = """
reporting:
  - {id: weekly, kind: status, what: Where we stand., sender: marketing, recipients: [sales], cadence: weekly}
  - {id: monthly, kind: period, what: What came., sender: marketing, recipients: [sales], cadence: monthly}
"""


def published(case):
    """The figures of the pages 02 to 06, page by page, and the messages that 03 to 05 begin with."""
    months, drift = recalculation.tracked(case), recalculation.drift(case)
    gap, audit = recalculation.gap(case), lead_value.audit(case)
    tiers = lead_value.by_tier(case, audit)
    proposal = recalculation.propose(case, drift)
    pages = {
        "02": recalculation.figures(case, months, proposal, gap, recalculation.by_tier(case)),
        "03": lead_value.figures(case, tiers, audit),
        "04": marketing.figures(case, marketing.outlook(case)),
        "05": sales.figures(case),
        "06": review(case).figures(),
    }
    said = [
        *lead_value.headlines(case, tiers, lead_value.sizes(case), audit),
        *marketing.headlines(case, marketing.outlook(case)),
        *sales.headlines(case),
    ]
    return pages, {message.id: message.fields for message in said}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("one-home")


@given(
    **COMPANIES,
    clock=st.sampled_from(["working", "wall"]),
    segments=st.sampled_from(["", SEGMENTS]),
)
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_an_id_has_one_value_wherever_it_is_published(
    folder, rows, as_of, counts, clock, segments, more, measure
):
    plan = RICH_PLAN.replace("  speed:", f"{segments}  speed:").replace("clock: working", f"clock: {clock}")
    rule = RULE.replace("COUNTS", counts).replace("CLOCK", clock)
    terms = agreed(folder, RICH.replace(" DUE", ""), plan, rule + REPORTS + more, measure=measure)
    facts = rich_company(rows, pd.Timestamp("2026-01-05") + pd.Timedelta(days=as_of))
    span = pd.Period(facts.as_of.tz_localize(None), "M" if measure == "month" else "Q-DEC")
    for period in (span, span - 1):
        if terms.is_in_force(period):
            check(PeriodFacts(facts, terms, period))


def check(case):
    pages, said = published(case)
    by_id = {}
    for page, figures in pages.items():
        for figure in figures:
            assert by_id.setdefault(figure.id, figure).value == figure.value or same_nothing(figure), page
            assert by_id[figure.id].verdict == figure.verdict
    judged = review(case)
    shown = {card["clause"]: card for side in for_leaders(judged)["sides"] for card in side["cards"]}
    due = statuses(case, [judged_chapter(judged)], standing="", unit="x", words=judged.words)
    texts = [text for each in due for text in (each.text, each.markdown, each.html)]
    assert texts
    for clause in judged.agreement.clauses:
        decided, own = by_id[f"clause.{clause.id}"], by_id[clause.figure]
        if decided.value is None or math.isnan(decided.value):
            continue
        assert decided.value == own.value
        number = judged.words.value(decided.value, decided.unit)
        assert shown[clause.id]["value"] == number
        if decided.verdict in ("kept", "missed"):
            assert all(number in text for text in texts)
    follow(by_id, said)


def same_nothing(figure):
    return figure.value is None or math.isnan(figure.value)


def follow(by_id, said):
    """Numbers in sentences are the figures'."""
    if "lead_value.delivered" in said:
        assert said["lead_value.delivered"]["delivered"] == by_id["marketing.leads"].value
    if "marketing.delivered_so_far" in said:
        assert said["marketing.delivered_so_far"]["delivered"] == by_id["marketing.leads"].value
    for key in ("sales.speed_from_hand_off", "sales.speed_from_creation"):
        if key in said:
            assert said[key]["share"] == by_id["sales.speed"].value
            assert said[key]["decided"] == by_id["sales.speed"].n
