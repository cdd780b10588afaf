"""`report.xlsx`: the report's numbers to recompute, from the plan's steps to the last twelve periods.

It is made of what the notebooks hand to the report and of nothing else; what follows from other numbers is a
formula, the one of `slanb.formulas`, with the report's number as its result. A figure's id is its name there.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import pandas as pd
from xlsxwriter.utility import xl_rowcol_to_cell

from slanb.dictionary.columns import column
from slanb.dictionary.figures import catalogue, definition
from slanb.dictionary.wording import Wording
from slanb.publish.first_page import Chapter
from slanb.publish.math import math_of
from slanb.publish.sheet import Book, filled, ranges
from slanb.publish.sheets import sheets
from slanb.terms.goals import whole_leads

TRACKED = ("months", "speed", "depth")  # sheets that show a notebook's frame as it is
WHOLE, HOURS = "plan.leads_whole", "sales.hours_needed"  # of the chain; the first is in no page's figures
OF_PARTS = ("plan.tier.{tier}.leads", "plan.segment.{segment}.leads")
NAMED = re.compile(r"[A-Za-z_][A-Za-z0-9_.]{0,254}")  # an id that a spreadsheet takes for a name


def workbook(
    chapters: Sequence[Chapter],
    *,
    title: str,
    standing: Sequence[str],
    created: pd.Timestamp,
    words: Wording,
) -> bytes:
    """The workbook of a report.

    Parameters
    ----------
    chapters : the notebooks, in order, with the figures, frames and scorecard they hand to the report.
    title : of the agreement and period.
    standing : period, as-of instant and terms in a sentence; then what to know first, as a what-if.
    created : the instant the report is of.
    """
    book = Book(words, title, created)
    figures = {each["id"]: each for chapter in chapters for each in chapter.figures}
    frames = {name: pd.DataFrame(frame) for chapter in chapters for name, frame in chapter.sheets.items()}
    notes = {id_: _note(figure, words) for id_, figure in figures.items()}
    if "plan" in frames:
        _plan(book, frames["plan"], figures, notes, " ".join(standing))
    for name in TRACKED:
        if name in frames and len(frames[name]):
            _table(book, name, frames[name], notes, standing[0])
    judged = _judged(chapters, figures, words)
    if len(judged):
        _table(book, "promises", judged, notes, standing[0])
    _numbers(book, figures, notes, standing[0])
    return book.done()


def _note(figure: Mapping[str, Any], words: Wording) -> str:
    """What a number is and rests on: its formula, the same with its numbers, cases, interval, clock."""
    math_, limits = math_of(figure, words), figure.get("note") or ""
    clock = words.say(f"publish.clock_{figure['clock']}")
    return "\n".join(filter(None, [math_.formula, math_.equation, *math_.facts, clock, limits]))


def _table(book: Book, name: str, frame: pd.DataFrame, notes: Mapping[str, str], standing: str) -> None:
    """A sheet that is one table."""
    spec, say = sheets()[name], book.words.say
    kinds = [column(each).kind for each in spec["columns"].split()]
    sheet = book.sheet(
        say(f"publish.sheet_{name}"), standing, [90 if kind == "text" else 16 for kind in kinds]
    )
    own = {each: notes.get(id_, "") for each, id_ in spec.get("about", {}).items()}
    book.table(sheet, 3, frame, spec, own)
    sheet.freeze_panes(4, 1)
    sheet.repeat_rows(3)


def _plan(
    book: Book, parts: pd.DataFrame, figures: Mapping[str, Mapping], notes: Mapping[str, str], standing: str
) -> None:
    """The steps from quota to leads, above the parts they are of; numbers to change are marked."""
    say, spec = book.words.say, sheets()["plan"]
    sheet = book.sheet(say("publish.sheet_plan"), standing, [34, 16, 16, *[14] * 10])
    book.text(sheet, (2, 0), say("publish.sheet_plan_how"), italic=True)
    heads = ("number", "agreed", "moved", "change", "how")
    book.headings(sheet, 4, [say(f"publish.sheet_{head}") for head in heads], [0, 4])
    if not parts[["segment", "tier"]].any(axis=None):
        parts = parts.assign(segment=say("goals.part_none"))
    steps = list(_steps(book, parts, figures))
    top = len(steps) + 8
    book.text(sheet, (top - 1, 0), say("publish.sheet_parts"), bold=True, font_size=12)
    cells = book.table(
        sheet, top, parts, spec, {key: notes.get(id_, "") for key, id_ in spec["about"].items()}
    )
    whole = ranges(cells)
    for row, (id_, step) in enumerate(steps, 5):
        if step.own is None:
            formula = filled(step.formula, whole | {"agreed": f"B{row + 1}"})
        else:
            formula = " + ".join(xl_rowcol_to_cell(*cells["leads"][n]) for n in step.own)
        book.text(sheet, (row, 0), step.label)
        book.note(sheet, (row, 0), notes.get(id_, ""))
        book.number(sheet, (row, 1), step.value, step.unit)
        if formula:
            book.formula(sheet, (row, 2), formula, step.value, step.unit, bold=True)
        else:
            book.given(sheet, (row, 2), step.value, step.unit)
        book.formula(sheet, (row, 3), f"ROUND(C{row + 1} - B{row + 1}, 6)", 0.0, step.unit, signed=True)
        book.text(sheet, (row, 4), figures[id_]["formula"] if id_ in figures else "", indent=1)
        if NAMED.fullmatch(id_):
            book.name(id_, sheet, (row, 2))
    sheet.freeze_panes(5, 1)


class Step(NamedTuple):
    """A row of the chain; `own` are the parts whose leads it sums, None where `formula` says how it follows,
    or is empty: then it is given."""

    label: str
    value: float
    unit: str
    formula: str = ""
    own: Sequence[int] | None = None


def _steps(book: Book, parts: pd.DataFrame, figures: Mapping[str, Mapping]) -> Iterator[tuple[str, Step]]:
    """The chain, by id: the figures there are of it, then the leads of each tier and segment."""
    leads = figures["plan.leads"]["value"]
    whole = Step(book.words.say("publish.sheet_whole"), float(whole_leads(leads)), "count")
    for id_, formula in sheets()["chain"].items():
        figure = figures.get(id_)
        if id_ == WHOLE:
            yield id_, whole._replace(formula=formula)
        elif figure and figure["value"] is not None and (id_ != HOURS or figure["parts"]["leads"] == leads):
            unit = "rate" if id_ == "plan.close_rate" else figure["unit"]
            yield id_, Step(figure["label"], figure["value"], unit, formula.format(**figure["parts"]))
    for id_, figure in figures.items():
        about, names = definition(id_)
        if about.id in OF_PARTS and len(parts) > 1:
            [(cut, name)] = names.items()
            own = [n for n, each in enumerate(parts[cut]) if each == name]
            yield id_, Step(figure["label"], figure["value"], "leads", own=own)


def _judged(chapters: Sequence[Chapter], figures: Mapping[str, Mapping], words: Wording) -> pd.DataFrame:
    """The promises over their last spans, as the scorecard hands them to the report, a row each."""
    cards = [
        card for chapter in chapters for side in chapter.scorecard.get("sides", ()) for card in side["cards"]
    ]
    rows = [
        {
            "clause": card["label"],
            "judged_in": point["span"],
            "value": point["value"],
            "target": point["target"],
            "reached_share": point["reached"],
            "figure_verdict": words.verdict(point["verdict"]),
            "unit": figures[f"clause.{card['clause']}"]["unit"],
        }
        for card in cards
        for point in card["trend"]
    ]
    return pd.DataFrame(rows)


def _numbers(book: Book, figures: Mapping[str, Mapping], notes: Mapping[str, str], standing: str) -> None:
    """Every number of the report, in the catalogue's order."""
    say = book.words.say
    sheet = book.sheet(say("publish.sheet_numbers"), standing, [60, 16, 12, 14, 14, 14, 16, 36])
    heads = ("number", "value", "cases", "low", "high", "agreed", "verdict", "id")
    book.headings(sheet, 3, [say(f"publish.sheet_{head}") for head in heads], [0, 6, 7])
    places = {key: place for place, key in enumerate(catalogue())}
    for row, id_ in enumerate(sorted(figures, key=lambda each: places[definition(each)[0].id]), 4):
        figure = figures[id_]
        book.text(sheet, (row, 0), figure["label"])
        for place, key in enumerate(("value", "n", "low", "high", "target"), 1):
            book.number(sheet, (row, place), figure[key], "count" if key == "n" else figure["unit"])
        book.note(sheet, (row, 1), notes[id_])
        book.text(sheet, (row, 6), book.words.verdict(figure["verdict"]), indent=1)
        book.text(sheet, (row, 7), id_, indent=1)
        if NAMED.fullmatch(id_) and id_ not in sheets()["chain"]:
            book.name(id_, sheet, (row, 1))
    sheet.freeze_panes(4, 1)
    sheet.repeat_rows(3)
