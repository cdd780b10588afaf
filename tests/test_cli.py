"""The command says what it did, in few words, and ends with the right code."""

import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

import pytest

from slanb import __version__, cli
from slanb.cli.run import what_ifs
from slanb.dictionary.figures import catalogue
from slanb.errors import Failed, NoRecords, SlanbError
from slanb.run import published

ROOT = Path(__file__).parents[1]


@pytest.fixture
def project(tmp_path, monkeypatch):
    """The sample agreement in a working folder of one's own."""
    (tmp_path / "params").mkdir()
    for name in ("agreement.yml", "source.yml"):
        shutil.copy(ROOT / "params" / name, tmp_path / "params")
    (tmp_path / "outputs").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def runs(monkeypatch, tmp_path):
    """What `runner.run` is called with; periods in `failing` fail."""
    from slanb import run as runner

    calls, failing = [], set()

    def run(period, **arguments):
        calls.append((period, arguments))
        if period in failing:
            raise SlanbError([f"{period} is bad", "and worse"])
        return tmp_path / "outputs" / period

    monkeypatch.setattr(runner, "run", run)
    return calls, failing


def propose(project, unit, text, period="2026-11"):
    folder = published.new_folder(project / "outputs", unit)
    (folder / f"proposed-{period}.yml").write_text(text)
    published.show(folder, project / "outputs", unit)


# ---------------------------------------------------------------- run


def test_run_prints_where_the_report_is(project, runs, capsys):
    assert cli.main(["run", "2026-10"]) == 0
    out, err = capsys.readouterr()
    assert out == "outputs/2026-10/index.html\n"
    assert err == ""  # quiet when piped
    [(period, arguments)] = runs[0]
    assert period == "2026-10"
    assert arguments.pop("report") is not None
    assert arguments == {
        "as_of": None,
        "agreement": "params/agreement.yml",
        "source": "params/source.yml",
        "data": None,
        "outputs": "outputs",
        "only": None,
        "parameters": {},
        "scenario": None,
        "timeout": 1800,
        "again": False,
        "paper": None,
    }


def test_run_hands_everything_on(project, runs):
    given = (
        "run 2026-Q4 --as-of 2026-10-14 --agreement a.yml --source s.yml --data d --outputs o --only 01,02 "
        "--timeout 5 -p quota 600000 -p close_rate 0.1 --scenario late-spring --again"
    )
    assert cli.main(given.split()) == 0
    [(_, arguments)] = runs[0]
    del arguments["report"]
    assert arguments == {
        "as_of": "2026-10-14",
        "agreement": "a.yml",
        "source": "s.yml",
        "data": "d",
        "outputs": "o",
        "only": ["01", "02"],
        "parameters": {"quota": 600000, "close_rate": 0.1},
        "scenario": "late-spring",
        "timeout": 5,
        "again": True,
        "paper": None,
    }


def test_a_range_runs_to_its_end_and_lists_failures_last(project, runs, capsys):
    calls, failing = runs
    failing.add("2026-02")
    assert cli.main(["run", "2026-01..2026-03"]) == 1
    out, err = capsys.readouterr()
    assert [period for period, _ in calls] == ["2026-01", "2026-02", "2026-03"]
    assert out == "outputs/2026-01/index.html\noutputs/2026-03/index.html\n"
    assert err == "2026-02: 2026-02 is bad\n2026-02: and worse\n"


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (None, "ok", 0),
        (SlanbError("quota is -1"), "wrong input", 1),
        (NoRecords("exports: is empty"), "no records yet", 3),
        (Failed("its kernel died"), "failed", 4),
        (KeyboardInterrupt(), "interrupted", 130),
    ],
)
def test_a_run_ends_by_its_cause_and_leaves_a_line_of_json(project, monkeypatch, capsys, error, status, code):
    def run(*_, **__):
        if error:
            raise error
        return project / "outputs/2026-10"

    monkeypatch.setattr("slanb.run.run", run)
    assert cli.main(["run", "2026-10", "--json", "--log", "slanb.log"]) == code
    out, err = capsys.readouterr()
    assert (project / "slanb.log").read_text() == out
    line = json.loads(out)
    assert (line["asked"], line["status"], line["code"]) == ("2026-10", status, code)
    assert line["errors"] == err.splitlines()
    units = [report["unit"] for report in line["reports"]]
    assert units == ([] if error else ["2026-10"])


def test_a_folder_without_exports_is_no_mistake(project, capsys):
    (project / "outputs/sample-data").mkdir()
    assert cli.main(["run", "latest"]) == 3
    assert capsys.readouterr().err == "outputs/sample-data: is empty. Put the CRM's exports there.\n"
    assert (project / "outputs/latest-failed/run.json").exists()


