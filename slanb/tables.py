"""Tables and sentences as a page shows them: plain frames in, values raw until the last step.

Floor 3. The page's own style sheet dresses them (`table.slanb`, `td.number`, `tr.faint`, `tr.strong`); the
few rules that come along make them readable in JupyterLab too.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import KW_ONLY, asdict, dataclass
from typing import get_args

import jinja2
import pandas as pd

from slanb.dictionary.figures import Figure, Unit
from slanb.dictionary.wording import MISSING, Wording

Columns = Mapping[str | tuple[str, str], tuple[str, str]]

UNITS = get_args(Unit)
TEXT_KINDS = ("text", "word", "date", "period")
ROW_UNIT = "unit"  # each row names its own unit, in a column of this name

_PAGE = jinja2.Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)

_TABLE = _PAGE.from_string("""\
<style>
.slanb-scroll{overflow-x:auto}
table.slanb{border-collapse:collapse;font-variant-numeric:tabular-nums}
table.slanb th,table.slanb td{padding:.25em .6em}
table.slanb caption{text-align:start;font-weight:bold;padding:.3em 0;color:inherit}
table.slanb th.text,table.slanb td.text,table.slanb .word{text-align:start}
.slanb-note{color:#5f6368;font-size:.9em;margin:.3em 0 1em;max-width:72ch}
table.slanb th.number,table.slanb td.number{text-align:end;white-space:nowrap}
table.slanb tr.faint th,table.slanb tr.faint td{color:#5f6368}
table.slanb tr.strong th,table.slanb tr.strong td{font-weight:bold}
table.slanb tbody th{font-weight:normal}
table.slanb .mark{font-style:italic}
</style>
<div class="slanb-scroll" role="region" aria-labelledby="{{ id }}-caption" tabindex="0">
<table class="slanb" id="{{ id }}" dir="{{ direction }}">
<caption id="{{ id }}-caption" dir="auto">{{ caption }}</caption>
<thead>
<tr>
{% for heading, align in headings %}
<th scope="col" class="{{ align }}">{{ heading }}</th>
{% endfor %}
</tr>
</thead>
<tbody>
{% for row in rows %}
<tr{% if row.anchor %} id="{{ row.anchor }}"{% endif %}{% if row.look %} class="{{ row.look }}"{% endif %}>
{% for cell, align in row.cells %}
{% if loop.first and align == "text" %}
<th scope="row" class="text" dir="auto">{{ cell }}\
{% if row.marks %} <span class="mark">({{ row.marks }})</span>{% endif %}</th>
{% else %}
<td class="{{ align }}"{% if align == "text" %} dir="auto"{% endif %}>{{ cell }}\
{% if loop.first and row.marks %} <span class="mark">({{ row.marks }})</span>{% endif %}</td>
{% endif %}
{% endfor %}
</tr>
{% else %}
<tr><td class="text" colspan="{{ headings | length }}">{{ nothing }}</td></tr>
{% endfor %}
</tbody>
</table>
</div>
{% if note %}
<p class="slanb-note" dir="auto">{{ note }}</p>
{% endif %}
""")

_SENTENCES = _PAGE.from_string("""\
<style>.slanb-sentences .headline{font-size:1.25em;font-weight:bold}</style>
<div class="slanb-sentences">
{% for sentence in said %}
<p{% if loop.first %} class="headline"{% endif %} dir="auto">{{ sentence }}</p>
{% endfor %}
</div>
""")


@dataclass(frozen=True, eq=False)
class Table:
    """A frame as a table for readers.

    Parameters
    ----------
    frame : one row a line, values raw (shares 0-1, money as float, dates, period labels).
    columns : what is shown, in order: column -> (heading, kind). A kind is a unit of
        `slanb.dictionary.figures` ("share", "money", ...), "text", "word" (short), "date" or "period",
        `change:<unit>` (signed),
        `interval:<unit>` (a pair: the key is then `(low, high)`, or a name for the columns `<name>_low` and
        `<name>_high`), or
        "unit" in place of a unit where each row names its own in its column `unit`.
    caption, note : text above and below; both may be empty.
    id : of the table on its page: lower case letters, digits, dots and hyphens.
    strong_rows : name of a boolean column, or booleans, one a row: totals and the like.
    marks : boolean columns whose true rows are greyed and, in words, marked; those not in the frame are
        ignored. By default `young`, `incomplete` and `truncated`.
    anchors : name of a column that gives each row its id on the page.

    Raises
    ------
    ValueError : a column that is not there, a kind that does not exist, an id that a page cannot have.

    >>> leads = pd.DataFrame({"period": ["2026-09", "2026-10"], "leads": [512, 120], "young": [False, True]})
    >>> Table(leads, {"period": ("Month", "period"), "leads": ("Leads", "leads")},
    ...       words=Wording(), caption="Leads", id="leads")
    Leads
             Month         Leads
    September 2026           512
    October 2026 (young)     120
    """

    frame: pd.DataFrame
    columns: Columns
    _: KW_ONLY
    words: Wording
    caption: str
    id: str
    note: str = ""
    strong_rows: str | Sequence[bool] | None = None
    marks: Mapping[str, str] | None = None
    anchors: str | None = None

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[a-z][a-z0-9.-]*", self.id):
            raise ValueError(
                f"id must be lower case letters, digits, dots and hyphens, but {self.id!r} was passed"
            )
        needed = [column for column in (self.strong_rows, self.anchors) if isinstance(column, str)]
        for key, (_, kind) in self.columns.items():
            shape, unit = _shape_and_unit(kind)
            needed += [*_sources(key, shape), *([ROW_UNIT] if unit == ROW_UNIT else [])]
        if missing := [column for column in needed if column not in self.frame]:
            raise ValueError(
                f"the table needs columns {missing}, but the frame has {list(self.frame.columns)}"
            )

    def __repr__(self) -> str:
        headings = [heading for heading, _ in self._headings()]
        rows = [
            [
                f"{cell} ({row['marks']})" if place == 0 and row["marks"] else cell
                for place, (cell, _) in enumerate(row["cells"])
            ]
            for row in self._rows()
        ]
        body = pd.DataFrame(rows, columns=headings).to_string(index=False) if rows else self._nothing()
        return "\n".join(filter(None, [self.caption, body, self.note]))

    def _repr_html_(self) -> str:
        return _TABLE.render(
            id=self.id,
            direction=self.words.direction,
            caption=self.caption,
            headings=self._headings(),
            rows=self._rows(),
            nothing=self._nothing(),
            note=self.note,
        )

    def _nothing(self) -> str:
        return self.words.text("Nothing to show")

    def _headings(self) -> list[tuple[str, str]]:
        return [(heading, _align(kind)) for heading, kind in self.columns.values()]

    def _cells(self, row: dict) -> list[tuple[str, str]]:
        cells = [(_cell(row, key, kind, self.words), _align(kind)) for key, (_, kind) in self.columns.items()]
        name, align = cells[0]
        return [(name if name.strip() else self.words.text("(blank)"), align), *cells[1:]]

    def _rows(self) -> list[dict]:
        strong = self.frame[self.strong_rows] if isinstance(self.strong_rows, str) else self.strong_rows
        strong = [False] * len(self.frame) if strong is None else list(strong)
        marks = self.marks
        if marks is None:
            marks = {"young": self.words.text("young"), "incomplete": self.words.text("not complete")}
            marks |= {"truncated": self.words.text("before the wins on record")}
        rows = []
        for row, is_strong in zip(self.frame.to_dict("records"), strong, strict=True):
            marked = [text for column, text in marks.items() if row.get(column, False) is True]
            rows.append(
                {
                    "cells": self._cells(row),
                    "marks": self.words.join(marked),
                    "look": " ".join(["faint"] * bool(marked) + ["strong"] * bool(is_strong)),
                    "anchor": row[self.anchors] if self.anchors else "",
                }
            )
        return rows


def _shape_and_unit(kind: str) -> tuple[str, str]:
    """("text", "") or ("value", "share") or ("interval", "money"), ...; refuses what does not exist."""
    if kind in TEXT_KINDS:
        return kind, ""
    shape, _, unit = kind.rpartition(":")
    if shape in ("", "change", "interval") and unit in (*UNITS, ROW_UNIT):
        return shape or "value", unit
    raise ValueError(
        f"kind must be one of {', '.join((*TEXT_KINDS, *UNITS))}, change:<unit>, interval:<unit>, "
        f"but {kind!r} was passed"
    )


def _sources(key: str | tuple[str, str], shape: str) -> tuple[str, ...]:
    """The frame's columns that hold the values of a table's column."""
    if shape != "interval":
        return (key,)
    return key if isinstance(key, tuple) else (f"{key}_low", f"{key}_high")


def _align(kind: str) -> str:
    if kind == "word":
        return kind
    return "text" if kind in TEXT_KINDS else "number"


def _cell(row: dict, key: str | tuple[str, str], kind: str, words: Wording) -> str:
    shape, unit = _shape_and_unit(kind)
    unit = row[ROW_UNIT] if unit == ROW_UNIT else unit
    values = [row[column] for column in _sources(key, shape)]
    if any(pd.isna(value) for value in values):
        return MISSING
    match shape:
        case "text" | "word":
            return str(values[0])
        case "date":
            return words.date(values[0])
        case "period":
            return words.period(values[0])
        case "change":
            return words.change(values[0], unit, short=True)
        case "interval":
            low, high = (words.value(value, unit, short=True) for value in values)
            return words.text("{low} to {high}", low=low, high=high)
    return words.value(values[0], unit, short=True)


def anchor(figure_id: str) -> str:
    """Where a figure stands on its page, for links: `#figure-...`.

    >>> anchor("tier.web chat.close_rate")
    'figure-tier.web-chat.close_rate'
    """
    return "figure-" + re.sub(r"\s+", "-", figure_id.strip())


def figures_table(figures: Sequence[Figure], *, words: Wording) -> Table:
    """Every number of a page, with what it rests on: cases, interval, target, clock and formula.

    Columns that no figure fills are left out. Each row can be linked to by `anchor(figure.id)`.

    Raises
    ------
    ValueError : if two figures have one id.

    >>> rate = Figure(id="close_rate", label="Close rate", value=0.13, unit="share", basis="cohort", n=512,
    ...               low=0.1, high=0.16, level=0.8, formula="customers / leads")
    >>> figures_table([rate], words=Wording())
    Every number of this page
         Figure Value   n        Interval  Basis           Formula
     Close rate 13.0% 512  10.0% to 16.0% cohort customers / leads
    Intervals hold the true number about 80% of the time.
    """
    places = [anchor(figure.id) for figure in figures]
    if twice := sorted({place for place in places if places.count(place) > 1}):
        raise ValueError(
            f"each figure needs an id of its own, but these come more than once: {', '.join(twice)}"
        )
    clocks = {
        "cohort": words.text("cohort"),
        "closing": words.text("closing"),
        "plan": words.text("as agreed"),
        "calendar": words.text("by calendar"),
    }
    verdicts = {
        "kept": words.text("kept"),
        "missed": words.text("missed"),
        "pending": words.text("pending"),
        "not measurable": words.text("not measurable"),
    }
    frame = pd.DataFrame([asdict(figure) for figure in figures], columns=list(Figure.__dataclass_fields__))
    frame = frame.assign(
        anchor=places,
        basis=frame["basis"].map(clocks),
        verdict=frame["verdict"].map(verdicts),
        limits=frame["note"],
    )
    columns: dict[str | tuple[str, str], tuple[str, str]] = {
        "label": (words.text("Figure"), "text"),
        "value": (words.text("Value"), "unit"),
        "n": (words.text("n"), "count"),
        ("low", "high"): (words.text("Interval"), "interval:unit"),
        "target": (words.text("Target"), "unit"),
        "verdict": (words.text("Verdict"), "word"),
        "basis": (words.text("Basis"), "word"),
        "formula": (words.text("Formula"), "text"),
        "limits": (words.text("Limits"), "text"),
    }
    levels = frame["level"].dropna().unique()
    if len(levels) > 1:
        columns["level"] = (words.text("Certainty"), "share")
    note = ""
    if len(levels) == 1:
        level = words.share(levels[0], 0)
        note = words.text("Intervals hold the true number about {level} of the time.", level=level)
    filled = {
        key: column
        for key, column in columns.items()
        if frame[list(key) if isinstance(key, tuple) else [key]].replace("", None).notna().any(axis=None)
    }
    return Table(
        frame,
        filled or {"label": columns["label"]},
        words=words,
        caption=words.text("Every number of this page"),
        id="figures",
        note=note,
        anchors="anchor",
    )


@dataclass(frozen=True)
class Sentences:
    """Paragraphs of text, the first one the headline."""

    said: tuple[str, ...]

    def __repr__(self) -> str:
        return "\n".join(self.said)

    def _repr_html_(self) -> str:
        return _SENTENCES.render(said=self.said)


def sentences(said: Sequence[str]) -> Sentences:
    """Computed sentences as paragraphs for a page, the first one the headline; empty ones are left out.

    >>> sentences(["The goal was reached.", "", "524 leads of 500."])
    The goal was reached.
    524 leads of 500.
    """
    return Sentences(tuple(sentence for sentence in said if sentence))
