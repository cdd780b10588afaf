"""Report notebooks executed by papermill, on kernels of their own, and what an executed notebook holds.

What papermill notes in a notebook about its own success is not trusted: a cell counts as run when it
has an execution count and shows no error.
"""

import ast
import copy
import json
import logging
import os
import re
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import closing
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import partial
from pathlib import Path
from typing import Any

from slanb import pinned
from slanb.database import AT_ONCE
from slanb.dictionary.prose import translated
from slanb.dictionary.wording import Wording
from slanb.errors import Failed, NoRecords, SlanbError
from slanb.kernels.warm import begin_loading, kept_warm
from slanb.kernels.zygote import without

MIME = "application/vnd.slanb.record+json"
FIRST_PAGE = "first-page"  # tag of a cell whose pictures the first page shows too
IN_WORDS = {kind.__name__: kind.code for kind in (SlanbError, NoRecords, Failed)}
PROPOSES = "-recalculate-month"  # the notebook whose outcome the plan of the next period waits for
RUN_PARAMETERS = ("period", "as_of", "agreement", "source", "data")
KERNEL_START_SECONDS = 120
GRAMMARS = "rfc3987_syntax"  # jsonschema has it compile 38 grammars, 2.5 s, for kinds of text no notebook has
TOOLS = ("papermill", "asyncio", "traitlets")  # what they log comes back in words
ADDRESS = re.compile(r"(?<= at )0x[0-9a-fA-F]+")  # where an object lay in memory
NOISE = ("papermill", "execution", "ExecuteTime")  # what tools note on a cell, with times


@dataclass(frozen=True)
class Outcome:
    """How one notebook went. `problems` is empty when every cell ran and its report data came out, else the
    run ends with `code`; `kernel` is the kind it ran on."""

    name: str
    seconds: float
    problems: tuple[str, ...] = ()
    cell: int | None = None
    warnings: str = ""
    kernel: str = ""
    code: int = Failed.code


@dataclass(frozen=True)
class Task:
    """A notebook to run: its file, the name of what comes of it, its parameters (those it does not declare
    are left out)."""

    source: Path
    name: str
    parameters: Mapping[str, Any]


def execute(
    notebooks: Sequence[Path],
    folder: Path,
    parameters: Mapping[str, Any],
    *,
    timeout: float,
    before: Callable[[Callable[[Mapping[str, Any]], None]], Sequence[Path] | None] = lambda opening: None,
    finished: Callable[[Outcome], Sequence[Task] | None] = lambda outcome: None,
    idle: Callable[[Callable[[Mapping[str, Any]], None]], None] = lambda opening: None,
) -> list[Outcome]:
    """Run notebooks with papermill, each into `folder` under its own name.

    The notebooks run beside each other, the longest first; their kernels end with this call whatever happens.
    The first failure ends the rest.

    Parameters
    ----------
    notebooks : files to run.
    parameters : values by name; a notebook is given those it declares (`declared`).
    timeout : seconds one cell may take.
    before : work to do in this process while the kernels' libraries load; no notebook runs before it is
        done. It may return which of the notebooks to run. What it is given is to be called with the
        parameters of the `open_period` that they all begin with, to have that done once and meanwhile.
    finished : called in this process with each outcome, while the other notebooks go on. It may return
        notebooks to run besides.
    idle : called once, when fewer notebooks are left than run at once. What it is given is to be called with
        what the notebooks of the next run will begin with, to have that done meanwhile.

    Raises
    ------
    NotebookFailure : where a notebook fails, with the outcome that tells why.
    """
    with kept_warm():
        begin_loading()
        with without(GRAMMARS):
            from slanb.kernels.engine import Kernels  # with papermill, while they load

        kernels = Kernels(pinned.environment())
        at_once = min(os.cpu_count() or 1, AT_ONCE)
        pool = ThreadPoolExecutor(at_once, "notebook")
        begin = partial(pool.submit, run_notebook, folder=folder, timeout=timeout, kernels=kernels)
        try:
            chosen = sorted(before(kernels.open_ahead) or notebooks, key=_urgency)
            tasks = [Task(path, path.name, parameters) for path in chosen]
            return _all(tasks, begin, at_once, finished, partial(idle, kernels.open_next))
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
            kernels.end()
            pool.shutdown()


class NotebookFailure(Failed):
    """A notebook that did not run to its end; `outcome` says where it stopped."""

    def __init__(self, outcome: Outcome):
        self.outcome, self.code = outcome, outcome.code
        super().__init__(outcome.problems)

    def __reduce__(self):
        return type(self), (self.outcome,)


def _all(
    waiting: list[Task],
    begin: Callable[[Task], Future],
    at_once: int,
    finished: Callable[[Outcome], Sequence[Task] | None],
    idle: Callable[[], None],
) -> list[Outcome]:
    """Run what waits, the last of it first."""
    pending: set[Future] = set()
    outcomes, was_idle = [], False
    while waiting or pending:
        while waiting and len(pending) < at_once:
            pending.add(begin(waiting.pop()))
        if len(pending) < at_once and not was_idle:
            was_idle = True
            idle()
        done, pending = wait(pending, return_when=FIRST_COMPLETED)
        for future in done:
            outcome = future.result()
            if outcome.problems:
                raise NotebookFailure(outcome)
            waiting += finished(outcome) or ()
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
        tagged = [cell for cell in cells if "parameters" in cell.get("metadata", {}).get("tags", ())]
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


