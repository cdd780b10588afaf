"""The Salesforce preset: a hand-written export, and every trap of its ids, times and meanings as a test."""

import duckdb
import pandas as pd
import pytest

from slanb.crm.sql import statements
from slanb.errors import SlanbError
from tests.crm_exports import (
    HISTORY,
    LEADS,
    SALESFORCE,
    SALESFORCE_SOURCE,
    SF_TASKS,
    renamed,
    taken_in,
)
from tests.crm_sources import anomaly, by_id, reconciles, rows, says

# the eighteen characters of each id, its three check letters worked out by hand
AA, AB, AE, AF, AG = (f"00Q0A00000aaa{end}UAY" for end in ("AA", "AB", "AE", "AF", "AG"))
SMALL = "00Q0A00000AAAagUAH"


@pytest.fixture(scope="module")
def salesforce(tmp_path_factory):
    return taken_in(tmp_path_factory.mktemp("salesforce"), SALESFORCE_SOURCE, SALESFORCE)


@pytest.fixture(scope="module")
def leads(salesforce):
    return rows(salesforce, "leads").set_index("lead_id")


@pytest.fixture(scope="module")
def deals(salesforce):
    return rows(salesforce, "deals").set_index("deal_id")


@pytest.fixture(scope="module")
def touches(salesforce):
    return rows(salesforce, "activities").set_index("activity_id")


def test_the_leads_are_those_written_by_hand(leads):
    assert by_id(leads, "created_at sourced_by tier owner") == {
        AE: (pd.Timestamp("2025-01-08 08:00"), "marketing", None, "Jo Rep"),
        AA: (pd.Timestamp("2026-01-05 08:00"), "marketing", "Hot", "Jo Rep"),
        AB: (pd.Timestamp("2026-01-06 08:00"), "sales", "Warm", "Max M"),
        AF: (pd.Timestamp("2026-01-09 08:00"), "marketing", None, "Jo Rep"),
        AG: (pd.Timestamp("2026-01-10 08:00"), None, None, "Jo Rep"),
        SMALL: (pd.Timestamp("2026-01-11 08:00"), "marketing", None, "Jo Rep"),
    }


def test_the_deals_are_those_written_by_hand(deals):
    assert by_id(deals.rename(lambda key: key[13:15]), "lead_id sourced_by closed_at won amount") == {
        "AA": (AA, "marketing", pd.Timestamp("2026-01-31 23:00"), True, 1000),
        "AB": (AB, "sales", pd.Timestamp("2026-02-01 23:00"), True, 500),
        "AC": (None, None, None, None, 300),
        "AD": (AB, "sales", pd.Timestamp("2026-02-02 23:00"), False, 200),
    }


def test_the_touches_are_those_written_by_hand(touches):
    assert by_id(touches.rename(lambda key: key[13:15]), "lead_id kind by_human outbound connected") == {
        "AA": (AA, "call", True, True, True),
        "AB": (AA, "call", True, True, False),
        "AC": (AB, "call", True, True, True),
        "AD": (AB, "email", False, True, None),
        "AE": (AB, "email", True, True, False),
        "AH": (AB, "call", True, False, None),
        "AI": (AB, "call", True, None, None),
        "AK": (AF, "call", True, True, True),
        "AL": (None, "call", True, True, True),
    }


# ------------------------------------------------------------ ids, names, times


@pytest.mark.parametrize(
    "id18",
    [
        "00QEc00000BBaeXMAT",
        "006Ec00000AieKFIAZ",
        "00TEc00000Co1WhMAJ",
        "00Qbm00000Orxk5EAB",
        "00Q1G00000nDnM5UAK",
    ],
)
def test_fifteen_characters_become_the_eighteen_that_salesforce_itself_gives(id18):
    """Ids of public sample exports."""
    with duckdb.connect() as engine:
        engine.execute(statements("presets/staging/common", "macros"))
        assert engine.execute("select id18(?), id18(?)", [id18[:15], id18]).fetchall() == [(id18, id18)]


def test_ids_that_differ_in_capitals_are_two_leads(leads):
    assert {AG, SMALL} <= set(leads.index)  # ...aaaAG and ...AAAag


def test_ids_of_both_lengths_meet(salesforce, tmp_path):
    """A task from the API (18 characters) on a lead from a screen report (15)."""
    tasks = SF_TASKS.replace("00Q0A00000aaaAA,", f"{AA},")
    other = taken_in(tmp_path, SALESFORCE_SOURCE, SALESFORCE | {"Task": tasks})
    pd.testing.assert_frame_equal(rows(other, "activities"), rows(salesforce, "activities"))


