"""Raw rows to canonical ones: what is kept, what is left out and why, what is filled in."""

import pandas as pd
import pytest

from slanb.errors import SlanbError
from tests.crm_sources import DEALS, LEADS, MAPPING, anomaly, imported, reconciles, rows, says

ACTIVITIES = """\
  activities:
    from: calls
    columns:
      activity_id: Id
      lead_id: Lead
      occurred_at: {column: When, format: iso}
      kind: {constant: call}
      by_human: {constant: true}
      outbound: {column: Direction, values: {Out: true, In: false}}
"""
WITH_CALLS = MAPPING.replace("  deals: deals.csv", "  deals: deals.csv\n  calls: calls.csv") + ACTIVITIES
CALLS = (
    "Id,Lead,When,Direction\nc1,1,2026-03-01 09:20,Out\nc2,2,2026-03-02 11:00:30,In\nc3,9,2026-03-03,Out\n"
)
MORE_LEADS = "".join(f"{number},2026-03-04 08:00,A\n" for number in range(10, 30))


def test_the_canonical_tables_are_those_of_the_design(tmp_path):
    snapshot = imported(tmp_path, WITH_CALLS, calls=CALLS)
    leads, deals, activities = (rows(snapshot, table) for table in ("leads", "deals", "activities"))
    assert leads.to_dict("records")[0] == {
        "lead_id": "1",
        "created_at": pd.Timestamp("2026-03-01 08:00"),
        "handed_off_at": pd.Timestamp("2026-03-01 08:00"),  # not mapped: when it was created
        "sourced_by": "marketing",
        "tier": "A",
        "segment": None,
        "owner": None,
        "lost_at": pd.NaT,
        "lost_reason": None,
        "presented": None,
    }
    assert deals["won"].tolist() == [True, False, pd.NA]
    assert deals["sourced_by"].tolist() == ["marketing"] * 3  # their leads'
    assert deals["closed_at"].tolist()[:2] == [
        pd.Timestamp("2026-03-19 23:00"),
        pd.Timestamp("2026-03-24 23:00"),
    ]
    assert activities["outbound"].tolist() == [True, False, True]
    assert activities["connected"].isna().all()
    assert list(activities) == [
        "activity_id", "lead_id", "occurred_at", "kind", "by_human", "outbound", "connected", "owner",
        "logged_at",
    ]  # fmt: skip
    assert reconciles(snapshot)


def test_a_source_without_activities_has_an_empty_table(tmp_path):
    snapshot = imported(tmp_path)
    assert len(rows(snapshot, "activities")) == 0
    assert snapshot.quality["tables"]["activities"]["mapped"] is False
    assert anomaly(snapshot, "no_activities")["affects"] == ["speed", "depth"]


@pytest.mark.parametrize("mapped", [True, False])
def test_amounts_that_are_not_mapped_are_told(tmp_path, mapped):
    snapshot = imported(tmp_path, MAPPING if mapped else MAPPING.replace("      amount: Amount\n", ""))
    told = [says(each) for each in snapshot.quality["anomalies"] if each["id"] == "no_amounts"]
    assert [line.split(",")[0] for line in told] == ["No amounts are mapped"] * (not mapped)


def test_rows_without_id_or_date_go_to_quarantine(tmp_path):
    broken = ",2026-03-04 08:00,A\n5,,A\n6,soon,A\n -  ,2026-03-04 08:00,A\n"
    mapping = MAPPING.replace("folder: data", 'folder: data\nblanks: ["-"]')
    snapshot = imported(tmp_path, mapping, leads=LEADS + broken + MORE_LEADS)
    left_out = snapshot.quarantine
    assert list(zip(left_out["line"], left_out["column"], left_out["value"], strict=True)) == [
        (5, "lead_id", ""),
        (6, "created_at", ""),
        (7, "created_at", "xxxx"),
        (8, "lead_id", ""),
    ]
    assert left_out["reason"].tolist()[2] == (
        'created_at is no time of the form "%Y-%m-%d %H:%M", 1970 to 2199'
    )
    assert snapshot.quality["tables"]["leads"]["quarantined"] == 4
    assert reconciles(snapshot)


