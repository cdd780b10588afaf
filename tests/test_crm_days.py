"""A date is no instant: it is the company's day, however it is kept. Numbers and odd blanks are no guess."""

import io
from datetime import datetime

import duckdb
import pandas as pd
import pytest

from slanb.errors import SlanbError
from slanb.facts import Facts
from tests.crm_exports import HUBSPOT, HUBSPOT_SOURCE, in_utc, taken_in
from tests.crm_sources import MAPPING, anomaly, by_id, imported, rows

NEW_YORK = MAPPING.replace("Europe/Berlin", "America/New_York")
IN_BOTH = NEW_YORK.replace('"%Y-%m-%d"', "[iso, epoch_ms, epoch_s]")
DEALS = "Id,Lead,Closed,Stage,Amount\nd1,1,{},Won,1000\nd2,2,{},Won,500\n"
STARTS = {"d1": (datetime(2026, 3, 20, 4),), "d2": (datetime(2026, 3, 25, 4),)}  # New York, UTC-4


def closed(snapshot):
    frame = rows(snapshot, "deals").set_index("deal_id")
    return {key: (value[0].to_pydatetime(),) for key, value in by_id(frame, "closed_at").items()}


@pytest.mark.parametrize(
    "cells",
    [
        ("2026-03-20T00:00:00Z", "2026-03-25T00:00:00.000+0000"),
        ("1773964800000", "1774396800000"),
        ("1773964800", "2026-03-25"),
        ("2026-03-20", "2026-03-25 00:00"),
    ],
)
def test_a_date_kept_as_midnight_of_utc_is_the_companys_day(tmp_path, cells):
    snapshot = imported(tmp_path, IN_BOTH, deals=DEALS.format(*cells))
    assert closed(snapshot) == STARTS
    assert snapshot.days["deals"] == ["closed_at"]


def test_instants_of_which_one_is_at_midnight_stay_instants(tmp_path):
    cells = ("2026-03-20T00:00:00Z", "2026-03-25T09:30:00Z")
    snapshot = imported(tmp_path, IN_BOTH, deals=DEALS.format(*cells))
    assert closed(snapshot) == {"d1": (datetime(2026, 3, 20),), "d2": (datetime(2026, 3, 25, 9, 30),)}
    assert "deals" not in snapshot.days


@pytest.mark.parametrize("kind", ["timestamptz", "date", "timestamp"])
def test_so_it_is_in_a_parquet_file(tmp_path, kind):
    target = tmp_path / "deals.parquet"
    duckdb.execute(
        "set TimeZone = 'UTC'; copy (select 'd' || n as Id, n::varchar as Lead, "
        f"('2026-03-' || day || '{' 00:00+00' if kind == 'timestamptz' else ''}')::{kind} as Closed, "
        "'Won' as Stage, 1 as Amount from (values (1, 20), (2, 25)) as days (n, day)) "
        f"to '{target}' (format parquet)"
    )
    mapping = IN_BOTH.replace("deals: deals.csv", "deals: deals.parquet")
    snapshot = imported(tmp_path, mapping, **{"deals.parquet": target.read_bytes()})
    assert closed(snapshot) == STARTS


def test_a_date_is_the_sources_day_whatever_the_zone_of_its_column(tmp_path):
    mapping = NEW_YORK.replace('"%Y-%m-%d"}', '"%Y-%m-%d", zone: Asia/Tokyo}')
    assert closed(imported(tmp_path, mapping, deals=DEALS.format("2026-03-20", "2026-03-25"))) == STARTS


@pytest.mark.parametrize("zone", ["America/Chicago", "Europe/Berlin", "Asia/Tokyo"])
def test_a_presets_date_property_is_a_day_in_every_zone(tmp_path, zone):
    contacts = in_utc(HUBSPOT["contacts"])
    dated = pd.read_csv(io.StringIO(contacts), dtype=str, keep_default_na=False).assign(
        handed=lambda frame: ["2026-02-01T00:00:00Z"] * len(frame)
    )
    source = HUBSPOT_SOURCE.replace("Europe/Berlin", zone).replace(
        "{contacts: {tier", "{contacts: {handed_off: handed, tier"
    )
    snapshot = taken_in(tmp_path, source, HUBSPOT | {"contacts": dated.to_csv(index=False)})
    days = rows(snapshot, "leads")["handed_off_at"].dropna().dt.tz_localize("UTC").dt.tz_convert(zone)
    assert "2026-02-01 00:00" in set(days.dt.strftime("%Y-%m-%d %H:%M"))
    assert not (days.dt.strftime("%Y-%m-%d") == "2026-01-31").any()


# -- facts


def on(day: str, zone: str) -> datetime:
    return pd.Timestamp(day, tz=zone).tz_convert("UTC").tz_localize(None)


