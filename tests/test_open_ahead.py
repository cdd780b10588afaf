"""A period opened once for all kernels of a run: each has it, none sees what another does with it."""

import json
import os
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from slanb.kernels import warm
from slanb.kernels.engine import Kernels
from slanb.simulate import Company, simulate, write_files
from tests.test_kernels import ran

ROOT = Path(__file__).parents[1]
ASKED = {
    "period": "2026-10",
    "as_of": None,
    "agreement": "params/agreement.yml",
    "source": "params/source.yml",
    "data": None,
    "what_if": {},
}
OPEN = f"""
import json
from slanb.open_period import AHEAD, open_period
waiting = len(AHEAD)
page = open_period(**{ASKED})
print(json.dumps([waiting, len(AHEAD), float(page.goals.total["leads"]), "learnt" in vars(page)]))
"""
SPOIL = "page.goals.cells['leads'] = 0.0; page.spoilt = True; open_period.__doc__ = ''"
AGAIN = "print(json.dumps([hasattr(page, 'spoilt'), bool(open_period.__doc__)]))"

pytestmark = pytest.mark.run


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """A project with a small company's records."""
    folder = tmp_path_factory.mktemp("small")
    shutil.copytree(ROOT / "params", folder / "params")
    write_files(simulate(Company(months=3, leads_at_start=60)), folder / "outputs/sample-data")
    return folder


@pytest.fixture
def project(small, monkeypatch):
    monkeypatch.chdir(small)


@pytest.fixture
def kernels(project):
    with warm.kept_warm():
        kernels = Kernels()
        kernels.open_ahead(ASKED)
        yield kernels
        kernels.end()


def test_each_notebook_has_the_page_as_it_was_opened(tmp_path, kernels):
    spoilt, told = ran(tmp_path, "spoil", OPEN, SPOIL, kernels=kernels)
    clean, also = ran(tmp_path, "clean", OPEN, AGAIN, kernels=kernels)
    assert [spoilt.problems, clean.problems, spoilt.kernel, clean.kernel] == [(), (), "warm", "warm"]
    waiting, left, leads, learnt = json.loads(told[0])
    assert [waiting, left, learnt] == [1, 0, True]
    assert leads > 100
    assert also[0] == told[0]
    assert json.loads(also[1]) == [False, True]


def test_other_parameters_open_a_page_of_their_own(tmp_path, kernels):
    _, told = ran(tmp_path, "other", OPEN.replace("'2026-10'", "'2026-09'"), kernels=kernels)
    waiting, left, _, learnt = json.loads(told[0])
    assert [waiting, left, learnt] == [1, 1, False]


def test_without_the_process_that_opened_it_a_notebook_opens_the_page(tmp_path, kernels):
    kernels._ahead.close()
    outcome, told = ran(tmp_path, "alone", OPEN, kernels=kernels)
    assert (outcome.problems, outcome.kernel) == ((), "warm")
    assert json.loads(told[0])[:2] == [0, 0]


def test_what_cannot_be_opened_is_told_by_the_notebook(tmp_path, project):
    with warm.kept_warm():
        kernels = Kernels()
        kernels.open_ahead(ASKED | {"source": "params/none.yml"})
        code = OPEN.replace("params/source.yml", "params/none.yml")
        outcome, _ = ran(tmp_path, "wrong", code, kernels=kernels)
        kernels.end()
    assert "params/none.yml: cannot be read" in " ".join(outcome.problems)


def test_no_engine_and_no_thread_is_carried_over_a_fork(project):
    script = f"""
        import gc, json, os, sys
        from slanb.kernels.zygote import load
        load()
        def files():
            places = (f"/proc/self/fd/{{each}}" for each in os.listdir("/proc/self/fd"))
            return {{os.readlink(each) for each in places if os.path.exists(each)}}
        before = files()
        from slanb.open_ahead import open_ahead
        open_ahead(**{ASKED})
        import duckdb
        from slanb.open_period import AHEAD
        (page,) = AHEAD.values()
        print(json.dumps({{
            "threads": len(os.listdir("/proc/self/task")),
            "engines": [each._opened for each in (page.facts, page.promised, page.follow_up._facts)],
            "files": [os.path.basename(os.path.dirname(each)) for each in files() - before],
        }}))
        print(page.facts.names().empty, page.follow_up.clocks.empty)
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script)],
        check=True, capture_output=True, env=os.environ | warm.STEADY,
    )  # fmt: skip
    told, asked_again = done.stdout.splitlines()
    # the snapshot's folder stays marked as in use
    assert json.loads(told) == {"threads": 1, "engines": [None, None, None], "files": [".snapshots"]}
    assert asked_again == b"False False"


def test_the_period_of_the_next_run_is_opened_once_and_before_it_begins(tmp_path, project):
    upcoming = ASKED | {"period": "2026-09"}
    with warm.kept_warm():
        first, second = Kernels(), Kernels()
        first.open_ahead(ASKED)
        first.open_next(upcoming)
        process = warm.warm_process()
        (begun,) = process._begun.values()
        first.end()
        second.open_ahead(upcoming)
        assert (second._ahead is begun, process._begun) == (True, {})
        _, told = ran(tmp_path, "next", OPEN.replace("'2026-10'", "'2026-09'"), kernels=second)
        second.end()
    waiting, left_ahead, _, learnt = json.loads(told[0])
    assert [waiting, left_ahead, learnt] == [1, 0, True]


def test_a_period_that_no_run_comes_to_is_let_go(project):
    process = warm.WarmProcess()
    process.begin_ahead(ASKED, env=dict(os.environ))
    (begun,) = process._begun.values()
    process.close()
    with pytest.raises((OSError, ValueError)):
        begun.fork([], env={}, cwd=".")
