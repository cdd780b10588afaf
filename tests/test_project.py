"""A project of one's own: begun in an empty folder, renewed with slanb, run by recipes."""

import json
import os
import shlex
import shutil
import subprocess
import sys
import tomllib
from configparser import ConfigParser
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml
from cronsim import CronSim

from slanb import cli
from slanb.crm import open_source
from slanb.errors import SlanbError
from slanb.periods import parse_period
from slanb.project import begin, renew, schedule, shape
from slanb.project.beginning import COMPANY
from slanb.terms import load_terms

ROOT = Path(__file__).parents[1]
GIVEN = {"zone": "Europe/Berlin", "currency": "EUR", "country": "DE", "language": "de_DE"}
NAME = "our 50% acme"  # which shells, cron and systemd each read in their own way
HOURS = {"reps": 6, "hours_per_rep_per_week": 16}
DEAL = (
    "Record ID,Deal Stage,Pipeline,Amount,Create Date,Close Date,Original Source Type,Associated Contact IDs"
)
MONTHS = [f"2025-{month}" for month in (11, 12)] + [f"2026-{month:02}" for month in range(1, 11)]


@pytest.fixture(scope="module")
def exports(tmp_path_factory):
    """A year of HubSpot: each month 40 leads of marketing, 4 of whom buy for 1,000; sales wins 3,000."""
    folder = tmp_path_factory.mktemp("exports")
    leads = [
        (f"{at}{n:02}", f"{month}-{n % 8 + 1:02}") for at, month in enumerate(MONTHS, 10) for n in range(40)
    ]
    people = [*leads, ("9", "2026-11-02")]
    contacts = [
        f"{of},a{of}@example.com,{day} 09:00,Marketing Qualified Lead,Paid Search" for of, day in people
    ]
    won = "closedwon,default"
    deals = [f"1{of},{won},1000,{day} 10:00,{day[:8]}21 09:00,Paid Search,{of}" for of, day in leads[::10]]
    deals += [
        f"{month[5:]}{month[:4]},{won},3000,{month}-02 10:00,{month}-22 09:00,Offline Sources,"
        for month in MONTHS
    ]
    for name, header, lines in (
        ("contacts", "Record ID,Email,Create Date,Lifecycle Stage,Original Source", contacts),
        ("deals", DEAL, deals),
    ):
        (folder / f"{name}.csv").write_text("\n".join([header, *lines, ""]))
    return folder


@pytest.fixture
def bare(tmp_path):
    """A project without records."""
    begin(tmp_path / NAME, GIVEN)
    return tmp_path / NAME


# ---------------------------------------------------------------- init


def test_records_write_the_mapping_and_offer_the_numbers_of_the_first_agreement(exports, tmp_path):
    """By hand: 4 of 40 buy, for 1,000 each; 4,000 of the 7,000 won in a month are marketing's."""
    asked = []

    def put(prompt):
        asked.append(prompt.strip())
        return "6" if "people follow up" in prompt else "16" if "Hours a week" in prompt else ""

    given = {"country": "DE", "language": "de_DE"}
    assert begin(tmp_path / "acme", given, records=str(exports), put=put) == []
    assert asked[1] == "Time zone (Europe/Berlin)? [Europe/Berlin]"
    assert "Mean revenue of a won deal? [1000]" in asked
    assert len(asked) == len(set(asked))
    terms = load_terms(tmp_path / "acme/params/agreement.yml")
    plan = terms.plan(parse_period("2026-10"))
    assert (plan.quota, plan.marketing_share, plan.deal_size, plan.close_rate) == (7000, 0.571, 1000, 0.1)
    assert plan.capacity.reps == 6
    assert str(terms.agreement.effective_from) == "2026-01-01"
    assert terms.agreement.language == "de_DE"
    assert open_source(tmp_path / "acme/params/source.yml").mapping.zone == "Europe/Berlin"


