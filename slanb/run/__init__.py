"""A period's report, published whole or not at all.

A run gathers everything in a folder of its own, `outputs/.runs/2026-10-…`, and shows it by one
rename of the link `outputs/2026-10`. So a reader never sees half a report, a failed run leaves the last good
one in place, and two runs of one period both finish. The clock is read for `run.json` alone.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from slanb.errors import SlanbError
from slanb.interrupts import Interrupts
from slanb.run import published
from slanb.run.job import Job, ask, latest, nearest
from slanb.run.overview import show_all
from slanb.run.pin import Pin, pinning
from slanb.run.report import make_report
from slanb.run.run_json import leave_failure, now, write_run
from slanb.run.unchanged import key_of, stands
from slanb.terms import load_terms

__all__ = ["latest", "nearest", "pinning", "run"]

CELL_SECONDS = 1800


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
    timeout: float = CELL_SECONDS,
    again: bool = True,
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
    timeout : seconds one cell may take.
    again : run even where the report is published already and nothing it depends on has changed.
    report : called with a line of progress now and then.

    Returns
    -------
    The published folder, `outputs/2026-10`, or `outputs/2026-10-asof-2026-10-14` for another instant.

    Raises
    ------
    SlanbError : where parameters, records or a notebook do not allow a report; what was published before
        stays, and `outputs/2026-10-failed` says why.
    KeyboardInterrupt : on ctrl-C and SIGTERM, after the same.
    """
    with pinning(agreement, source, data) as pin:
        job = ask(
            period, as_of, agreement, source, data, outputs, only, parameters, scenario, notebooks, timeout
        )
        if not again and (place := stands(job, pin)):
            return place
        return _run(job, pin, report)


def _run(job: Job, pin: Pin, report: Callable[[str], None]) -> Path:
    started, agreement = now(), job.parameters["agreement"]
    with Interrupts() as interrupts:
        folder = published.new_folder(job.outputs, job.unit)
        try:
            key = key_of(job, pin)
            facts = make_report(job, pin, folder, report)
            write_run(folder, job, started, status="ok", key=key, **facts)
            interrupts.hold()
            place = published.show(folder, job.outputs, job.unit)
        except BaseException as error:
            interrupts.hold()
            leave_failure(job, folder, started, KeyboardInterrupt() if interrupts.came else error)
            _list_reports(job, agreement)
            if isinstance(error, OSError):
                raise SlanbError(f"The report of {job.unit} could not be made: {error}.") from error
            raise
        with suppress(OSError):  # the report is out: what else happens is no failure of it
            published.withdraw(job.outputs, f"{job.unit}-failed")
        _list_reports(job, agreement)
    return place


def _list_reports(job: Job, agreement: str) -> None:
    """List what is published; where that cannot be done, the reports stand all the same."""
    with suppress(OSError, SlanbError):
        show_all(job.outputs, load_terms(agreement))
