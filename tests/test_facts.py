"""Facts against a company of nine leads, every number counted by hand."""

import pandas as pd
import pytest

from slanb.engines import Embedded
from slanb.facts import Facts
from slanb.facts.tracked import judged_cohorts, track, track_periods, track_recent

ZONE = "Europe/Berlin"
JANUARY, FEBRUARY, MARCH = (pd.Period(f"2026-0{month}", "M") for month in (1, 2, 3))


def at(text: str) -> pd.Timestamp:
    return pd.Timestamp(text, tz=ZONE).tz_convert("UTC")


def utc(*texts: str | None) -> list:
    return [None if text is None else at(text).tz_localize(None) for text in texts]


LEADS = pd.DataFrame(
    {
        "lead_id": [f"L{n}" for n in range(1, 10)],
        "created_at": utc(
            "2026-01-05 09:00",
            "2026-01-31 23:59:59",  # still January in Berlin, and in UTC
            "2026-02-01 00:00",  # 31 January 23:00 in UTC, but February in Berlin
            "2026-02-10 12:00",
            "2026-02-20 12:00",
            "2026-03-02 12:00",
            "2026-03-05 12:00",
            "2026-01-20 12:00",
            "2026-03-31 23:00",
        ),
        "sourced_by": ["marketing"] * 7 + ["sales", "marketing"],
        "tier": ["A", "B", "A", "B", None, "A", "B", "A", "A"],
        "segment": ["North", "South", "North", "South", "South", "North", "North", "North", "North"],
        "lost_at": utc(
            None, "2026-02-15 10:00", None, "2026-04-02 10:00", None, None, "2026-03-20 10:00", None, None
        ),
    }
)
DEALS = pd.DataFrame(
    {
        "deal_id": [f"D{n}" for n in range(1, 10)],
        "lead_id": ["L1", "L3", "L4", "L5", "L6", "L8", None, "L3", "L9"],
        "sourced_by": ["marketing"] * 5 + ["sales", None, "marketing", "marketing"],
        "segment": ["North", "North", "South", "South", "North", "North", None, "North", "North"],
        "closed_at": utc(
            "2026-02-04 09:00",  # 30 days after its lead
            "2026-03-03 00:00",  # 30 days
            "2026-04-01 00:00",  # at as-of to the second: not yet known
            None,  # won, nobody wrote when
            "2026-03-01 12:00",  # a day before its own lead
            "2026-03-10 12:00",
            "2026-03-11 12:00",  # no lead led to it
            "2026-03-15 00:00",  # a second deal of a customer
            None,  # open
        ),
        "won": [True, True, True, True, True, True, True, True, None],
        "amount": [100.0, 200.0, 400.0, 800.0, None, 1600.0, 3200.0, 50.0, 9999.0],
    }
)
AS_OF = at("2026-04-01 00:00")


def facts(as_of=AS_OF, exported_at=AS_OF, leads=LEADS, deals=DEALS) -> Facts:
    return Facts({"leads": leads, "deals": deals}, as_of=as_of, exported_at=exported_at, zone=ZONE)


def sums(frame, keys, columns):
    return frame.groupby(keys)[columns].sum().apply(tuple, axis=1).to_dict()


def test_a_lead_belongs_to_the_month_of_its_local_midnight():
    cohorts = facts().cohorts([JANUARY, FEBRUARY, MARCH])
    leads = cohorts[cohorts["sourced_by"] == "marketing"].groupby("period")["leads"].sum()
    assert leads.to_dict() == {"2026-01": 2, "2026-02": 3, "2026-03": 3}


def test_cohort_basis_follows_the_leads_of_a_month_to_their_outcome_by_as_of():
    found = sums(
        facts().cohorts([JANUARY, FEBRUARY, MARCH]).query("sourced_by == 'marketing'"),
        "period",
        ["customers", "priced", "revenue", "lost"],
    )
    assert found == {
        "2026-01": (1, 1, 100.0, 1),  # L1 won; L2 lost
        "2026-02": (2, 2, 1050.0, 0),  # L3 with two deals, L5 undated; L4 closes at as-of and is lost later
        "2026-03": (1, 0, 0.0, 1),  # L6 won without an amount; L7 lost
    }


def test_closing_basis_counts_what_was_won_in_the_month_and_leaves_the_unattributed_on_its_own():
    found = sums(
        facts().closings([FEBRUARY, MARCH]),
        ["period", "sourced_by"],
        ["deals", "with_lead", "priced", "revenue"],
    )
    assert found == {
        ("2026-02", "marketing"): (1, 1, 1, 100.0),
        ("2026-03", "marketing"): (3, 3, 2, 250.0),
        ("2026-03", "sales"): (1, 1, 1, 1600.0),
        ("2026-03", ""): (1, 0, 1, 3200.0),
    }


def test_closings_by_cohort_count_a_lead_once_and_a_customer_in_each_month_of_a_deal():
    more = DEALS.tail(2).assign(deal_id=["D10", "D11"], lead_id=["L3", "L7"], won=True, amount=[7.0, 9.0])
    more["closed_at"] = utc("2026-02-20 00:00", "2026-02-27 00:00")  # the latter in the month before its lead
    found = facts(deals=pd.concat([DEALS, more])).closings_by_cohort([JANUARY, FEBRUARY, MARCH])
    rows = found.set_index(["period", "tier", "closed"]).apply(tuple, axis=1).to_dict()
    assert rows == {
        ("2026-01", "A", "2026-02"): (1, 1, 100.0),  # L1
        ("2026-01", "B", ""): (1, 0, 0.0),  # L2
        ("2026-02", "A", "2026-02"): (1, 1, 7.0),  # L3's first
        ("2026-02", "A", "2026-03"): (0, 1, 250.0),  # two more of L3
        ("2026-02", "B", ""): (1, 0, 0.0),  # L4 closes at as-of
        ("2026-02", "", ""): (1, 0, 0.0),  # L5, undated
        ("2026-03", "A", "2026-03"): (1, 1, 0.0),  # L6, without an amount
        ("2026-03", "A", ""): (1, 0, 0.0),  # L9
        ("2026-03", "B", ""): (1, 0, 0.0),  # L7
    }


