"""Databases keep within the memory that the machine or its control group gives, and spill into a folder."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from slanb import database
from slanb.errors import SlanbError

ROOT = Path(__file__).parents[1]
GB = 2**30


@pytest.fixture(autouse=True)
def own(monkeypatch):
    """A machine of 64 GB, of which nobody says how much slanb may take."""
    monkeypatch.delenv(database.GIVEN, raising=False)
    monkeypatch.setattr(database, "_of_machine", lambda: 64 * GB)


@pytest.mark.parametrize(
    ("process", "files", "gigabytes"),
    [
        ("0::/job/one\n", {"job/one/memory.max": 8 * GB}, 8),
        ("0::/job/one\n", {"job/one/memory.max": "max", "job/memory.max": 6 * GB}, 6),
        ("0::/job/one\n", {"job/one/memory.max": 5 * GB, "job/memory.max": 9 * GB}, 5),
        ("0::/\n", {"memory.max": 4 * GB}, 4),  # a container, in which its own group is the top
        ("0::/../../host/path\n", {"memory.max": 3 * GB}, 3),
        ("0::/job\n", {"job/memory.max": "max"}, 64),
        ("0::/job\n", {"job/memory.max": 128 * GB}, 64),  # more than there is
        ("5:cpu:/a\n4:memory:/b\n", {"memory/b/memory.limit_in_bytes": 2 * GB}, 2),
        ("4:cpu,memory:/b\n", {"memory/memory.limit_in_bytes": 2 * GB}, 2),
        ("4:memory:/b\n0::/\n", {"memory/b/memory.limit_in_bytes": 9223372036854771712}, 64),  # none
        ("4:memory:/b\n", {"memory/b/memory.limit_in_bytes": "unreadable"}, 64),
        ("5:cpu:/a\n", {}, 64),
        (None, {}, 64),
    ],
)
def test_memory_is_the_machines_or_its_groups_if_that_is_less(tmp_path, process, files, gigabytes):
    proc, groups = tmp_path / "proc", tmp_path / "groups"
    for folder in (proc / "self", groups):
        folder.mkdir(parents=True)
    if process is not None:
        (proc / "self/cgroup").write_text(process)
    for name, limit in files.items():
        (groups / name).parent.mkdir(parents=True, exist_ok=True)
        (groups / name).write_text(f"{limit}\n")
    assert database.memory(proc=proc, groups=groups) == gigabytes * GB


def test_where_nothing_tells_a_small_machine_is_assumed(tmp_path, monkeypatch):
    monkeypatch.setattr(database, "_of_machine", lambda: None)
    assert database.memory(proc=tmp_path, groups=tmp_path) == database.UNKNOWN


def test_a_memory_that_is_given_counts_and_what_is_none_is_refused(monkeypatch):
    monkeypatch.setenv(database.GIVEN, "1.5")
    assert database.memory() == 1.5 * GB
    for wrong in ("much", "-1", "0.1", "nan"):
        monkeypatch.setenv(database.GIVEN, wrong)
        with pytest.raises(SlanbError, match=f"SLANB_MEMORY: is '{wrong}', but gigabytes are expected"):
            database.memory()


def test_the_databases_of_all_kernels_of_a_run_share_half_of_it(monkeypatch):
    monkeypatch.setenv(database.GIVEN, "8")
    assert database.AT_ONCE * database.memory_limit() == 4 * GB
    with database.connect() as engine, database.connect(most=GB) as smaller:
        setting = "select current_setting('memory_limit')"
        assert engine.execute(setting).fetchall() == [("2.0 GiB",)]
        assert smaller.execute(setting).fetchall() == [("1.0 GiB",)]


def test_a_large_machine_is_not_filled_unless_it_is_given(monkeypatch):
    assert database.memory_limit() == database.ENOUGH < 64 * GB * database.SHARE / database.AT_ONCE
    monkeypatch.setenv(database.GIVEN, "64")
    assert database.memory_limit() == 16 * GB
    monkeypatch.delenv(database.GIVEN)
    monkeypatch.setattr(database, "_of_machine", lambda: 8 * GB)
    assert database.memory_limit() == 2 * GB


SPILL = """
import os, sys
from pathlib import Path
from slanb.database import connect
engine = connect()
engine.execute("set threads = 1")
rows = "select i, hash(i)::varchar || repeat('x', 200) as text from range(900000) as r (i)"
engine.execute(f"create table spilt as {rows} order by text")
(folder,) = Path(os.environ["SLANB_SCRATCH"]).iterdir()
written = sum(file.stat().st_size for file in folder.iterdir())
print(oct(folder.stat().st_mode & 0o777), written > 0, flush=True)
if sys.argv[1:]:
    os.kill(os.getpid(), 9)
"""


@pytest.mark.parametrize("killed", [False, True])
def test_what_has_no_room_goes_to_a_private_folder_that_is_gone_when_the_process_ends(tmp_path, killed):
    settings = os.environ | {"SLANB_SCRATCH": str(tmp_path), "SLANB_MEMORY": "0.5", "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", SPILL, *["kill"] * killed]
    done = subprocess.run(command, env=settings, capture_output=True, text=True, check=False)
    assert done.stdout.split() == ["0o700", "True"], done.stderr
    assert bool(list(tmp_path.iterdir())) == killed  # of a killed process, by who set the folder


def test_nobody_opens_a_database_in_another_way():
    opened = re.compile(r"\bduckdb\.(connect|execute|sql|query|read_\w+)\(")
    found = [
        str(path.relative_to(ROOT))
        for path in (ROOT / "slanb").rglob("*.py")
        if opened.search(path.read_text(encoding="utf-8"))
    ]
    assert found == ["slanb/database.py"]