@pytest.mark.parametrize("zone", ["America/Chicago", "Asia/Tokyo", "UTC"])
def test_a_day_on_record_is_that_day_in_the_agreements_zone(zone):
    """A lead made on 1 April at noon, and handed off, called and won on that day, which alone is kept."""
    noon = on("2026-04-01 12:00", zone)
    day = pd.Timestamp("2026-04-01")  # as the records' clock, UTC, has it
    tables = {
        "leads": {
            "lead_id": ["1"], "created_at": [noon], "handed_off_at": [day], "sourced_by": ["marketing"],
        },
        "deals": {"deal_id": ["d"], "lead_id": ["1"], "closed_at": [day], "won": [True], "amount": [5.0]},
        "activities": {
            "activity_id": ["a"], "lead_id": ["1"], "occurred_at": [day], "kind": ["call"],
            "by_human": [True], "outbound": [True], "connected": [True],
        },
    }  # fmt: skip
    end = pd.Timestamp("2026-06-01", tz="UTC")
    facts = Facts(
        {name: pd.DataFrame(columns) for name, columns in tables.items()},
        as_of=end,
        exported_at=end,
        zone=zone,
        days={"leads": ["handed_off_at"], "deals": ["closed_at"], "activities": ["occurred_at"]},
        days_of="UTC",
    )
    april = [pd.Period("2026-04", "M")]
    assert facts.closings(april)["deals"].tolist() == [1]
    assert facts.cycles(april)[["deals", "median_days"]].to_numpy().tolist() == [[1, 0]]
    assert facts.coverage["half_after_days"] == 0
    assert facts.ask("attempts")["occurred_at"].tolist() == [noon]


# -- what is not guessed


def test_days_as_excel_counts_them_are_refused_and_read_where_it_is_said(tmp_path):
    leads = "Id,Created,Kind\n1,46101,A\n2,46106.5,A\n"
    with pytest.raises(SlanbError, match=r"say `format:` excel \(46101 is 20 March 2026\), or export dates"):
        imported(tmp_path / "unsaid", NEW_YORK, leads=leads)
    said = imported(tmp_path / "said", NEW_YORK.replace('"%Y-%m-%d %H:%M"', "excel"), leads=leads)
    assert dict(zip(("d1", "d2"), ((at,) for at in rows(said, "leads")["created_at"]), strict=True)) == {
        "d1": (datetime(2026, 3, 20, 4),),
        "d2": (datetime(2026, 3, 25, 16),),
    }


def test_a_preset_takes_no_five_digits_for_seconds(tmp_path):
    contacts = HUBSPOT["contacts"].replace("2026-01-09 09:00", "46031").replace("2026-01-12 09:00", "46034")
    contacts = contacts.replace("2026-01-08 09:00", "46030").replace("2026-01-07 09:00", "46029")
    few = {
        "contacts": "\n".join([contacts.splitlines()[0], *(c for c in contacts.splitlines() if "4603" in c)])
    }
    with pytest.raises(SlanbError, match=r'"createdate" holds times .* excel \(4603\d is \d+ January 2026\)'):
        taken_in(tmp_path / "unsaid", HUBSPOT_SOURCE, HUBSPOT | few)
    said = taken_in(tmp_path / "said", HUBSPOT_SOURCE + "times: excel\n", HUBSPOT | few)
    assert anomaly(said, "implausible_date") is None


@pytest.mark.parametrize("blank", ["\u202f", "\u00a0", "\u2009", " \u200e"])
def test_a_wide_blank_in_a_time_is_a_blank(tmp_path, blank):
    leads = f'Id,Created,Kind\n1,"3/2/2026, 9:00{blank}AM",A\n'
    mapping = MAPPING.replace('"%Y-%m-%d %H:%M"', '"%m/%d/%Y, %I:%M %p"')
    created = rows(imported(tmp_path, mapping, leads=leads), "leads")["created_at"]
    assert created.tolist() == [pd.Timestamp("2026-03-02 08:00")]


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ('times: ["%d-%m-%Y", "%m-%d-%Y"]\n', r"line 8: times: formats that never read one text as two days"),
        (
            'files: {deals: {path: deals.csv, times: ["%d/%m/%y", "%m/%d/%y"]}}\n',
            "files.deals.times: formats",
        ),
        ('exported_at: "soon"\n', 'line 8: exported_at is "soon", but'),
        ('decimal: ","\nthousands: ","\n', "two different marks are expected"),
    ],
)
def test_what_clashes_in_a_presets_mapping_is_a_sentence(tmp_path, more, expected):
    with pytest.raises(SlanbError, match=expected):
        taken_in(tmp_path, HUBSPOT_SOURCE + more, HUBSPOT)
