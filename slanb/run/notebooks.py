"""Report notebooks executed by papermill, in processes of their own, and what an executed notebook holds.

What papermill notes in a notebook about its own success is not trusted: a cell counts as run when it
has an execution count and shows no error. Imports nothing heavy: it is loaded by every worker.
"""

import ast
import copy
import json
import logging
import multiprocessing
import os
import re
import signal
import threading
import time
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from slanb.errors import SlanbError

MIME = "application/vnd.slanb.record+json"
FIRST_PAGE = "first-page"  # tag of a cell whose pictures the first page shows too
RUN_PARAMETERS = ("period", "as_of", "agreement", "source", "data")
KERNEL_START_SECONDS = 120
GROUP_SIGNALS = {signal.SIGINT, signal.SIGTERM}  # ctrl-C and a service manager send them to all at once
LEAVE = signal.SIGUSR1  # how a worker tells itself to stop
FAREWELL_SECONDS = 5  # what a worker gets to end its kernel before it is ended itself
ADDRESS = re.compile(r"(?<= at )0x[0-9a-fA-F]+")  # where an object lay in memory
NOISE = ("papermill", "execution", "ExecuteTime")  # what tools note on a cell, with times


@dataclass(frozen=True)
class Outcome:
    """How one notebook went. `problems` is empty when every cell ran and its report data came out."""

    name: str
    seconds: float
    problems: tuple[str, ...] = ()
    cell: int | None = None
    warnings: str = ""


def execute(
    notebooks: Sequence[Path],
    folder: Path,
    parameters: Mapping[str, Any],
    *,
    timeout: float,
    before: Callable[[], Sequence[Path] | None] = lambda: None,
    finished: Callable[[Outcome], None] = lambda outcome: None,
    name: str | None = None,
) -> list[Outcome]:
    """Run notebooks with papermill, each into `folder` under its own name.

    The notebooks run beside each other in processes of their own, which end with this call whatever happens,
    and their kernels with them. The first failure ends the rest.

    Parameters
    ----------
    notebooks : files to run.
    parameters : values by name; a notebook is given those it declares (`declared`).
    timeout : seconds one cell may take.
    before : work to do in this process while the others start; no notebook runs before it is done. It may
        return which of the notebooks to run.
    finished : called in this process with each outcome, while the other notebooks go on.
    name : the file name of a single notebook there, where it is not its own.

    Raises
    ------
    NotebookFailure : where a notebook fails, with the outcome that tells why.
    """
    count = min(len(notebooks), os.cpu_count() or 1, 2)
    with _workers(count) as pool:
        try:
            _start(pool, count)
            return _all(pool, before() or notebooks, folder, parameters, timeout, finished, name)
        except BrokenProcessPool as error:
            why = "a process that runs the notebooks was killed; is there enough memory?"
            raise NotebookFailure(Outcome("", 0, (why,))) from error


class NotebookFailure(SlanbError):
    """A notebook that did not run to its end; `outcome` says where it stopped."""

    def __init__(self, outcome: Outcome):
        self.outcome = outcome
        super().__init__(outcome.problems)

    def __reduce__(self):
        return type(self), (self.outcome,)


def _all(pool, notebooks, folder, parameters, timeout, finished, name) -> list[Outcome]:
    pending: set[Future] = set()
    for path in notebooks:
        given = {name: value for name, value in parameters.items() if name in declared(path)}
        pending.add(pool.submit(_execute, path, folder / (name or path.name), given, timeout, os.getcwd()))
    outcomes = []
    while pending:
        done, pending = wait(pending, return_when=FIRST_COMPLETED)
        for future in done:
            outcome = future.result()
            if outcome.problems:
                raise NotebookFailure(outcome)
            finished(outcome)
            outcomes.append(outcome)
    return sorted(outcomes, key=lambda outcome: outcome.name)


def declared(path: Path) -> set[str]:
    """Names assigned in the notebook's cell tagged `parameters`.

    papermill's own inspection costs its import and misses a name where a line holds two `=`.

    Raises
    ------
    SlanbError : where the file is no notebook, or the cell no plain Python.
    """
    try:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        tagged = [cell for cell in cells if "parameters" in cell["metadata"].get("tags", ())]
        body = ast.parse("".join(tagged[0]["source"])).body if tagged else []
    except (ValueError, KeyError, SyntaxError) as error:
        raise SlanbError(f"{path.name}: its parameters cannot be read: {error}.") from error
    targets = [
        target for line in body for target in getattr(line, "targets", [getattr(line, "target", None)])
    ]
    return {target.id for target in targets if isinstance(target, ast.Name)}


