"""The HubSpot preset: a hand-written export, and every trap of its names, times and meanings as a test."""

import json
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from slanb.crm import open_source
from slanb.crm.presets.crms import crm_of
from slanb.errors import SlanbError
from tests.crm_exports import (
    CALLS,
    CONTACTS,
    DEALS,
    HUBSPOT,
    HUBSPOT_SOURCE,
    LABELS,
    UNKNOWN,
    VALUE_LABELS,
    in_utc,
    renamed,
    taken_in,
    workbook,
    write_export,
)
from tests.crm_sources import anomaly, by_id, reconciles, rows, says


def utc(*texts):
    return [pd.Timestamp(text) if text else pd.NaT for text in texts]


@pytest.fixture(scope="module")
def hubspot(tmp_path_factory):
    return taken_in(tmp_path_factory.mktemp("hubspot"), HUBSPOT_SOURCE, HUBSPOT)


@pytest.fixture(scope="module")
def leads(hubspot):
    return rows(hubspot, "leads").set_index("lead_id")


@pytest.fixture(scope="module")
def deals(hubspot):
    return rows(hubspot, "deals").set_index("deal_id")


@pytest.fixture(scope="module")
def touches(hubspot):
    return rows(hubspot, "activities").set_index("activity_id")


def test_the_leads_are_those_written_by_hand(leads):
    expected = pd.DataFrame(
        {
            "lead_id": ["205", "208", "201", "203", "206", "205#2"],
            "created_at": utc("2025-01-05 08:00", "2026-01-02 08:00", "2026-01-05 08:00", "2026-01-08 08:00",
                              "2026-01-09 08:00", "2026-01-20 10:00"),
            "handed_off_at": utc("2025-01-06 08:00", "2026-01-12 09:00", "2026-01-06 09:00",
                                 "2026-02-03 08:00", "", "2026-01-20 10:00"),
            "sourced_by": ["marketing", "marketing", "marketing", "sales", "marketing", "marketing"],
            "tier": [None, None, "Buyer", "User", None, None],
            "owner": ["Jo Rep", "Jo Rep", "Jo Rep", "Max Muster", "79", "Jo Rep"],
        }
    ).set_index("lead_id")  # fmt: skip
    pd.testing.assert_frame_equal(leads[list(expected)], expected, check_dtype=False)


def test_the_deals_are_those_written_by_hand(deals):
    assert by_id(deals, "lead_id sourced_by closed_at won amount") == {
        "904": (None, "marketing", utc("2026-01-30 08:00")[0], True, 300),
        "905": ("206", "marketing", utc("2026-01-31 08:00")[0], False, None),
        "906": (None, None, utc("2026-01-31 08:00")[0], True, 700),
        "901": ("201", "marketing", utc("2026-02-01 11:00")[0], True, 1000),
        "903": ("201", "marketing", utc("2026-02-03 08:00")[0], True, 200),
        "907": ("201", "marketing", utc("2026-02-20 08:00")[0], True, 800),
        "902": ("205#2", "marketing", None, None, 500),
        "908": ("208", "marketing", None, None, 900),
    }


def test_the_touches_are_those_written_by_hand(touches):
    assert by_id(touches, "lead_id kind by_human outbound connected") == {
        "1": ("201", "call", True, True, True),
        "2": ("201", "call", True, True, False),
        "2/203": ("203", "call", True, True, False),
        "3": ("205#2", "call", True, False, None),
        "5": ("206", "call", True, True, True),
        "6": ("206", "call", True, True, False),
        "9": ("201", "call", True, True, False),
        "21": ("201", "email", False, True, False),
        "22": ("201", "email", True, True, False),
        "23": ("201", "email", True, False, True),
        "24": ("201", "email", True, False, False),
        "31": ("201", "meeting", True, True, True),
        "34": ("203", "meeting", True, None, None),
    }


# ------------------------------------------------------------ names


