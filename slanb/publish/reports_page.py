"""All reports under one folder, the newest first, each with how its promises stand."""

from collections.abc import Mapping, Sequence
from typing import Any

from slanb.dictionary.wording import Wording
from slanb.publish.layout import AROUND, INDEX, fill, part

HEADS = ("report", "as_of", "kept", "missed", "open")
COUNTED = ("kept", "missed", "pending")


def reports_page(reports: Sequence[Mapping[str, Any]], *, words: Wording) -> str:
    """The page that leads to each report.

    Parameters
    ----------
    reports : in their order: `unit` (its folder), `period`, `as_of` (an instant in its agreement's zone),
        `figures` as its `figures.json` holds them, and `failed`: the later run of it that failed, or None.
    words : the reader's language.
    """
    rows = [
        {
            "href": f"{report['unit']}/{INDEX}",
            "title": words.period(report["period"]),
            "failed": report["failed"] and report["failed"]["finished"],
            "cells": [words.date(report["as_of"]), *map(words.number, verdicts_of(report["figures"]))],
        }
        for report in reports
    ]
    title = words.say("publish.reports")
    return fill("reports.html.j2", title=title, words=words, nav=[], here="", heads=HEADS, rows=rows)


def put_around(
    page: str,
    report: Mapping[str, Any],
    *,
    before: Mapping[str, Any] | None,
    after: Mapping[str, Any] | None,
    lost: Mapping[str, Any] | None = None,
    due: Mapping[str, Any] | None = None,
    words: Wording,
) -> str:
    """A page of a report with links to the reports before and after it, and with what makes it old.

    Parameters
    ----------
    page : as published; one without the place for it is left as it is.
    report, before, after : as `reports_page` takes them; those around it lead to their `page`.
    lost : of the newest report, the last run since that failed: its `period`, and when it `finished`.
    due : of the newest report, the `period` whose report comes next, and the `day` on which it has ended.
    """
    start, end = AROUND
    head, opened, rest = page.partition(start)
    _, closed, tail = rest.partition(end)
    if not closed:
        return page
    old = []
    if failed := report["failed"]:
        old.append(words.say("publish.failed_since", day=failed["finished"]))
    elif after and after["period"] == report["period"]:
        old.append(words.say("publish.later_stands"))
    elif lost:
        old.append(words.say("publish.failed_next", period=lost["period"], day=lost["finished"]))
    next_due = words.say("publish.next_due", **due) if due else ""
    reports = [
        {
            "rel": rel,
            "href": f"../{each['unit']}/{each['page']}",
            "title": words.period(each["period"]),
            "as_of": words.date(each["as_of"]),
        }
        for rel, each in (("prev", before), ("next", after))
        if each
    ]
    shown = part("around.html.j2", words=words, reports=reports, old=old, due=next_due)
    return f"{head}{opened}{shown}{closed}{tail}"


def verdicts_of(figures: Sequence[Mapping[str, Any]]) -> list[int]:
    """How many promises were kept, were missed and are open (`COUNTED`): the agreement's clauses, or figures
    where none was judged."""
    clauses = [figure["verdict"] for figure in figures if figure["id"].startswith("clause.")]
    verdicts = clauses or [figure.get("verdict") for figure in figures]
    return [verdicts.count(verdict) for verdict in COUNTED]
