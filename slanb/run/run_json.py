"""`run.json`, in which a run says what it was, and what is left of one that failed.

Here alone the clock is read.
"""

import platform
from datetime import UTC, datetime
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

from slanb import __version__
from slanb.errors import SlanbError
from slanb.run import published
from slanb.run.files import write_json
from slanb.run.job import Job
from slanb.run.notebooks import NotebookFailure, Outcome

LIBRARIES = [
    "duckdb",
    "matplotlib",
    "nbconvert",
    "numpy",
    "pandas",
    "papermill",
    "scipy",
    "seaborn",
    "tzdata",
]


def now() -> datetime:
    """This instant, for `run.json` alone."""
    return datetime.now(UTC)


def write_run(folder: Path, job: Job, started: datetime, *, status: str, **facts: Any) -> None:
    """Write `run.json`: what was asked for, how it went, with which versions, when."""
    finished = now()
    write_json(
        folder / "run.json",
        {
            "status": status,
            "unit": job.unit,
            "parameters": job.parameters,
            "only": list(job.only),
            **facts,
            "versions": versions(),
            "started": started.isoformat(timespec="seconds"),
            "finished": finished.isoformat(timespec="seconds"),
            "seconds": round((finished - started).total_seconds(), 1),
        },
    )


@cache
def versions() -> dict[str, str]:
    """Of Python, slanb and the libraries that shape a report."""
    python = {"python": platform.python_version(), "slanb": __version__}
    return python | {name: metadata.version(name) for name in LIBRARIES}


def leave_failure(job: Job, folder: Path, started: datetime, error: BaseException) -> None:
    """Turn the run's folder into `…-failed`: why it failed, and the notebook as far as it came."""
    outcome = error.outcome if isinstance(error, NotebookFailure) else Outcome("", 0)
    try:
        for path in folder.iterdir():
            if path.name != f"{outcome.name}.ipynb":
                path.unlink()
        write_run(
            folder,
            job,
            started,
            status="failed",
            error=_words_of(error),
            notebook=outcome.name or None,
            cell=outcome.cell,
        )
        published.show(folder, job.outputs, f"{job.unit}-failed")
    except (OSError, SlanbError):  # no room even for this; the reason is raised all the same
        published.discard(folder)


def _words_of(error: BaseException) -> list[str]:
    if isinstance(error, SlanbError):
        return list(error.problems)
    if isinstance(error, KeyboardInterrupt):
        return ["The run was interrupted."]
    return [f"{type(error).__name__}: {error}"]
