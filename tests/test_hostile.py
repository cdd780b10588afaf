"""What a CRM's users, broken files and a full or closed machine may do: told in words, and harmless."""

import json
import os
import resource
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from slanb import cli
from slanb.crm import open_source
from slanb.errors import SlanbError
from slanb.run import published
from slanb.whole_files import write_whole
from tests.attack.names import live
from tests.attack.workbooks import with_cells
from tests.crm_exports import workbook
from tests.crm_sources import DEALS, LEADS, MAPPING, imported

ROOT = Path(__file__).parents[1]


def test_the_quarantine_holds_no_formula_wherever_it_is_kept(tmp_path):
    good = "".join(f"{n},2026-03-04 08:00,A\n" for n in range(10, 40))
    leads = LEADS + good + "".join(f'"{name}",=1+1,A\n' for name in ("=2", " +3", "@x")) + "5,-7,A\n"
    kept = imported(tmp_path, leads=leads).folder / "quarantine.csv"
    text = kept.read_text("utf-8")
    assert live(text) == []
    assert ",created_at,'=9+9," in text
    assert ",created_at,-7," in text


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        (
            ["XFD1048576"],
            'in sheet "Sheet1" something stands far from the records, in cell XFD1048576 (after 16,380',
        ),
        (["A1048576"], "cell A1048576 (after 1,048,570 empty rows). Delete it there"),
        (["XFD6"], "cell XFD6 (after 16,380 empty columns)"),
        (["C100000"], "cell C100000 (after 99,994 empty rows)"),
        (["D9000", "ZZ9000"], "cell ZZ9000 (after 697 empty columns), D9000 (after 8,994 empty rows)"),
        (["C30"], None),
    ],
)
def test_a_stray_cell_of_a_workbook_is_named_and_costs_nothing(tmp_path, cells, said):
    mapping = MAPPING.replace("leads.csv", "leads.xlsx")
    book = with_cells(workbook(LEADS + "4,2026-03-04 08:00,A\n"), *cells)
    began = resource.getrusage(resource.RUSAGE_SELF)
    if said is None:
        assert imported(tmp_path, mapping, **{"leads.xlsx": book}).quality["tables"]["leads"]["used"] == 4
        return
    with pytest.raises(SlanbError) as refused:
        imported(tmp_path, mapping, **{"leads.xlsx": book})
    ended = resource.getrusage(resource.RUSAGE_SELF)
    assert said in str(refused.value)
    assert ended.ru_utime - began.ru_utime < 10
    assert ended.ru_maxrss - began.ru_maxrss < 100_000  # KB more than before


@pytest.mark.parametrize("place", ["no/such/folder/file", "file/below", "n" * 300])
def test_a_file_that_cannot_be_written_is_named_and_leaves_nothing(tmp_path, place):
    (tmp_path / "file").write_text("kept")
    with pytest.raises(SlanbError, match=r"cannot be written \("):
        write_whole(tmp_path / place, "text")
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_a_file_is_replaced_whole_or_where_it_may_not_be_kept(tmp_path):
    path = tmp_path / "file"
    write_whole(path, "first", replace=False)
    write_whole(path, b"second")
    with pytest.raises(FileExistsError):
        write_whole(path, "third", replace=False)
    assert path.read_text() == "second"
    assert len(list(tmp_path.iterdir())) == 1


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A folder with the sample's agreement and mapping, and no records."""
    shutil.copytree(ROOT / "params", tmp_path / "params", ignore=shutil.ignore_patterns("scenarios"))
    (tmp_path / "outputs").mkdir()
    shutil.copytree(ROOT / "notebooks", tmp_path / "notebooks")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def take(path: str) -> None:
    """Put a file where slanb makes a folder."""
    Path(path).write_text("")


def pipe(path: str) -> None:
    Path(path).unlink(missing_ok=True)
    os.mkfifo(path)


