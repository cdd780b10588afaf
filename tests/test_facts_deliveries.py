"""Delivered leads counted by hand: by rule, month's own terms and tier; the sample's by plain pandas."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from slanb.facts import Facts
from slanb.facts.deliveries import daily, delivered_by, deliveries, supply
from slanb.facts.period import PeriodFacts
from slanb.periods import parse_period
from slanb.terms import load_terms
from slanb.terms.goals import goals_of
from tests.sampled import sample_tables
from tests.small import TIERED, agreement, company
from tests.test_marketing import LOST, WITHOUT
from tests.test_marketing_pace import steady
from tests.twenty import AGREEMENT, OCTOBER, ZONE, at, naive, terms, vienna

JUNE = parse_period("2026-06")
MONTHS = list(pd.period_range("2026-07", "2026-11", freq="M"))
FIRST, LAST = pd.Timestamp("2026-07-01"), pd.Timestamp("2026-11-30")


def handed(*rows: tuple[str, str | None, str | None], hours: float = 2) -> Facts:
    """Marketing's leads as (handed off, tier, lost some hours later for this reason), known in December."""
    frame = pd.DataFrame(rows, columns=["day", "tier", "lost_reason"])
    frame["created_at"] = frame["handed_off_at"] = [naive(day) for day in frame["day"]]
    frame["lost_at"] = (frame["created_at"] + pd.Timedelta(hours=hours)).where(frame["lost_reason"].notna())
    frame = frame.assign(
        lead_id=[f"L{n}" for n in range(len(frame))], sourced_by="marketing", segment="North"
    )
    clock = at("12-01 00:00")
    return Facts({"leads": frame.drop(columns="day")}, as_of=clock, exported_at=clock, zone=ZONE)


def monthly(facts: Facts, agreed, **more) -> list[tuple[float, float]]:
    """What counts from July to November: leads and value by month."""
    rows = delivered_by(deliveries(facts, agreed, FIRST, LAST, **more), MONTHS)
    return list(rows[["leads", "value"]].itertuples(index=False, name=None))


def ruled(folder: Path, **changes: str):
    """The Viennese agreement with other lines of its qualification, `tiers="[A]"`."""
    text = AGREEMENT
    for key, value in changes.items():
        line = next(line for line in text.splitlines() if line.startswith(f"  {key}:"))
        at_rule = text.index(line, text.index("qualification:"))
        line = text[at_rule : text.index("\n", at_rule)]
        text = text[:at_rule] + (f"  {key}: {value}" if value else "") + text[at_rule + len(line) :]
    return terms(folder, text)


# -------------------------------------------------------------- the rule of what counts


@pytest.mark.parametrize(
    ("rule", "leads", "value"),
    [
        # of tier A: 6 accepted; of B: 8 accepted, 2 returned, 1 open; of A: 1 not handed off yet
        ("created", 18, 7 * 500 + 11 * 300),
        ("handed_off", 17, 6 * 500 + 11 * 300),
        ("accepted", 14, 6 * 500 + 8 * 300),
    ],
)
def test_what_counts_toward_the_goal_is_as_agreed(tmp_path, rule, leads, value):
    case = PeriodFacts(vienna(lost=LOST, without=WITHOUT), ruled(tmp_path, counts_toward_goal=rule), OCTOBER)
    assert case.delivered.iloc[-1][["leads", "value"]].tolist() == [leads, value]
    own = case.deliveries[case.deliveries["day"] >= case.days[0]]
    assert own.groupby("fate")["leads"].sum().to_dict() == {
        "waiting": 1, "unqualified": 1, "returned": 2, "open": 1, "accepted": 14,
    }  # fmt: skip
    assert not own.loc[~own["counts"], "value"].any()


@pytest.mark.parametrize(
    ("changes", "fates"),
    [
        ({}, {"returned": 1, "accepted": 3}),  # wrong number is agreed; no budget is not; one was not lost
        ({"rejection_reasons": ""}, {"returned": 2, "accepted": 2}),  # every reason is
        ({"accept_within_hours": "1"}, {"accepted": 4}),  # they were lost after two hours
        ({"accept_within_hours": ""}, {"accepted": 4}),  # without a time to return it, hand-off is acceptance
    ],
)
def test_a_lead_is_returned_in_time_and_for_an_agreed_reason(tmp_path, changes, fates):
    facts = handed(
        ("10-05 10:00", "A", "wrong number"), ("10-05 10:00", "A", "no budget"), ("10-05 10:00", "A", None),
        ("10-05 10:00", "B", None),
    )  # fmt: skip
    rows = deliveries(facts, ruled(tmp_path, **changes), FIRST, LAST)
    assert rows.groupby("fate")["leads"].sum().to_dict() == fates


