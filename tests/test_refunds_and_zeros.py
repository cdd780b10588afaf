"""Refunds, unknown amounts and plans that ask for nothing: what every page makes of them."""

import math

import pandas as pd
import pytest

from slanb import goals, lead_value, marketing, recalculation
from slanb.dictionary.escaping import csv_text
from slanb.dictionary.figures import judge
from slanb.dictionary.wording import Wording
from slanb.facts import Facts
from slanb.facts.period import PeriodFacts
from slanb.facts.tracked import track_periods
from slanb.terms.goals import goals_of
from tests.small import agreement

REFUNDED = (
    "Revenue is after refunds. Deal size is of what was booked, by customers with a known amount, so refunds "
    "do not lower it."
)
UNSHARED = (
    "No marketing share is given for March 2026, Q1 2026 and 2026, because refunds exceed sales there, in "
    "all or on one side."
)
MARCH = pd.Period("2026-03", "M")
END = pd.Timestamp("2026-05-01", tz="UTC")
LEADS = pd.DataFrame(
    {
        "lead_id": ["buyer", "refunded only", "open"],
        "created_at": pd.to_datetime(["2026-03-02 09:00", "2026-03-03 09:00", "2026-03-04 09:00"]),
        "sourced_by": "marketing",
        "tier": ["A", "B", "A"],
    }
)
DEALS = pd.DataFrame(
    {
        "deal_id": list("abcde"),
        "lead_id": ["buyer", "buyer", "buyer", "refunded only", "open"],
        "sourced_by": "marketing",
        "closed_at": pd.to_datetime(["2026-03-10", "2026-03-20", "2026-03-25", "2026-03-26", None]),
        "won": [True, True, True, True, None],
        "amount": [12_000.0, 13_200.0, -1_200.0, -500.0, -50.0],
    }
)
PLAN = """\
plan:
  quota: QUOTA
  marketing_share: 0.8
  tiers:
    A: {share: SHARE, close_rate: 0.5, deal_size: 1000}
    B: {share: REST, close_rate: 0.04, deal_size: 500}
"""


def facts(deals=DEALS, **more) -> Facts:
    known = {"as_of": END, "exported_at": END, "zone": "UTC"} | more
    return Facts({"leads": LEADS, "deals": deals}, **known)


def terms(folder, quota, share=0.6):
    return agreement(folder, planned(quota, share))


def planned(quota=3000, share=0.6):
    return PLAN.replace("QUOTA", str(quota)).replace("SHARE", str(share)).replace("REST", str(1 - share))


def case(folder, quota=3000, share=0.6, deals=DEALS, **more) -> PeriodFacts:
    return PeriodFacts(facts(deals, **more), terms(folder, quota, share), MARCH)


def test_a_refund_lowers_revenue_and_is_no_customer_no_deal_and_in_no_deal_size():
    """By hand: 25,200 booked in two deals, 1,700 refunded in two; one customer of three leads."""
    now = track_periods(facts(), [MARCH]).iloc[0]
    names = "all_deals all_booked all_refunds refunds all_revenue closing_deal_size customers booked revenue"
    assert now[names.split()].tolist() == [2, 25_200, 1_700, 2, 23_500, 12_600, 1, 25_200, 23_500]
    assert (now["deal_size"], now["close_rate"]) == (25_200, 1 / 3)


@pytest.mark.parametrize(
    ("refund", "said"),
    [
        (None, ["", ""]),
        (-1_200.0, [REFUNDED, ""]),
        (-90_000.0, [REFUNDED, UNSHARED]),
    ],
)
def test_the_tables_say_what_refunds_do_to_them(tmp_path, refund, said):
    amounts = [12_000.0, 13_200.0, refund, None, None]
    deals = DEALS.assign(amount=amounts)[[amount is not None for amount in amounts]]
    months = recalculation.tracked(case(tmp_path, deals=deals))
    notes = [recalculation.refunds_note(months), recalculation.share_note(months)]
    assert [Wording().say(note) for note in notes] == said


def test_what_of_the_revenue_was_converted_is_told_beside_it(tmp_path):
    """By hand: 13,200 sold and 1,200 refunded in dollars, 500 refunded in pounds; no open deal."""
    own = case(tmp_path, deals=DEALS.assign(converted_from=[None, "USD", "USD", "GBP", "USD"]))
    months, drift = recalculation.tracked(own), recalculation.drift(own)
    lines = recalculation.headlines(
        own, months, drift, recalculation.propose(own, drift), recalculation.gap(own)
    )
    (told,) = [line for line in lines if line.id == "recalculation.converted"]
    expected = "converted by the mapping's rates: €12,000 (2 amounts in USD) and -€500 (1 amount in GBP)."
    assert Wording("en_GB", "EUR").say(told) == f"Of this revenue, {expected}"


@pytest.mark.parametrize("question", ["run_off", "triangle", "ages"])
def test_a_lead_with_nothing_but_a_refund_did_not_buy(question):
    answer = getattr(facts(), question)([MARCH])
    assert answer["customers" if question == "triangle" else "won"].sum() == 1
    assert facts().amounts([MARCH])["amount"].tolist() == [25_200]