def check_parameters(notebooks: Sequence[Path], names: Iterable[str]) -> None:
    """Refuse parameters no notebook declares, and notebooks that lack `RUN_PARAMETERS`.

    Raises
    ------
    SlanbError : naming all of them, with what is known.
    """
    declarations = {path: declared(path) for path in notebooks}
    problems = [
        f"{path.name}: the cell tagged `parameters` declares no {name}; every report notebook needs "
        f"{', '.join(RUN_PARAMETERS)}."
        for path, declares in declarations.items()
        for name in RUN_PARAMETERS
        if name not in declares
    ]
    known = sorted(set().union(*declarations.values()) - set(RUN_PARAMETERS))
    for name in names:
        if name in RUN_PARAMETERS:
            problems.append(f"parameter {name} is given by the run's own options.")
        elif name not in known:
            near = get_close_matches(name, known, n=1)
            hint = f" Did you mean {near[0]}?" if near else ""
            listed = ", ".join(known) or "none"
            problems.append(f"parameter {name} is declared by none of the notebooks.{hint} Known: {listed}.")
    if problems:
        raise SlanbError(problems)


# ---------------------------------------------------------------- in the workers


@contextmanager
def _workers(count: int) -> Iterator[ProcessPoolExecutor]:
    """Processes that outlive neither this block nor this process.

    Each holds an end of a pipe whose other end is only here: when it closes, by us or by our death, the
    worker ends its kernel and itself.
    """
    context = multiprocessing.get_context("spawn")
    lifeline, held = context.Pipe(duplex=False)
    pool = ProcessPoolExecutor(count, context, _begin_worker, (lifeline,))
    try:
        yield pool
    except BaseException:
        held.close()
        raise
    finally:
        pool.shutdown(cancel_futures=True)
        held.close()
        lifeline.close()


def _start(pool: ProcessPoolExecutor, count: int) -> None:
    """Start the workers so that they ignore signals that end the whole group: this process decides."""
    old = signal.pthread_sigmask(signal.SIG_BLOCK, GROUP_SIGNALS)  # children inherit it
    try:
        for _ in range(count):
            pool.submit(_warm)
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, old)


def _begin_worker(lifeline) -> None:
    for name in GROUP_SIGNALS:
        signal.signal(name, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, GROUP_SIGNALS)
    signal.signal(LEAVE, _leave)
    logging.getLogger().addHandler(logging.NullHandler())  # what goes wrong comes back in words
    warnings.simplefilter("ignore")
    os.environ["PYTHONHASHSEED"] = "0"  # for the kernels: sets in the same order each run
    threading.Thread(target=_end_with, args=(lifeline,), daemon=True).start()


def _leave(*_) -> None:
    raise SystemExit(1)  # unwinds through nbclient, which ends its kernel


def _end_with(lifeline) -> None:
    try:
        lifeline.recv()
    except EOFError:
        os.kill(os.getpid(), LEAVE)
        time.sleep(FAREWELL_SECONDS)
        os._exit(1)


def _warm() -> None:
    import papermill  # noqa: F401  # so that it is there when the first notebook comes


def _literal(path: Path) -> str:
    return str(path).replace("{", "{{").replace("}", "}}")  # papermill fills parameters into braces in paths


def _execute(source: Path, target: Path, parameters: dict, timeout: float, cwd: str) -> Outcome:
    """Run one notebook; whatever goes wrong with it comes back in words."""
    import papermill
    from nbclient.exceptions import CellTimeoutError, DeadKernelError
    from papermill.exceptions import PapermillExecutionError

    started = time.perf_counter()
    begun: list[str] = []  # the first line of each code cell that was reached

    def begin(cell, cell_index) -> None:
        if "injected-parameters" not in cell.metadata.get("tags", []):
            begun.append(cell.source.strip().splitlines()[0])

    def fail(*problems: str) -> Outcome:
        return Outcome(source.stem, time.perf_counter() - started, problems, len(begun) or None)

    def fail_here(problem: str) -> Outcome:
        place = f", code cell {len(begun)} ({begun[-1]})" if begun else ""
        return fail(f"{source.name}{place}: {problem}")

    try:
        notebook = papermill.execute_notebook(
            _literal(source),
            _literal(target),
            parameters=parameters,
            kernel_name="python3",
            language="python",
            progress_bar=False,
            start_timeout=KERNEL_START_SECONDS,
            execution_timeout=timeout,
            cwd=cwd,
            extra_arguments=["--log-level=40"],  # ipykernel warns about TCP at each start
            shutdown_kernel="immediate",
            coalesce_streams=True,
            on_cell_execute=begin,
        )
    except PapermillExecutionError as error:
        if error.ename == SlanbError.__name__:
            return fail(*error.evalue.splitlines())
        return fail_here(f"{error.ename}: {error.evalue}")
    except CellTimeoutError:
        return fail_here(f"took longer than {timeout:g} s; allow more with --timeout.")
    except DeadKernelError:
        return fail_here("its kernel died; it was killed, or the machine is out of memory.")
    except Exception as error:  # papermill's and the system's own, a full disk among them
        return fail_here(f"{type(error).__name__}: {error}")
    if faults := flaws(notebook):
        return fail(*(f"{source.name}{fault}" for fault in faults))
    return Outcome(source.stem, time.perf_counter() - started, warnings=warnings_of(notebook))


