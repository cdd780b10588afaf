"""Whether a report is there already, made of the same records, terms, notebooks and code."""

import hashlib
import json
import os
from pathlib import Path

from slanb.crm import open_source
from slanb.crm.snapshot import hashes
from slanb.crm.standing_mapping import StandingSource
from slanb.errors import SlanbError
from slanb.run.files import digest
from slanb.run.job import Job
from slanb.run.run_json import versions
from slanb.scorecard.measurements import measured_in
from slanb.terms import load_terms

PACKAGE = Path(__file__).parents[1]


def key_of(job: Job) -> str:
    """All that a report depends on, as one hash: what was asked for, and the contents of the records, their
    mapping, the agreement's files, the scenario, the notebooks, slanb and the libraries."""
    source = open_source(job.parameters["source"], data=job.parameters["data"])
    files = [*job.terms, *measured_in(load_terms(job.parameters["agreement"])).values(), *job.notebooks]
    files += [job.scenario] if job.scenario else []
    parts = {
        "asked": [job.unit, job.parameters],
        "records": hashes(source) | {"mapping": source.mapping_hash},
        "files": {path.name: digest(path) for path in files if path.is_file()},
        "code": {str(path.relative_to(PACKAGE)): digest(path) for path in sorted(_code())},
        "versions": versions(),
    }
    return hashlib.sha256(json.dumps(parts, sort_keys=True, default=str).encode()).hexdigest()


def stands(job: Job) -> Path | None:
    """Where the report of this is published; None where there is none, something has changed since, or a
    later run failed."""
    place = job.outputs / job.unit
    if os.path.lexists(job.outputs / f"{job.unit}-failed"):
        return None
    try:
        source = open_source(job.parameters["source"], data=job.parameters["data"])
        if isinstance(source, StandingSource):  # whose tables may have changed
            return None
        made = json.loads((place / "run.json").read_text(encoding="utf-8"))["key"]
        return place if made == key_of(job) else None
    except (OSError, ValueError, KeyError, SlanbError):  # what is wrong, the run says
        return None


def _code() -> list[Path]:
    return [path for path in PACKAGE.rglob("*") if path.is_file() and path.suffix != ".pyc"]
