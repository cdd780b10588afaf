"""A report is published whole or not at all, whatever happens on the way."""

import filecmp
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nbformat
import psutil
import pytest

from slanb import run as runner
from slanb.crm import import_source, open_source
from slanb.errors import NoRecords, SlanbError
from slanb.run import job
from slanb.run import report as making
from slanb.run.notebooks import NotebookFailure, Outcome
from tests.tiny import figure, last_cell, write_notebook

ROOT = Path(__file__).parents[1]
PID = "import os; open('begun', 'w').write(str(os.getpid()))"
WAIT = "import time; time.sleep(60)"
FIRST = last_cell(
    figure("marketing.leads", 487, target=512, verdict="missed", label="Leads delivered"),
    headlines=("Marketing owes 512 leads.",),
    files={"proposed-2026-11.yml": "quota: 1\n"},
)
SECOND = last_cell(figure("sales.speed", 0.9), figure("closing.revenue", None), headlines=("All well.",))


@pytest.fixture(scope="session")
def sample(tmp_path_factory):
    """The sample agreement and a small sample company, as a project without notebooks."""
    from slanb.simulate import Company, simulate, write_files

    project = tmp_path_factory.mktemp("sample")
    (project / "params").mkdir()
    for name in ("agreement.yml", "source.yml"):
        shutil.copy(ROOT / "params" / name, project / "params")
    write_files(simulate(Company(months=3, leads_at_start=60)), project / "outputs/sample-data")
    return project


@pytest.fixture
def project(sample, tmp_path, monkeypatch):
    """A project of one's own, with two quick notebooks, as the working folder."""
    shutil.copytree(sample, tmp_path, dirs_exist_ok=True)
    write_notebook(tmp_path / "notebooks/01-goals.ipynb", "print(period, as_of, quota)", FIRST, title="Goals")
    write_notebook(tmp_path / "notebooks/02-month.ipynb", "print(source)", SECOND, title="The month")
    write_notebook(tmp_path / "notebooks/explore.ipynb", "1 / 0")  # no report notebook: never run
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture(scope="module")
def published(sample, tmp_path_factory):
    """A project with a good report of October, to be copied: a run takes seconds."""
    folder = tmp_path_factory.mktemp("published")
    with pytest.MonkeyPatch.context() as patch:
        shutil.copytree(sample, folder, dirs_exist_ok=True)
        write_notebook(
            folder / "notebooks/01-goals.ipynb", "print(period, as_of, quota)", FIRST, title="Goals"
        )
        write_notebook(folder / "notebooks/02-month.ipynb", "object()", SECOND, title="The month")
        patch.chdir(folder)
        runner.run("2026-10")
    return folder