def test_the_time_to_return_a_lead_is_working_time_unless_agreed_otherwise(tmp_path):
    """Handed off on Friday at 16, lost on Monday at 9: one working hour, 65 hours by the wall clock."""
    facts = handed(("10-02 16:00", "A", "wrong number"), hours=65)
    working = deliveries(facts, ruled(tmp_path), FIRST, LAST)
    assert working["fate"].tolist() == ["returned"]
    wall = AGREEMENT.replace("  accept_within_hours: 8", "  accept_within_hours: 8\n  accept_clock: wall")
    assert deliveries(facts, terms(tmp_path, wall), FIRST, LAST)["fate"].tolist() == ["accepted"]


def test_a_day_is_that_of_the_agreements_zone(tmp_path):
    facts = handed(("10-31 23:59", "A", None), ("11-01 00:00", "A", None))
    assert [leads for leads, _ in monthly(facts, ruled(tmp_path))] == [0, 0, 0, 1, 1]


# -------------------------------------------------------------- each month by its own terms

MONTHLY = [
    row
    for month in ("07", "08", "09", "10", "11")
    for row in ((f"{month}-06 10:00", "A", None), (f"{month}-07 10:00", "A", "wrong number"))
]


def test_an_amendment_changes_the_rule_from_its_month_on(tmp_path):
    """Accepted leads count until September, those handed off from October on; before the agreement begins, in
    July, its first terms hold."""
    amended = AGREEMENT + (
        'amendments:\n  - version: "2"\n    effective_from: 2026-10-01\n    summary: By hand-off.\n'
        "    changes: {qualification: {counts_toward_goal: handed_off}}\n"
    )
    assert monthly(handed(*MONTHLY), terms(tmp_path, amended)) == [
        (1, 500), (1, 500), (1, 500), (2, 1000), (2, 1000),
    ]  # fmt: skip


def test_an_overlay_changes_the_worth_of_its_month(tmp_path):
    agreed = terms(tmp_path)
    (tmp_path / "2026-10.yml").write_text("tiers: {A: {close_rate: 0.25}}\n")  # a lead of A: 250
    assert agreed.plan(OCTOBER).tiers["A"].close_rate == 0.5  # read before the overlay was written
    values = [value for _, value in monthly(handed(*MONTHLY), load_terms(tmp_path / "agreement.yml"))]
    assert values == [500, 500, 500, 250, 500]


def test_a_what_if_changes_the_worth_of_the_reported_period_alone(tmp_path):
    agreed = terms(tmp_path)
    goals = goals_of(agreed, OCTOBER, {"tiers": {"A": {"close_rate": 0.25}}})
    values = [value for _, value in monthly(handed(*MONTHLY), agreed, goals=goals)]
    assert values == [500, 500, 500, 250, 500]


def test_a_past_month_reads_the_same_on_its_own_page(tmp_path):
    agreed, facts = terms(tmp_path), handed(*MONTHLY)
    later = PeriodFacts(facts, agreed, pd.Period("2026-11", "M")).delivered.set_index("period")
    for month in MONTHS[1:]:
        own = PeriodFacts(facts, agreed, month).delivered.set_index("period").loc[str(month)]
        assert own.tolist() == later.loc[str(month)].tolist() == [1, 500]


# -------------------------------------------------------------- tiers


def test_leads_of_tiers_not_promised_or_not_handed_off_come_and_do_not_count(tmp_path):
    """A and B are promised, A alone is handed off by the rule; C is in no plan, one lead has no tier."""
    facts = handed(*((f"10-0{day} 10:00", tier, None) for day, tier in enumerate(["A", "B", "C", None], 5)))
    rows = deliveries(facts, ruled(tmp_path, tiers="[A]"), FIRST, LAST).sort_values("day")
    assert rows["tier"].tolist() == ["A", "B", "C", ""]
    assert rows["fate"].tolist() == ["accepted", "unqualified", "unqualified", "unqualified"]
    assert rows["promised"].tolist() == [True, True, False, False]
    assert rows["counts"].tolist() == [True, False, False, False]
    assert rows["value"].tolist() == [500, 0, 0, 0]


def test_a_plan_without_tiers_promises_them_all(tmp_path):
    facts = company([("2026-06-02", "marketing", tier, None, 1.0) for tier in ("A", "Z", None)])
    rows = deliveries(facts, agreement(tmp_path), JUNE.start_time, JUNE.end_time.normalize())
    assert (rows["counts"].all(), rows["value"].sum()) == (True, 3 * 50)  # 100 a customer, half become one


