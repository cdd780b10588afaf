"""Every file of the sample exports beside the checkout is imported, or told why not.

They are public samples of real shapes, in ../shared/data/exports, and no part of the project.
"""

from pathlib import Path

import pytest

from slanb.crm import import_source, open_source
from slanb.crm.inspection import inspect_folder
from slanb.errors import SlanbError
from tests.crm_sources import anomaly, reconciles, rows
from tests.soak import accounted

EXPORTS = Path(__file__).parents[2] / "shared" / "data" / "exports"
pytestmark = pytest.mark.skipif(
    not EXPORTS.is_dir(), reason="the sample exports of ../shared/data are not here"
)


def source(tmp_path, folder, preset, more=""):
    path = tmp_path / "source.yml"
    path.write_text(f"preset: {preset}\nzone: UTC\n{more}")
    return open_source(path, data=EXPORTS / folder)


def taken(tmp_path, *arguments):
    return import_source(source(tmp_path, *arguments), tmp_path / "snapshots")


EVERYTHING = "sourced_by: marketing\n"
SCREEN = 'times: ["%m/%d/%y %I:%M %p", "%m/%d/%y"]\naliases: {leads: {created: LastModifiedDate}}\n'


@pytest.mark.parametrize(
    ("folder", "preset", "more", "leads", "deals"),
    [
        ("hubspot_replicated", "hubspot", EVERYTHING, 19, 44),
        ("salesforce_api", "salesforce", EVERYTHING, 60, 50),
        ("salesforce_replicated", "salesforce", EVERYTHING, 1, 0),
        ("salesforce_screen_dates", "salesforce", EVERYTHING + SCREEN, 22, 36),
    ],
)
def test_every_file_of_a_folder_is_used_or_told_why_not(tmp_path, folder, preset, more, leads, deals):
    """Leads and deals counted in the files: of HubSpot's 22 contacts 3 are merged into others that are there;
    the replicated opportunities are all deleted."""
    snapshot = taken(tmp_path, folder, preset, more)
    meaning = snapshot.quality["meaning"]
    assert {path.name for path in (EXPORTS / folder).iterdir()} == {
        *meaning["files"],
        *meaning["files_not_used"],
    }
    assert all(meaning["files_not_used"].values())
    assert (len(rows(snapshot, "leads")), len(rows(snapshot, "deals"))) == (leads, deals)
    assert reconciles(snapshot)
    assert accounted(snapshot)


@pytest.mark.parametrize(
    ("folder", "preset", "more", "reason"),
    [
        ("hubspot_replicated", "hubspot", "", "no column says where leads came from"),
        (
            "salesforce_api",
            "salesforce",
            "",
            '"Cold Call" (25), "Referral" (22), "Online Form" (13). Say under',
        ),
        (
            "salesforce_screen_dates",
            "salesforce",
            EVERYTHING,
            "Lead.csv: has no column for the created of its",
        ),
        (
            "salesforce_screen_dates",
            "salesforce",
            EVERYTHING + "aliases: {leads: {created: LastModifiedDate}}\n",
            'Opportunity.csv: column "CloseDate" holds times in a form not named. They can be read as "%m/',
        ),
        ("headers", "salesforce", EVERYTHING, "leads has no rows"),
    ],
)
def test_what_cannot_be_used_is_refused_with_the_reason(tmp_path, folder, preset, more, reason):
    with pytest.raises(SlanbError) as caught:
        taken(tmp_path, folder, preset, more)
    assert reason in str(caught.value)


def test_the_hubspot_labels_are_known():
    """The list of internal names and labels: those the preset uses are known by both."""
    from slanb.crm.presets.crms import crm_of
    from slanb.crm.presets.recognition import columns_of

    lines = (EXPORTS / "headers" / "hubspot_property_labels.csv").read_text().splitlines()[1:]
    for name in ("contacts", "deals"):
        kind = crm_of("hubspot").kinds[name]
        pairs = [line.split(",", 2)[1:] for line in lines if line.startswith(name[:-1])]
        for internal, label in pairs:
            by_name, by_label = columns_of(kind, [internal]), columns_of(kind, [label])
            if by_name and internal != "hs_object_id":  # two labels in one cell
                assert set(by_name) == set(by_label), (internal, label)


def test_inspection_names_presets_kinds_and_dates():
    inspection = inspect_folder(EXPORTS / "salesforce_screen_dates")
    assert inspection.preset == "salesforce"
    assert 'Lead.csv: has no column for the created of its leads ("CreatedDate"' in inspection.text
    assert 'times: "%m/%d/%y %I:%M %p" (02/23/26 08:55 PM is 23 February 2026)' in inspection.text
    assert inspect_folder(EXPORTS / "hubspot_replicated").preset == "hubspot"
    assert inspect_folder(EXPORTS / "date_formats").preset == "csv"


def test_dates_in_1970_are_noticed(tmp_path):
    """The sample's meetings carry times that somebody divided by a thousand once too often."""
    snapshot = taken(tmp_path, "hubspot_replicated", "hubspot", EVERYTHING)
    assert anomaly(snapshot, "implausible_date", "activities")["count"] > 0