@pytest.fixture
def good(published, tmp_path, monkeypatch):
    """The same as a project of one's own."""
    shutil.copytree(published, tmp_path, dirs_exist_ok=True, symlinks=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def read(path):
    return json.loads(Path(path).read_text(encoding="utf-8"))


def shown(project):
    """Every report under outputs/; beside them, `latest` leads to the newest whole one."""
    links = {path.name: path for path in (project / "outputs").iterdir() if path.is_symlink()}
    assert links.pop("latest").resolve() == links["2026-10"].resolve()
    return sorted(links)


def left(project):
    return sorted(path.name for path in (project / "outputs/.runs").iterdir() if path.name != ".lock")


def is_good(project):
    folder = project / "outputs/2026-10"
    return (
        read(folder / "run.json")["status"] == "ok"
        and "Marketing owes" in (folder / "index.html").read_text()
    )


# ---------------------------------------------------------------- a good run


@pytest.mark.run
def test_a_report_holds_what_was_promised(published):
    folder = published / "outputs/2026-10"
    assert sorted(path.name for path in folder.iterdir()) == [
        "01-goals.html",
        "01-goals.ipynb",
        "02-month.html",
        "02-month.ipynb",
        "agreement.html",
        "figures.html",
        "figures.json",
        "fingerprints.json",
        "index.html",
        "proposed-2026-11.yml",
        "quality.html",
        "quality.json",
        "quarantine.csv",
        "report.xlsx",
        "run.json",
    ]
    figures = read(folder / "figures.json")
    assert [entry["id"] for entry in figures] == ["closing.revenue", "marketing.leads", "sales.speed"]
    assert [entry["notebook"] for entry in figures] == ["02-month", "01-goals", "02-month"]
    assert figures[1]["value"] == 487
    assert (folder / "proposed-2026-11.yml").read_text() == "quota: 1\n"
    index = (folder / "index.html").read_text()
    for wanted in ("October 2026", "Marketing owes 512 leads.", "Leads delivered", "01-goals.html"):
        assert wanted in index
    assert "2026-10 None None" in (folder / "01-goals.html").read_text()


@pytest.mark.run
def test_a_run_says_what_it_was(published):
    run = read(published / "outputs/2026-10/run.json")
    assert run["status"] == "ok"
    assert run["parameters"]["period"] == "2026-10"
    assert {"agreement.yml", "mapping", "leads.csv"} <= {Path(name).name for name in run["inputs"]}
    assert all(len(value) == 64 for value in run["inputs"].values())
    assert {"python", "slanb", "pandas", "duckdb"} <= run["versions"].keys()
    assert [entry["name"] for entry in run["notebooks"]] == ["01-goals", "02-month"]
    assert run["started"] <= run["finished"]


@pytest.mark.run
def test_the_same_inputs_give_the_same_bytes(good):
    before = good / "before"
    shutil.copytree(good / "outputs/2026-10", before)
    runner.run("2026-10")
    names = sorted(path.name for path in before.iterdir() if path.name != "run.json")
    same, different, missing = filecmp.cmpfiles(before, good / "outputs/2026-10", names, shallow=False)
    assert (different, missing) == ([], [])
    assert sorted(same) == names


@pytest.mark.run
def test_other_reports_stand_beside_the_agreed_one(good):
    (good / "notebooks/here").mkdir()
    os.chdir(good / "notebooks/here")  # found from below, as in JupyterLab
    folder = runner.run("2026-10", as_of="2026-10-14", only=["01"], parameters={"quota": 6})
    assert folder == good / "outputs/2026-10-asof-2026-10-14-only-01-with-quota-6"
    assert "2026-10 2026-10-14 6" in (folder / "01-goals.html").read_text()
    assert read(folder / "run.json")["only"] == ["01-goals"]
    index = (folder / "index.html").read_text()
    assert "Only a part of the report: 01-goals." in index
    assert "has not ended" in index
    assert is_good(good)


@pytest.mark.run
def test_two_runs_of_one_period_both_finish(good):
    with ThreadPoolExecutor(2) as pool:
        folders = list(pool.map(lambda _: runner.run("2026-10", only=["01"]), range(2)))
    assert folders == [good / "outputs/2026-10-only-01"] * 2
    assert is_good(good)
    assert shown(good) == ["2026-10", "2026-10-only-01"]
    assert len(left(good)) == 2
    assert "Marketing owes" in (good / "outputs/2026-10-only-01/index.html").read_text()


# ---------------------------------------------------------------- refused before it starts


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ({"period": "2026-13"}, 'period is "2026-13"'),
        ({"period": "2019-01"}, "the agreement is in force from"),
        ({"agreement": "params/none.yml"}, "params/none.yml"),
        ({"as_of": "yesterday"}, 'instant is "yesterday"'),
        ({"only": ["01", "07"]}, "no report notebook 07. There are: 01-goals, 02-month."),
        ({"parameters": {"quotaa": 1}}, "Did you mean quota"),
        ({"parameters": {"quota": -1}}, "quota is -1"),
        ({"notebooks": "nowhere"}, "no report notebook"),
    ],
)
def test_refused_before_anything_is_made(project, arguments, problem):
    with pytest.raises(SlanbError, match=problem):
        runner.run(**({"period": "2026-10"} | arguments))
    assert not (project / "outputs/.runs").exists()


