"""The import on records nobody here made up, against values computed independently (answers.json).

The data lie beside the checkout, in ../shared/data, and are no part of the project.
"""

import json
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from slanb.crm import import_source, open_source
from tests.crm_sources import anomaly, reconciles, rows

ROOT = Path(__file__).parents[1]
DATA = ROOT.parent / "shared" / "data"
pytestmark = pytest.mark.skipif(
    not (DATA / "answers.json").is_file(), reason="the data sets of ../shared/data are not here"
)


@pytest.fixture(scope="module")
def answers():
    return json.loads((DATA / "answers.json").read_text())


@pytest.fixture(scope="module")
def olist(tmp_path_factory):
    source = open_source(ROOT / "params/examples/olist/source.yml", data=DATA / "olist")
    return import_source(source, tmp_path_factory.mktemp("olist"))


@pytest.fixture(scope="module")
def school(tmp_path_factory):
    source = open_source(ROOT / "params/examples/school/source.yml", data=DATA / "school")
    return import_source(source, tmp_path_factory.mktemp("school"))


def cohorts(snapshot, zone):
    """Leads and customers by local month of creation, and the customers' revenue."""
    return (
        duckdb.execute(f"""
        select strftime(timezone('{zone}', timezone('UTC', l.created_at)), '%Y-%m') as month,
            count(*) as leads, count(d.deal_id) as won
        from '{snapshot.tables["leads"]}' as l
        left join '{snapshot.tables["deals"]}' as d on l.lead_id = d.lead_id and d.won
        group by month order by month
        """)
        .df()
        .set_index("month")
    )


def test_olist_counts_and_revenue_are_the_reference(olist, answers):
    expected = answers["olist"]
    leads, deals = rows(olist, "leads"), rows(olist, "deals")
    assert reconciles(olist)
    assert (len(leads), len(deals), int(deals["won"].sum())) == (8000, 842, 842)
    assert deals["amount"].sum() == pytest.approx(expected["gmv_total"], abs=0.005)
    assert (deals["amount"] > 0).sum() == expected["won_with_sales"]
    by_month = cohorts(olist, "America/Sao_Paulo")
    assert by_month.apply(list, axis=1).to_dict() == {
        month: counts[:2] for month, counts in expected["by_month"].items()
    }


def test_olist_tiers_keep_the_blank_apart(olist, answers):
    counted = rows(olist, "leads")["tier"].fillna("(blank)").value_counts().to_dict()
    assert counted == {origin: counts[0] for origin, counts in answers["olist"]["by_origin"].items()}


def test_olist_truncation_is_told(olist):
    finding = anomaly(olist, "truncated_history")
    assert finding["values"]["first_win"] == "2017-12-05"
    assert finding["count"] == 1405  # leads of 14 June to 4 November 2017, counted by hand from the file
    assert "close rate" in finding["affects"]
    assert anomaly(olist, "closed_before_created")["count"] == 1
    assert anomaly(olist, "date_only")["share"] == 1
    assert olist.quality["precision"]["leads.created_at"]["time_of_day"] is False
    assert olist.exported_at == pd.Timestamp("2018-11-15 00:00", tz="America/Sao_Paulo")


def test_school_counts_and_amounts_are_the_reference(school, answers):
    expected = answers["school"]
    deals = rows(school, "deals")
    won = deals[deals["won"].fillna(False).astype(bool)]
    assert reconciles(school)
    assert {name: table["read"] for name, table in school.quality["tables"].items()} == {
        "leads": 9226,
        "deals": 9226,
        "activities": 42724,
        "assignments": 0,
    }
    assert len(won) == expected["won"] == 436
    assert won["amount"].sum() == expected["won_amount_sum"]
    assert won["amount"].isna().sum() == expected["won_amount_missing"] == 15
    assert won["closed_at"].isna().sum() == expected["won_without_closing_date"] == 161
    assert cohorts(school, "Europe/Berlin").apply(list, axis=1).to_dict() == {
        month: counts[:2] for month, counts in expected["by_month"].items()
    }


def test_school_offers_of_leads_before_2024_are_the_reference(school, answers):
    leads, won, revenue = duckdb.execute(f"""
        select count(*), count(*) filter (where d.won), sum(d.amount) filter (where d.won)
        from '{school.tables["leads"]}' as l left join '{school.tables["deals"]}' as d using (lead_id)
        where l.created_at < timestamp '2023-12-31 23:00'
    """).fetchone()
    expected = answers["school"]["created_before_2024"]
    assert (leads, won, revenue) == (expected["leads"], expected["won"], expected["won_amount_sum"])


