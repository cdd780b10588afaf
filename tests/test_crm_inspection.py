"""A folder looked at: what it is taken for, and both readings where there are two."""

import pytest

from slanb import cli
from slanb.crm import open_source
from slanb.crm.inspection import inspect_folder
from slanb.dictionary.wording import Wording
from slanb.errors import SlanbError
from tests.crm_exports import DEALS, HUBSPOT, HUBSPOT_SOURCE, SALESFORCE, SALESFORCE_SOURCE, write_export
from tests.crm_sources import write_source


@pytest.fixture
def hubspot(tmp_path):
    write_export(tmp_path, HUBSPOT_SOURCE, HUBSPOT)
    return tmp_path / "data"


def test_each_column_is_told_with_what_it_is_taken_for(hubspot):
    inspection = inspect_folder(hubspot)
    assert inspection.preset == "hubspot"
    lines = [" ".join(line.split()) for line in inspection.text.splitlines()]
    assert "contacts.csv: taken for contacts (8 rows looked at)" in lines
    assert "createdate created; times: iso" in lines
    assert "firstname not used" in lines
    assert "hs_call_disposition disposition" in lines
    assert any("Whose clock?" in line for line in lines)


def test_nobodys_name_or_number_is_shown_as_a_choice(tmp_path):
    people = "Id,Name,Phone\n" + "".join(f"{n},Name {n},030 123456{n}\n" for n in range(9))
    text = inspect_folder(write_source(tmp_path, leads=people).parent / "data").text
    assert "Name 1" not in text
    assert "030" not in text


def test_bytes_that_are_no_text_are_looked_at_all_the_same(tmp_path):
    leads = "Id,Created,Kind\n1,2026-03-01,B\xfcro\n2,2026-03-02 \xe9,A\n".encode("cp1252")
    text = inspect_folder(write_source(tmp_path, leads=leads).parent / "data").text
    assert "few values: B\ufffdro, A" in text


def test_dates_that_read_two_ways_are_asked_about_and_left_open(tmp_path):
    deals = DEALS.replace("2026-01-", "01/").replace("2026-02-", "02/")
    for day in range(1, 32):  # days and months that could change places
        deals = deals.replace(f"01/{day:02} ", "01/02/2026 ").replace(f"02/{day:02} ", "02/03/2026 ")
    write_export(tmp_path, HUBSPOT_SOURCE, HUBSPOT | {"deals": deals})
    inspection = inspect_folder(tmp_path / "data")
    question = 'deals.csv, "createdate": "%d/%m/%Y %H:%M" (01/02/2026 09:00 is 1 February 2026), or "%m/%d/%Y'
    assert question in Wording().say(inspection.questions[0])
    assert '# times: ["%d/%m/%Y %H:%M"]\n# times: ["%m/%d/%Y %H:%M"]\ntimes: "???"' in inspection.starter


def test_a_starter_is_refused_until_it_is_filled_in_and_works_then(tmp_path, capsys):
    write_export(tmp_path, SALESFORCE_SOURCE, SALESFORCE)
    target = tmp_path / "mine.yml"
    assert cli.main(["source", "inspect", str(tmp_path / "data"), "--write", str(target)]) == 0
    assert "looks like salesforce" in capsys.readouterr().out
    with pytest.raises(SlanbError) as caught:
        open_source(target)
    refusal = str(caught.value)
    assert 'zone is "???", but a time zone such as Europe/Berlin is expected' in refusal
    assert "sources.Web" in refusal
    text = target.read_text().replace('zone: "???"', "zone: UTC").replace('"???"', "marketing")
    target.write_text(text)
    assert open_source(target).prepare is not None
    assert cli.main(["source", "inspect", str(tmp_path / "data"), "--write", str(target)]) == 1
    assert "exists already" in capsys.readouterr().err


def test_files_of_no_known_crm_get_an_explicit_mapping_to_fill_in(tmp_path):
    folder = write_source(tmp_path).parent / "data"
    inspection = inspect_folder(folder)
    assert inspection.preset == "csv"
    assert 'file_1: {path: "deals.csv"}' in inspection.starter
    assert '#   file_2 "Created": format: "iso"' in inspection.starter


def test_what_cannot_be_looked_at_is_told(tmp_path):
    with pytest.raises(SlanbError, match="no such folder"):
        inspect_folder(tmp_path / "none")
    with pytest.raises(SlanbError, match="no file that is read"):
        inspect_folder(tmp_path)
    with pytest.raises(SlanbError, match="--preset is pipedrive, but one of hubspot, salesforce, csv"):
        inspect_folder(tmp_path, "pipedrive")


def test_amounts_in_several_currencies_are_asked_about(tmp_path):
    lines = [f"{n},{n}00,{'EUR' if n % 3 else 'usd'},DE" for n in range(40)]
    deals = "\n".join(["Id,Amount,Money,Country", *lines])
    inspection = inspect_folder(write_source(tmp_path, deals=deals).parent / "data")
    asked = [Wording().say(question) for question in inspection.questions]
    assert (
        'deals.csv, "Money": amounts are in several currencies, usd and EUR. Say `currency:`, the '
        "agreement's, and under `rates:` what one of each other is in it, by month; amounts of different "
        "currencies are never added up."
    ) in asked
    assert not any("Country" in each for each in asked)