def test_a_real_folder_in_the_way_is_kept(project):
    (project / "outputs/2026-10").mkdir()
    with pytest.raises(SlanbError, match="2026-10 is there already and was not made by slanb"):
        runner.run("2026-10")


# ---------------------------------------------------------------- failures


@pytest.fixture
def quick(monkeypatch):
    """Notebooks that need no kernel: what they come to is set by the test."""

    def stage(*, outcome=None, during=lambda: None):
        def execute(notebooks, folder, parameters, *, timeout, before, finished, idle):
            before(lambda page: None)
            idle(lambda page: None)
            for path in notebooks:
                notebook = nbformat.read(path, as_version=4)
                code = FIRST if path.name.startswith("01") else SECOND
                handed = eval(code.partition('record+json":')[2].partition("}, raw")[0])
                data = {"application/vnd.slanb.record+json": handed}
                notebook.cells[-1].outputs = [nbformat.v4.new_output("display_data", data=data)]
                nbformat.write(notebook, folder / path.name)
                during()
                if outcome:
                    raise NotebookFailure(outcome)
                finished(Outcome(path.stem, 0.1))
            return [Outcome(path.stem, 0.1) for path in notebooks]

        monkeypatch.setattr(making, "execute", execute)

    return stage


def test_a_failure_leaves_the_last_good_report_and_says_why(good, quick):
    quick(outcome=Outcome("01-goals", 1.0, ("01-goals.ipynb, code cell 3: KeyError: 'x'",), 3))
    before = left(good)
    with pytest.raises(SlanbError, match="code cell 3: KeyError"):
        runner.run("2026-10")
    assert is_good(good)
    assert shown(good) == ["2026-10", "2026-10-failed"]
    assert "A later run of this report failed on" in (good / "outputs/index.html").read_text()
    assert "A later run of this report failed on" in (good / "outputs/2026-10/index.html").read_text()
    failed = good / "outputs/2026-10-failed"
    run = read(failed / "run.json")
    assert run["status"] == "failed"
    assert run["error"] == ["01-goals.ipynb, code cell 3: KeyError: 'x'"]
    assert (run["notebook"], run["cell"]) == ("01-goals", 3)
    assert sorted(path.name for path in failed.iterdir()) == ["01-goals.ipynb", "run.json"]
    assert len(left(good)) == len(before) + 1

    quick()
    runner.run("2026-10")  # a success takes the failure away
    assert shown(good) == ["2026-10"]
    assert len(left(good)) == 1


@pytest.mark.parametrize(
    ("error", "raised", "problem"),
    [
        (OSError(28, "No space left on device"), SlanbError, "No space left on device"),
        (KeyboardInterrupt(), KeyboardInterrupt, "The run was interrupted."),
        (ZeroDivisionError("a bug"), ZeroDivisionError, "ZeroDivisionError: a bug"),
    ],
    ids=["full disk", "ctrl-C", "bug"],
)
def test_whatever_goes_wrong_the_last_good_report_stays(good, quick, error, raised, problem):
    def during():
        raise error

    quick(during=during)
    with pytest.raises(raised):
        runner.run("2026-10")
    assert is_good(good)
    assert problem in read(good / "outputs/2026-10-failed/run.json")["error"][0]


def test_a_disk_so_full_that_not_even_the_failure_fits(good, quick, monkeypatch):
    import_source(open_source("params/source.yml"))  # there was room for the records
    before = left(good)
    quick()

    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_text", full)
    with pytest.raises(SlanbError, match=r"2026-10 could not be made: .*No space left"):
        runner.run("2026-10")
    monkeypatch.undo()
    os.chdir(good)
    assert is_good(good)
    assert left(good) == before
    assert shown(good) == ["2026-10"]


