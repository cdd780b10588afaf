"""A person is taken out of all that slanb keeps, and what is killed leaves nothing behind."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from slanb import cli, scratch
from slanb.crm import import_source, open_source
from slanb.crm.snapshot import MOST
from slanb.dictionary.wording import Wording
from slanb.errors import SlanbError
from slanb.publish.quality_page import quality_page
from slanb.run import published
from slanb.run.forget import LOG, forget
from tests.attack.persons import OWN, OWN_FILES
from tests.crm_exports import write_export

LEAD, ADDRESS = "2010000017", "ann.lee@planted.example"


@pytest.fixture
def project(tmp_path):
    """A project with records and a report of them that names two leads among others."""
    files = dict(OWN_FILES)
    for plain, name in (("17", LEAD), ("18", ADDRESS)):
        for file, text in files.items():
            files[file] = re.sub(rf"(^|,){plain},", rf"\g<1>{name},", text, flags=re.MULTILINE)
    (tmp_path / "outputs").mkdir()
    return write_export(tmp_path, OWN, files)


def report(folder: Path, snapshot, names: list[str]) -> Path:
    """A report's files that name leads."""
    quality = snapshot.quality
    quality["anomalies"][0]["examples"] = [*names, "5"]
    made = published.new_folder(folder / "outputs", "2026-03")
    waiting = "lead_id,owner\n5,Jo\n" + "".join(f"{name},Jo\n" for name in names)
    sales = {"cells": [{"outputs": [{"files": {"attention.csv": waiting}}]}]}
    texts = {
        "quality.html": quality_page(quality, title="Quality", words=Wording(), nav=()),
        "quality.json": json.dumps(quality),
        "attention.csv": waiting,
        "05-report-sales.ipynb": json.dumps(sales),
        "run.json": json.dumps({"error": [f"both files hold lead_id {names[0]}, with other values"]}),
    }
    for name, text in texts.items():
        (made / name).write_text(text)
    return published.show(made, folder / "outputs", "2026-03")


def kept(folder: Path) -> str:
    """All that is kept below a folder, as text."""
    tables = [
        duckdb.execute(f"from read_parquet('{path}')").df().to_csv() for path in folder.rglob("*.parquet")
    ]
    texts = [path.read_text() for path in folder.rglob("*") if path.is_file() and path.suffix != ".parquet"]
    return "\n".join(tables + texts)


def test_nothing_is_left_of_a_person_who_is_forgotten(project, monkeypatch, capsys):
    folder = project.parent
    monkeypatch.chdir(folder)
    snapshot = import_source(open_source("source.yml"))  # held by this process
    leads = duckdb.execute(f"select lead_id from read_parquet('{snapshot.tables['leads']}')").fetchall()
    (keyed,) = [name for (name,) in leads if name.startswith("id-")]
    place = report(folder, snapshot, [LEAD, keyed])
    snapshot.prepared.mkdir()
    (snapshot.prepared / "answer.parquet").write_bytes((snapshot.folder / "leads.parquet").read_bytes())
    assert [name in kept(folder / "outputs") for name in (LEAD, keyed, ADDRESS)] == [True, True, False]
    with pytest.raises(SlanbError, match="reads the records just now"):
        forget([LEAD], source=project, outputs=folder / "outputs")
    monkeypatch.setattr(scratch, "in_use", lambda path: False)  # as once this process has ended
    (folder / "list.txt").write_text(f"{ADDRESS}\n\n")
    assert cli.main(["forget", LEAD, "--list", "list.txt", "--source", "source.yml"]) == 0
    said = capsys.readouterr().out
    assert said.startswith("Removed: 2 leads, 2 activities, 2 changes of owner, the lead of 2 deals, 1 kept")
    left = kept(folder / "outputs")
    assert [name for name in (LEAD, keyed) if name in left] == []
    assert "For instance: 5." in (place / "quality.html").read_text()
    assert (place / "attention.csv").read_text() == "lead_id,owner\n5,Jo\n"
    assert duckdb.execute(f"select count(*) from read_parquet('{snapshot.tables['deals']}')").fetchall() == [
        (60,)
    ]
    assert json.loads((folder / "outputs" / LOG).read_text())["removed"]["leads"] == 2
    assert (place / "attention.csv").stat().st_mode & 0o777 == 0o640


def test_the_last_snapshots_of_a_source_are_kept_and_the_one_in_use(project):
    folder = project.parent / "outputs/.snapshots"
    (folder / ".partial-left").mkdir(parents=True)
    text, made = project.read_text(), []
    for quota in range(MOST + 2):
        project.write_text(f"{text}# {quota}\n")
        made.append(import_source(open_source(project)).folder)
        if quota == 0:
            held = scratch.hold(made[0])
    assert set(folder.iterdir()) == {made[0], *made[-MOST:]}
    os.close(held)
    project.write_text(text)
    made.append(import_source(open_source(project)).folder)
    assert set(folder.iterdir()) == {*made[-MOST:]}
    assert (project.parent / ".key").stat().st_mode & 0o777 == 0o600


def test_what_a_killed_process_left_is_removed_by_the_next(tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    code = """
import os, signal
from pathlib import Path
from slanb import scratch
from slanb.run import published
folder = scratch.own("import")
Path(folder.name, "raw.csv").touch()
published.new_folder(Path("outputs"), "2026-10")
os.kill(os.getpid(), signal.SIGKILL)
"""
    subprocess.run([sys.executable, "-c", code], cwd=tmp_path)
    mine = scratch.own("import")
    assert len([*tmp_path.glob("slanb-held-import-*")]) == 2
    scratch.sweep_left()
    assert [*tmp_path.glob("slanb-held-import-*")] == [Path(mine.name)]
    other, own = (published.new_folder(tmp_path / "outputs", name) for name in ("2026-11", "2026-12"))
    published.show(own, tmp_path / "outputs", "2026-12")
    assert {path.name for path in (tmp_path / "outputs/.runs").iterdir()} == {".lock", other.name, own.name}
    published.discard(other)
    mine.cleanup()