def test_a_win_without_a_date_is_known_from_the_export_on_and_not_before():
    earlier = facts(as_of=at("2026-03-31 23:59"))
    assert earlier.cohorts([FEBRUARY])["customers"].sum() == 1
    assert facts().cohorts([FEBRUARY])["customers"].sum() == 2
    assert earlier.coverage["wins_undated"] == 0
    assert facts().coverage["wins_undated"] == 1


def test_what_happens_at_as_of_has_not_happened():
    before, after = facts(), facts(as_of=AS_OF + pd.Timedelta(seconds=1))
    assert before.cohorts([FEBRUARY])["revenue"].sum() == 1050
    assert after.cohorts([FEBRUARY])["revenue"].sum() == 1450


def test_sales_cycle_leaves_out_wins_dated_before_their_lead():
    cycles = facts().cycles([FEBRUARY, MARCH]).set_index("period")
    assert cycles.loc["2026-02"].to_dict() == {
        "deals": 1, "mean_days": 30.0, "median_days": 30.0, "slowest_tenth_days": 30.0
    }  # fmt: skip
    assert cycles.loc["2026-03", "deals"] == 2  # 30 and 42 days
    assert cycles.loc["2026-03", "median_days"] == 36


def test_daily_leads_are_those_of_local_days():
    days = facts().daily_leads(FEBRUARY).groupby("day")["leads"].sum()
    assert {str(day.date()): n for day, n in days.items()} == {
        "2026-02-01": 1, "2026-02-10": 1, "2026-02-20": 1
    }  # fmt: skip


def test_tracked_metrics_name_both_clocks():
    march = track_periods(facts(), [FEBRUARY, MARCH]).iloc[-1]
    assert (march["leads"], march["customers"], march["close_rate"]) == (3, 1, pytest.approx(1 / 3))
    assert march["closing_close_rate"] == 1.0  # three deals closed, three leads created
    assert march["closing_deal_size"] == 125.0  # two deals with a known amount
    assert march["all_revenue"] == 250 + 1600 + 3200
    assert march["sales_revenue"] == 1600
    assert march["unattributed_revenue"] == 3200
    assert march["marketing_share"] == pytest.approx(250 / 5050)


def test_a_month_without_leads_is_a_row_of_zeros_without_rates():
    empty = track_periods(facts(), [pd.Period("2025-12", "M")]).iloc[0]
    assert (empty["leads"], empty["closed_revenue"]) == (0, 0)
    assert pd.isna(empty["close_rate"])
    assert pd.isna(empty["marketing_share"])


def test_empty_tables_answer_with_no_rows():
    none = Facts({}, as_of=AS_OF, exported_at=AS_OF, zone=ZONE)
    assert none.cohorts([MARCH]).empty
    assert none.wins_known_from is None
    assert track_recent(none, MARCH).empty
    assert track(none, []).empty


def test_young_cohorts_are_those_that_ended_less_than_nine_tenths_of_the_cycles_ago():
    opened = facts()
    # cycles of dated wins not before their lead: 30, 30, 49 and 42 days: nine tenths come by 46.9
    assert opened.coverage["mature_after_days"] == pytest.approx(46.9)
    standing = opened.standing([JANUARY, FEBRUARY, MARCH]).set_index("period")
    assert standing["young"].to_dict() == {"2026-01": False, "2026-02": True, "2026-03": True}
    assert judged_cohorts(opened, MARCH, n=3) == [JANUARY]


def test_wins_cut_off_before_a_date_are_noticed():
    days = pd.date_range("2026-01-01", periods=200, freq="D")
    leads = pd.DataFrame(
        {"lead_id": [f"{n}" for n in range(200)], "created_at": days, "sourced_by": "marketing"}
    )
    closed = days + pd.Timedelta(days=10)
    deals = pd.DataFrame(
        {"deal_id": leads["lead_id"], "lead_id": leads["lead_id"], "sourced_by": "marketing"}
        | {"closed_at": closed, "won": True, "amount": 1.0}
    ).iloc[::5]
    as_of = pd.Timestamp("2026-08-01", tz="UTC")
    whole = Facts({"leads": leads, "deals": deals}, as_of=as_of, exported_at=as_of, zone="UTC")
    cut = Facts(
        {"leads": leads, "deals": deals[deals["closed_at"] >= "2026-04-30"]},
        as_of=as_of, exported_at=as_of, zone="UTC",
    )  # fmt: skip
    assert whole.wins_known_from is None
    assert cut.wins_known_from >= pd.Timestamp("2026-04-30", tz="UTC")
    assert cut.standing([pd.Period("2026-02", "M")])["truncated"].all()
    assert not cut.standing([pd.Period("2026-06", "M")])["truncated"].any()


def test_what_is_asked_aside_is_asked_by_the_same_settings():
    asked = "select current_setting('TimeZone') as zone, current_setting('nested_loop_join_threshold') as few"
    engine = Embedded()
    assert engine.aside().ask(asked).to_dict("records") == engine.ask(asked).to_dict("records")
    assert engine.ask(asked)["zone"].item() == "UTC"