def shaped(shape):
    """The export under the names of a screen export, or of a replication tool."""
    if shape == "labels":
        return {name: renamed(text, LABELS.get(name, {}), VALUE_LABELS) for name, text in HUBSPOT.items()}
    names = {"hs_object_id": "id", "type": "type"}
    prefixed = {}
    for name, text in HUBSPOT.items():
        header = text.splitlines()[0].split(",")
        own = {one: names.get(one, f"property_{one}") for one in header}
        prefixed[name] = renamed(text, own) if name != "owners" else text
    return {name: in_utc(text) for name, text in prefixed.items()}


@pytest.mark.parametrize("shape", ["labels", "replicated"])
def test_the_same_export_under_other_names_gives_the_same_tables(hubspot, tmp_path, shape):
    source = HUBSPOT_SOURCE
    if shape == "replicated":
        source = source.replace("hs_persona", "property_hs_persona").replace("Europe/Berlin", "UTC")
    other = taken_in(tmp_path, source, shaped(shape))
    for table in ("leads", "deals", "activities"):
        pd.testing.assert_frame_equal(rows(other, table), rows(hubspot, table), obj=table)


def test_times_in_epoch_milliseconds_are_read(hubspot, tmp_path):
    text = CONTACTS.replace("2026-01-05 09:00", "1767600000000")  # 5 January 2026, 08:00 UTC
    other = taken_in(tmp_path, HUBSPOT_SOURCE, HUBSPOT | {"contacts": text})
    pd.testing.assert_frame_equal(rows(other, "leads"), rows(hubspot, "leads"))


def test_an_export_in_another_language_is_read_by_aliases_and_values(hubspot, tmp_path):
    german = {"createdate": "Erstellungsdatum", "lifecyclestage": "Lifecycle-Phase"}
    text = renamed(CONTACTS, german, {"customer": "Kunde", "PAID_SEARCH": "Bezahlte Suche"})
    source = HUBSPOT_SOURCE.replace(
        "aliases: {contacts: {", "aliases: {contacts: {created: Erstellungsdatum, stage: Lifecycle-Phase, "
    )
    source += "values: {contacts: {stage: {Kunde: customer}}}\nsources: {Bezahlte Suche: marketing}\n"
    other = taken_in(tmp_path, source, HUBSPOT | {"contacts": text})
    pd.testing.assert_frame_equal(rows(other, "leads"), rows(hubspot, "leads"))


def test_names_in_another_language_are_only_data(hubspot, tmp_path, monkeypatch):
    """Its headers, labels and sources in the CRM's file of names, and nothing in the mapping."""
    text = renamed(
        CONTACTS,
        {"createdate": "Erstellungsdatum", "lifecyclestage": "Lifecycle-Phase"},
        {"customer": "Kunde", "PAID_SEARCH": "Bezahlte Suche"},
    )
    crm = crm_of("hubspot")
    contacts = crm.kinds["contacts"]
    fields = contacts.fields | {"created": ["Erstellungsdatum"], "stage": ["Lifecycle-Phase"]}
    labels = {"contacts": {"stage": {"kunde": "customer"}}}
    kinds = crm.kinds | {"contacts": replace(contacts, fields=fields)}
    german = replace(crm, kinds=kinds, labels=labels, sides=crm.sides | {"Bezahlte Suche": "marketing"})
    monkeypatch.setattr("slanb.crm.presets.folder.crm_of", lambda name: german)
    other = taken_in(tmp_path, HUBSPOT_SOURCE, HUBSPOT | {"contacts": text})
    pd.testing.assert_frame_equal(rows(other, "leads"), rows(hubspot, "leads"))


def test_a_workbook_gives_the_same_tables(hubspot, tmp_path):
    book = workbook(CONTACTS, dates=(3,))  # createdate as Excel keeps dates
    files = {name: text for name, text in HUBSPOT.items() if name != "contacts"}
    other = taken_in(tmp_path, HUBSPOT_SOURCE, files | {"contacts.xlsx": book})
    pd.testing.assert_frame_equal(rows(other, "leads"), rows(hubspot, "leads"))


# ------------------------------------------------------------ people and hand-offs


def test_a_merged_record_and_a_shared_address_are_one_person(hubspot, leads, deals):
    assert "204" not in leads.index  # Ann@Example.com
    assert deals.loc["907", "lead_id"] == "201"  # on 199, merged into 201
    assert hubspot.quality["meaning"]["people"]["merged into another or the same person"] == 2
    assert "share an e-mail address" in says(hubspot.quality["meaning"]["rules"][0])