def test_of_rows_with_one_id_the_first_is_kept_and_the_others_are_told_apart(tmp_path):
    snapshot = imported(tmp_path, leads=LEADS + "1,2026-03-01 09:00,A\n1,2026-03-01 09:00,C\n")
    leads = rows(snapshot, "leads")
    assert leads.loc[leads["lead_id"] == "1", "tier"].tolist() == ["A"]
    assert snapshot.quality["tables"]["leads"]["reasons"] == {
        "lead_id repeats an earlier row, with other values": 1,
        "lead_id repeats an earlier row, with the same values": 1,
    }
    assert snapshot.quarantine["line"].tolist() == [5, 6]
    assert reconciles(snapshot)


def test_an_unreadable_amount_or_closing_date_does_not_cost_a_won_deal(tmp_path):
    deals = DEALS + "d4,1,2026-03-20,Won,12k\nd5,2,20.3.,Won,70\n"
    deals += "".join(f"e{number},1,2026-03-21,Won,80\n" for number in range(20))
    snapshot = imported(tmp_path, deals=deals)
    kept = rows(snapshot, "deals").set_index("deal_id")
    assert kept.loc[["d4", "d5"], "won"].tolist() == [True, True]
    assert pd.isna(kept.loc["d4", "amount"])
    assert pd.isna(kept.loc["d5", "closed_at"])
    assert snapshot.quality["tables"]["deals"]["emptied"] == {"closed_at": 1, "amount": 1}
    cells = snapshot.quarantine
    assert set(zip(cells["effect"], cells["line"], cells["column"], cells["value"], strict=True)) == {
        ("cell", 5, "amount", "12k"),
        ("cell", 6, "closed_at", "20.3."),
    }
    assert reconciles(snapshot)


def test_values_the_mapping_does_not_list_are_counted_never_guessed(tmp_path):
    calls = CALLS + "c4,1,2026-03-04,Sideways\nc5,1,2026-03-05,Sideways\n"
    snapshot = imported(tmp_path, WITH_CALLS, calls=calls)
    assert snapshot.quality["tables"]["activities"]["unknown"] == {
        "outbound": {"xxxxxxxx (calls.csv, line 5)": 2}
    }
    assert rows(snapshot, "activities")["outbound"].isna().sum() == 2
    assert anomaly(snapshot, "unknown_value")["count"] == 2
    assert reconciles(snapshot)


def test_rows_with_unlisted_values_can_be_sent_to_quarantine(tmp_path):
    mapping = MAPPING.replace("otherwise: null", "otherwise: quarantine")
    snapshot = imported(tmp_path, mapping)
    assert snapshot.quality["tables"]["deals"]["reasons"] == {"won is not listed in `values:`": 1}
    assert snapshot.quarantine[["column", "value"]].to_numpy().tolist() == [["won", "Open"]]
    assert reconciles(snapshot)


def test_an_open_deals_expected_closing_date_is_not_a_closing(tmp_path):
    snapshot = imported(tmp_path, deals=DEALS.replace("d3,3,,Open", "d3,3,2026-05-31,Open"))
    assert pd.isna(rows(snapshot, "deals").set_index("deal_id").loc["d3", "closed_at"])
    derived = snapshot.quality["tables"]["deals"]["derived"]
    assert derived["closed_at of open deals, an expectation, left out"] == 1


def test_a_deal_of_an_unknown_lead_keeps_its_id_and_is_counted(tmp_path):
    snapshot = imported(tmp_path, deals=DEALS + "d4,99,2026-03-20,Won,10\n")
    deal = rows(snapshot, "deals").set_index("deal_id").loc["d4"]
    assert deal["lead_id"] == "99"
    assert pd.isna(deal["sourced_by"])
    assert anomaly(snapshot, "unknown_lead", "deals")["examples"] == ["d4"]


def test_long_ids_stay_text(tmp_path):
    ids = ["5805028000056854090", "5805028000056854091", "007"]
    leads = "Id,Created,Kind\n" + "".join(f"{key},2026-03-01 09:00,A\n" for key in ids)
    assert set(rows(imported(tmp_path, leads=leads), "leads")["lead_id"]) == set(ids)