@pytest.mark.parametrize("least", [-1_200.0, -90_000.0])
def test_every_page_reads_sums_below_nothing(tmp_path, least):
    """Of a customer, of a month, and of what is left of marketing's part."""
    own = case(tmp_path, deals=DEALS.assign(amount=[12_000.0, 13_200.0, least, 2 * least, -50.0]))
    phased, promise = goals.phase(own), goals.signable(own)
    assert goals.figures(own, phased, promise)
    months, drift = recalculation.tracked(own), recalculation.drift(own)
    proposal, gap = recalculation.propose(own, drift), recalculation.gap(own)
    lines = recalculation.headlines(own, months, drift, proposal, gap)
    assert "recalculation.refunded" in [line.id for line in lines]
    made = recalculation.figures(own, months, proposal, gap, recalculation.by_tier(own))
    assert {f.id: f.value for f in made}["closing.revenue"] == 25_200 + 3 * least
    audit, sizes = lead_value.audit(own), lead_value.sizes(own)
    assert lead_value.headlines(own, lead_value.by_tier(own, audit), sizes, audit)


def test_without_amounts_revenue_is_not_known_and_leads_are(tmp_path):
    own = case(tmp_path, deals=DEALS.assign(amount=float("nan")))
    months, drift = recalculation.tracked(own), recalculation.drift(own)
    proposal, gap = recalculation.propose(own, drift), recalculation.gap(own)
    assert gap.empty
    assert proposal.changes.empty
    assert recalculation.headlines(own, months, drift, proposal, gap)[0].id == "recalculation.no_amounts"
    made = recalculation.figures(own, months, proposal, gap, recalculation.by_tier(own))
    revenue = next(figure for figure in made if figure.id == "closing.revenue")
    assert revenue.value is None or math.isnan(revenue.value)
    assert revenue.verdict == "not measurable"
    assert months.iloc[0]["close_rate"] == pytest.approx(2 / 3)


# -- plans that ask for nothing


@pytest.mark.parametrize(("quota", "share"), [(0, 0.6), (3000, 0), (3000, 1), (0, 0)])
def test_goals_of_nothing_keep_the_agreed_rates(tmp_path, quota, share):
    agreed = terms(tmp_path, quota, share)
    made, plan = goals_of(agreed, MARCH), agreed.plan(MARCH)
    rates = made.by("tier").set_index("tier")[["close_rate", "deal_size", "value"]]
    assert rates.to_dict("index") == {
        "A": pytest.approx({"close_rate": 0.5, "deal_size": 1000, "value": 500}),
        "B": pytest.approx({"close_rate": 0.04, "deal_size": 500, "value": 20}),
    }
    whole = plan.blended()
    assert made.whole[["close_rate", "deal_size"]].tolist() == pytest.approx(
        [whole.close_rate, whole.deal_size]
    )
    assert made.total["marketing_share"] == pytest.approx(0.8)


def test_a_quota_of_nothing_promises_nothing_and_celebrates_nothing(tmp_path):
    own = case(tmp_path, quota=0)
    phased, promise = goals.phase(own), goals.signable(own)
    assert [line.id for line in goals.headlines(own, phased, promise)] == ["goals.nothing"]
    drift = recalculation.drift(own)
    assert recalculation.propose(own, drift).overlay == {}
    assert marketing.verdict(own) == "not measurable"
    audit, sizes = lead_value.audit(own), lead_value.sizes(own)
    first = lead_value.headlines(own, lead_value.by_tier(own, audit), sizes, audit)[0]
    assert first.id == "lead_value.delivered_unasked"
    assert judge(5, at_least=0, complete=True) == "not measurable"


def test_what_no_plan_can_hold_is_not_proposed(tmp_path):
    """A segment with nothing and one with half cannot come to a marketing share of 1."""
    segments = "  segments: {N: {share: 0}, S: {share: 1, marketing_share: 0.5}}\n  tiers:"
    own = PeriodFacts(facts(), agreement(tmp_path, planned().replace("  tiers:", segments)), MARCH)
    drift = recalculation.drift(own)
    drift.loc[drift["key"] == "marketing_share", ["measured", "beyond"]] = [1.0, True]
    assert recalculation.propose(own, drift).overlay == {}


# -- one verdict, and files for spreadsheets


def test_a_period_that_the_records_do_not_reach_the_end_of_is_not_complete():
    known = facts(exported_at=pd.Timestamp("2026-03-20", tz="UTC"))
    assert known.standing([MARCH])["complete"].tolist() == [False]


def test_leads_nobody_touched_are_untouched_where_activities_are_recorded(tmp_path):
    """A note is no attempt; that notes are kept shows that attempts would be, too."""
    agreed = agreement(tmp_path, planned() + "  speed: {hours: 4, share: 0.9}\n")
    noted = facts(deals=DEALS.iloc[:0], recorded_from=pd.Timestamp("2026-03-02 10:00", tz="UTC"))
    own = PeriodFacts(noted, agreed, MARCH)
    speed = own.follow_up.speed.query("grain == 'whole' and cut == 'all'").iloc[0]
    assert (speed["kept"], speed["missed"], speed["share"]) == (0, 3, 0)


def test_a_published_csv_holds_no_formula_and_keeps_numbers():
    cells = ["=1+1", "+4", "@x", "\t=2", "-2+3", "-soon", "＝1", "-5", "-1,000.50", "00123", "a=b", None]
    frame = pd.DataFrame({"text": cells, "number": range(-6, 6)})
    lines = csv_text(frame).splitlines()[1:]
    shown = [line.rpartition(",")[0].strip('"') for line in lines]
    expected = [f"'{cell}" for cell in cells[:7]] + ["-5", "-1,000.50", "00123", "a=b", ""]
    assert shown == expected
    assert lines[0].endswith(",-6")