def test_school_trouble_is_counted(school):
    """Counts taken from the files with pandas, apart from the import."""
    counts = {(a["id"], a["table"]): a["count"] for a in school.quality["anomalies"]}
    assert counts[("won_without_closing_date", "deals")] == 161
    assert counts[("won_without_amount", "deals")] == 15
    assert counts[("closed_before_created", "deals")] == 12
    assert counts[("no_tier", "leads")] == 993
    assert counts[("future_date", "deals")] == 2
    assert counts[("unknown_value", "activities")] == 3  # calls that are overdue
    assert ("truncated_history", "deals") not in counts


def test_school_first_calls_agree_with_the_crms_own_clock(school):
    """The CRM's `SLA` column is the wall time from a lead to its first outbound call."""
    both, agreeing = duckdb.execute(f"""
        with ours as (
            select l.lead_id, min(date_diff('second', l.created_at, a.occurred_at)) as seconds
            from '{school.tables["leads"]}' as l
            inner join '{school.tables["activities"]}' as a using (lead_id)
            where a.outbound and a.occurred_at >= l.created_at
            group by l.lead_id
        ),
        theirs as (
            select Id as lead_id, epoch(replace(SLA, ',', '')::interval) as seconds
            from read_csv('{DATA}/school/deals.csv', all_varchar = true) where SLA is not null
        )
        select count(*), count(*) filter (where abs(ours.seconds - theirs.seconds) <= 900)
        from ours inner join theirs using (lead_id)
    """).fetchone()
    assert both > 6000
    assert agreeing / both >= 0.95


DIALECTS = {  # file, delimiter, lead date, win date
    "dd-mm-yyyy": (",", "%d-%m-%Y", "%d-%m-%Y %H:%M"),
    "iso_mql_us_closed": (",", "%Y-%m-%d", "%m/%d/%Y %H:%M"),
    "semicolon_bom_dots": (";", "%Y.%m.%d", "%Y.%m.%d %H:%M"),
    "us_m-d-yyyy": (",", "%m/%d/%Y", "%m/%d/%Y %H:%M"),
}


def dialect(name, tmp_path):
    """A dialect's tables, the channel's spelling put right by the mapping's value map."""
    delimiter, lead_date, win_date = DIALECTS[name]
    folder = DATA / "exports" / "date_formats"
    origins = "{" + ", ".join(f"{word.replace('_', ' ').title()}: {word}" for word in ORIGINS) + "}"
    mapping = f"""\
zone: America/Sao_Paulo
files:
  leads: {{path: {name}_mql.csv, delimiter: "{delimiter}"}}
  closed: {{path: {name}_closed.csv, delimiter: "{delimiter}"}}
tables:
  leads:
    from: leads
    columns:
      lead_id: mql_id
      created_at: {{column: first_contact_date, format: "{lead_date}"}}
      sourced_by: {{constant: marketing}}
      tier: {{column: origin, values: {origins}}}
  deals:
    from: closed
    columns:
      deal_id: seller_id
      lead_id: mql_id
      closed_at: {{column: won_date, format: "{win_date}"}}
      won: {{constant: true}}
"""
    (tmp_path / "source.yml").write_text(mapping)
    return import_source(open_source(tmp_path / "source.yml", data=folder), tmp_path / "snapshots")


ORIGINS = (
    "direct_traffic", "display", "email", "organic_search", "other", "other_publicities", "paid_search",
    "referral", "social", "unknown",
)  # fmt: skip


@pytest.mark.parametrize("name", DIALECTS)
def test_the_olist_dialects_import_to_equal_tables(name, olist, tmp_path):
    """Four delimiters and date orders, one content; the US one holds only sellers that sold."""
    snapshot = dialect(name, tmp_path)
    assert reconciles(snapshot)
    leads, deals = rows(snapshot, "leads"), rows(snapshot, "deals")
    expected_leads = rows(olist, "leads").drop(columns=["segment", "owner", "lost_reason"])
    if name == "semicolon_bom_dots":  # who made this file filled in the blank channels
        expected_leads = expected_leads.fillna({"tier": "direct_traffic"})
    pd.testing.assert_frame_equal(leads.drop(columns=["segment", "owner", "lost_reason"]), expected_leads)
    expected = rows(olist, "deals").assign(closed_at=lambda deals: deals["closed_at"].dt.floor("min"))
    if name == "us_m-d-yyyy":
        assert set(deals["deal_id"]) <= set(expected["deal_id"])
        expected = expected[expected["deal_id"].isin(deals["deal_id"])]
        assert len(deals) == 380
    columns = ["deal_id", "lead_id", "closed_at", "won", "sourced_by"]
    expected = expected.sort_values(["closed_at", "deal_id"], ignore_index=True)
    pd.testing.assert_frame_equal(deals[columns], expected[columns])
