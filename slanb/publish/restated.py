"""What has changed since a report was published before: a sentence for its first page, the rest in tables."""

from collections.abc import Mapping, Sequence
from typing import Any

from slanb.crm.quality import table_message
from slanb.dictionary.figures import definition
from slanb.dictionary.messages import Message
from slanb.dictionary.wording import Wording

KINDS = ("new", "changed", "vanished")
OF_TERMS = ("slanb.terms", "slanb.formulas")  # computes from what is agreed alone
# Which tables a number is counted from, by the first part of its id; others may be from any.
READ = {
    "closing": ("leads", "deals"),
    "cohort": ("leads", "deals"),
    "gap": ("leads", "deals"),
    "marketing": ("leads", "activities"),
    "recent": ("leads", "deals"),
    "run_off": ("leads", "deals"),
    "sales": ("leads", "activities"),
    "tier": ("leads", "deals"),
}


def restated_lines(entries: Sequence[Mapping[str, Any]], words: Wording) -> list[str]:
    """What the first page says: how many numbers read otherwise since the last change, by which records, and
    which promise is judged otherwise now. Nothing without a change.

    Parameters
    ----------
    entries : as `slanb.run.restated` gives them.
    """
    told = _told(entries, words)
    if not told:
        return []
    last, numbers = told[0]
    count = {"n": len(numbers), "day": last["published"], "why": _kinds(last)}
    turned = [
        Message(
            "publish.restated_verdict",
            label=number["label"].removesuffix("."),
            **{key: words.verdict(number[key]["verdict"]) for key in ("before", "now")},
        )
        for number in numbers
        if number["id"].startswith("clause.") and number["before"]["verdict"] != number["now"]["verdict"]
    ]
    return [" ".join(words.say(line) for line in (Message("publish.restated_line", **count), *turned))]


def restated_tables(entries: Sequence[Mapping[str, Any]], words: Wording) -> list[dict[str, Any]]:
    """Each change in full: a `title`, `lines` on what is behind it, and `rows` of the numbers, as texts."""
    return [
        {
            "title": words.say("publish.restated_since", day=entry["published"]),
            "lines": [
                words.say(line)
                for line in (Message("publish.restated_why", why=_kinds(entry)), *_also(entry))
            ],
            "rows": [_row(number, entry, words) for number in numbers],
        }
        for entry, numbers in _told(entries, words)
    ]


def _told(entries: Sequence[Mapping[str, Any]], words: Wording) -> list[tuple[Mapping, list[Mapping]]]:
    """The changes that a reader can see, each with the numbers that read otherwise than before."""

    def read(number: Mapping[str, Any], key: str) -> tuple:
        return words.value(number[key]["value"], number["unit"]), number[key]["verdict"]

    seen = [
        (entry, [each for each in entry["numbers"] if read(each, "before") != read(each, "now")])
        for entry in entries
    ]
    return [(entry, numbers) for entry, numbers in seen if numbers]


def _row(number: Mapping[str, Any], entry: Mapping[str, Any], words: Wording) -> dict[str, Any]:
    unit = number["unit"]
    before, now = (number[key]["value"] for key in ("before", "now"))
    verdicts = [words.verdict(number[key]["verdict"]) for key in ("before", "now")]
    shown = [
        f"{words.value(value, unit)} ({verdict})"
        if verdict and len({*verdicts}) > 1
        else words.value(value, unit)
        for value, verdict in zip((before, now), verdicts, strict=True)
    ]
    change = None if before is None or now is None else now - before
    about = definition(number["id"])[0]
    agreed = about.id.startswith("plan.") and about.source.startswith(OF_TERMS)
    why = (
        [Message("publish.restated_agreed")]
        if agreed
        else _kinds(entry, READ.get(number["id"].partition(".")[0]))
    )
    return {
        "label": number["label"],
        "cells": [*shown, words.change(change, unit, short=True)],
        "why": words.join([words.say(kind) for kind in why]),
    }


def _kinds(entry: Mapping[str, Any], tables: Sequence[str] | None = None) -> list[Message]:
    """The kinds of records that have changed, of some tables or of all."""
    if entry["records"] is None:
        return [Message("publish.restated_unknown")]
    told = [
        Message(
            f"publish.restated_{kind}{'_more' if counts['more'] else ''}",
            n=counts[kind],
            table=table_message(table),
        )
        for table, counts in entry["records"].items()
        if tables is None or table in tables
        for kind in KINDS
        if counts[kind]
    ]
    return told or [Message("publish.restated_none")]


def _also(entry: Mapping[str, Any]) -> list[Message]:
    """What else has changed: the terms, or the mapping of the records."""
    return [Message("publish.restated_also", names=list(entry["also"]))] if entry["also"] else []
