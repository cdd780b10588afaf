"""Warm kernels: what one leaves behind no other sees, what ends one ends no other, and none outlives us."""

import json
import os
import random
import signal
import subprocess
import sys
import textwrap
import time
import tomllib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nbformat
import papermill
import psutil
import pytest

from slanb.kernels import engine, warm
from slanb.kernels.engine import Kernels
from slanb.run.notebooks import RUN_PARAMETERS, Task, run_notebook
from tests.tiny import figure, last_cell, write_notebook

ROOT = Path(__file__).parents[1]
GOOD = last_cell(figure("plan.quota"))
VALUES = dict.fromkeys(RUN_PARAMETERS)
STATE = """
import os, random, sys
import numpy as np, pandas as pd, matplotlib as mpl, matplotlib.pyplot as plt, duckdb
from slanb import formulas
"""
SPOIL = """
random.seed(1); np.random.seed(1); os.environ["LEFT"] = "x"; os.environ["TZ"] = "Asia/Tokyo"; os.chdir("/")
formulas.leads_needed = None; pd.options.display.max_rows = 3; mpl.rcParams["font.size"] = 99; plt.figure()
sys.path.append("/left"); left = open("/dev/null"); duckdb.sql("create table kept as select 1")
"""
SEEN = """
import json, threading
print(json.dumps({
    "environment": [os.environ.get("LEFT"), os.environ.get("TZ")],
    "folder": os.getcwd(),
    "module": callable(formulas.leads_needed),
    "option": pd.options.display.max_rows,
    "look": mpl.rcParams["font.size"],
    "figures": plt.get_fignums(),
    "path": "/left" in sys.path,
    "tables": duckdb.sql("show tables").fetchall(),
    "names": "left" in globals(),
    "argv": sys.argv[0].rsplit("/")[-1].removesuffix(".py"),
    "backend": mpl.get_backend(),
    "hash": hash("a"),
    "files": sorted(name for fd in os.listdir("/proc/self/fd") if os.path.exists(f"/proc/self/fd/{fd}")
        and (name := os.readlink(f"/proc/self/fd/{fd}")).endswith((".ipynb", ".parquet", ".csv", ".ttf"))),
}))
"""
DRAWN = "print(json.dumps([random.random(), np.random.rand()]))"

pytestmark = pytest.mark.run


def ran(folder, name, *cells, kernels=None):
    """The outcome of a notebook of these cells, and what each printed."""
    path = write_notebook(folder / f"01-{name}.ipynb", *cells, GOOD)
    with ThreadPoolExecutor(1) as pool:
        task = Task(path, f"{name}.ipynb", VALUES)
        done = pool.submit(run_notebook, task, folder, 60, kernels or Kernels())
        outcome = done.result()
    notebook = nbformat.read(folder / f"{name}.ipynb", as_version=4)
    printed = [
        output.text for cell in notebook.cells for output in cell.get("outputs", ()) if "text" in output
    ]
    return outcome, printed


@pytest.fixture
def plainly(monkeypatch):
    """From here on kernels are plain ones."""
    return lambda: monkeypatch.setattr(warm, "CAN_FORK", False)


def test_a_notebook_sees_nothing_of_another_and_what_a_plain_kernel_sees(tmp_path, plainly):
    spoilt, _ = ran(tmp_path, "spoil", STATE + SPOIL)
    first, one = ran(tmp_path, "first", STATE + SEEN, DRAWN)
    second, other = ran(tmp_path, "second", STATE + SEEN, DRAWN)
    assert [each.kernel for each in (spoilt, first, second)] == ["warm"] * 3
    assert one[0] == other[0]
    assert json.loads(one[1])[0] != json.loads(other[1])[0]  # random numbers of their own
    assert json.loads(one[1])[1] != json.loads(other[1])[1]
    plainly()
    plain, alone = ran(tmp_path, "plain", STATE + SEEN)
    assert plain.kernel == "plain: this system cannot fork a loaded process"
    assert json.loads(alone[0]) == json.loads(one[0])


def test_all_that_report_notebooks_import_is_loaded_before(tmp_path):
    imports = set()
    for path in (ROOT / "notebooks").glob("[0-9][0-9]-*.ipynb"):
        for cell in nbformat.read(path, as_version=4).cells:
            lines = cell.source.splitlines() if cell.cell_type == "code" else []
            imports |= {line for line in lines if line.startswith(("import ", "from "))}
    look = "import sys; before = set(sys.modules)"
    _, printed = ran(
        tmp_path, "imports", look, "\n".join(sorted(imports)), "print(set(sys.modules) - before)"
    )
    assert len(imports) > 6
    assert printed == ["set()\n"]


def test_a_kernel_loads_no_debugger_and_a_notebook_still_can(tmp_path):
    looks = "import sys; print('debugpy' in sys.modules)", "import debugpy; print(debugpy.__name__)"
    assert ran(tmp_path, "debugger", *looks)[1] == ["False\n", "debugpy\n"]