@pytest.mark.parametrize(
    ("arguments", "code", "problem"),
    [
        ("run 2026-13", 1, 'period is "2026-13", but'),
        ("run 2026-03..2026-01", 1, "ends before it starts"),
        ("run 2026-10 -p quota 1 -p quota 2", 1, "quota is given twice"),
        ("run 2026-10 -p quota", 2, "expected 2 arguments"),
        ("run 2026-10 --timeout soon", 2, "invalid seconds value: 'soon'"),
        ("run 2026-10 --timeout 0", 2, "0 is not a number of seconds above 0"),
        ("run", 2, "required: period"),
        ("", 2, "required: COMMAND"),
        ("fly", 2, "invalid choice"),
        ("adopt 2026-11 --outputs nowhere", 1, "no report proposes parameters for 2026-11"),
        ("check --agreement none.yml", 1, "none.yml"),
        ("figures marketing.lead", 1, "there is no figure 'marketing.lead'. Did you mean marketing.leads?"),
    ],
)
def test_mistakes_are_named_without_traceback(project, capsys, arguments, code, problem):
    try:
        ended = cli.main(arguments.split())
    except SystemExit as left:  # argparse's way
        ended = left.code
    out, err = capsys.readouterr()
    assert ended == code
    assert problem in err
    assert "Traceback" not in err
    assert out == ""


