"""Notebooks run to their end, or say why not; nothing of them outlives the run."""

import os
import re
import signal
import subprocess
import sys
import textwrap
import time
from concurrent.futures import ThreadPoolExecutor

import nbformat
import psutil
import pytest

from slanb.dictionary.wording import Wording
from slanb.errors import Failed, NoRecords, SlanbError
from slanb.kernels.engine import Kernels
from slanb.run.notebooks import (
    MIME,
    RUN_PARAMETERS,
    NotebookFailure,
    Task,
    check_parameters,
    clean,
    declared,
    execute,
    published_by,
    run_notebook,
    title_of,
)
from tests.tiny import figure, last_cell, write_notebook

GOOD = last_cell(figure("plan.quota"), headlines=("Fine.",))
VALUES = dict.fromkeys(RUN_PARAMETERS) | {"period": "2026-10", "agreement": "a.yml", "source": "s.yml"}


BAD = {  # what goes wrong: (cells, the problem, the code cell)
    "error": (["x = 1", "1 / 0", GOOD], r"01-error.ipynb, code cell 3 \(1 / 0\): ZeroDivisionError", 3),
    "users": (
        ["", "from slanb.errors import NoRecords; raise NoRecords(['one', 'two'])"],
        r"^one\ntwo$",
        2,
    ),
    "killed": (["import os; os.kill(os.getpid(), 9)", GOOD], r"code cell 2 .*its kernel died", 2),
    "slow": (
        ["import time; time.sleep(60)", GOOD],
        r"code cell 2 .*took longer than 3 s; allow more",
        2,
    ),
    "empty": (["x = 1"], r"^01-empty.ipynb: shows no figures", None),
    "left": (["raise SystemExit(0)", GOOD], r"01-left.ipynb, code cell 2: SystemExit", None),
}
NOISY = [
    "import sys, uuid; print('noise', uuid.uuid4(), file=sys.stderr)",
    "object()",
    "print({'a', 'b', 'c', 'd'})",
    "for i in range(20): print(i, flush=True)",
    GOOD,
]


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    """Many notebooks, two at a time."""
    folder = tmp_path_factory.mktemp("ran")
    (folder / "out").mkdir()
    cells = {name: cells for name, (cells, _, _) in BAD.items()} | {"once": NOISY, "again": NOISY}
    with ThreadPoolExecutor(2) as pool:
        outcomes = {
            name: pool.submit(
                run_notebook,
                Task(write_notebook(folder / f"01-{name}.ipynb", *notebook), f"01-{name}.ipynb", VALUES),
                folder / "out",
                3,
                Kernels(),
            )
            for name, notebook in cells.items()
        }
        return folder / "out", {name: future.result() for name, future in outcomes.items()}


def test_what_a_notebook_hands_on_has_one_name():
    from slanb.publish import report_data

    assert report_data.MIME == MIME


@pytest.mark.run
def test_a_notebook_runs_with_its_parameters_and_order_is_kept(tmp_path):
    first = write_notebook(
        tmp_path / "01-slow.ipynb", "import time; time.sleep(1); print(period, quota)", GOOD
    )
    second = write_notebook(tmp_path / "02-fast.ipynb", "import sys; print('careful', file=sys.stderr)", GOOD)
    (tmp_path / "out {a}").mkdir()  # braces are papermill's own signs
    calls = []
    outcomes = execute(
        [first, second],
        tmp_path / "out {a}",
        VALUES | {"quota": 6},
        timeout=60,
        before=lambda opening: calls.append("before"),
        finished=lambda outcome: calls.append(outcome.name),
    )
    assert [outcome.name for outcome in outcomes] == ["01-slow", "02-fast"]
    assert calls[0] == "before"
    assert sorted(calls[1:]) == ["01-slow", "02-fast"]
    assert [outcome.warnings for outcome in outcomes] == ["", "careful\n"]
    notebook = nbformat.read(tmp_path / "out {a}/01-slow.ipynb", as_version=4)
    assert notebook.cells[3].outputs[0].text == "2026-10 6\n"
    assert published_by(notebook)["headlines"] == ["Fine."]