def test_nothing_that_a_fork_would_tear_is_held_before_it():
    script = """
        import asyncio, gc, json, os
        from slanb.kernels.zygote import load
        load()
        import duckdb, zmq
        torn = (duckdb.DuckDBPyConnection, zmq.Context, zmq.Socket, asyncio.AbstractEventLoop)
        print(json.dumps({
            "threads": len(os.listdir("/proc/self/task")),
            "held": [str(each) for each in gc.get_objects() if isinstance(each, torn)],
            "contexts": [str(zmq.Context._instance)],
            "files": sorted(map(int, os.listdir("/proc/self/fd")))[:-1],
        }))
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script)],
        check=True, capture_output=True, env=os.environ | warm.STEADY,
    )  # fmt: skip
    assert json.loads(done.stdout) == {"threads": 1, "held": [], "contexts": ["None"], "files": [0, 1, 2]}


def test_a_crash_ends_no_other_and_leaves_no_zombie(tmp_path):
    (tmp_path / "one").mkdir()
    with ThreadPoolExecutor(2) as pool:
        long = pool.submit(ran, tmp_path, "long", "import time; time.sleep(3); print('whole')")
        crash = pool.submit(ran, tmp_path / "one", "crash", "import ctypes; ctypes.string_at(0)")
        assert "its kernel died" in crash.result()[0].problems[0]
        outcome, printed = long.result()
    assert outcome.problems == ()
    assert printed == ["whole\n"]
    assert psutil.Process(warm.warm_process().pid).children() == []


def test_a_fork_that_fails_gives_a_plain_kernel_and_says_so(tmp_path, monkeypatch):
    def refused(*_, **__):
        raise OSError(11, "Resource temporarily unavailable")

    monkeypatch.setattr(warm.WarmProcess, "fork", refused)
    outcome, printed = ran(tmp_path, "plain", "print(1)")
    assert outcome.kernel == "plain: no kernel could be forked: Resource temporarily unavailable"
    assert printed == ["1\n"]


def test_where_sockets_have_no_room_for_their_path_ports_are_used(tmp_path, monkeypatch):
    monkeypatch.setattr(engine, "LONGEST_SOCKET", 1)
    assert ran(tmp_path, "ports", "print(1)")[1] == ["1\n"]


def test_code_that_has_changed_is_loaded_anew(tmp_path, monkeypatch):
    before = warm.warm_process()
    monkeypatch.setenv("PYTHONWARNINGS", "ignore")  # as a changed file would be
    assert warm.warm_process() is not before
    assert warm.warm_process() is warm.warm_process()


@pytest.mark.parametrize("name", ["SIGKILL", "SIGTERM"])
def test_the_warm_process_and_its_kernels_end_with_their_parent(tmp_path, name):
    script = """
        import os, sys, time
        from slanb.kernels.warm import warm_process
        started = warm_process()
        kernel = started.ask(argv=["-f", "connection.json"], env=dict(os.environ), cwd=os.getcwd())
        print(started.pid, kernel["pid"], flush=True)
        time.sleep(60)
    """
    child = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(script)], cwd=tmp_path, stdout=subprocess.PIPE, text=True
    )
    pids = [int(pid) for pid in child.stdout.readline().split()]
    assert all(map(psutil.pid_exists, pids))
    child.send_signal(getattr(signal, name))
    child.communicate()
    for _ in range(100):
        if not any(map(psutil.pid_exists, pids)):
            return
        time.sleep(0.1)
    raise AssertionError("it lives on")


def test_papermill_finds_the_engine_by_its_name(tmp_path):
    points = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["entry-points"][
        "papermill.engine"
    ]
    info = tmp_path / "path/engine-1.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Name: engine\nVersion: 1\n")
    (info / "entry_points.txt").write_text(
        "[papermill.engine]\n" + "".join(f"{name} = {place}\n" for name, place in points.items())
    )
    path = write_notebook(tmp_path / "01-tiny.ipynb", "print(period)")
    given = ["-p", "period", "2026-10", "--engine", "slanb", "--no-progress-bar"]
    found = os.pathsep.join([str(info.parent), str(ROOT)])
    subprocess.run(
        [sys.executable, "-m", "papermill", path, tmp_path / "out.ipynb", *given],
        check=True, capture_output=True, env=os.environ | {"PYTHONPATH": found},
    )  # fmt: skip
    notebook = nbformat.read(tmp_path / "out.ipynb", as_version=4)
    assert notebook.metadata.papermill["kernel"] == "warm"
    assert notebook.cells[-1].outputs[0].text == "2026-10\n"


def test_a_kernel_that_is_asked_to_end_does_so_by_itself_and_in_order(tmp_path):
    """ipykernel 7.4, left to close its threads, waits in one of twelve ends until it is ended by force."""
    cell = "import atexit; atexit.register(open('ended', 'a').write, 'x'); print('whole')"
    path, kernels = write_notebook(tmp_path / "01-tiny.ipynb", cell), Kernels()
    for _ in range(12):
        out = tmp_path / "out.ipynb"
        given = {"engine_name": engine.NAME, "kernels": kernels, "cwd": tmp_path, "progress_bar": False}
        done = papermill.execute_notebook(path, out, VALUES, **given)
        assert [output.text for output in done.cells[-1].outputs] == ["whole\n"]
    assert [process.returncode for process in kernels._processes] == [0] * 12
    assert (tmp_path / "ended").read_text() == "x" * 12


def memory_after(count, folder, seed=0):
    """Megabytes of this process and the warm one after each of `count` notebooks of random size."""
    chance, megabytes = random.Random(seed), []
    zygote = psutil.Process(warm.warm_process().pid)
    for number in range(count):
        rows = chance.randrange(10_000, 2_000_000)
        outcome, _ = ran(folder, f"{number}", f"import numpy as np; print(np.ones({rows}).sum())")
        assert outcome.kernel == "warm", outcome
        both = (psutil.Process().memory_info().rss, zygote.memory_info().rss)
        megabytes.append(sum(both) / 1e6)
        assert zygote.children() == []
    return megabytes


def test_memory_stays_flat(tmp_path):
    megabytes = memory_after(12, tmp_path)
    assert megabytes[-1] - megabytes[3] < 15