# ---------------------------------------------------------------- reading an executed notebook


def outputs_of(notebook: Mapping) -> list[dict]:
    """All outputs of a notebook's code cells, in order."""
    return [output for cell in notebook["cells"] for output in cell.get("outputs", ())]


def flaws(notebook: Mapping) -> list[str]:
    """Why an executed notebook is not a report: cells that did not run, errors, no figures. Empty if it is.

    >>> flaws({"cells": [{"cell_type": "code", "source": "1", "execution_count": None, "outputs": []}]})
    [', code cell 1: did not run.', ': shows no figures; end with page.record(figures).']
    """
    faults = []
    code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code" and not _injected(cell)]
    for number, cell in enumerate(code, start=1):
        if cell["source"].strip() and cell["execution_count"] is None:
            faults.append(f", code cell {number}: did not run.")
        faults += [
            f", code cell {number}: {output['ename']}: {output['evalue']}"
            for output in cell["outputs"]
            if output["output_type"] == "error"
        ]
    if not any(MIME in output.get("data", ()) for output in outputs_of(notebook)):
        faults.append(": shows no figures; end with page.record(figures).")
    return faults


def warnings_of(notebook: Mapping) -> str:
    """What the notebook's cells wrote to the error stream: for `run.json`, not for readers."""
    return "".join(output["text"] for output in outputs_of(notebook) if output.get("name") == "stderr")


def published_by(notebook: Mapping) -> dict[str, Any]:
    """What the notebook publishes: `figures`, `headlines`, `files`, `scorecard`, of all its outputs, and
    `pictures`, those of its cells tagged `first-page`."""
    parts = [output.get("data", {}).get(MIME, {}) for output in outputs_of(notebook)]
    lists = {
        key: [each for part in parts for each in part.get(key) or ()] for key in ("figures", "headlines")
    }
    merged = {
        key: {name: value for part in parts for name, value in (part.get(key) or {}).items()}
        for key in ("files", "scorecard")
    }
    tagged = [cell for cell in notebook["cells"] if FIRST_PAGE in cell["metadata"].get("tags", ())]
    shown = [output.get("data", {}).get("text/html") for output in outputs_of({"cells": tagged})]
    return lists | merged | {"pictures": ["".join(html) for html in shown if html]}


def title_of(notebook: Mapping, default: str) -> str:
    """The first heading of the notebook, or `default`.

    >>> title_of({"cells": [{"cell_type": "markdown", "source": "# Goals *and* more\\nfor all"}]}, "x")
    'Goals and more'
    """
    for cell in notebook["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] == "markdown" and (heading := re.search(r"^#+\s+(.+)$", source, re.MULTILINE)):
            return re.sub(r"[*_`]", "", heading[1]).strip()
    return default


def _injected(cell: Mapping) -> bool:
    return "injected-parameters" in cell["metadata"].get("tags", ()) if "metadata" in cell else False


def clean(notebook: Any) -> Any:
    """A copy of an executed notebook without what differs between two runs of the same thing.

    Times, papermill's and Jupyter's notes, random ids, widget state, memory addresses and the error stream
    go; sources, results, tags and parameters stay.
    """
    cleaned = copy.deepcopy(notebook)
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    cleaned.metadata = type(cleaned)({"kernelspec": kernel, "language_info": {"name": "python"}})
    for number, cell in enumerate(cleaned.cells):
        cell.id = f"cell-{number:02d}"
        for note in NOISE:
            cell.metadata.pop(note, None)
        if cell.cell_type == "code":
            cell.outputs = [output for output in cell.outputs if output.get("name") != "stderr"]
            for output in cell.outputs:
                if "text/plain" in output.get("data", ()):
                    output.data["text/plain"] = ADDRESS.sub("0x…", output.data["text/plain"])
    return cleaned
