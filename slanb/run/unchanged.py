"""Whether a report is there already, made of the same records, terms, notebooks and code."""

import hashlib
import json
import os
from pathlib import Path

from slanb.crm.standing_mapping import StandingSource
from slanb.errors import SlanbError
from slanb.run.files import digest
from slanb.run.job import Job
from slanb.run.pin import Pin
from slanb.run.run_json import versions

PACKAGE = Path(__file__).parents[1]


def key_of(job: Job, pin: Pin) -> str:
    """All that a report depends on, as one hash: what was asked for, and the contents of the records, their
    mapping, the agreement's files, the scenario, the notebooks, slanb and the libraries."""
    parts = {
        "asked": [job.unit, job.parameters],
        "inputs": pin.inputs(job.scenario),
        "not_used": pin.source.not_used,
        "notebooks": {path.name: digest(path) for path in job.notebooks},
        "code": {str(path.relative_to(PACKAGE)): digest(path) for path in sorted(_code())},
        "versions": versions(),
    }
    return hashlib.sha256(json.dumps(parts, sort_keys=True, default=str).encode()).hexdigest()


def stands(job: Job, pin: Pin) -> Path | None:
    """Where the report of this is published, on the paper asked for; None where there is none, something has
    changed since, or a later run failed."""
    place = job.outputs / job.unit
    if os.path.lexists(job.outputs / f"{job.unit}-failed"):
        return None
    try:
        if isinstance(pin.source, StandingSource):  # whose tables may have changed
            return None
        run = json.loads((place / "run.json").read_text(encoding="utf-8"))
        printed = job.paper in (None, run["paper"])
        return place if printed and run["key"] == key_of(job, pin) else None
    except (OSError, ValueError, KeyError, SlanbError):  # what is wrong, the run says
        return None


def _code() -> list[Path]:
    return [path for path in PACKAGE.rglob("*") if path.is_file() and path.suffix != ".pyc"]