def test_quarantine_shows_no_free_text_and_no_formula(tmp_path):
    mapping = MAPPING.replace("tier: Kind", "tier: {column: Kind, values: {A: A}, otherwise: quarantine}")
    leads = (
        LEADS
        + "9,=HYPERLINK(1),A\n10,-soon,A\n11,"
        + "y" * 200
        + ",A\n12,2026-03-04 08:00,Jo Doe\n"
        + MORE_LEADS
    )
    left_out = imported(tmp_path, mapping, leads=leads).quarantine.set_index("line")
    assert left_out.loc[5, "value"] == "'=xxxxxxxxx(9)"
    assert left_out.loc[6, "value"] == "'-xxxx"
    assert left_out.loc[7, "value"] == "x" * 80
    assert left_out.loc[8, "value"] == ""
    assert "Jo Doe" not in left_out.to_csv()


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (  # the wrong format: every row is lost
            '"%Y-%m-%d %H:%M"',
            '"%d.%m.%Y"',
            '3 of its 3 values cannot be used: the first is "2026-03-01 09:00", line 2, which is no time of',
        ),
        ("column: Created", "column: Kind", 'created_at is taken from column "Kind"'),
        ("amount: Amount", "amount: Stage", None),  # too few values to be sure; told as emptied
        ("lead_id: Lead", "lead_id: Stage", None),
        ("Won: true, Lost: false}, otherwise: null", "won: true}", "3 of its 3 values cannot be used"),
        ("tier: Kind", "tier: Kind\n      lost_at: {column: Id, format: iso}", None),
    ],
)
def test_a_column_that_holds_something_else_is_refused(tmp_path, old, new, expected):
    assert old in MAPPING
    if expected is None:
        assert reconciles(imported(tmp_path, MAPPING.replace(old, new)))
    else:
        with pytest.raises(SlanbError) as caught:
            imported(tmp_path, MAPPING.replace(old, new))
        assert expected in str(caught.value)
        assert "source.yml, line" in str(caught.value)


def test_day_and_month_swapped_are_refused_though_some_dates_read(tmp_path):
    days = pd.date_range("2026-01-01", "2026-03-31", freq="D")
    leads = "Id,Created,Kind\n" + "".join(f"{n},{day:%m/%d/%Y},A\n" for n, day in enumerate(days))
    mapping = MAPPING.replace("%Y-%m-%d %H:%M", "%d/%m/%Y")
    with pytest.raises(SlanbError, match=r"54 of its 90 values .* \(are day and month in this order\?\)"):
        imported(tmp_path, mapping, leads=leads)


def test_an_id_column_that_numbers_no_rows_is_refused(tmp_path):
    leads = LEADS + MORE_LEADS
    with pytest.raises(SlanbError, match=r'lead_id is taken from column "Kind", but .* rows repeat a value'):
        imported(tmp_path, MAPPING.replace("lead_id: Id", "lead_id: Kind", 1), leads=leads)


def test_no_leads_at_all_are_refused_but_no_deals_are_not(tmp_path):
    with pytest.raises(SlanbError, match="leads has no rows"):
        imported(tmp_path / "leads", leads="Id,Created,Kind\n")
    snapshot = imported(tmp_path / "deals", deals="Id,Lead,Closed,Stage,Amount\n")
    assert says(anomaly(snapshot, "no_wins")) == "There are no deals."


def test_a_select_that_hands_on_file_and_line_gives_them_to_the_quarantine(tmp_path):
    mapping = MAPPING.replace("    from: leads\n", "    select: select * from leads\n", 1)
    snapshot = imported(tmp_path / "with", mapping, leads=LEADS + ",2026-03-04 08:00,A\n")
    assert snapshot.quarantine[["file", "line"]].to_numpy().tolist() == [["leads.csv", 5]]
    mapping = mapping.replace("select *", "select Id, Created, Kind")
    snapshot = imported(tmp_path / "without", mapping, leads=LEADS + ",2026-03-04 08:00,A\n")
    assert snapshot.quarantine["line"].isna().tolist() == [True]
    assert reconciles(snapshot)


def test_a_select_over_the_files_can_make_a_table(tmp_path):
    mapping = MAPPING.replace(
        "    from: deals\n", "    select: select *, 2 * Amount::double as twice from deals\n"
    )
    mapping = mapping.replace("amount: Amount", "amount: {column: twice, decimal: ',', thousands: '.'}")
    snapshot = imported(tmp_path, mapping, deals=DEALS.replace("1000", "1000.25"))
    assert rows(snapshot, "deals")["amount"].tolist()[0] == 2000.5  # computed numbers need no marks
    assert snapshot.quality["tables"]["deals"]["from"] == "select"


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("select * from nowhere", "tables.deals.select cannot be run: Catalog Error"),
        ("select Stage::double as x, * from deals", "Every column of a file is text"),
        ("select * from read_csv('/etc/hostname')", "cannot be run: Permission Error"),
        (
            "select Id, Lead, Closed, Stage from deals",
            'tables.deals.select: column "Amount" not found. Found: "Id"',
        ),
    ],
)
def test_a_select_that_cannot_be_run_is_told(tmp_path, query, expected):
    mapping = MAPPING.replace("    from: deals\n", f"    select: {query}\n")
    with pytest.raises(SlanbError) as caught:
        imported(tmp_path, mapping)
    assert expected in str(caught.value)


