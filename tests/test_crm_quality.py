"""What the quality report says of records with known flaws."""

import json

import numpy as np
import pandas as pd
import pytest

from slanb.crm.anomalies import checks
from slanb.crm.quality import COUNTED_ON, conclusion_message
from slanb.dictionary.messages import placeholders
from tests.crm_sources import DEALS, LEADS, MAPPING, anomaly, imported, says
from tests.test_crm_canonical import CALLS, WITH_CALLS

LONG = MAPPING.replace("%Y-%m-%d %H:%M", "%Y-%m-%d")


def many(leads_by_day, wins=(), start="2025-01-01"):
    """Files of `leads_by_day` leads a day from `start`, with wins of (day of lead, days to win)."""
    days = pd.date_range(start, periods=len(leads_by_day), freq="D")
    leads = "".join(
        f"{day}-{n},{date:%Y-%m-%d},A\n" for day, date in enumerate(days) for n in range(leads_by_day[day])
    )
    deals = "".join(
        f"w{n},{day}-0,{days[day] + pd.Timedelta(days=after):%Y-%m-%d},Won,100\n"
        for n, (day, after) in enumerate(wins)
    )
    return {"leads": "Id,Created,Kind\n" + leads, "deals": "Id,Lead,Closed,Stage,Amount\n" + deals}


def test_the_report_is_plain_complete_and_the_same_each_time(tmp_path):
    first = imported(tmp_path / "a", WITH_CALLS, calls=CALLS).quality
    again = imported(tmp_path / "b", WITH_CALLS, calls=CALLS).quality
    assert json.dumps(first) == json.dumps(again)
    assert first["exported_at"] == {
        "value": "2026-03-25T23:00:00Z",  # the end of 25 March in Berlin, the day of the last closing
        "given": False,
        "latest_event": "deals.closed_at",
    }
    assert first["leads_by_month"] == {"2026-03": 3}
    assert first["columns"]["leads.created_at"] == {"column": "Created", "format": ["%Y-%m-%d %H:%M"]}
    assert first["coverage"]["leads.created_at"] == {
        "values": 3,
        "earliest": "2026-03-01T08:00:00Z",
        "latest": "2026-03-03T10:00:00Z",
    }
    assert first["files"]["leads.csv"]["size"] == len(LEADS)


FLAWED = {
    "leads": LEADS + "4,2026-03-04 09:00,A\n",
    "deals": DEALS
    + "n,1,2026-03-20,Won,-5\nz,1,2026-03-20,Won,0\nm,1,2026-03-20,Won,\nu,2,,Won,10\nr,1,,Won,-5\n"
    + "e,3,2026-02-01,Won,10\nx,77,2026-03-20,Won,10\no,,2026-03-20,Won,10\ns,4,2026-03-04,Won,10\n"
    + "f,4,2026-12-24,Lost,10\n5.80503E+18,4,2026-03-20,Lost,10\n",
    "calls": CALLS + "early,1,2026-02-28 09:00,Out\n",
}


@pytest.mark.parametrize(
    ("kind", "table", "examples"),
    [
        ("closed_before_created", "deals", ["e"]),  # s closed on the day its lead was created
        ("negative_amount", "deals", ["n", "r"]),
        ("won_without_amount", "deals", ["m"]),
        ("won_for_nothing", "deals", ["z"]),
        ("won_without_closing_date", "deals", ["u"]),
        ("refund_without_closing_date", "deals", ["r"]),
        ("unknown_lead", "deals", ["x"]),
        ("no_lead", "deals", ["o"]),
        ("damaged_id", "deals", ["5.80503E+18"]),
        ("future_date", "deals", ["f"]),
        ("no_tier", "leads", ["3"]),
        ("several_deals", "leads", ["1", "2", "3", "4"]),
        ("unknown_lead", "activities", ["c3"]),
        ("before_lead", "activities", ["early"]),
    ],
)
def test_each_flaw_is_counted_with_its_ids(flawed, kind, table, examples):
    finding = anomaly(flawed, kind, table)
    assert finding["examples"] == examples
    assert finding["count"] == len(examples)
    assert says(finding).startswith(f"{len(examples)} of {finding['of']}")
    assert finding["share"] == pytest.approx(finding["count"] / finding["of"], abs=1e-6)
    assert all(kind in flawed.quality["unsafe"][conclusion] for conclusion in finding["affects"])


