"""A period's report, published whole or not at all.

A run gathers everything in a folder of its own, `outputs/.runs/2026-10-…`, and shows it by one
rename of the link `outputs/2026-10`. So a reader never sees half a report, a failed run leaves the last good
one in place, and two runs of one period both finish. The clock is read for `run.json` alone.
"""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, nullcontext, suppress
from pathlib import Path
from typing import Any

from slanb.errors import Failed, SlanbError
from slanb.interrupts import Interrupts
from slanb.periods import label
from slanb.run import published
from slanb.run.job import Job, ask, is_period, last_closed, nearest
from slanb.run.overview import FAILED, LATEST, show_all
from slanb.run.pin import Pin, pinning
from slanb.run.report import make_report
from slanb.run.run_json import leave_failure, now, write_run
from slanb.run.unchanged import key_of, stands
from slanb.terms import find_file, load_terms

__all__ = ["nearest", "pinning", "run", "run_latest"]

CELL_SECONDS = 1800
FILES = 256  # that a run and its kernels have open at once, and some more


def run(
    period: str,
    *,
    as_of: str | None = None,
    agreement: str = "params/agreement.yml",
    source: str = "params/source.yml",
    data: str | None = None,
    outputs: str | Path = "outputs",
    only: Sequence[str] | None = None,
    parameters: Mapping[str, Any] | None = None,
    scenario: str | None = None,
    notebooks: str | Path = "notebooks",
    paper: str | None = None,
    timeout: float = CELL_SECONDS,
    again: bool = True,
    upcoming: str | None = None,
    report: Callable[[str], None] = lambda line: None,
) -> Path:
    """Run the report notebooks of a period and publish the report.

    Parameters
    ----------
    period, as_of, agreement, source, data : as `slanb.open_period.open_period` takes them.
    outputs : folder of the published reports.
    only : notebooks to run instead of all, by number (`01`) or name; published beside the whole report.
    parameters : plan values of a what-if, by name; published beside the agreed report.
    scenario : name of a scenario kept beside the agreement, published beside the agreed report; what
        `parameters` gives besides is laid over it.
    notebooks : folder of the report notebooks, `NN-name.ipynb`.
    paper : print it too, as `report.pdf` and `leader.pdf`: "A4", "Letter", or "by country" of the agreement.
    timeout : seconds one cell may take.
    again : run even where the report is published already and nothing it depends on has changed.
    upcoming : the period that is run next in the same way, within one `pinning`: its records are read while
        the last notebooks of this one run.
    report : called with a line of progress now and then.

    Returns
    -------
    The published folder, `outputs/2026-10`, or `outputs/2026-10-asof-2026-10-14` for another instant.

    Raises
    ------
    SlanbError : where parameters, records or a notebook do not allow a report; what was published before
        stays, and `outputs/2026-10-failed` says why. `NoRecords` where none are there yet, `Failed` where
        all that was given is right.
    KeyboardInterrupt : on ctrl-C and SIGTERM, after the same.
    """
    find_file(agreement)
    whole = is_period(period) and not (as_of or only or parameters or scenario)
    with ExitStack() as stack:
        inputs = agreement, source, data
        with _failure_left(period, outputs, agreement) if whole else nullcontext():
            pin = stack.enter_context(pinning(*inputs))
        others = outputs, only, parameters, scenario, notebooks, paper, timeout
        job = ask(period, as_of, *inputs, *others)
        if not again and (place := stands(job, pin)):
            return place
        following = None
        with suppress(SlanbError):  # its own run says what is wrong with it
            following = ask(upcoming, as_of, *inputs, *others) if upcoming else None
        if following and not again and stands(following, pin):
            following = None
        return _run(job, pin, report, following)


def run_latest(
    *,
    agreement: str = "params/agreement.yml",
    source: str = "params/source.yml",
    data: str | None = None,
    outputs: str | Path = "outputs",
    **others: Any,
) -> Path:
    """`run` the last period, in the agreement's measure, that had ended when the records did.

    Raises
    ------
    SlanbError : as `run` does; where it cannot even be told which period, `outputs/latest-failed` says why.
        `NoRecords` where the agreement was not in force by then.
    """
    inputs = {"agreement": agreement, "source": source, "data": data}
    failed = f"{LATEST}{FAILED}"
    with ExitStack() as stack:
        with _failure_left(LATEST, outputs, agreement):
            stack.enter_context(pinning(**inputs))
            period = label(last_closed(**inputs))
        if os.path.lexists(nearest(outputs) / failed):
            published.withdraw(nearest(outputs), failed)
        return run(period, **inputs, outputs=outputs, **others)


@contextmanager
def _failure_left(period: str, outputs: str | Path, agreement: str) -> Iterator[None]:
    """Leave a record of what fails inside, before there is a job, as runs leave one of theirs; but none where
    there is no folder of reports yet."""
    started = now()
    try:
        yield
    except (SlanbError, OSError) as error:
        asked = Job.only_asked(period, nearest(outputs))
        if asked.outputs.is_dir():
            with suppress(SlanbError):
                leave_failure(asked, published.new_folder(asked.outputs, asked.unit), started, error)
            _list_reports(asked, agreement)
        raise


def _run(job: Job, pin: Pin, report: Callable[[str], None], upcoming: Job | None) -> Path:
    started, agreement = now(), job.parameters["agreement"]
    with Interrupts() as interrupts:
        folder = published.new_folder(job.outputs, job.unit)
        try:
            _allow_files()
            key = key_of(job, pin)
            facts = make_report(job, pin, folder, report, upcoming)
            write_run(folder, job, started, status="ok", key=key, **facts)
            interrupts.hold()
            place = published.show(folder, job.outputs, job.unit)
        except BaseException as error:
            interrupts.hold()
            leave_failure(job, folder, started, KeyboardInterrupt() if interrupts.came else error)
            _list_reports(job, agreement)
            if isinstance(error, OSError):
                raise Failed(f"The report of {job.unit} could not be made: {error}.") from error
            raise
        with suppress(OSError):  # the report is out: what else happens is no failure of it
            published.withdraw(job.outputs, f"{job.unit}{FAILED}")
        _list_reports(job, agreement)
    return place


def _allow_files() -> None:
    """Let this process have as many files open as a run needs: with fewer, libraries end it without a word.

    Raises
    ------
    Failed : where the system does not allow it.
    """
    try:
        import resource
    except ImportError:  # on Windows
        return
    now, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    if now < FILES and FILES > most >= 0:
        raise Failed(
            f"{most} files may be open at once, and a run needs {FILES}: say ulimit -n {FILES} before it."
        )
    if 0 <= now < FILES:
        resource.setrlimit(resource.RLIMIT_NOFILE, (FILES, most))


def _list_reports(job: Job, agreement: str) -> None:
    """List what is published; where that cannot be done, the reports stand all the same."""
    with suppress(OSError, SlanbError):
        show_all(job.outputs, load_terms(agreement))