LABELS = {
    "Id": "Lead ID", "CreatedDate": "Create Date", "Status": "Lead Status", "LeadSource": "Lead Source",
    "OwnerId": "Lead Owner", "IsConverted": "Converted", "ConvertedContactId": "Converted Contact ID",
    "ConvertedOpportunityId": "Converted Opportunity ID",
}  # fmt: skip


def on_screen(text):
    """As a report on the screen shows times: the viewer's clock, month first, twelve hours."""
    return pd.Series([text]).str.replace(
        r"(\d{4}-\d\d-\d\dT\d\d:\d\d):\d\d\.000\+0000",
        lambda clock: (pd.Timestamp(clock[1]) + pd.Timedelta(hours=1)).strftime("%m/%d/%Y %I:%M %p"),
        regex=True,
    )[0]


def test_a_report_with_title_and_totals_in_the_viewers_times_gives_the_same_leads(salesforce, tmp_path):
    text = on_screen(renamed(LEADS, LABELS).replace("true", "1").replace("false", "0"))
    width = text.splitlines()[0].count(",")
    text = "Leads with history\nAs of 2026-02-20\n\n" + text + "Total,8 records" + "," * (width - 1) + "\n"
    source = SALESFORCE_SOURCE + 'times: ["%m/%d/%Y %I:%M %p"]\n'
    files = {name: content for name, content in SALESFORCE.items() if name != "Lead"} | {"report1": text}
    other = taken_in(tmp_path, source, files)
    pd.testing.assert_frame_equal(rows(other, "leads"), rows(salesforce, "leads"))
    (total,) = other.quarantine.query("file == 'report1.csv'").to_dict("records")
    assert (total["effect"], total["line"]) == ("line", 10)  # the header is 1
    assert total["reason"] == "a total or a note of the report, no record"
    assert reconciles(other)


def test_replicated_tables_give_the_same(salesforce, tmp_path):
    def snake(header):
        return pd.Series(header.split(",")).str.replace(r"(?<=[a-z])(?=[A-Z])", "_", regex=True).str.lower()

    files = {}
    for name, text in SALESFORCE.items():
        header, _, rest = text.partition("\n")
        files[f"sf_{name.lower()}_data"] = ",".join(snake(header)) + "\n" + rest
    files["sf_opportunity_contact_role_data"] = files.pop("sf_opportunitycontactrole_data")
    files["sf_lead_history_data"] = files.pop("sf_leadhistory_data")
    other = taken_in(tmp_path, SALESFORCE_SOURCE, files)
    for table in ("leads", "deals", "activities", "assignments"):
        pd.testing.assert_frame_equal(rows(other, table), rows(salesforce, table), obj=table)


def test_a_date_without_a_time_is_told_and_refused_for_minutes(tmp_path):
    header, *tasks = SF_TASKS.splitlines()
    dated = [",".join([*row.split(",")[:7], "", *row.split(",")[8:]]) for row in tasks]
    snapshot = taken_in(
        tmp_path, SALESFORCE_SOURCE, SALESFORCE | {"Task": "\n".join([header, *dated]) + "\n"}
    )
    finding = anomaly(snapshot, "date_only", "activities")
    assert finding["share"] == 1
    assert says(finding).startswith("100.0% of the values of occurred_at carry a date without a time of day")
    assert "speed" in snapshot.quality["unsafe"]


# ------------------------------------------------------------ people


def test_a_merged_and_a_deleted_record_are_no_leads(salesforce, leads):
    assert not any(key.startswith(("00Q0A00000aaaAC", "00Q0A00000aaaAD")) for key in leads.index)
    people = salesforce.quality["meaning"]["people"]
    assert people["deleted"] == 1
    assert people["merged into another or the same person"] == 2  # AC into AB; AF is AE again


def test_a_second_record_of_a_person_after_the_gap_is_a_new_lead_of_its_own_id(leads, tmp_path):
    assert {AE, AF} <= set(leads.index)
    once = taken_in(tmp_path, SALESFORCE_SOURCE + "again_after_days: 400\n", SALESFORCE)
    assert AF not in set(rows(once, "leads")["lead_id"])


def test_touches_after_conversion_follow_the_lead_onto_its_contact(touches):
    assert touches[touches.index.str.startswith("00T0A00000tttAB")]["lead_id"].tolist() == [AA]


def test_a_touch_of_a_person_who_came_back_belongs_to_the_new_lead(touches):
    assert touches[touches.index.str.startswith("00T0A00000tttAK")]["lead_id"].tolist() == [AF]