def test_rules_tell_who_of_several_is_a_deals_lead_and_whose_each_source_is(hubspot):
    """By hand: deal 903 alone names two people (907 names a record merged into another)."""
    told = [says(rule) for rule in hubspot.quality["meaning"]["rules"]]
    assert any(line.startswith("The lead of a deal is the person on it; of several") for line in told)
    assert any(line.endswith("whoever was created first. 1 deal names several people.") for line in told)
    assert "Sources taken for sales': OFFLINE." in told
    (marketing,) = [line for line in told if line.startswith("Sources taken for marketing's: ")]
    assert {"PAID_SEARCH", "REFERRALS"} <= set(marketing.rstrip(".").replace(",", "").split())


def test_an_additional_address_makes_one_person_named_after_the_first_record(leads):
    assert "207" not in leads.index
    assert leads.loc["208", "handed_off_at"] == pd.Timestamp("2026-01-12 09:00")
    assert leads.loc["208", "sourced_by"] == "marketing"  # DIRECT_TRAFFIC came first, OFFLINE later


def test_a_contact_below_the_threshold_is_nurtured_and_counted(hubspot, leads):
    assert "202" not in leads.index
    people = hubspot.quality["meaning"]["people"]
    assert people["nurtured"] == 1
    assert people["records"] == people["people"] + people["merged into another or the same person"]
    assert anomaly(hubspot, "nurtured_deal")["count"] == 1


def test_a_skipped_stage_is_reached_with_the_next_one(leads):
    assert leads.loc["203", "handed_off_at"] == pd.Timestamp(
        "2026-02-03 08:00"
    )  # customer without an MQL date


def test_a_stage_without_a_date_is_a_hand_off_at_an_unknown_time(hubspot, leads):
    assert pd.isna(leads.loc["206", "handed_off_at"])
    assert anomaly(hubspot, "no_hand_off")["examples"] == ["206"]


def test_another_threshold_presents_other_leads(tmp_path):
    source = HUBSPOT_SOURCE + "qualified: [customer]\n"
    leads = rows(taken_in(tmp_path, source, HUBSPOT), "leads").set_index("lead_id")
    assert set(leads.index) == {"201", "203"}
    assert leads.loc["201", "handed_off_at"] == pd.Timestamp("2026-02-01 11:00")


def test_a_score_can_be_the_threshold(tmp_path):
    text = renamed(CONTACTS, {"num_contacted_notes": "Fit score"})
    source = HUBSPOT_SOURCE + "qualified_score: {column: Fit score, at_least: 5}\n"
    snapshot = taken_in(tmp_path, source, HUBSPOT | {"contacts": text})
    assert rows(snapshot, "leads")["lead_id"].tolist() == ["201"]


def test_a_column_can_say_when_a_lead_was_presented(tmp_path):
    source = HUBSPOT_SOURCE.replace("tier: hs_persona", "handed_off: hs_lifecyclestage_customer_date")
    leads = rows(taken_in(tmp_path, source, HUBSPOT), "leads").set_index("lead_id")
    assert leads["handed_off_at"].to_dict() == {
        "201": pd.Timestamp("2026-02-01 11:00"),
        "203": pd.Timestamp("2026-02-03 08:00"),
    }


@pytest.mark.parametrize(("days", "again"), [("180", True), ("400", False), ("null", False)])
def test_who_converts_again_after_the_stated_gap_is_a_new_lead(tmp_path, days, again):
    snapshot = taken_in(tmp_path, HUBSPOT_SOURCE + f"again_after_days: {days}\n", HUBSPOT)
    assert ("205#2" in set(rows(snapshot, "leads")["lead_id"])) is again


def test_a_deal_and_a_touch_belong_to_the_hand_off_before_them(deals, touches):
    assert deals.loc["902", "lead_id"] == "205#2"
    assert touches.loc["3", "lead_id"] == "205#2"


# ------------------------------------------------------------ touches


