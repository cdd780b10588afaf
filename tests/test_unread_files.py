"""An export that no preset recognises is named where its records are missed; what it tells is not judged."""

import random
from pathlib import Path

import pytest

from slanb import sales
from slanb.cli import main
from slanb.crm import open_source
from slanb.dictionary.wording import Wording
from slanb.errors import SlanbError
from slanb.open_period import open_period
from slanb.publish.quality_page import data_lines, quality_page
from tests.crm_exports import HUBSPOT, HUBSPOT_SOURCE, SALESFORCE, SALESFORCE_SOURCE, write_export
from tests.small import HEAD

TRIALS = 100
EXPORTS = {"hubspot": (HUBSPOT, HUBSPOT_SOURCE), "salesforce": (SALESFORCE, SALESFORCE_SOURCE)}
HELD = {  # what is in the files of activities and of deals; without the others there is nothing to report
    "hubspot": {"calls": "activities", "emails": "activities", "meetings": "activities", "deals": "deals"},
    "salesforce": {"Task": "activities", "Opportunity": "deals"},
}


def garbled(text: str, chance: random.Random) -> str:
    """The file with headers in another language, all or some of them, the ones it is known by among these."""
    header, rest = text.split("\n", 1)
    whole = chance.random() < 0.5
    names = [
        f"Spalte {number}" if whole or number == 0 or chance.random() < 0.7 else name
        for number, name in enumerate(header.split(","))
    ]
    return ",".join(names) + "\n" + rest


def trial(number: int, folder: Path) -> tuple[dict, str, str]:
    """A folder of exports with a copy of one, whose headers nobody knows: the mapping's account of its files,
    and the copy with the table that it holds rows of."""
    chance = random.Random(number)
    preset = chance.choice([*EXPORTS])
    files, source = EXPORTS[preset]
    name = chance.choice([*HELD[preset]])
    strange = name if chance.random() < 0.5 else f"export {number}"
    left = {each: text for each, text in files.items() if HELD[preset].get(each) != "activities"}
    kept = files if chance.random() < 0.5 else left  # with other activities, or without any
    path = write_export(folder, source, kept | {f"{strange} 2": garbled(files[name], chance)})
    return open_source(path).prepare.account, f"{strange} 2.csv", HELD[preset][name]


def test_a_file_that_is_not_recognised_is_named_with_what_it_may_hold(tmp_path):
    """It is taken for what its name says, or some of its headers; for activities where nothing tells."""
    wrong = []
    for number in range(TRIALS):
        account, file, table = trial(number, tmp_path / str(number))
        held = account["may_hold"]
        # of deals without a name or a header of their own nothing tells
        told = {table} if table == "activities" or not file.startswith("export") else {table, "activities"}
        if file not in account["files_not_used"] or not any(file in held.get(each, ()) for each in told):
            wrong.append((number, file, table, account["files_not_used"], held))
    assert not wrong


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A company with calls in a file that is not recognised, and mails in one that is; the working folder."""
    calls = HUBSPOT["calls"].replace("hs_object_id,hs_timestamp", "Nr,Zeitpunkt")
    write_export(tmp_path, HUBSPOT_SOURCE, HUBSPOT | {"calls": calls})
    plan = "plan: {quota: 5000, marketing_share: 1, deal_size: 100, close_rate: 0.5}\n"
    plan = plan.replace("}", ", speed: {hours: 4, share: 0.9}}")
    (tmp_path / "agreement.yml").write_text(HEAD + plan)
    monkeypatch.chdir(tmp_path)
    return tmp_path


SAID = (
    "Not read, and may hold calls, mails or meetings: calls.csv. Until they are read, no activity counts, "
    "and nothing is said of follow-up. Under `files:` of the mapping, say of which kind each is; unpack an "
    "archive; or move it elsewhere."
)


def opened():
    return open_period("2026-01", agreement="agreement.yml", source="source.yml")


def test_pages_name_it_on_top_and_do_not_judge_what_it_tells(project):
    page = opened()
    assert SAID in [page.words.say(line) for line in page.lines]
    assert page.follow_up.speed.empty
    assert [page.words.say(line) for line in sales.gaps.unknown_lines(page)] == [
        "Activities may be in files that are not read (calls.csv), so neither speed nor depth can be judged."
    ]
    source = project / "source.yml"
    source.write_text(source.read_text() + "files: {calls: calls.csv}\n")
    with pytest.raises(SlanbError, match="calls"):  # it is said of which kind it is, and what it lacks
        opened()
    (project / "data/calls.csv").unlink()
    source.write_text(HUBSPOT_SOURCE)
    page = opened()
    assert not page.unread
    assert not page.follow_up.speed.empty


def test_the_first_page_the_page_of_the_records_and_the_check_name_it(project, capsys):
    page = opened()
    named = "1 of 7 files of the folder is not used: calls.csv. If it holds records, say of which kind under "
    named += "`files:`."
    first = data_lines(page.quality, page.words, most=1)
    assert first[1].startswith(named)
    assert first[1].endswith("speed and depth.")
    assert named in quality_page(page.quality, title="x", words=page.words, nav=[])
    assert main(["check", "--agreement", "agreement.yml", "--source", "source.yml"]) == 0
    assert named in capsys.readouterr().out


def test_an_archive_is_taken_for_what_its_name_says(tmp_path):
    path = write_export(tmp_path, HUBSPOT_SOURCE, HUBSPOT | {"old-deals.zip": b"PK", "all.zip": b"PK"})
    assert open_source(path).prepare.account["may_hold"] == {
        "activities": ["all.zip"],
        "deals": ["old-deals.zip"],
    }


def test_a_table_of_a_kind_that_is_not_read_is_named(tmp_path):
    files = {"calls.numbers": b"PK", "Meetings 2026.json": b"[]", "notes.md": b"# not a table"}
    account = open_source(write_export(tmp_path, HUBSPOT_SOURCE, HUBSPOT | files)).prepare.account
    assert account["files_not_used"] == dict.fromkeys(
        ["Meetings 2026.json", "calls.numbers"], "not recognised"
    )
    assert account["may_hold"] == {"activities": ["Meetings 2026.json", "calls.numbers"]}


def test_what_holds_no_rows_of_a_table_holds_nothing_back(tmp_path):
    path = write_export(tmp_path, HUBSPOT_SOURCE, HUBSPOT | {"owners-old": "Nr,Vorname\n1,Ann\n"})
    assert open_source(path).prepare.account["may_hold"] == {}


@pytest.mark.parametrize("table", ["leads", "deals", "activities"])
def test_each_table_has_its_sentence(table):
    assert Wording("en_GB").say(f"opening.unread_{table}", files=["a.csv", "b.csv"]).startswith("Not read")