@pytest.mark.run
def test_a_finished_notebook_may_ask_for_another(tmp_path):
    (tmp_path / "out").mkdir()
    path = write_notebook(tmp_path / "01-first.ipynb", "print(period)", GOOD)

    def finished(outcome):
        return [Task(path, "plan.ipynb", VALUES | {"period": "2026-11"})] * (outcome.name == "01-first")

    outcomes = execute([path], tmp_path / "out", VALUES, timeout=60, finished=finished)
    assert [outcome.name for outcome in outcomes] == ["01-first", "plan"]
    assert nbformat.read(tmp_path / "out/plan.ipynb", as_version=4).cells[3].outputs[0].text == "2026-11\n"


@pytest.mark.run
@pytest.mark.parametrize("name", BAD)
def test_a_failure_says_where_and_why(ran, name):
    folder, outcomes = ran
    _, problem, cell = BAD[name]
    assert re.search(problem, "\n".join(outcomes[name].problems))
    assert outcomes[name].name == f"01-{name}"
    assert cell is None or outcomes[name].cell == cell
    assert outcomes[name].code == (NoRecords.code if name == "users" else Failed.code)
    assert (folder / f"01-{name}.ipynb").exists()  # as far as it came


@pytest.mark.run
def test_two_runs_give_the_same_clean_notebook(ran):
    folder, outcomes = ran
    assert "noise" in outcomes["once"].warnings
    texts = [
        nbformat.writes(clean(nbformat.read(folder / f"01-{name}.ipynb", as_version=4)))
        for name in ("once", "again")
    ]
    assert texts[0] == texts[1]
    assert "papermill" not in texts[0]
    assert texts[0].count("noise") == 1  # in the source alone
    nbformat.validate(nbformat.reads(texts[0], as_version=4))


@pytest.mark.run
def test_a_slow_cell_is_ended_and_the_other_notebook_with_it(tmp_path):
    slow = write_notebook(tmp_path / "01-slow.ipynb", "import time; time.sleep(60)", GOOD)
    other = write_notebook(tmp_path / "02-other.ipynb", "import time; time.sleep(50)", GOOD)
    started = time.monotonic()
    with pytest.raises(
        NotebookFailure, match=r"code cell 2 .* took longer than 1 s; allow more with --timeout"
    ):
        execute([slow, other], tmp_path, VALUES, timeout=1)
    assert time.monotonic() - started < 30
    assert not descendants()


@pytest.mark.run
def test_a_killed_warm_process_ends_its_kernels_and_the_next_run_starts_another(tmp_path):
    path = write_notebook(
        tmp_path / "in/01-tiny.ipynb", "import os; os.kill(os.getppid(), 9)", "import time; time.sleep(60)"
    )
    with pytest.raises(NotebookFailure, match="its kernel died; it was killed, or the machine"):
        execute([path], tmp_path, VALUES, timeout=60)
    assert not descendants()
    [outcome] = execute([write_notebook(path, GOOD)], tmp_path, VALUES, timeout=60)
    assert outcome.kernel == "warm"


def descendants():
    """Kernels that still run, after a moment to end; none is left as a zombie."""
    for _ in range(50):
        warm = [child for child in psutil.Process().children() if "zygote" in " ".join(child.cmdline())]
        running = [kernel for process in warm for kernel in process.children()]
        if not running:
            return []
        time.sleep(0.1)
    return running


