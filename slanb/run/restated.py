"""What has changed of a report's numbers since it was published before, from the files of both reports."""

import json
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from slanb.facts.fingerprints import kinds_of_change

RESTATED, FINGERPRINTS = "restated.json", "fingerprints.json"
KEPT = 12  # restatements that a report goes on telling
COMPARED = ("value", "verdict")


def restatements(
    place: Path, folder: Path, *, as_of: str, inputs: Mapping[str, str], records: Sequence[str], zone: str
) -> list[dict]:
    """What has changed each time since the report was first published, the latest change first.

    A report that was made while its period still ran, or as of another instant, was no publication of these
    numbers; a report that cannot be read is none.

    Parameters
    ----------
    place : where the report before is shown.
    folder : the new one, whose `figures.json` and `fingerprints.json` are written.
    as_of : the new report's instant, as in `run.json`.
    inputs : the hashes of what it was made of, by name. records : those of them that are records.
    zone : in which days are told.

    Returns
    -------
    One entry a change: `published` (when the report before was), `numbers` (`id`, `label`, `unit`; `before`
    and `now`, each with `value` and `verdict`), `records` (`kinds_of_change`; None where these cannot be
    told), and `also` (names of other inputs that have changed).
    """
    try:
        run, before = _read(place, "run.json"), _read(place, "figures.json")
        exported = _read(place, "quality.json")["exported_at"]["value"]
        closed = max(pd.Timestamp(run["finished"]), pd.Timestamp(exported)) >= pd.Timestamp(run["as_of"])
        if run["as_of"] != as_of or not closed:
            return []
        told = _read(place, RESTATED) if (place / RESTATED).exists() else []
        held = _read(place, FINGERPRINTS) if (place / FINGERPRINTS).exists() else {}
        made_of = run["inputs"]
    except (OSError, ValueError, KeyError):
        return []
    numbers = _changed(before, _read(folder, "figures.json"))
    if not numbers:
        return told
    now = _read(folder, FINGERPRINTS) if (folder / FINGERPRINTS).exists() else {}
    alike = now and held.get("hashed_by") == now["hashed_by"]
    others = {name for name, _ in made_of.items() ^ inputs.items()} - {*records}
    entry = {
        "published": pd.Timestamp(run["finished"]).tz_convert(zone).isoformat(),
        "numbers": numbers,
        "records": kinds_of_change(held["tables"], now["tables"]) if alike else None,
        "also": sorted(others),
    }
    return [entry, *told][:KEPT]


def _changed(before: Sequence[Mapping], now: Sequence[Mapping]) -> list[dict[str, Any]]:
    """The numbers of both reports that are not the same in them."""
    known = {figure["id"]: figure for figure in before}
    return [
        {
            "id": figure["id"],
            "label": figure["label"],
            "unit": figure["unit"],
            "before": {key: known[figure["id"]][key] for key in COMPARED},
            "now": {key: figure[key] for key in COMPARED},
        }
        for figure in now
        if figure["id"] in known and not _same(known[figure["id"]], figure)
    ]


def _same(one: Mapping, other: Mapping) -> bool:
    old, new = one["value"], other["value"]
    if old is None or new is None:
        return old is new and one["verdict"] == other["verdict"]
    return math.isclose(old, new, rel_tol=1e-9, abs_tol=1e-9) and one["verdict"] == other["verdict"]


def _read(place: Path, name: str) -> Any:
    return json.loads((place / name).read_text(encoding="utf-8"))
