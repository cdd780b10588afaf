"""`outputs/index.html`, the list of all reports, and `outputs/latest`, which leads to the newest of them: of
a period that has not begun, a plan, only where there is no other."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd

from slanb.dictionary.wording import Wording
from slanb.publish.reports_page import reports_page
from slanb.run import published
from slanb.run.files import write

LATEST = "latest"
SPECIAL = ("-only-", "-scenario-", "-with-")  # parts and what-ifs stand beside a report and are not listed


def show_all(outputs: Path, *, words: Wording, zone: str) -> None:
    """Write the list anew and lead `latest` to the newest report, each by one rename.

    Parameters
    ----------
    words, zone : of the agreement last reported, by which the list is written.
    """
    with published.lock(outputs):
        reports = sorted(
            _reports(outputs, zone), key=lambda each: (each["as_of"], each["unit"]), reverse=True
        )
        if not reports:
            return
        page, link = (outputs / published.RUNS / name for name in ("index.html", f"{LATEST}.link"))
        write(page, reports_page(reports, words=words))
        os.replace(page, outputs / "index.html")
        place = outputs / LATEST
        ours = place.is_symlink() and Path(os.readlink(place)).parent == Path(".")
        if ours or not os.path.lexists(place):
            link.unlink(missing_ok=True)
            newest = max(reports, key=lambda each: each["begun"])  # of these the first
            link.symlink_to(newest["unit"])
            os.replace(link, place)


def _reports(outputs: Path, zone: str) -> Iterator[dict[str, Any]]:
    for place in published.places(outputs):
        if any(mark in place.name for mark in SPECIAL) or not (place / "figures.json").exists():
            continue
        run, figures = (
            json.loads((place / f"{name}.json").read_text("utf-8")) for name in ("run", "figures")
        )
        yield {
            "unit": place.name,
            "period": run["parameters"]["period"],
            "as_of": pd.Timestamp(run["as_of"]).tz_convert(zone),
            "figures": figures,
            "begun": run.get("begun", True),
            "failed": os.path.lexists(outputs / f"{place.name}-failed"),
        }
