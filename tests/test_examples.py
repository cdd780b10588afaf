"""The guides' own examples run: an agreement, its measurements, and a report at the end."""

import json
import shutil
from pathlib import Path

import pytest

from slanb import run as runner
from slanb.agreement.lint import lint
from slanb.periods import parse_period
from slanb.terms import load_terms

ROOT = Path(__file__).parents[1]
EXAMPLES = ROOT / "params/examples"


@pytest.fixture
def project(tmp_path, monkeypatch):
    """The examples with the review's notebook, as the working folder."""
    shutil.copytree(EXAMPLES, tmp_path / "params/examples")
    (tmp_path / "notebooks").mkdir()
    for name in ("01-set-goals.ipynb", "06-review-agreement.ipynb"):
        shutil.copy(ROOT / "notebooks" / name, tmp_path / "notebooks")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.run
def test_paper_every_monday_makes_a_report_without_a_plan(project):
    """September: 44 of 50 reams came, so a tenth of the fee of 420 is credited."""
    folder = "params/examples/paper"
    published = runner.run("2026-09", agreement=f"{folder}/agreement.yml", source=f"{folder}/source.yml")
    assert published.name == "2026-09"
    assert not (published / "01-set-goals.html").exists()  # nothing is computed from a quota
    figures = {figure["id"]: figure for figure in json.loads((published / "figures.json").read_text())}
    assert (figures["clause.reams"]["value"], figures["clause.reams"]["verdict"]) == (44, "missed")
    index = (published / "index.html").read_text()
    assert "Credit for “reams”, September 2026: €42.00." in index
    assert 'href="agreement.html"' in index
    assert "It fell short by 6 reams." in (published / "month.txt").read_text()


@pytest.mark.run
def test_three_teams_make_a_report_with_the_third_partys_friction(project):
    from slanb.simulate import Company, simulate, write_files

    shutil.copy(ROOT / "params/source.yml", project / "params")
    write_files(simulate(Company(months=3, leads_at_start=60)), project / "outputs/sample-data")
    published = runner.run("2026-09", agreement="params/examples/three-teams/agreement.yml", only=["06"])
    figures = {figure["id"]: figure for figure in json.loads((published / "figures.json").read_text())}
    assert figures["clause.kept"]["value"] == 48
    assert figures["clause.leads"]["verdict"] in ("kept", "missed")
    assert "Customer Service" in (published / "index.html").read_text()
    assert "What troubled customers" in (published / "customer-friction.md").read_text()


@pytest.mark.parametrize("name", ["paper", "hundred-leads", "three-teams"])
def test_the_examples_have_no_flaw_but_those_they_show(name):
    found = lint(load_terms(EXAMPLES / name / "agreement.yml"), parse_period("2026-10"))
    shown = {
        "paper": {"remedy"},
        "hundred-leads": {"control"},
        "three-teams": {"contact", "review", "approval"},
    }
    assert {finding.rule for finding in found if not finding.note} == shown[name]