def test_without_records_the_answers_wait_in_a_file(bare, capsys, monkeypatch):
    assert {"notebooks", "params", "outputs", "records", "environment.yml", "README.md", ".gitignore"} < {
        path.name for path in bare.iterdir()
    }
    answers = (bare / "params/answers.yml").read_text()
    assert "zone: Europe/Berlin\n" in answers
    monkeypatch.chdir(bare)
    assert cli.main(["agreement", "new", "--answers", "params/answers.yml"]) == 1
    assert "quota: an answer is needed" in capsys.readouterr().err
    numbers = {"quota": 7000, "marketing_share": 0.5, "deal_size": 900, "close_rate": 0.1, **HOURS}
    filled = {"from": "2026-01-01", **numbers}
    lines = [
        f"{line.partition(':')[0]}: {filled.get(line.partition(':')[0])}"
        for line in answers.splitlines()[-7:]
    ]
    (bare / "params/answers.yml").write_text("\n".join([*answers.splitlines()[:-7], *lines]))
    assert cli.main(["agreement", "new", "--answers", "params/answers.yml"]) == 0
    assert load_terms("params/agreement.yml").agreement.calendar.country == "DE"


def test_nothing_is_written_where_anything_is_or_an_answer_is_wrong(tmp_path, capsys):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/notes.txt").write_text("mine")
    for folder, options, problem in (
        ("mine", "--zone UTC", "mine: is not empty. Choose another folder; nothing was written."),
        ("new", "", "zone: an answer is needed (Time zone (Europe/Berlin)?)"),
        ("new", "--zone Mars", 'time zone is "Mars"'),
        ("new", "--zone UTC --year-begins 13", "year_begins is '13'"),
        ("new", f"--zone UTC --records {tmp_path}/none", "none: no such folder"),
    ):
        assert cli.main(["init", str(tmp_path / folder), *options.split()]) == 1
        assert problem in capsys.readouterr().err
    assert [path.name for path in tmp_path.rglob("*")] == ["mine", "notes.txt"]


def test_the_command_and_the_interview_ask_for_the_same(capsys):
    from slanb.cli.project import COMPANY as OPTIONS
    from slanb.cli.project import CRMS, SCHEDULES
    from slanb.project import beginning, schedules

    assert set(OPTIONS) == set(COMPANY)
    assert CRMS == beginning.CRMS
    assert tuple(schedules.FILES) == SCHEDULES


def test_the_wheel_carries_what_a_project_begins_with():
    built = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["hatch"]["build"]["targets"]["wheel"]
    prefix = "slanb/project/carried/"
    taken = {place.removeprefix(prefix): home for home, place in built["force-include"].items()}
    assert all(place == home for place, home in taken.items())
    for place in shape.shape("acme").keys() - set(shape.WRITTEN):
        carried = any(place == home or place.startswith(f"{home}/") for home in taken)
        assert carried or place.startswith("params/schema/"), place


def test_notebooks_come_as_nobody_has_run_them(bare):
    cells = json.loads((bare / "notebooks/01-set-goals.ipynb").read_text())["cells"]
    assert not any(cell.get("outputs") or cell.get("execution_count") for cell in cells)


# ---------------------------------------------------------------- upgrade


def test_untouched_files_are_renewed_and_of_touched_ones_the_difference_shown(bare, monkeypatch):
    changed, removed, run = (
        f"notebooks/{name}.ipynb" for name in ("01-set-goals", "03-value-leads", "method")
    )
    mine = json.loads((bare / changed).read_text())
    mine["cells"][0]["source"] = ["# Our goals\n"]
    (bare / changed).write_text(json.dumps(mine))
    shown = json.loads((bare / run).read_text())
    shown["cells"][0] |= {"metadata": {"run": True}}
    (bare / run).write_text(json.dumps(shown))
    (bare / removed).unlink()
    assert renew(bare) == []  # nothing of slanb's has changed
    texts = shape.shape(NAME)

    def newer(name):
        return {place: text.replace("# ", "# New ") for place, text in texts.items()} | {"new.txt": "new"}

    monkeypatch.setattr("slanb.project.renewal.shape", newer)
    told = renew(bare)
    assert f"{run}: renewed" in told
    assert "new.txt: added" in told
    assert (bare / "README.md").read_text().startswith(f"# New {NAME}")
    assert "-# Our goals" in told
    assert any(line.startswith("+# New ") for line in told)
    assert not (bare / removed).exists()
    assert "# Our goals" in (bare / changed).read_text()
    assert f"{changed}: renewed" in renew(bare, replace=[changed, removed])
    assert (bare / removed).exists()
    assert renew(bare) == []