def test_changes_of_owner_are_segments_listed_once(salesforce):
    (change,) = rows(salesforce, "assignments").to_dict("records")
    assert change == {
        "lead_id": AA,
        "from_owner": "00G0A00000qqqAAUAY",
        "to_owner": "Jo Rep",
        "assigned_at": pd.Timestamp("2026-01-05 08:10"),
    }


def test_a_status_can_be_the_threshold_at_the_moment_the_history_tells(tmp_path):
    snapshot = taken_in(tmp_path, SALESFORCE_SOURCE + "qualified: [Working]\n", SALESFORCE)
    leads = rows(snapshot, "leads").set_index("lead_id")["handed_off_at"]
    assert AB not in leads.index  # still Open: nurtured
    assert leads[AA] == pd.Timestamp("2026-01-05 10:00")
    assert leads[AG] == pd.Timestamp("2026-01-12 10:00")
    assert pd.isna(leads[SMALL])  # Working, and no history says since when
    assert snapshot.quality["meaning"]["people"]["nurtured"] == 1


# ------------------------------------------------------------ touches, deals, sides


@pytest.mark.parametrize(
    ("end", "why"),
    [("AF", "a task or note, no touch"), ("AG", "not done yet"), ("AJ", "a call among colleagues")],
)
def test_what_is_no_touch_is_left_out_and_counted(salesforce, touches, end, why):
    assert not touches.index.str.startswith(f"00T0A00000ttt{end}").any()
    assert salesforce.quality["meaning"]["activities"][why] == 1


def test_unknown_results_and_blank_directions_are_listed(salesforce):
    unknown = salesforce.quality["tables"]["activities"]["unknown"]
    assert unknown == {"outbound": {"(blank)": 1}, "connected": {"Asked for price": 1}}


def test_a_blank_direction_can_be_given_a_meaning(tmp_path):
    source = SALESFORCE_SOURCE + 'values: {activities: {direction: {"": Outbound}}}\n'
    touches = rows(taken_in(tmp_path, source, SALESFORCE), "activities")
    assert touches["outbound"].notna().all()


def test_events_are_meetings_and_count_where_their_outcome_is_known(tmp_path):
    events = (
        "Id,WhoId,StartDateTime,EventSubtype,CreatedDate,Outcome__c\n"
        "00U0A00000eeeAA,00Q0A00000aaaAA,2026-01-13T09:00:00.000+0000,Event,2026-01-10T09:00:00.000+0000,Held\n"
        "00U0A00000eeeAB,00Q0A00000aaaAA,2026-01-14T09:00:00.000+0000,Event,2026-01-10T09:00:00.000+0000,"
        "No show\n"
        "00U0A00000eeeAC,00Q0A00000aaaAA,2026-01-15T09:00:00.000+0000,Event,2026-01-10T09:00:00.000+0000,\n"
    )
    source = SALESFORCE_SOURCE + (
        "aliases: {activities: {outcome: Outcome__c}}\nvalues: {activities: {outcome: {Held: COMPLETED}}}\n"
    )
    touches = rows(taken_in(tmp_path, source, SALESFORCE | {"Event": events}), "activities")
    meetings = touches[touches["kind"] == "meeting"].set_index("activity_id")
    assert meetings["outbound"].tolist() == [True, pd.NA]
    assert bool(meetings["connected"].iloc[0])


def test_an_opportunitys_expected_closing_date_is_no_closing(deals):
    assert deals[deals["amount"] == 300]["closed_at"].isna().all()


def test_marketings_part_is_told_by_three_rules(salesforce):
    """Won: AA (1,000); AB (500) is of sales' lead, but its own source and first contact are marketing's."""
    by_rule = salesforce.quality["sourced_by"]["by_rule"]
    assert {rule: (share["won"], share["marketing_amount"]) for rule, share in by_rule.items()} == {
        "first_source": (2, 1000),
        "deal_source": (2, 1500),
        "contact_role": (2, 1500),
    }


def test_sources_that_nobody_listed_are_told_with_their_counts(salesforce, tmp_path):
    without = SALESFORCE_SOURCE.replace("sources: {Web: marketing, Cold Call: sales}\n", "")
    assert salesforce.quality["tables"]["leads"]["unknown"] == {"sourced_by": {"Billboard": 1}}
    with pytest.raises(
        SlanbError, match=r'"Web" \(4\), "Billboard" \(1\), "Cold Call" \(1\). Say under `sources:`'
    ):
        taken_in(
            tmp_path,
            without,
            SALESFORCE,
        )


def test_every_row_is_accounted_for(salesforce):
    assert reconciles(salesforce)
    assert HISTORY.count("Owner") == 2
