"""The bench's notebook without a click, and scenarios given to bare papermill and to the command."""

import json
import subprocess
import sys

import nbformat
import pytest

from slanb.errors import SlanbError
from slanb.open_period import open_period
from slanb.periods import parse_period
from slanb.run import run
from slanb.simulate import simulate, write_files
from slanb.terms import load_terms
from slanb.terms.goals import goals_of
from slanb.terms.scenarios import save_scenario
from tests.lab import ROOT, copy_project

OCTOBER = parse_period("2026-10")


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    folder = tmp_path_factory.mktemp("scenarios")
    write_files(simulate(), folder / "data")
    return copy_project(folder / "project", folder / "data")


@pytest.fixture
def inside(project, monkeypatch):
    monkeypatch.chdir(project)
    return project


def leads(project, changes) -> str:
    terms = load_terms(project / "params/agreement.yml")
    return f"{goals_of(terms, OCTOBER, changes).total['leads']:,.0f}"


@pytest.mark.run
@pytest.mark.parametrize("notebook", ["explore-scenarios", "01-set-goals"])
def test_bare_papermill_takes_a_scenario_and_needs_no_click(inside, notebook):
    changes = {"close_rate": 0.08, "tiers": {"A": {"deal_size": 13000.0}}}
    path = save_scenario(notebook, changes, comments={"tiers.A.deal_size": "agreed: 12000"})
    made = inside / f"{notebook}-made.ipynb"
    command = [sys.executable, "-m", "papermill", str(ROOT / "notebooks" / f"{notebook}.ipynb"), str(made)]
    command += ["-p", "period", "2026-10", "-f", str(path), "--no-progress-bar", "-k", "python3"]
    subprocess.run(command, check=True, capture_output=True, cwd=inside)
    outputs = [
        output
        for cell in nbformat.read(made, as_version=4).cells
        if cell.cell_type == "code"
        for output in cell.outputs
    ]
    shown = json.dumps([output.get("data", {}).get("text/html", "") for output in outputs])
    assert leads(inside, changes) in shown
    assert "<img alt=" in shown  # still pictures, which need no kernel
    assert not [output for output in outputs if output.output_type == "error"]


@pytest.mark.run
def test_a_scenarios_report_is_published_under_its_name(inside):
    save_scenario("hopeful", {"close_rate": 0.08})
    folder = run(
        "2026-10", scenario="hopeful", outputs=inside / "outputs", notebooks=ROOT / "notebooks", only=["01"]
    )
    assert folder.name == "2026-10-only-01-scenario-hopeful"
    record = json.loads((folder / "run.json").read_text())
    assert record["parameters"]["close_rate"] == 0.08
    assert "scenarios/hopeful.yml" in record["inputs"]
    figures = {figure["id"]: figure["value"] for figure in json.loads((folder / "figures.json").read_text())}
    assert f"{figures['plan.leads']:,.0f}" == leads(inside, {"close_rate": 0.08})
    with pytest.raises(SlanbError, match="did you mean hopeful"):
        run("2026-10", scenario="hopefull", outputs=inside / "outputs", notebooks=ROOT / "notebooks")


@pytest.mark.parametrize(("period", "what_if"), [("2026-11", {"close_rate": 0.08}), ("2026-12", None)])
def test_a_coming_period_is_opened_as_a_plan(inside, period, what_if):
    planned = open_period(period, what_if=what_if)
    assert planned.as_of == planned.facts.exported_at
    assert not planned.begun
    assert any(line.id == "opening.ahead" for line in planned.lines)