def test_every_check_has_its_sentence_and_names_its_conclusions():
    for check in checks():
        assert placeholders(f"crm.{check.table}_{check.id}") <= {"count", "of", "share"}
        assert all(conclusion_message(conclusion) for conclusion in check.affects)
    for conclusions in COUNTED_ON.values():
        assert all(conclusion_message(conclusion) for conclusion in conclusions)


def test_every_finding_and_rule_can_be_said(flawed):
    assert all(says(finding).endswith(".") for finding in flawed.quality["anomalies"])
    assert all(str(conclusion_message(conclusion)) for conclusion in flawed.quality["unsafe"])


@pytest.fixture(scope="module")
def flawed(tmp_path_factory):
    mapping = WITH_CALLS.replace("folder: data", 'folder: data\nexported_at: "2026-07-01"')
    return imported(tmp_path_factory.mktemp("flawed"), mapping, **FLAWED)


def test_a_hand_off_that_is_not_mapped_is_told(flawed):
    assert anomaly(flawed, "hand_off_not_mapped")["count"] == 4
    assert flawed.quality["tables"]["leads"]["derived"] == {"handed_off_at taken from created_at": 4}


def test_leads_marked_lost_and_dates_of_hand_off_are_judged(tmp_path):
    mapping = MAPPING.replace(
        "tier: Kind",
        'tier: Kind\n      lost_at: {column: Lost, format: "%Y-%m-%d"}\n'
        '      handed_off_at: {column: Given, format: "%Y-%m-%d %H:%M"}',
    )
    leads = (
        "Id,Created,Kind,Lost,Given\n1,2026-03-01 09:00,A,2026-03-09,2026-03-01 09:30\n"
        "2,2026-03-02 10:30,B,2026-02-01,2026-03-02 10:00\n3,2026-03-03 11:00,,,\n"
    )
    snapshot = imported(tmp_path, mapping, leads=leads)
    assert anomaly(snapshot, "won_and_lost")["examples"] == ["1"]
    assert anomaly(snapshot, "lost_before_created")["examples"] == ["2"]
    assert anomaly(snapshot, "handed_off_before_created")["examples"] == ["2"]
    assert anomaly(snapshot, "no_hand_off")["examples"] == ["3"]


def test_a_history_without_early_wins_is_told_as_cut(tmp_path):
    """A year at 5 leads a day, every tenth won after 20 days; wins before day 200 are not recorded."""
    wins = [(day, 20) for day in range(0, 340, 2) if day + 20 >= 200]
    cut = anomaly(imported(tmp_path / "cut", LONG, **many([5] * 365, wins)), "truncated_history")
    assert cut["values"]["first_win"] == "2025-07-20"  # day 200
    assert cut["count"] == 170 * 5  # leads more than 30 days older
    assert cut["values"]["expected_wins"] == pytest.approx(90, rel=0.2)  # 180 days x 5 leads x 10 %
    whole = [(day, 20) for day in range(0, 340, 2)]
    assert anomaly(imported(tmp_path / "whole", LONG, **many([5] * 365, whole)), "truncated_history") is None


def test_gaps_are_told_where_leads_were_many_and_weekends_are_not_gaps(tmp_path):
    office = [0 if day % 7 >= 5 else 20 for day in range(120)]
    assert anomaly(imported(tmp_path / "office", LONG, **many(office)), "gap_without_leads") is None
    office[50:56] = [0] * 6
    finding = anomaly(imported(tmp_path / "gap", LONG, **many(office)), "gap_without_leads")
    assert (finding["values"]["start"], finding["values"]["end"]) == ("2025-02-20", "2025-02-25")
    assert finding["count"] == 6


