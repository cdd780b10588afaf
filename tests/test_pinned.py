"""A run reads one state of its files, whatever happens to them meanwhile; elsewhere nothing is pinned."""

import fcntl
import os
import shutil
from pathlib import Path

import pytest

from slanb import crm, pinned
from slanb.crm import FilesChanged, records
from slanb.errors import Failed, SlanbError
from slanb.run import pin as pins
from slanb.run.pin import pinning
from slanb.terms import load_terms
from slanb.terms.scenarios import load_scenario
from tests.attack.changes import FILES, project


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A project whose files all hold 3, to be copied."""
    folder = tmp_path_factory.mktemp("project")
    project(folder)
    for path in folder.rglob("params/*"):
        os.utime(path, (1e9, 1e9))
    return folder


@pytest.fixture
def asked(made, tmp_path, monkeypatch):
    """What a run of a project of one's own is asked for; the project is the working folder."""
    shutil.copytree(made, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    return "params/agreement.yml", "params/source.yml", None


def change(*names, to=7):
    for name in names:
        Path(name).write_text(FILES[name](to))


def read(asked):
    """What a notebook of the run reads: the agreement's title, the quota, the scenario, the leads."""
    terms = load_terms(asked[0])
    quota = terms.plan(terms.parse("2026-03")).quota
    leads = records(*asked[1:]).quality["tables"]["leads"]["used"]
    return terms.agreement.title, quota, load_scenario("late", asked[0])["deal_size"], leads


def test_what_a_run_reads_stays_as_it_was_when_the_run_began(asked):
    before = ("Number 3", 3, 3, 3)
    with pinning(*asked) as pin:
        assert pin.snapshot
        inputs = pin.inputs("late")
        change(*FILES)
        assert read(asked) == before
        assert pin.inputs("late") == inputs
        names = ["2026-03.yml", "agreement.yml", "deals.csv", "leads.csv", "scenarios/late.yml", "source.yml"]
        assert pin.changed("late") == [*names, "year.csv"]
        assert "scenarios/late.yml" not in pin.changed(), "a scenario that the run is not of"
    assert read(asked) == ("Number 7", 7, 7, 7)


def test_what_was_written_again_with_the_same_content_has_not_changed(asked):
    with pinning(*asked) as pin:
        assert pin.snapshot
        change(*FILES, to=3)
        assert pin.changed() == []


def test_files_that_are_gone_are_still_read_and_said_to_have_changed(asked):
    with pinning(*asked) as pin:
        assert pin.snapshot
        shutil.rmtree("params")
        assert read(asked) == ("Number 3", 3, 3, 3)
        assert pin.changed() == ["source.yml"]


def test_a_pin_that_is_gone_ends_the_run(asked):
    with pinning(*asked) as pin:
        shutil.rmtree(pinned.folder())
        with pytest.raises(Failed, match="what this run had copied there is gone"):
            pin.inputs()


def test_the_records_are_opened_and_hashed_once(asked, monkeypatch):
    records(*asked[1:])  # imported before
    opened, hashed = [], []
    monkeypatch.setattr(pins, "open_source", lambda *given: opened.append(given) or crm.open_source(*given))
    monkeypatch.setattr(
        "slanb.crm.source.hashes_of", lambda files: hashed.append(files) or {file.name: "x" for file in files}
    )
    monkeypatch.setattr(pins, "import_source", lambda source: crm.Snapshot(Path("x"), {}, source.hashes))
    with pinning(*asked) as pin, pinning(*asked) as same:
        assert same is pin
        assert {pin.snapshot.hashes["leads.csv"], pin.inputs()["leads.csv"]} == {"x"}
    assert (len(opened), len(hashed)) == (1, 1)


def test_records_that_change_while_they_are_imported_are_opened_again(asked, monkeypatch):
    tries = iter([FilesChanged("the files changed"), FilesChanged("the files changed"), None])
    seen = []

    def importing(source):
        seen.append(source)
        if error := next(tries):
            raise error
        return crm.import_source(source)

    monkeypatch.setattr(pins, "import_source", importing)
    with pinning(*asked) as pin:
        assert pin.snapshot.hashes == pin.source.hashes | {"mapping": pin.source.mapping_hash}
    assert len({id(source) for source in seen}) == 3


def test_parameters_that_are_being_written_are_waited_for(asked, monkeypatch):
    quiet, ways = pins._quiet, iter(["params/agreement.yml", "params/2026-03.yml"])

    def written_meanwhile(paths):
        for name in ways:
            change(name)  # this moment, the next one when it is looked at again
            break
        return quiet(paths)

    monkeypatch.setattr(pins, "_quiet", written_meanwhile)
    with pinning(*asked):
        assert read(asked)[:2] == ("Number 7", 7)


def test_parameters_that_are_written_all_the_time_are_refused_in_words(asked, monkeypatch):
    monkeypatch.setattr(pins, "_quiet", lambda paths: False)
    monkeypatch.setattr(pins, "QUIET_SECONDS", 0)
    with pytest.raises(SlanbError, match=r"params/agreement\.yml: it, or a file beside it, is being written"):
        pinning(*asked).__enter__()


def test_what_is_no_file_among_the_parameters_is_named(asked):
    os.mkfifo("params/2026-04.yml")
    with pytest.raises(SlanbError, match=r"params/2026-04\.yml: is no file that can be read\. Move it"):
        pinning(*asked).__enter__()


def test_a_pin_holds_in_the_notebooks_of_its_run_alone(asked, tmp_path, monkeypatch):
    with pinning(*asked) as pin:
        assert pin.snapshot
        kept = tmp_path / "kept"
        shutil.copytree(pinned.folder(), kept)
        here = pinned.environment()
    assert list(here) == [pinned.VARIABLE]
    assert pinned.folder() is None
    assert not Path(here[pinned.VARIABLE]).exists()
    monkeypatch.setenv(pinned.VARIABLE, str(kept))
    assert pinned.records(*asked[1:]) is None, "the run has ended"
    with (kept / pinned.LOCK).open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # as the run does
        assert pinned.folder() == kept
        assert pinned.records(*asked[1:])["hashes"] == pin.snapshot.hashes
        assert pinned.records("another.yml", None) is None
    assert pinned.folder() is None
