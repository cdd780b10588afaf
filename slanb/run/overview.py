"""`outputs/index.html`, the list of all reports; `outputs/latest`, which leads to the newest, to a plan (of a
period that has not begun) only where there is no other; and what each report says of those around it."""

import json
import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from slanb.periods import bounds, label
from slanb.publish.layout import INDEX
from slanb.publish.reports_page import put_around, reports_page
from slanb.run import published
from slanb.terms import Terms
from slanb.whole_files import write_whole

LATEST, FAILED = "latest", "-failed"
SPECIAL = ("-only-", "-scenario-", "-with-")  # parts and what-ifs stand beside a report and are not listed


def show_all(outputs: Path, terms: Terms) -> None:
    """Write the list anew, lead `latest` to the newest report, and tell each report which ones are around it,
    each by one rename.

    Parameters
    ----------
    terms : of the agreement last reported, in whose words and zone the list is written.
    """
    words, zone = terms.wording(), terms.agreement.calendar.zone
    with published.lock(outputs):
        reports = sorted(
            _reports(outputs, zone), key=lambda each: (each["as_of"], each["unit"]), reverse=True
        )
        if not reports:
            return
        _replace(outputs / INDEX, reports_page(reports, words=words))
        place, link = outputs / LATEST, outputs / published.RUNS / f"{LATEST}.link"
        ours = place.is_symlink() and Path(os.readlink(place)).parent == Path(".")
        if ours or not os.path.lexists(place):
            link.unlink(missing_ok=True)
            newest = max(reports, key=lambda each: each["begun"])  # of these the first
            link.symlink_to(newest["unit"])
            os.replace(link, place)
        failures = [each for each in _failures(outputs, zone) if not (outputs / each["unit"]).exists()]
        for kind in {_kind(report) for report in reports}:
            alike = [report for report in reversed(reports) if _kind(report) == kind]
            lost = [failure for failure in failures if _kind(failure) == kind]
            last = next((report for report in reversed(alike) if report["begun"]), None)
            for before, report, after in zip([None, *alike], alike, [*alike[1:], None], strict=False):
                since = _since(report, lost, terms) if report is last else {}
                _tell(outputs, report, before, after, words=words, **since)


def _tell(
    outputs: Path, report: dict[str, Any], before: dict | None, after: dict | None, **more: Any
) -> None:
    """Tell a report's pages which reports are around it; the first page last: it shows whether they know."""
    folder = (outputs / report["unit"]).resolve()
    first = folder / INDEX

    def told(page: Path) -> str:
        around = [
            each and each | {"page": page.name if (outputs / each["unit"] / page.name).exists() else INDEX}
            for each in (before, after)
        ]
        return put_around(page.read_text("utf-8"), report, before=around[0], after=around[1], **more)

    if told(first) != first.read_text("utf-8"):
        for page in sorted(folder.glob("*.html"), key=lambda page: page == first):
            _replace(page, told(page))


def _since(report: dict[str, Any], lost: Sequence[dict[str, Any]], terms: Terms) -> dict[str, Any]:
    """What makes the newest report of its kind old: `lost`, the last failed run of a period since, or None;
    and `due`, the period whose report comes next and the day on which that has ended."""
    since = [failure for failure in lost if failure["period"] >= report["period"]]
    period = terms.parse(report["period"])
    zone = terms.agreement.calendar.zone
    following = period + 1 if report["as_of"] >= bounds(period, zone)[1] else period
    due = {"period": label(following), "day": bounds(following, zone)[1].tz_convert(zone)}
    return {"lost": max(since, key=lambda each: each["finished"], default=None), "due": due}


def _kind(report: dict[str, Any]) -> str:
    """What is alike in the periods of reports that follow one another: a month's is not a quarter's."""
    return re.sub(r"[0-9]", "0", report["period"])


def _replace(path: Path, text: str) -> None:
    write_whole(path, text)
    path.chmod(published.READABLE)


def _read(place: Path, name: str) -> Any:
    return json.loads((place / f"{name}.json").read_text("utf-8"))


def _reports(outputs: Path, zone: str) -> Iterator[dict[str, Any]]:
    failed = {failure["unit"]: failure for failure in _failures(outputs, zone)}
    for place in published.places(outputs):
        if any(mark in place.name for mark in SPECIAL) or not (place / "figures.json").exists():
            continue
        run = _read(place, "run")
        yield {
            "unit": place.name,
            "period": run["parameters"]["period"],
            "as_of": pd.Timestamp(run["as_of"]).tz_convert(zone),
            "figures": _read(place, "figures"),
            "begun": run.get("begun", True),
            "failed": failed.get(place.name),
        }


def _failures(outputs: Path, zone: str) -> Iterator[dict[str, Any]]:
    """The last run of a report where it failed: `unit`, `period`, `finished`."""
    for place in published.places(outputs):
        if place.name.endswith(FAILED) and not any(mark in place.name for mark in SPECIAL):
            run = _read(place, "run")
            yield {
                "unit": place.name.removesuffix(FAILED),
                "period": run["parameters"]["period"],
                "finished": pd.Timestamp(run["finished"]).tz_convert(zone),
            }