def test_only_marketings_leads_are_delivered(tmp_path):
    rows = [("2026-06-02", source, "A", None, 1.0) for source in ("marketing", "sales", None)]
    days = deliveries(company(rows), agreement(tmp_path, TIERED), JUNE.start_time, JUNE.end_time.normalize())
    assert days[["leads", "value"]].sum().tolist() == [1, 40]


# -------------------------------------------------------------- spans and days


def test_spans_are_counted_up_to_their_due_day(tmp_path):
    days = deliveries(handed(*MONTHLY), ruled(tmp_path, counts_toward_goal="handed_off"), FIRST, LAST)
    until = [month.start_time + pd.Timedelta(days=5) for month in MONTHS]  # the 6th of each
    assert delivered_by(days, MONTHS, until=until)["leads"].tolist() == [1] * 5
    quarter = delivered_by(days, [pd.Period("2026Q3", "Q")])
    assert quarter.to_dict("records") == [{"period": "2026-Q3", "leads": 6.0, "value": 3000.0}]


@pytest.mark.parametrize(("first", "begins"), [("2026-01-02", "2026-01-01"), ("2026-01-03", "2026-02-01")])
def test_daily_leads_are_of_promised_tiers_known_days_and_whole_months(tmp_path, first, begins):
    rows = [("2026-06-02", "marketing", tier, None, 1.0) for tier in ("A", "A", "Z")]
    rows += [("2026-06-02", "sales", "A", None, 1.0), (first, "marketing", "A", None, 1.0)]
    plan = "plan: {quota: 9, marketing_share: 1, tiers: {A: {share: 1, close_rate: 0.5, deal_size: 1}}}\n"
    days = PeriodFacts(company(rows, as_of="2026-06-10"), agreement(tmp_path, plan), JUNE).daily
    june = days[days["day"] >= "2026-06-01"]
    assert days["day"].iloc[0] == pd.Timestamp(begins)  # of January, days may lack before the first lead
    assert june["leads"].sum() == 2
    assert june["leads"].isna().sum() == 21  # the 10th to the 30th
    assert june.loc[june["working"], "day"].dt.day.tolist() == [1, 8, 15, 22, 29]  # Mondays alone are worked


def test_supply_is_what_past_months_brought(tmp_path):
    agreed = agreement(tmp_path)

    def days(period, as_of="2026-06-01"):
        return PeriodFacts(steady(as_of), agreed, period).daily

    mean, spread = supply(days(JUNE), JUNE)
    assert mean == pytest.approx(90, rel=0.05)
    assert spread > np.sqrt(90) * 0.9
    quarter = parse_period("2026-Q2")
    assert supply(days(quarter), quarter)[0] == pytest.approx(273, rel=0.05)
    february = parse_period("2026-02")
    assert supply(days(february, "2026-03-01"), february) is None


def test_without_a_record_the_periods_days_stand_alone(tmp_path):
    clock = pd.Timestamp("2026-07-01", tz="UTC")
    facts, agreed = Facts({}, as_of=clock, exported_at=clock, zone="UTC"), agreement(tmp_path)
    rows = deliveries(facts, agreed, JUNE.start_time, JUNE.end_time.normalize())
    assert rows.empty
    assert daily(facts, agreed, JUNE, rows)["leads"].tolist() == [0.0] * 30


def test_deliveries_of_the_sample_by_month_are_those_of_plain_pandas():
    agreed = load_terms(Path(__file__).parents[1] / "params" / "agreement.yml")
    tables = sample_tables()
    as_of = pd.Timestamp("2026-10-31 23:00", tz="UTC")
    facts = Facts(tables, as_of=as_of, exported_at=as_of, zone="Europe/Berlin")
    rows = deliveries(facts, agreed, pd.Timestamp("2026-05-01"), pd.Timestamp("2026-10-31"))
    counted = rows[rows["counts"]].groupby([rows["day"].dt.to_period("M"), "tier", "segment"])["leads"].sum()

    own = tables["leads"]
    own = own[(own["sourced_by"] == "marketing") & own["tier"].isin(["A", "B", "C"])]
    local = own["handed_off_at"].dt.tz_localize("UTC").dt.tz_convert("Europe/Berlin").dt.tz_localize(None)
    own = own.assign(month=local.dt.to_period("M"))
    expected = (
        own[own["month"] >= pd.Period("2026-05")].groupby(["month", "tier", "segment"], observed=True).size()
    )
    assert counted.tolist() == expected.tolist()
    assert len(counted) == 6 * 3 * 2