def test_only_a_project_is_renewed(tmp_path):
    with pytest.raises(SlanbError, match=r"no \.slanb\.json tells what slanb wrote"):
        renew(tmp_path)


# ---------------------------------------------------------------- schedule


@pytest.fixture
def due(bare, monkeypatch):
    """A project with an agreement, records yet to come."""
    shutil.copy(ROOT / "params/agreement.yml", bare / "params")
    (bare / "params/source.yml").write_text("preset: hubspot\nzone: UTC\nfolder: ../records\n")
    monkeypatch.chdir(bare)
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}:{os.environ['PATH']}")
    return bare


def last_run():
    return json.loads(Path("outputs/slanb.log").read_text().splitlines()[-1])["status"]


def test_cron_runs_every_working_day(due):
    schedule("cron", Path())
    *_, line = Path("schedules/slanb.cron").read_text().splitlines()
    minute, hour, day, month, weekday, command = line.split(maxsplit=5)
    times = CronSim(f"{minute} {hour} {day} {month} {weekday}", datetime(2026, 11, 27, 12, tzinfo=UTC))
    assert [f"{next(times):%a %H:%M}" for _ in range(2)] == ["Mon 06:30", "Tue 06:30"]
    command = command.replace("\\%", "%")  # as cron does
    assert subprocess.run(["sh", "-c", command], capture_output=True, cwd="/").returncode == 3
    assert last_run() == "no records yet"
    with pytest.raises(SlanbError, match="is there already"):
        schedule("cron", Path())


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="no systemd here")
def test_systemd_finds_no_fault_with_its_units(due):
    *files, _ = schedule("systemd", Path())
    checked = subprocess.run(["systemd-analyze", "verify", *files], capture_output=True, text=True)
    assert (checked.returncode, checked.stderr) == (0, "")
    units = ConfigParser(interpolation=None)
    units.optionxform = str
    units.read(files)
    when = subprocess.run(["systemd-analyze", "calendar", units["Timer"]["OnCalendar"]], capture_output=True)
    assert when.returncode == 0
    service = {key: value.replace("%%", "%") for key, value in units["Service"].items()}  # as systemd does
    done = subprocess.run(shlex.split(service["ExecStart"]), cwd=service["WorkingDirectory"])
    assert str(done.returncode) == service["SuccessExitStatus"]


@pytest.mark.parametrize("kind", ["github", "gitlab"])
def test_pipelines_fit_their_schemas_and_their_commands_run(due, kind):
    [file, _] = schedule(kind, Path())
    builtin = {"github": "vendor.github-workflows", "gitlab": "vendor.gitlab-ci"}[kind]
    check = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", builtin, file]
    assert subprocess.run(check, capture_output=True, text=True).returncode == 0
    pipeline = yaml.safe_load(Path(file).read_text())
    if kind == "github":
        commands = [step["run"] for step in pipeline["jobs"]["report"]["steps"] if "run" in step]
    else:
        commands = pipeline["report"]["script"]
    codes = [
        subprocess.run(["bash", "-ec", line], capture_output=True).returncode
        for line in commands
        if "pip" not in line
    ]
    assert codes == ([0, 0] if kind == "github" else [0, pipeline["report"]["allow_failure"]["exit_codes"]])
    assert last_run() == "no records yet"


def test_airflows_dag_is_python_that_names_the_project(due):
    [file, _] = schedule("airflow", Path())
    text = Path(file).read_text()
    compile(text, file, "exec")
    assert f"PROJECT = {str(due)!r}" in text