def test_what_fails_before_there_is_a_job_is_recorded_until_it_goes_well(good, quick):
    quick()
    agreement = good / "params/agreement.yml"
    right = agreement.read_text()
    agreement.write_text(right.replace("quota: ", "quotta: ", 1))
    with pytest.raises(SlanbError, match="quotta"):
        runner.run("2026-10")
    with pytest.raises(SlanbError, match="quotta"):
        runner.run("2026-10", parameters={"quota": 1})  # someone tries something: nothing to record
    with pytest.raises(SlanbError, match="quotta"):
        runner.run_latest()
    assert shown(good) == ["2026-10", "2026-10-failed", "latest-failed"]
    assert "quotta" in read(good / "outputs/latest-failed/run.json")["error"][-1]
    agreement.write_text(right)
    assert runner.run_latest(again=False) == good / "outputs/2026-10"
    assert shown(good) == ["2026-10"]


def test_before_the_agreement_no_period_is_the_latest(good):
    agreement = good / "params/agreement.yml"
    signed = agreement.read_text().partition("amendments:")[0]
    agreement.write_text(signed.replace("effective_from: 2024-11-01", "effective_from: 2027-01-01"))
    with pytest.raises(NoRecords, match="in force from 1 January 2027, had ended when the records did"):
        runner.run_latest()


def test_an_id_names_one_number(good, quick, monkeypatch):
    monkeypatch.setattr("tests.test_run.SECOND", FIRST)
    quick()
    with pytest.raises(SlanbError, match=r"marketing\.leads is published twice, by 01-goals and 02-month"):
        runner.run("2026-10")
    assert shown(good) == ["2026-10", "2026-10-failed"]
    assert "A later run of this report failed on" in (good / "outputs/index.html").read_text()
    assert is_good(good)


@pytest.mark.parametrize(
    "name", ["../evil.yml", "index.html", ".hidden", "figures.json", "figures.html", "quality.html"]
)
def test_a_notebook_writes_plain_new_files_only(good, quick, monkeypatch, name):
    monkeypatch.setattr("tests.test_run.SECOND", last_cell(files={name: "x"}))
    quick()
    with pytest.raises(SlanbError, match=r"02-month\.ipynb publishes a file"):
        runner.run("2026-10")


def test_records_that_cannot_be_read_are_named(project, quick):
    quick()
    (project / "outputs/sample-data/leads.csv").unlink()
    with pytest.raises(SlanbError, match=r"leads\.csv"):
        runner.run("2026-10")
    assert "leads.csv" in read(project / "outputs/2026-10-failed/run.json")["error"][0]


def test_what_changes_while_a_report_is_made_is_said_and_not_in_it(good, quick):
    overlay, said = good / "params/2026-10.yml", "Changed while this report was made: 2026-10.yml."
    quick(during=lambda: overlay.write_text("quota: 500000\n"))
    folder = runner.run("2026-10")
    record = read(folder / "run.json")
    assert (record["changed_meanwhile"], "2026-10.yml" in record["inputs"]) == (["2026-10.yml"], False)
    assert said in (folder / "index.html").read_text()
    quick()
    record = read(runner.run("2026-10", again=False) / "run.json")  # runs again, as something has changed
    assert (record["changed_meanwhile"], "2026-10.yml" in record["inputs"]) == ([], True)
    assert said not in (folder / "index.html").read_text()


def test_a_closed_period_run_with_later_records_tells_what_was_published(good, quick, monkeypatch):
    page = (good / "outputs/2026-10/index.html").read_text()
    assert "is another now" not in page  # there is nothing to say
    leads = good / "outputs/sample-data/leads.csv"
    leads.write_text("".join(leads.read_text().splitlines(keepends=True)[:-1]))
    monkeypatch.setitem(globals(), "FIRST", FIRST.replace("487", "486"))
    quick()
    folder = runner.run("2026-10")
    assert "One number published on" in (page := (folder / "index.html").read_text())
    assert "(1 vanished row of leads)" in page
    quality = (folder / "quality.html").read_text()
    assert re.search(r"Leads delivered.*487 leads.*486 leads.*-1.*1 vanished row of leads", quality)
    quick()
    again = runner.run("2026-10")  # of the same records: it is still told
    assert read(again / "restated.json") == read(folder / "restated.json")