@pytest.mark.parametrize(
    ("before", "command", "said"),
    [
        (
            lambda: pipe("params/2026-11.yml"),
            "check",
            "params/2026-11.yml: is no file but a pipe or a device",
        ),
        (lambda: pipe("params/agreement.yml"), "check", "params/agreement.yml: is no file but a pipe"),
        (None, f"run 2026-10 --outputs {'o' * 300}", " signs are too long for a path. Choose a shorter"),
        (None, f"run 2026-10 -p tiers {'[' * 100_000}", "parameter tiers is nested more than 40 levels deep"),
        (None, f"run 2026-10 -p tiers {'[' * 50}{']' * 50}", "parameter tiers is nested more than 40"),
        (None, 'run 2026-10 -p note "\\ud800"', "parameter note is '\"\\\\ud800\"', which holds half a sign"),
        (None, "run 2026-10 -p note a\udcff", "'a\\udcff' is no text in UTF-8. Type it again."),
        (None, "check --agreement \udcff", "'\\udcff' is no text in UTF-8"),
        (
            lambda: take("outputs/.runs"),
            "run 2026-10 --only 01",
            "no report can be made there (Not a directory)",
        ),
        (None, "adopt 2026-11 --outputs params/agreement.yml", "no report proposes parameters"),
    ],
)
def test_what_cannot_be_done_is_said_in_words(project, before, command, said, capsys):
    if before is not None:
        before()
    assert cli.main(command.split()) in (1, 4)
    errors = capsys.readouterr().err
    assert said in errors.replace(f"{project}/", "")
    assert "Traceback" not in errors


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (
            PermissionError(13, "Permission denied", "params"),
            4,
            "params: Permission denied. See that it can be",
        ),
        (OSError(24, "Too many open files"), 4, "Too many open files: more are needed at once"),
        (OSError(28, "No space left on device", "outputs"), 4, "outputs: the disk is full. Make room there"),
        (FileNotFoundError(2, "No usable temporary directory found in ['/a']"), 4, "the disk is full"),
        (KeyboardInterrupt(), 130, "interrupted"),
    ],
)
def test_what_the_system_refuses_is_said_in_words(monkeypatch, capsys, error, code, said):
    def refuse(*_, **__):
        raise error

    monkeypatch.setattr("slanb.terms.load_terms", refuse)
    assert cli.main(["check"]) == code
    assert said in capsys.readouterr().err


@pytest.mark.parametrize("name", ["SIGTERM", "SIGINT"])
@pytest.mark.parametrize("library", ["RuntimeError('Query interrupted')", "SlanbError('the import failed')"])
def test_a_signal_is_an_interruption_whatever_a_library_makes_of_it(name, library):
    code = f"""
import os, signal, sys
import slanb.terms
from slanb.cli import main
from slanb.errors import SlanbError
def work(*_):
    try:
        os.kill(os.getpid(), signal.{name})
    except KeyboardInterrupt:
        raise {library}
slanb.terms.load_terms = work
sys.exit(main(["check"]))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (130, "interrupted\n")


def test_a_reader_who_leaves_is_no_error():
    command = [sys.executable, "-m", "slanb", "figures"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 141


PERSONAL = ["Jo Planted", "+49 170 5550123", "(030) 5550 123", "jo@planted.example", "123-45-6789"]
NOTE = "Jo Planted asks to be called again on Monday at home"


def test_no_person_is_told_by_what_could_not_be_read(tmp_path):
    """A name, a number or a note in a column of dates, amounts or ids is told by its shape and line."""
    good = "".join(f"{n},2026-03-04 08:00,A\n" for n in range(10, 60))
    wrong = [*PERSONAL, NOTE, "5550123456", "31.13.2026"]
    personal = "".join(f"7{n},{value},A\n" for n, value in enumerate(wrong))
    repeated = "".join(f"{value},2026-03-04 08:00,A\n" * 2 for value in PERSONAL[:2])
    amounts = enumerate([*PERSONAL, NOTE, "1.2k"])
    deals = DEALS + "".join(f"d1{n},1,2026-03-20,Won,{value}\n" for n, value in amounts)
    deals += "".join(f"e{n},1,2026-03-21,Won,80\n" for n in range(20))
    deals += f"f1,1,2026-03-20,{NOTE},1\nf2,1,2026-03-20,{PERSONAL[1]},1\nf3,1,2026-03-20,Sent,1\n"
    mapping = MAPPING.replace("Lost: false}, otherwise: null", "Lost: false, Open: null}")
    snapshot = imported(tmp_path, mapping, leads=LEADS + good + personal + repeated, deals=deals)
    told = snapshot.quarantine.to_csv() + json.dumps(snapshot.quality, ensure_ascii=False)
    assert [value for value in (*PERSONAL, NOTE, "Planted", "5550123") if value in told] == []
    assert {"31.13.2026", "xx xxxxxxx", "'+99 999 9999999", "1.2k"} <= set(snapshot.quarantine["value"])
    unknown = snapshot.quality["tables"]["deals"]["unknown"]["won"]
    assert unknown["Sent"] == 1
    assert unknown["+99 999 9999999 (deals.csv, line 33)"] == 1


def test_records_and_reports_are_closed_to_others(tmp_path):
    assert imported(tmp_path).folder.stat().st_mode & 0o777 == 0o700
    folder = published.new_folder(tmp_path, "2026-10")
    (folder / "index.html").write_text("a page")
    place = published.show(folder, tmp_path, "2026-10")
    assert [path.stat().st_mode & 0o777 for path in (place / "index.html", place)] == [0o640, 0o750]


@pytest.mark.parametrize("where", ["times: {}", "files:\n  contacts: {{path: contacts.csv, times: {}}}"])
def test_times_that_clash_get_a_sentence(tmp_path, where):
    (tmp_path / "source.yml").write_text(
        "preset: hubspot\nzone: Europe/Berlin\n" + where.format('["%d/%m/%Y", "%m/%d/%Y"]')
    )
    with pytest.raises(SlanbError, match=r'times: formats that never .* but "%d/%m/%Y" and "%m/%d/%Y" do\.$'):
        open_source(tmp_path / "source.yml")
