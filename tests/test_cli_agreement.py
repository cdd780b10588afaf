"""The command `slanb agreement`, as a person meets it."""

import io
import sys
from pathlib import Path

import pytest

from slanb.cli import main

ROOT = Path(__file__).parents[1]
ANSWERS = """\
from: 2027-01-01
country: DE
quota: 270000
marketing_share: 0.65
deal_size: 9000
close_rate: 0.05
reps: 6
hours_per_rep_per_week: 16
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "stdin", io.StringIO())  # no terminal
    (tmp_path / "answers.yml").write_text(ANSWERS)
    return tmp_path


SAMPLE = ["--agreement", str(ROOT / "params/agreement.yml")]


def test_the_document_is_printed_as_markdown(capfdbinary):
    assert main(["agreement", *SAMPLE, "--form", "columns", "--period", "2026-10"]) == 0
    assert "At least 558 leads" in capfdbinary.readouterr().out.decode()


def test_without_a_period_it_is_the_last_one_with_numbers_of_its_own(capfdbinary):
    assert main(["agreement", *SAMPLE, "--form", "columns"]) == 0
    assert "Numbers of October 2026." in capfdbinary.readouterr().out.decode()


@pytest.mark.parametrize(
    ("name", "begins"), [("a.md", b"# "), ("a.html", b"<!doctype html>"), ("a.docx", b"PK")]
)
def test_the_ending_decides_the_format(folder, capsys, name, begins):
    assert main(["agreement", *SAMPLE, "--to", name]) == 0
    assert (folder / name).read_bytes().startswith(begins)
    assert capsys.readouterr().out == f"{name}\n"


@pytest.mark.parametrize(
    "more", [["--to", "a.pdf"], ["--format", "docx"], ["--period", "2020-01"], ["--to", "no/a.md"]]
)
def test_what_cannot_be_written_is_told(folder, capsys, more):
    assert main(["agreement", *SAMPLE, *more]) == 1
    assert capsys.readouterr().err.count("\n") == 1


def test_new_then_lint_then_the_document(folder, capsys):
    assert main(["agreement", "new", "--answers", "answers.yml"]) == 0
    assert main(["agreement", "lint", "--period", "2027-03"]) == 1  # unsigned, and people without names
    assert "→" in capsys.readouterr().out
    assert main(["agreement", "--to", "agreement.docx"]) == 0


def test_new_points_to_the_schema_that_is_there(folder):
    (folder / "params/schema").mkdir(parents=True)
    (folder / "params/schema/agreement.schema.json").touch()
    main(["agreement", "new", "--answers", "answers.yml", "--to", "my/agreement.yml"])
    first = (folder / "my/agreement.yml").read_text().splitlines()[0]
    assert first == "# yaml-language-server: $schema=../params/schema/agreement.schema.json"


def test_new_does_not_write_over_an_agreement(folder, capsys):
    main(["agreement", "new", "--answers", "answers.yml"])
    before = (folder / "params/agreement.yml").read_bytes()
    assert main(["agreement", "new", "--answers", "answers.yml"]) == 1
    assert "is there already" in capsys.readouterr().err
    assert (folder / "params/agreement.yml").read_bytes() == before


def test_wrong_answers_name_the_file_and_write_nothing(folder, capsys):
    (folder / "answers.yml").write_text("quta: 1\n")
    assert main(["agreement", "new", "--answers", "answers.yml"]) == 1
    assert "answers.yml: quta: there is no such question. Did you mean quota?" in capsys.readouterr().err
    assert not (folder / "params").exists()


def test_without_a_terminal_it_says_how_else(folder, capsys):
    assert main(["agreement", "new"]) == 1
    assert "--answers" in capsys.readouterr().err


def test_the_questions_can_be_listed(capsys):
    assert main(["agreement", "new", "--questions"]) == 0
    assert "close_rate: Customers per lead" in capsys.readouterr().out


def test_lint_holds_targets_against_the_past_where_there_are_records(capsys):
    folder = ROOT / "params/examples/paper"
    asked = ["agreement", "lint", "--agreement", str(folder / "agreement.yml"), "--period", "2026-10"]
    assert main([*asked, "--source", str(folder / "source.yml")]) == 1
    assert "clauses.payment (remedy)" in capsys.readouterr().out
