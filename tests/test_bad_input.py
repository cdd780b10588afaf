"""Bad input, as a user gives it: one clear message, exit 1, nothing lost; or an honest "not enough"."""

import gzip
import shutil
from pathlib import Path

import pytest

from slanb import cli, recalculation
from slanb.open_period import open_period
from slanb.simulate import Company, simulate, write_files

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def records(tmp_path_factory):
    folder = tmp_path_factory.mktemp("records")
    write_files(simulate(Company(months=3, leads_at_start=150)), folder)
    return folder


@pytest.fixture
def project(tmp_path, monkeypatch, records):
    """A project of one's own: the sample agreement and mapping, and a small company's records."""
    (tmp_path / "params").mkdir()
    for name in ("agreement.yml", "source.yml", "2026-10.yml"):
        shutil.copy(ROOT / "params" / name, tmp_path / "params")
    shutil.copytree(records, tmp_path / "outputs/sample-data")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def change(path: str, old: str, new: str) -> None:
    text = Path(path).read_text(encoding="utf-8")
    assert old in text
    Path(path).write_text(text.replace(old, new, 1), encoding="utf-8")


def overlay(text: str) -> None:
    Path("params/2026-10.yml").write_text(text, encoding="utf-8")


LEADS, DEALS = "outputs/sample-data/leads.csv", "outputs/sample-data/deals.csv"
BAD = {
    "misspelt parameter": (lambda: overlay("qouta: 5\n"), ["2026-10.yml, line 1", "qouta", "quota"]),
    "share above 1": (
        lambda: overlay("marketing_share: 1.2\n"),
        ["2026-10.yml, line 1", "marketing_share is 1.2", "0"],
    ),
    "5 for 5 %": (lambda: overlay("close_rate: 5\n"), ["close_rate is 5", "5 % is 0.05"]),
    "zero close rate": (lambda: overlay("close_rate: 0\n"), ["close_rate is 0", "above 0"]),
    "a key twice": (lambda: overlay("quota: 5\nquota: 6\n"), ["line 2", "quota"]),
    "a time that YAML reads as a number": (
        lambda: change("params/agreement.yml", '"17:30"', "17:30"),
        ["agreement.yml, line", "quotes"],
    ),
    "several mistakes at once": (
        lambda: overlay("close_rate: 5\nmarketing_share: 7\n"),
        ["close_rate is 5", "marketing_share is 7"],
    ),
    "missing file": (lambda: Path(LEADS).unlink(), ["leads.csv"]),
    "missing column": (
        lambda: change(LEADS, "Create Date", "Created"),
        ["leads.csv", "Create Date", "not found", "Created"],
    ),
    "wrong date format": (
        lambda: change("params/source.yml", 'Date, format: "%Y-%m-%d %H:%M"', 'Date, format: "%d.%m.%Y"'),
        ["created_at", "%d.%m.%Y"],
    ),
    "empty table": (lambda: Path(LEADS).write_text(""), ["leads.csv", "empty"]),
    "unreadable bytes": (lambda: Path(LEADS).write_bytes(gzip.compress(b"x" * 999)), ["leads.csv"]),
    "a column that holds something else": (
        lambda: change("params/source.yml", "amount: Amount", "amount: Stage"),
        ["amount", "Stage"],
    ),
    "no agreement": (lambda: Path("params/agreement.yml").unlink(), ["agreement.yml"]),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_one_clear_message_and_exit_1(project, capsys, name):
    spoil, expected = BAD[name]
    spoil()
    assert cli.main(["check", "2026-10"]) == 1
    printed = capsys.readouterr().err
    assert "Traceback" not in printed
    for part in expected:
        assert part in printed, printed


@pytest.mark.parametrize(
    ("period", "expected"),
    [
        ("2030-01", "in force"),
        ("2023-01", "in force"),
        ("2026-13", "2026-13"),
        ("October", "October"),
    ],
)
def test_a_period_that_cannot_be_judged(project, capsys, period, expected):
    assert cli.main(["check", period]) == 1
    assert expected in capsys.readouterr().err


def test_a_tier_nobody_has_is_told(project, capsys):
    """The plan says A where the CRM says Tier A: its leads would count toward no promise."""
    path = Path(LEADS)
    path.write_text(path.read_text(encoding="utf-8").replace(",A,", ",A1,"), encoding="utf-8")
    assert cli.main(["check", "2026-10"]) == 0
    printed = capsys.readouterr().out
    assert "leads of tier A, but no lead on record has it. Did you mean A1?" in printed


def test_duplicate_ids_are_quarantined_to_the_row(project, capsys):
    path = Path(LEADS)
    header, *rows = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join([header, *rows, rows[0], rows[1]]), encoding="utf-8")
    assert cli.main(["check", "2026-10"]) == 0
    table = open_period("2026-10").quality["tables"]["leads"]
    assert (table["read"], table["used"], table["quarantined"]) == (len(rows) + 2, len(rows), 2)


def test_a_month_without_leads_says_so_and_loses_nothing(project):
    """September's leads are taken out of the file: its rates are unknown, not zero."""
    path = Path(LEADS)
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(line for line in lines if ",2026-09-" not in line[:40]), encoding="utf-8")
    page = open_period("2026-09")
    months, drift = recalculation.tracked(page), recalculation.drift(page)
    now = months.set_index("period").loc["2026-09"]
    assert now["leads"] == 0
    assert now.isna()["close_rate"]
    rest = recalculation.propose(page, drift), recalculation.gap(page)
    figures = recalculation.figures(page, months, *rest, recalculation.by_tier(page))
    assert any(figure.value is None or figure.value != figure.value for figure in figures)
    assert "not enough records" in repr(page.say(recalculation.headlines(page, months, drift, *rest)))