@pytest.mark.run
def test_kernels_and_the_warm_process_end_when_the_run_is_killed(tmp_path):
    write_notebook(
        tmp_path / "01-tiny.ipynb",
        "import os, pathlib; pathlib.Path('pids').write_text(f'{os.getpid()} {os.getppid()}')",
        "import time; time.sleep(60)",
    )
    (tmp_path / "script.py").write_text(
        textwrap.dedent("""
            from pathlib import Path
            from slanb.run.notebooks import RUN_PARAMETERS, execute
            if __name__ == "__main__":
                given = dict.fromkeys(RUN_PARAMETERS)
                execute([Path("01-tiny.ipynb").resolve()], Path("out").resolve(), given, timeout=60)
        """)
    )
    (tmp_path / "out").mkdir()
    process = subprocess.Popen([sys.executable, "script.py"], cwd=tmp_path)
    wait_for(lambda: (tmp_path / "pids").exists() and (tmp_path / "pids").read_text().count(" ") == 1)
    pids = [int(pid) for pid in (tmp_path / "pids").read_text().split()]
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    wait_for(lambda: not any(psutil.pid_exists(pid) and alive(pid) for pid in pids))


def alive(pid):
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def wait_for(condition, seconds=120):  # a busy machine takes its time to load a kernel
    for _ in range(seconds * 10):
        if condition():
            return
        time.sleep(0.1)
    raise AssertionError("it did not happen")


def test_parameters_are_those_assigned_in_their_cell(tmp_path):
    path = write_notebook(tmp_path / "01-tiny.ipynb", "other = 1")
    assert declared(path) == {*RUN_PARAMETERS, "quota"}


def test_unknown_parameters_and_lacking_ones_are_refused_together(tmp_path):
    whole = write_notebook(tmp_path / "01-whole.ipynb")
    lacking = write_notebook(
        tmp_path / "02-lacking.ipynb", parameters="period = 1\nas_of = agreement = source = 2"
    )
    check_parameters([whole], ["quota"])
    with pytest.raises(SlanbError) as caught:
        check_parameters([whole, lacking], ["quotaa", "as_of"])
    assert len(caught.value.problems) == 3
    assert "02-lacking.ipynb: the cell tagged `parameters` declares no data" in str(caught.value)
    assert "parameter quotaa is declared by none of the notebooks. Did you mean quota?" in str(caught.value)
    assert "parameter as_of is given by the run's own options." in str(caught.value)


@pytest.mark.parametrize(
    "text", ["", "{}", '{"cells": [{"metadata": {"tags": ["parameters"]}, "source": "a b"}]}']
)
def test_what_is_no_notebook_is_refused(tmp_path, text):
    path = tmp_path / "01-tiny.ipynb"
    path.write_text(text)
    with pytest.raises(SlanbError, match=r"01-tiny.ipynb: its parameters cannot be read"):
        declared(path)


def test_what_several_cells_hand_on_is_one():
    def output(**part):
        return {"output_type": "display_data", "data": {MIME: part}, "metadata": {}}

    shown = {"output_type": "display_data", "data": {"text/html": ["<figure>", "</figure>"]}}
    cells = [
        {"outputs": [output(figures=[1], headlines=["a"]), output(files={"x": "1"})]},
        {"outputs": [output(figures=[2], headlines=["b"], to_do=["c"], files={"y": "2"})]},
        {
            "outputs": [
                output(scorecard={"summary": "Kept."}),
                output(what_if={"cells": []}, sheets={"plan": 1}),
            ]
        },
        *({"outputs": [shown], "metadata": {"tags": tags}} for tags in (["first-page"], [])),
    ]
    assert published_by({"cells": cells}) == {
        "figures": [1, 2],
        "headlines": ["a", "b"],
        "to_do": ["c"],
        "files": {"x": "1", "y": "2"},
        "scorecard": {"summary": "Kept."},
        "what_if": {"cells": []},
        "sheets": {"plan": 1},
        "pictures": ["<figure></figure>"],
    }


def test_a_notebook_without_heading_has_a_title():
    assert (
        title_of({"cells": [{"cell_type": "markdown", "source": "text"}]}, "03-values", Wording())
        == "03-values"
    )