def test_a_period_after_the_records_is_a_plan(project, quick):
    quick()
    assert (
        "A plan: the period begins on 1 December 2026." in (runner.run("2026-12") / "index.html").read_text()
    )


def test_a_period_before_the_first_lead_is_refused(project, quick):
    quick()
    with pytest.raises(SlanbError, match="no lead is on record up to"):
        runner.run("2026-10", as_of="2025-01-01")


def test_a_signal_while_publishing_waits_for_the_end(good, quick, monkeypatch):
    quick()
    show = runner.published.show

    def interrupted(*arguments):
        os.kill(os.getpid(), signal.SIGINT)
        return show(*arguments)

    monkeypatch.setattr(runner.published, "show", interrupted)
    with pytest.raises(KeyboardInterrupt):
        runner.run("2026-10")
    assert is_good(good)
    assert shown(good) == ["2026-10"]


def test_a_run_outside_the_main_thread(good, quick):
    quick()
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(runner.run, "2026-10").result() == good / "outputs/2026-10"
    assert threading.active_count() >= 1


@pytest.mark.run
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM"])
def test_a_signal_ends_the_run_and_its_kernels(good, name):
    begun = good / "begun"
    write_notebook(good / "notebooks/01-goals.ipynb", PID, WAIT, FIRST)
    code = "import sys; from slanb.cli import main; sys.exit(main(['run', '2026-10', '--only', '01']))"
    process = subprocess.Popen(
        [sys.executable, "-c", code], cwd=good, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    for _ in range(600):
        if begun.exists() and begun.read_text():
            break
        time.sleep(0.05)
    os.killpg(process.pid, getattr(signal, name))  # as a terminal does: the whole group
    _, errors = process.communicate(timeout=30)
    assert process.returncode == 130, errors
    assert errors == "interrupted\n"
    assert is_good(good)
    assert read(good / "outputs/2026-10-only-01-failed/run.json")["error"] == ["The run was interrupted."]
    for _ in range(50):  # a kernel looks for its parent once a second
        if not alive(int(begun.read_text())):
            return
        time.sleep(0.1)
    raise AssertionError("the kernel lives on")


def alive(pid):
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


# ---------------------------------------------------------------- names


@pytest.mark.parametrize(
    ("as_of", "suffix"),
    [
        (None, ""),
        ("2026-11-01", ""),
        ("2026-11-01T00:00+01:00", ""),
        ("2026-10-14", "-asof-2026-10-14"),
        ("2026-10-14T09:30", "-asof-2026-10-14T093000+0200"),
        ("2026-10-14T07:30Z", "-asof-2026-10-14T093000+0200"),
    ],
)
def test_a_unit_is_named_by_its_instant(as_of, suffix):
    import pandas as pd

    assert job.asof_suffix(pd.Period("2026-10", "M"), as_of, "Europe/Berlin") == suffix


def test_long_what_ifs_have_short_names_of_their_own():
    first, second = (job.safe("tiers-" + "x" * 100 + end) for end in "ab")
    assert first != second
    assert len(first) < 60
    assert job.safe("quota-6.5-/ü") == "quota-6.5"


@pytest.mark.parametrize(
    "changed",
    ["nothing", "params/agreement.yml", "outputs/sample-data/deals.csv", "notebooks/01-goals.ipynb"],
)
def test_an_unchanged_report_is_not_made_again(project, changed):
    """Only where records, terms, notebooks and code are the same; a failed run since calls for another."""
    first = runner.run("2026-10").resolve()
    if changed != "nothing":
        with Path(changed).open("ab") as file:
            file.write(b"\n")
    assert (runner.run("2026-10", again=False).resolve() == first) == (changed == "nothing")
    shown = Path("outputs/2026-10").resolve()
    Path("outputs/2026-10-failed").symlink_to(Path(".runs") / "none")
    assert runner.run("2026-10", again=False).resolve() != shown
