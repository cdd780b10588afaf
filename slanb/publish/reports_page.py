"""All reports under one folder, the newest first, each with how its promises stand."""

from collections.abc import Mapping, Sequence
from typing import Any

from slanb.dictionary.wording import Wording
from slanb.publish.layout import INDEX, fill

HEADS = ("report", "as_of", "kept", "missed", "open")
COUNTED = ("kept", "missed", "pending")


def reports_page(reports: Sequence[Mapping[str, Any]], *, words: Wording) -> str:
    """The page that leads to each report.

    Parameters
    ----------
    reports : in their order: `unit` (its folder), `period`, `as_of` (an instant in its agreement's zone),
        `figures` as its `figures.json` holds them, and `failed`: whether a later run of it failed.
    words : the reader's language.
    """
    rows = [
        {
            "href": f"{report['unit']}/{INDEX}",
            "title": words.period(report["period"]),
            "failed": report["failed"],
            "cells": [words.date(report["as_of"]), *map(words.number, _verdicts(report["figures"]))],
        }
        for report in reports
    ]
    title = words.say("publish.reports")
    return fill("reports.html.j2", title=title, words=words, nav=[], here="", heads=HEADS, rows=rows)


def _verdicts(figures: Sequence[Mapping[str, Any]]) -> list[int]:
    """How many promises were kept, were missed and are open: the agreement's clauses, or figures where none
    was judged."""
    clauses = [figure["verdict"] for figure in figures if figure["id"].startswith("clause.")]
    verdicts = clauses or [figure.get("verdict") for figure in figures]
    return [verdicts.count(verdict) for verdict in COUNTED]