def _urgency(path: Path) -> tuple[bool, int]:
    """Which notebook is to start first: the one that another waits for, then the longest, told by cells."""
    return path.stem.endswith(PROPOSES), len(json.loads(path.read_text(encoding="utf-8"))["cells"])


def _literal(path: Path) -> str:
    return str(path).replace("{", "{{").replace("}", "}}")  # papermill fills parameters into braces in paths


def run_notebook(task: Task, folder: Path, timeout: float, kernels: Any) -> Outcome:
    """Run one notebook on a kernel added to `kernels`, in a thread that does nothing else meanwhile; whatever
    goes wrong with it comes back in words."""
    from jupyter_core.utils import ensure_event_loop

    for name in TOOLS:
        logging.getLogger(name).addHandler(logging.NullHandler())
    with closing(ensure_event_loop()):
        return _run_notebook(task, folder / task.name, timeout, kernels)


def _run_notebook(task: Task, target: Path, timeout: float, kernels: Any) -> Outcome:
    import papermill
    from nbclient.exceptions import CellTimeoutError, DeadKernelError
    from papermill.exceptions import PapermillExecutionError

    from slanb.kernels.engine import NAME

    source, declares = task.source, declared(task.source)
    parameters = {name: value for name, value in task.parameters.items() if name in declares}
    started = time.perf_counter()
    begun: list[str] = []  # the first line of each code cell that was reached

    def begin(cell, cell_index) -> None:
        if "injected-parameters" not in cell.metadata.get("tags", []):
            begun.append(cell.source.strip().splitlines()[0])

    def fail(*problems: str) -> Outcome:
        return Outcome(target.stem, time.perf_counter() - started, problems, len(begun) or None)

    def fail_here(problem: str) -> Outcome:
        place = f", code cell {len(begun)} ({begun[-1]})" if begun else ""
        return fail(f"{source.name}{place}: {problem}")

    try:
        notebook = papermill.execute_notebook(
            _literal(source),
            _literal(target),
            parameters=parameters,
            engine_name=NAME,
            kernels=kernels,
            kernel_name="python3",
            language="python",
            progress_bar=False,
            start_timeout=KERNEL_START_SECONDS,
            execution_timeout=timeout,
            shutdown_kernel="immediate",
            coalesce_streams=True,
            write_once=True,
            on_cell_execute=begin,
        )
    except PapermillExecutionError as error:
        if error.ename in IN_WORDS:
            return replace(fail(*error.evalue.splitlines()), code=IN_WORDS[error.ename])
        return fail_here(f"{error.ename}: {error.evalue}")
    except CellTimeoutError:
        return fail_here(f"took longer than {timeout:g} s; allow more with --timeout.")
    except DeadKernelError:
        return fail_here("its kernel died; it was killed, or the machine is out of memory.")
    except Exception as error:  # papermill's and the system's own, a full disk among them
        return fail_here(f"{type(error).__name__}: {error}")
    if faults := flaws(notebook):
        return fail(*(f"{source.name}{fault}" for fault in faults))
    seconds, kernel = time.perf_counter() - started, notebook.metadata.papermill["kernel"]
    return Outcome(target.stem, seconds, warnings=warnings_of(notebook), kernel=kernel)


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
    """What the notebook publishes: `figures`, `headlines`, `to_do`, `files`, `scorecard`, `what_if`,
    `sheets`, of all its outputs, and `pictures`, those of its cells tagged `first-page`."""
    parts = [output.get("data", {}).get(MIME, {}) for output in outputs_of(notebook)]
    lists = {
        key: [each for part in parts for each in part.get(key) or ()]
        for key in ("figures", "headlines", "to_do")
    }
    merged = {
        key: {name: value for part in parts for name, value in (part.get(key) or {}).items()}
        for key in ("files", "scorecard", "what_if", "sheets")
    }
    tagged = [cell for cell in notebook["cells"] if FIRST_PAGE in cell.get("metadata", {}).get("tags", ())]
    shown = [output.get("data", {}).get("text/html") for output in outputs_of({"cells": tagged})]
    return (
        lists
        | merged
        | {"pictures": [html for html in map("".join, filter(None, shown)) if "<figure" in html]}
    )


def title_of(notebook: Mapping, default: str, words: Wording) -> str:
    """The first heading of the notebook in the reader's language, or `default`.

    >>> goals = {"cells": [{"cell_type": "markdown", "source": "# Goals *and* more\\nfor all"}]}
    >>> title_of(goals, "x", Wording())
    'Goals and more'
    """
    for cell in notebook["cells"]:
        source = translated("".join(cell["source"]), words)
        if cell["cell_type"] == "markdown" and (heading := re.search(r"^#+\s+(.+)$", source, re.MULTILINE)):
            return re.sub(r"[*_`]", "", heading[1]).strip()
    return default


def _injected(cell: Mapping) -> bool:
    return "injected-parameters" in cell.get("metadata", {}).get("tags", ()) if "metadata" in cell else False


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