@pytest.mark.parametrize(
    ("ids", "why"),
    [
        (["4", "8"], "a call that did not go out"),
        (["25"], "a mail not sent or bounced"),
        (["32", "33"], "a meeting that did not take place"),
        (["41"], "a task or note, no touch"),
    ],
)
def test_what_is_no_touch_is_left_out_and_counted(hubspot, touches, ids, why):
    assert not set(ids) & set(touches.index)
    assert hubspot.quality["meaning"]["activities"][why] == len(ids)


def test_a_sequence_is_not_by_a_human(touches):
    assert not touches.loc["21", "by_human"]
    assert touches.loc["22", "by_human"]


def test_an_unknown_disposition_is_listed_and_not_guessed(hubspot, touches):
    assert pd.isna(touches.loc["3", "connected"])
    assert hubspot.quality["tables"]["activities"]["unknown"]["connected"] == {UNKNOWN: 1}


def test_an_unknown_disposition_can_be_told(tmp_path):
    source = HUBSPOT_SOURCE + f'connected: {{"{UNKNOWN}": true}}\n'
    touches = rows(taken_in(tmp_path, source, HUBSPOT), "activities").set_index("activity_id")
    assert touches.loc["3", "connected"]


def test_without_a_least_length_a_call_without_a_result_is_not_judged(tmp_path):
    source = HUBSPOT_SOURCE.replace("connected_call_seconds: 60\n", "")
    touches = rows(taken_in(tmp_path, source, HUBSPOT), "activities").set_index("activity_id")
    assert touches.loc[["5", "6"], "connected"].isna().all()


def test_a_touch_counts_when_it_happened_not_when_it_was_logged(hubspot, touches):
    assert touches.loc["1", "occurred_at"] == pd.Timestamp("2026-01-06 10:30")
    assert anomaly(hubspot, "logged_late")["examples"] == ["1"]


# ------------------------------------------------------------ deals and sides


def test_stages_of_a_pipeline_are_won_where_said_and_others_are_listed(hubspot, deals):
    assert deals.loc["903", "won"]
    assert hubspot.quality["tables"]["deals"]["unknown"]["won"] == {"999": 1}


def test_a_file_of_stages_says_what_they_are(tmp_path):
    stages = "stage_id,label,pipeline_id,is_closed,closed_won\n999,Won it,default,TRUE,TRUE\n"
    deals = rows(taken_in(tmp_path, HUBSPOT_SOURCE, HUBSPOT | {"deal_pipeline_stage": stages}), "deals")
    assert deals.set_index("deal_id").loc["908", "won"]


def test_only_named_pipelines_count(tmp_path):
    snapshot = taken_in(tmp_path, HUBSPOT_SOURCE + "pipelines: [default]\n", HUBSPOT)
    assert "903" not in set(rows(snapshot, "deals")["deal_id"])
    assert snapshot.quality["meaning"]["deals"]["of another pipeline"] == 1


def test_an_expected_closing_date_is_no_closing(deals):
    assert pd.isna(deals.loc["902", "closed_at"])


def test_a_lost_deals_amount_in_another_currency_is_empty_and_no_fault(hubspot, deals):
    assert pd.isna(deals.loc["905", "amount"])
    assert hubspot.quality["tables"]["deals"]["emptied"] == {}


def test_several_currencies_need_one_to_be_named(tmp_path):
    with pytest.raises(SlanbError, match=r"several currencies: EUR \(7\), USD \(1\). Say `currency:`"):
        taken_in(tmp_path, HUBSPOT_SOURCE.replace("currency: EUR\n", ""), HUBSPOT)


def test_marketings_part_is_told_by_three_rules(hubspot):
    """By hand: won are 901, 903, 904, 906, 907 (3,000 together); 906 has no contact."""
    by_rule = hubspot.quality["sourced_by"]["by_rule"]
    assert {
        rule: (share["won"], share["marketing"], share["marketing_amount"]) for rule, share in by_rule.items()
    } == {
        "first_source": (5, 4, 2300),  # all but 906
        "deal_source": (5, 4, 2000),  # all but 901, whose own source is OFFLINE
        "contact_role": (5, 4, 2300),
    }
    assert by_rule["first_source"]["months"]["2026-01"] == {
        "won": 2, "marketing": 1, "amount": 1000, "marketing_amount": 300,
    }  # fmt: skip
    assert hubspot.quality["sourced_by"]["rule"] == "first_source"