OWNED = MAPPING.replace("      tier: Kind\n", "      tier: Kind\n      owner: Rep\n")
OWNED_LEADS = (
    "Id,Created,Kind,Rep\n1,2026-03-01 09:00,A,zoe@x.example\n2,2026-03-02 10:30,B,Al\n3,2026-03-03 11:00,,\n"
)


def test_an_owner_known_by_an_address_is_shown_without_it(tmp_path):
    owners = rows(imported(tmp_path, OWNED, leads=OWNED_LEADS), "leads")["owner"]
    assert owners.str.replace("[0-9a-f]{16}", "…", regex=True).fillna("").tolist() == ["id-…", "Al", ""]


def test_pseudonyms_are_numbered_as_owners_are_first_seen(tmp_path):
    mapping = OWNED.replace("folder: data", "folder: data\nowners: pseudonym")
    owners = rows(imported(tmp_path, mapping, leads=OWNED_LEADS), "leads")["owner"]
    assert owners.fillna("").tolist() == ["Owner 1", "Owner 2", ""]


def test_addresses_are_no_ids_and_no_tiers_past_the_import(tmp_path):
    leads = LEADS.replace("1,2026", "ann@x.example,2026").replace(",B\n", ",bob@x.example\n")
    snapshot = imported(tmp_path, leads=leads + MORE_LEADS, deals=DEALS.replace("d1,1", "d1,ann@x.example"))
    (lead,) = rows(snapshot, "leads").query("lead_id.str.startswith('id-')")["lead_id"]
    assert rows(snapshot, "deals").set_index("deal_id").loc["d1", "lead_id"] == lead
    assert snapshot.quality["tables"]["leads"]["emptied"] == {"tier": 1}
    assert "x.example" not in snapshot.quarantine.to_csv() + rows(snapshot, "leads").to_csv()
    assert reconciles(snapshot)


def test_changes_of_owner_are_a_table_of_their_own(tmp_path):
    mapping = (
        MAPPING.replace("  deals: deals.csv", "  deals: deals.csv\n  moves: moves.csv")
        + """\
  assignments:
    from: moves
    columns:
      lead_id: Lead
      from_owner: From
      to_owner: To
      assigned_at: {column: When, format: iso}
"""
    )
    moves = "Lead,From,To,When\n" + "".join(
        f"{change},2026-03-02 09:00\n" for change in ("1,A,B", "1,B,C", "1,A,B", "2,,B")
    )
    snapshot = imported(tmp_path, mapping, moves=moves)
    assert rows(snapshot, "assignments")[["from_owner", "to_owner"]].fillna("").to_numpy().tolist() == [
        ["A", "B"], ["B", "C"], ["", "B"],
    ]  # fmt: skip
    assert snapshot.quality["tables"]["assignments"]["quarantined"] == 1
    assert reconciles(snapshot)


def test_lines_above_the_header_are_skipped_where_said(tmp_path):
    mapping = MAPPING.replace("  leads: leads.csv", "  leads: {path: leads.csv, skip: 2}")
    snapshot = imported(tmp_path, mapping, leads="My report,,\nas of today,,\n" + LEADS)
    assert rows(snapshot, "leads")["lead_id"].tolist() == ["1", "2", "3"]


def test_marketings_part_is_told_by_the_leads_side_and_by_the_deals_own(tmp_path):
    mapping = MAPPING.replace(
        "      amount: Amount\n", "      amount: Amount\n      sourced_by: {constant: sales}\n"
    )
    sourced = imported(tmp_path, mapping).quality["sourced_by"]
    assert sourced["rule"] == "deal_source"
    assert {rule: share["marketing_amount"] for rule, share in sourced["by_rule"].items()} == {
        "first_source": 1000, "deal_source": 0,
    }  # fmt: skip
