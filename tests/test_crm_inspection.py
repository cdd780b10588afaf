"""A folder looked at: what it is taken for, and both readings where there are two."""

import pytest

from slanb import cli
from slanb.crm import open_source
from slanb.crm.inspection import inspect_folder
from slanb.dictionary.wording import Wording
from slanb.errors import SlanbError
from tests.crm_exports import (
    CONTACTS,
    DEALS,
    HUBSPOT,
    HUBSPOT_SOURCE,
    SALESFORCE,
    SALESFORCE_SOURCE,
    taken_in,
    write_export,
)
from tests.crm_sources import rows, write_source


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


@pytest.mark.parametrize(
    ("cells", "shown", "asked"),
    [
        (
            ["€ 1200.50", "$1,200"],
            "numbers, in $ and EUR",
            "amounts are in several currencies, $ and EUR.",
        ),
        (["CHF 500", "1 200 USD"], "numbers, in CHF and USD", "several currencies, CHF and USD."),
        (["$ 500", "$ 50"], "numbers, in $", "several currencies share the sign $ at its amounts."),
        (["CHF 500", "CHF 50"], "numbers, in CHF", None),
        (["D01", "ABC2"], "numbers", None),
    ],
)
def test_the_currencies_that_stand_at_amounts_are_told(tmp_path, cells, shown, asked):
    deals = "Id;Worth\n" + "".join(f"{n};{cell}\n" for n, cell in enumerate(cells))
    inspection = inspect_folder(write_source(tmp_path, deals=deals).parent / "data")
    assert f"Worth  {shown}" in inspection.text
    questions = [
        Wording().say(one) for one in inspection.questions if one.id in ("crm.ask_rates", "crm.ask_sign")
    ]
    assert len(questions) == (asked is not None)
    assert all(asked in question for question in questions)


OWNED = "hubspot_owner_assigneddate,hs_lead_status"


@pytest.mark.parametrize(
    ("asked", "aliases", "handed"),
    [
        (
            'the date in "hubspot_owner_assigneddate" (`handed_off: hubspot_owner_assigneddate`)',
            "aliases: {contacts: {handed_off: hubspot_owner_assigneddate}}\n",
            {"202"},
        ),
        (
            '"hs_lead_status" (NEW, OPEN; `stage: hs_lead_status`)',
            "aliases: {contacts: {stage: hs_lead_status}}\nqualified: [open]\n",
            {"203", "205", "205#2"},  # who came back is one anew
        ),
    ],
)
def test_what_may_tell_that_a_lead_was_presented_is_asked_about_and_works_as_said(
    tmp_path, asked, aliases, handed
):
    header, *people = CONTACTS.splitlines()
    of = {"202": "2026-02-01 09:00,NEW", "203": ",OPEN", "205": ",OPEN"}
    people = [f"{person},{of.get(person[:3], ',')}" for person in people]
    files = HUBSPOT | {"contacts": "\n".join([f"{header},{OWNED}", *people])}
    source = (
        "preset: hubspot\nzone: Europe/Berlin\nfolder: data\nstages: {'777/1234567': won}\ncurrency: EUR\n"
    )
    snapshot = taken_in(tmp_path, source + aliases, files)
    (question,) = (
        one for one in inspect_folder(tmp_path / "data").questions if one.id == "crm.ask_presented"
    )
    assert asked in Wording().say(question)
    assert "marketingqualifiedlead" in Wording().say(question)  # what holds if nothing is said
    assert set(rows(snapshot, "leads")["lead_id"]) == handed


def test_salesforce_asks_which_status_presents_a_lead(tmp_path):
    leads = SALESFORCE["Lead"].replace(",Name\n", ",Unread By Owner\n", 1)
    write_export(tmp_path, SALESFORCE_SOURCE, SALESFORCE | {"Lead": leads})
    asked = Wording().say(inspect_folder(tmp_path / "data").questions[-1])
    assert '"Status" (Closed - Converted, Open' in asked
    assert "`stage: Unread By Owner`" in asked
    assert asked.endswith("If you say nothing: Every lead is presented to sales when it is created.")


def test_what_the_preset_decides_or_leaves_open_is_asked_and_stands_in_the_starter(hubspot):
    """By hand: deal 903 alone names two contacts; hs_persona alone has four rows a value."""
    inspection = inspect_folder(hubspot)
    asked = [Wording().say(question) for question in inspection.questions]
    assert any("marketing's (" in each and "sales' (OFFLINE)" in each for each in asked)
    assert any("1 deal names several people. Is that as you have agreed?" in each for each in asked)
    (fields,) = [each for each in asked if "which column tells" in each]
    assert 'of few values: "hs_persona". Say under `aliases:`, at `contacts:`, `tier: <column>, seg' in fields
    for line in (
        '  "PAID_SEARCH": marketing',
        '  "OFFLINE": sales',
        '# aliases: {contacts: {tier: "hs_persona"}}',
        '  "USD": {2026-01: "???"}',
    ):
        assert line in inspection.starter.splitlines()


def test_a_starter_with_rates_works_once_it_is_filled_in(hubspot, tmp_path):
    target = tmp_path / "mine.yml"
    text = inspect_folder(hubspot).starter.replace("folder: .", f"folder: {hubspot}")
    target.write_text(text)
    with pytest.raises(SlanbError, match=r'(?s)currency is "\?\?\?".*rates\.USD\.2026-01'):
        open_source(target)
    text = text.replace('zone: "???"', "zone: UTC").replace('currency: "???"', "currency: EUR")
    text = text.replace('  "EUR": {2026-01: "???"}\n', "").replace('2026-01: "???"', "2026-01: 0.9")
    target.write_text(text)
    assert open_source(target).mapping.currency == "EUR"