def test_closings_piled_on_month_ends_are_told(tmp_path):
    ends = [(pd.Timestamp("2025-01-31") - pd.Timestamp("2025-01-01")).days] * 30
    wins = [(0, after) for after in ends] + [(0, 10 + n) for n in range(10)]
    finding = anomaly(imported(tmp_path, LONG, **many([40] * 3, wins)), "closings_at_month_end")
    assert (finding["count"], finding["of"]) == (30, 40)


def test_a_tier_known_only_of_customers_is_told(tmp_path):
    leads = "Id,Created,Kind\n" + "".join(
        f"{n},2026-03-01 09:00,{'Industry' if n < 30 else ''}\n" for n in range(200)
    )
    deals = "Id,Lead,Closed,Stage,Amount\n" + "".join(f"d{n},{n},2026-03-20,Won,10\n" for n in range(30))
    finding = anomaly(imported(tmp_path, leads=leads, deals=deals), "tier_after_win")
    assert finding["count"] == 170
    assert "100.0% of customers" in says(finding)


def test_a_round_number_of_rows_is_told(tmp_path):
    finding = anomaly(imported(tmp_path, LONG, **many([100] * 20)), "round_row_count")
    assert says(finding) == "leads.csv has exactly 2,000 rows. The export may have been cut off at a limit."


def test_dates_without_a_time_of_day_are_told(tmp_path):
    snapshot = imported(tmp_path, WITH_CALLS, calls=CALLS.replace(" 09:20", "").replace(" 11:00:30", ""))
    finding = anomaly(snapshot, "date_only", "activities")
    assert says(finding).startswith("100.0% of the values of occurred_at carry a date without a time of day")
    assert snapshot.quality["precision"]["activities.occurred_at"]["midnight_share"] == 1
    assert anomaly(snapshot, "date_only", "leads") is None


def test_an_export_date_taken_from_a_mistyped_closing_is_told(tmp_path):
    snapshot = imported(tmp_path, deals=DEALS.replace("2026-03-25", "2062-03-25"))
    assert snapshot.exported_at.year == 2062
    finding = anomaly(snapshot, "events_after_last_lead")
    assert "25 March 2062 (closed_at)" in says(finding)
    given = MAPPING.replace("folder: data", 'folder: data\nexported_at: "2026-04-01 12:00"')
    snapshot = imported(tmp_path / "given", given, deals=DEALS.replace("2026-03-25", "2062-03-25"))
    assert snapshot.exported_at == pd.Timestamp("2026-04-01 10:00", tz="UTC")
    assert anomaly(snapshot, "future_date", "deals")["examples"] == ["d2"]


def test_counts_hold_for_many_random_flaws(tmp_path):
    """Flaws strewn at random are counted exactly, whatever their number; a refund is no won deal."""
    rng = np.random.default_rng(7)
    total = 3000
    amount = rng.choice(["100", "-100", "0", ""], total, p=[0.7, 0.1, 0.1, 0.1])
    closed = rng.choice(["2026-03-20", ""], total, p=[0.8, 0.2])
    deals = "".join(f"d{n},1,{closed[n]},Won,{amount[n]}\n" for n in range(total))
    snapshot = imported(tmp_path, deals="Id,Lead,Closed,Stage,Amount\n" + deals)
    assert anomaly(snapshot, "negative_amount")["count"] == (amount == "-100").sum()
    assert anomaly(snapshot, "won_for_nothing")["count"] == (amount == "0").sum()
    assert anomaly(snapshot, "won_without_amount")["count"] == (amount == "").sum()
    assert anomaly(snapshot, "won_without_amount")["of"] == (amount != "-100").sum()
    undated = (closed == "") & (amount != "-100")
    assert anomaly(snapshot, "won_without_closing_date")["count"] == undated.sum()