def test_an_interruption_has_its_own_code(project, monkeypatch, capsys):
    def interrupt(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr("slanb.run.run", interrupt)
    assert cli.main(["run", "2026-10"]) == 130
    assert capsys.readouterr().err == "interrupted\n"


def test_the_installed_command_knows_its_version():
    done = subprocess.run([sys.executable, "-m", "slanb", "--version"], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, f"slanb {__version__}\n")


def test_shells_learn_to_complete_every_command(capsys):
    with pytest.raises(SystemExit) as left:
        cli.main(["--print-completion", "bash"])
    assert left.value.code == 0
    assert "_shtab_slanb_upgrade_option_strings=(-h --help --replace)" in capsys.readouterr().out


# ---------------------------------------------------------------- figures


def test_figures_lists_the_catalogue(capsys):
    assert cli.main(["figures"]) == 0
    heading, *rows = capsys.readouterr().out.splitlines()
    assert heading.split() == ["id", "label", "unit", "clock", "side"]
    assert [row.split()[0] for row in rows] == list(catalogue())
    assert re.search(
        r"^sales\.speed +Leads followed up in time +share +cohort +sales$", "\n".join(rows), re.M
    )


def test_figures_explains_one(capsys):
    assert cli.main(["figures", "plan.leads"]) == 0
    shown = dict(line.split(maxsplit=1) for line in capsys.readouterr().out.splitlines())
    assert shown == {
        "id": "plan.leads",
        "label": "Leads needed",
        "unit": "leads",
        "clock": "plan",
        "side": "–",
        "formula": "customers needed ÷ close rate",
        "math": "{customers:number.2} ÷ {close_rate:share.2}",
        "source": "slanb.formulas.leads_needed",
        "page": "01-set-goals",
        "clause": "no",
    }


@pytest.mark.parametrize("name", ["tier.{tier}.lead_value", "tier.web chat.lead_value"])
def test_figures_knows_an_id_with_and_without_its_names(capsys, name):
    assert cli.main(["figures", name, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["id"] == "tier.{tier}.lead_value"


def test_figures_as_json_holds_everything(capsys):
    assert cli.main(["figures", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == [asdict(each) for each in catalogue().values()]


# ---------------------------------------------------------------- adopt

PROPOSAL = "# as recalculated\ntiers:\n  A: {close_rate: 0.14}\nquota: 430000\n"


def test_a_proposal_is_adopted_and_its_changes_listed(project, capsys):
    propose(project, "2026-10", PROPOSAL)
    assert cli.main(["adopt", "2026-11"]) == 0
    assert (project / "params/2026-11.yml").read_text() == PROPOSAL
    assert capsys.readouterr().out == (
        "params/2026-11.yml now holds what outputs/2026-10/proposed-2026-11.yml proposed.\n"
        "  quota: 370000 -> 430000\n"
        "  tiers.A.close_rate: 0.15 -> 0.14\n"
    )
    assert cli.main(["adopt", "2026-11"]) == 0
    assert capsys.readouterr().out == "params/2026-11.yml holds these values already.\n"


def test_an_adopted_file_is_replaced_only_on_request(project, capsys):
    (project / "params/2026-11.yml").write_text("quota: 400000\n")
    propose(project, "2026-10", PROPOSAL)
    assert cli.main(["adopt", "2026-11"]) == 1
    assert "params/2026-11.yml is there already" in capsys.readouterr().err
    assert (project / "params/2026-11.yml").read_text() == "quota: 400000\n"
    assert cli.main(["adopt", "2026-11", "--replace"]) == 0
    assert "quota: 400000 -> 430000" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("quota: -1\n", "outputs/2026-10/proposed-2026-11.yml, line 1: quota is -1"),
        ("quotaa: 1\n", "quotaa"),
        ("quota: [\n", "outputs/2026-10/proposed-2026-11.yml"),
    ],
)
def test_a_proposal_is_checked_first(project, capsys, text, problem):
    propose(project, "2026-10", text)
    assert cli.main(["adopt", "2026-11"]) == 1
    assert problem in capsys.readouterr().err
    assert sorted(path.name for path in (project / "params").iterdir()) == ["agreement.yml", "source.yml"]


def test_the_closed_report_proposes_not_the_interim_one_nor_a_what_if(project):
    propose(project, "2026-10-asof-2026-10-14", "quota: 1\n")
    propose(project, "2026-10-with-quota-6", "quota: 6\n")
    propose(project, "2026-10-failed", "quota: 7\n")
    assert cli.main(["adopt", "2026-11"]) == 0  # the interim one, where there is no other
    assert (project / "params/2026-11.yml").read_text() == "quota: 1\n"
    propose(project, "2026-10", PROPOSAL)
    (project / "outputs/latest").symlink_to("2026-10")
    assert cli.main(["adopt", "2026-11", "--replace"]) == 0
    assert (project / "params/2026-11.yml").read_text() == PROPOSAL


def test_where_nothing_is_proposed_no_file_is_made(project, capsys):
    propose(project, "2026-10", "# No change is proposed for 2026-11, recalculated from 2026-10.\n")
    assert cli.main(["adopt", "2026-11"]) == 0
    assert capsys.readouterr().out == (
        "outputs/2026-10/proposed-2026-11.yml proposes no value, so no file is made: the agreement's own "
        "values hold in 2026-11.\n"
    )
    assert not (project / "params/2026-11.yml").exists()


# ---------------------------------------------------------------- sample, check, latest


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """A project with a small sample company, written by the command itself."""
    from slanb import simulate

    folder = tmp_path_factory.mktemp("small")
    (folder / "params").mkdir()
    (folder / "outputs").mkdir()
    for name in ("agreement.yml", "source.yml"):
        shutil.copy(ROOT / "params" / name, folder / "params")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        company = simulate.Company(months=2, leads_at_start=500)
        patch.setattr(simulate, "Company", lambda: company)
        assert cli.main(["sample"]) == 0
        first = (folder / "outputs/sample-data/leads.csv").read_bytes()
        assert cli.main(["sample"]) == 0
        assert (folder / "outputs/sample-data/leads.csv").read_bytes() == first
    return folder


def test_sample_makes_the_files_the_mapping_names(small):
    made = {path.name for path in (small / "outputs/sample-data").iterdir()}
    assert {"leads.csv", "deals.csv", "activities.csv"} <= made


def test_sample_keeps_off_others_files(project, capsys):
    (project / "mine").mkdir()
    (project / "mine/leads.csv").write_text("mine")
    assert cli.main(["sample", "--to", "mine"]) == 1
    assert "mine: holds files that slanb did not make" in capsys.readouterr().err
    assert (project / "mine/leads.csv").read_text() == "mine"


def test_latest_is_the_last_closed_period_of_the_records(small, runs, monkeypatch):
    monkeypatch.chdir(small)
    assert cli.main(["run", "latest"]) == 0
    assert runs[0][0][0] == "2026-10"


def test_check_prints_what_there_is(small, monkeypatch, capsys):
    monkeypatch.chdir(small)
    assert cli.main(["check", "2026-10"]) == 0
    out = capsys.readouterr().out
    assert "params/agreement.yml: " in out
    assert "October 2026" in out
    assert "leads" in out
    assert not (small / "outputs/.runs").exists()


def test_the_command_leaves_no_folder_behind_and_loads_nothing_for_pages(small, tmp_path):
    command = [sys.executable, "-X", "importtime", "-m", "slanb", "check", "2026-10"]
    environment = os.environ | {"TMPDIR": str(tmp_path)}
    done = subprocess.run(command, cwd=small, env=environment, capture_output=True, text=True, check=True)
    assert "October 2026" in done.stdout
    assert not [*tmp_path.iterdir()]
    loaded = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    assert {"pandas", "duckdb"} <= loaded
    assert not {"jinja2", "matplotlib", "scipy.stats", "IPython"} & loaded


def test_the_command_ends_with_the_code_of_what_it_did(small):
    done = subprocess.run([sys.executable, "-m", "slanb", "check", "2019-01"], cwd=small, capture_output=True)
    assert done.returncode == 1
    assert b"in force from" in done.stderr


def test_check_refuses_a_period_out_of_force(small, monkeypatch, capsys):
    monkeypatch.chdir(small)
    assert cli.main(["check", "2019-01"]) == 1
    assert "in force from" in capsys.readouterr().err


def test_parameters_are_json_where_they_can_be():
    pairs = [("a", "1"), ("b", "true"), ("c", "A tier"), ("d", "[1, 2]"), ("e", "NaN"), ("f", "null")]
    assert json.dumps(what_ifs(pairs)) == json.dumps(
        {"a": 1, "b": True, "c": "A tier", "d": [1, 2], "e": "NaN", "f": None}
    )