def test_the_rule_in_force_decides_the_deals_side(tmp_path):
    source = HUBSPOT_SOURCE + "sourced_by: deal_source\n"
    deals = rows(taken_in(tmp_path, source, HUBSPOT), "deals").set_index("deal_id")
    assert deals.loc["901", "sourced_by"] == "sales"
    assert deals.loc["906", "sourced_by"] == "marketing"


# ------------------------------------------------------------ what is missing, and what must not be carried


def test_all_that_is_missing_is_told_at_once(tmp_path):
    contacts = renamed(CONTACTS, {"hs_analytics_source": "Herkunft"})
    files = {"contacts": contacts, "calls": CALLS}
    with pytest.raises(SlanbError) as caught:
        open_source(write_export(tmp_path, HUBSPOT_SOURCE, files))
    shown = "\n".join(caught.value.problems)
    assert "no file holds hubspot's deals. Found: calls.csv, contacts.csv" in shown
    assert 'no column says where leads came from ("hs_analytics_source", "Original Source")' in shown


def test_dates_that_can_be_read_two_ways_are_shown_both_ways(tmp_path):
    deals = DEALS.replace("2026-02-01 12:00", "01/02/2026 12:00").replace(
        "2026-01-31 00:00", "03/02/2026 00:00"
    )
    deals = "\n".join(
        line for line in deals.splitlines() if line[:3] not in ("904", "905", "906", "908", "903", "907")
    )
    with pytest.raises(SlanbError) as caught:
        taken_in(tmp_path, HUBSPOT_SOURCE, HUBSPOT | {"deals": deals})
    assert "\n".join(caught.value.problems) == (
        'deals.csv: column "closedate" holds times in a form not named. They can be read as "%d/%m/%Y %H:%M" '
        '(01/02/2026 12:00 is 1 February 2026), or "%m/%d/%Y %H:%M" (01/02/2026 12:00 is 2 January 2026). '
        "Say which: `times:`."
    )


def test_a_field_or_kind_that_does_not_exist_is_told(tmp_path):
    with pytest.raises(
        SlanbError, match=r"aliases.contacts.tiers is not a field of contacts. Known here: id, cre"
    ):
        taken_in(tmp_path, HUBSPOT_SOURCE.replace("tier: hs", "tiers: hs"), HUBSPOT)


def test_nothing_personal_leaves_the_import(hubspot):
    kept = b"".join(path.read_bytes() for path in sorted(Path(hubspot.folder).iterdir())).decode("latin-1")
    shown = json.dumps(hubspot.quality) + hubspot.quarantine.to_csv()
    tables = "".join(
        rows(hubspot, table).to_csv() for table in ("leads", "deals", "activities", "assignments")
    )
    for word in (
        "example.com",
        "old.example",
        "company.example",
        "Ann",
        "Bob",
        "Hello",
        "030 123456",
        "Nobody",
    ):
        assert word not in kept + shown + tables, word


def test_owners_can_be_shown_by_pseudonym(tmp_path):
    snapshot = taken_in(tmp_path, HUBSPOT_SOURCE + "owners: pseudonym\n", HUBSPOT)
    shown = pd.concat([rows(snapshot, table)["owner"] for table in ("leads", "activities")])
    assert set(shown.dropna()) == {"Owner 1", "Owner 2", "Owner 3"}
    text = "".join(rows(snapshot, table).to_csv() for table in ("leads", "activities"))
    assert "Jo Rep" not in text


def test_every_row_is_accounted_for(hubspot):
    assert reconciles(hubspot)
    meaning = hubspot.quality["meaning"]
    activities = meaning["activities"]
    reasons = {
        key: n
        for key, n in activities.items()
        if key not in ("records", "touches", "rows, one a lead touched")
    }
    assert activities["records"] == activities["touches"] + sum(reasons.values()) == 19
