"""Tables and sentences as a page shows them: plain frames in, values raw until the last step.

The page's own style sheet dresses them (`table.slanb`, `td.number`, `tr.faint`, `tr.strong`); the
few rules that come along make them readable in JupyterLab too. A row of one segment (`tr.segment`) names
it, so that a page can show those of one alone.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import KW_ONLY, dataclass
from typing import Any, get_args

import jinja2
import pandas as pd

from slanb.dictionary.columns import column, columns_of
from slanb.dictionary.figures import Figure, Unit, definition
from slanb.dictionary.messages import Message, texts
from slanb.dictionary.wording import MISSING, Wording

UNITS = get_args(Unit)
TEXT_KINDS = ("text", "word", "date", "period")
ROW_UNIT = "unit"  # each row names its own unit, in a column of this name
MARKS = ("young", "incomplete", "truncated")
SEGMENT = "segment"  # the column, and the class of a row, that is of one of them

_PAGE = jinja2.Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)

_TABLE = _PAGE.from_string("""\
<style>
.slanb-scroll{overflow-x:auto}
table.slanb{border-collapse:collapse;font-variant-numeric:tabular-nums}
table.slanb th,table.slanb td{padding:.25em .6em}
table.slanb caption{text-align:start;font-weight:bold;padding:.3em 0;color:inherit}
table.slanb th.text,table.slanb td.text,table.slanb .word{text-align:start}
.slanb-note{font-size:.9em;margin:.3em 0 1em;max-width:72ch}
table.slanb th.number,table.slanb td.number{text-align:end}
table.slanb tbody .word,table.slanb td.number{white-space:nowrap}
table.slanb td.ends{white-space:normal}
table.slanb thead th{hyphens:auto;font-size:.9em}
.slanb-note,table.slanb tr.faint th,table.slanb tr.faint td{
color:var(--soft,var(--jp-ui-font-color2,#5f6368))}
table.slanb tr.strong th,table.slanb tr.strong td{font-weight:bold}
table.slanb tbody th{font-weight:normal}
table.slanb .mark{font-style:italic}
</style>
<div class="slanb-scroll" role="region" aria-labelledby="{{ id }}-caption" tabindex="0">
<table class="slanb{{ " folds" if headings | length > 2 }}" id="{{ id }}" dir="{{ direction }}">
<caption id="{{ id }}-caption" dir="auto">{{ caption }}</caption>
<thead>
<tr>
{% for heading, align in headings %}
{% if heading %}
<th scope="col" class="{{ align }}">{{ heading }}</th>
{% else %}
<td></td>
{% endif %}
{% endfor %}
</tr>
</thead>
<tbody>
{% for row in rows %}
<tr{% if row.anchor %} id="{{ row.anchor }}"{% endif %}{% if row.look %} class="{{ row.look }}"{% endif %}\
{% if row.segment %} data-segment="{{ row.segment }}"{% endif %}>
{% for cell, align in row.cells %}
{% if loop.first and align != "number" %}
<th scope="row" class="{{ align }}" dir="auto">{{ cell }}\
{% if row.marks %} <span class="mark">({{ row.marks }})</span>{% endif %}</th>
{% else %}
<td class="{{ align }}"{% if align == "text" %} dir="auto"{% endif %}\
{% if headings[loop.index0][0] %} data-head="{{ headings[loop.index0][0] }}"{% endif %}>{{ cell }}\
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
{% for sentence in paragraphs %}
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
    columns : names of what is shown, in order: "period leads close_rate"; those the dictionary has for the
        table's id if left out. Their headings and kinds are the dictionary's (`slanb.dictionary.columns`);
        one it does not know is called as it is named. Cells of text may be texts or messages.
    id : of the table on its page, lower case letters, digits, dots and hyphens; its caption is the message
        `tables.<id>`, or the id itself where there is none.
    note : a `Message`, several, or a text, below the table.
    strong_rows : name of a boolean column, or booleans, one a row: totals and the like.
    marks : boolean columns whose true rows are greyed and, in words, marked; those not in the frame are
        ignored. By default `young`, `incomplete` and `truncated`.
    anchors : name of a column that gives each row its id on the page.

    A column `segment` of the frame, shown or not, says which rows but the strong ones are of one segment.

    Raises
    ------
    ValueError : a column that is not there, a kind that does not exist, an id that a page cannot have.

    >>> leads = pd.DataFrame({"period": ["2026-09", "2026-10"], "leads": [512, 120], "young": [False, True]})
    >>> Table(leads, "period leads", words=Wording(), id="leads")
    Leads
             Period         Leads
    September 2026           512
    October 2026 (young)     120
    """

    frame: pd.DataFrame
    columns: str | Sequence[str] | None = None
    _: KW_ONLY
    words: Wording
    id: str
    note: Any = ""
    strong_rows: str | Sequence[bool] | None = None
    marks: Mapping[str, str] | None = None
    anchors: str | None = None

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[a-z][a-z0-9.-]*", self.id):
            raise ValueError(
                f"id must be lower case letters, digits, dots and hyphens, but {self.id!r} was passed"
            )
        needed = [column for column in (self.strong_rows, self.anchors) if isinstance(column, str)]
        for name, _, kind in self._shown():
            shape, unit = _shape_and_unit(kind)
            needed += [*_sources(name, shape), *([ROW_UNIT] if unit == ROW_UNIT else [])]
        if missing := [column for column in needed if column not in self.frame]:
            raise ValueError(
                f"the table needs columns {missing}, but the frame has {list(self.frame.columns)}"
            )

    def _shown(self) -> list[tuple[str, str, str]]:
        """Each column's name, heading and kind."""
        names = columns_of(self.id) if self.columns is None else self.columns
        names = names.split() if isinstance(names, str) else names
        known = [(name, self.words.heading(name), column(name).kind) for name in names]
        return [(name, heading, kind or _kind_of(self.frame, name)) for name, heading, kind in known]

    @property
    def caption(self) -> str:
        """What stands above the table."""
        known = f"tables.{self.id}"
        return self.words.say(known) if known in texts() else self.id.replace("-", " ").capitalize()

    def _note(self) -> str:
        notes = self.note if isinstance(self.note, list | tuple) else [self.note]
        return " ".join(self.words.say(note) for note in notes if note)

    def __repr__(self) -> str:
        headings = [heading for heading, _ in self._headings()]
        rows = [
            [
                f"{cell} ({row['marks']})" if place == 0 and row["marks"] else cell
                for place, (cell, _) in enumerate(row["cells"])
            ]
            for row in self._rows()
        ]
        nothing = self.words.say("tables.nothing")
        body = pd.DataFrame(rows, columns=headings).to_string(index=False) if rows else nothing
        return "\n".join(filter(None, [self.caption, body, self._note()]))

    def _repr_html_(self) -> str:
        return _TABLE.render(
            id=self.id,
            direction=self.words.direction,
            caption=self.caption,
            headings=self._headings(),
            rows=self._rows(),
            nothing=self.words.say("tables.nothing"),
            note=self._note(),
        )

    def _headings(self) -> list[tuple[str, str]]:
        return [(heading, _align(kind)) for _, heading, kind in self._shown()]

    def _cells(self, row: dict, shown: list[tuple[str, str, str]]) -> list[tuple[str, str]]:
        cells = [(_cell(row, name, kind, self.words), _align(kind)) for name, _, kind in shown]
        name, align = cells[0]
        return [(name if name.strip() else self.words.say("tables.blank"), align), *cells[1:]]

    def _rows(self) -> list[dict]:
        strong = self.frame[self.strong_rows] if isinstance(self.strong_rows, str) else self.strong_rows
        strong = [False] * len(self.frame) if strong is None else list(strong)
        marks = self.marks
        if marks is None:
            marks = {mark: self.words.say(f"tables.{mark}") for mark in MARKS}
        rows, shown = [], self._shown()
        for row, is_strong in zip(self.frame.to_dict("records"), strong, strict=True):
            marked = [text for column, text in marks.items() if row.get(column, False) is True]
            segment = row.get(SEGMENT)
            segment = segment if isinstance(segment, str) and not is_strong else ""
            look = {"faint": marked, "strong": is_strong, SEGMENT: segment}
            rows.append(
                {
                    "cells": self._cells(row, shown),
                    "marks": self.words.join(marked),
                    "look": " ".join(name for name, given in look.items() if given),
                    "segment": segment,
                    "anchor": row[self.anchors] if self.anchors else "",
                }
            )
        return rows


def _kind_of(frame: pd.DataFrame, name: str) -> str:
    """What a column holds that the dictionary does not know: numbers or text."""
    return "count" if name in frame and pd.api.types.is_numeric_dtype(frame[name]) else "text"


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


def _sources(name: str, shape: str) -> tuple[str, ...]:
    """The frame's columns that hold the values of a table's column."""
    if shape != "interval":
        return (name,)
    base = name.removesuffix("range")
    return (f"{base}low", f"{base}high")


def _align(kind: str) -> str:
    if kind not in TEXT_KINDS:
        return "number ends" if kind.startswith("interval:") else "number"  # two ends may stand on two lines
    return "text" if kind == "text" else "word"


def _cell(row: dict, name: str, kind: str, words: Wording) -> str:
    shape, unit = _shape_and_unit(kind)
    unit = row[ROW_UNIT] if unit == ROW_UNIT else unit
    values = [row[column] for column in _sources(name, shape)]
    if any(pd.isna(value) for value in values):
        return MISSING
    match shape:
        case "text" | "word":
            return words.say(values[0]) if isinstance(values[0], Message) else str(values[0])
        case "date":
            return words.date(values[0])
        case "period":
            return words.period(values[0])
        case "change":
            return words.change(values[0], unit, short=True)
        case "interval":
            low, high = (words.value(value, unit, short=True) for value in values)
            return low if low == high else words.say("tables.interval", low=low, high=high)
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

    >>> rate = Figure("recent.close_rate", 0.13, n=512, low=0.1, high=0.16, level=0.8)
    >>> print(str(figures_table([rate], words=Wording())).splitlines()[0])
    Every number of this page
    """
    places = [anchor(figure.id) for figure in figures]
    if twice := sorted({place for place in places if places.count(place) > 1}):
        raise ValueError(
            f"each figure needs an id of its own, but these come more than once: {', '.join(twice)}"
        )
    rows = [
        {
            "anchor": place,
            SEGMENT: definition(figure.id)[1].get(SEGMENT),
            "label": words.label(figure),
            "math": words.math(figure),
            "clock": words.say(f"figures.clock_{figure.clock}"),
            "figure_verdict": words.verdict(figure.verdict),
            "formula": words.formula(figure.id),
            "limits": words.say(figure.note) if figure.note else "",
        }
        | {key: getattr(figure, key) for key in ("value", "n", "low", "high", "target", "level", "unit")}
        for place, figure in zip(places, figures, strict=True)
    ]
    names = ["label", "value", "n", "range", "target", "figure_verdict", "clock", "formula", "math", "limits"]
    frame = pd.DataFrame(
        rows, columns=["anchor", SEGMENT, "unit", "low", "high", "level", *names[:3], *names[4:]]
    )
    levels = frame["level"].dropna().unique()
    names += ["level"] * (len(levels) > 1)
    filled = [
        name
        for name in names
        if frame[["low", "high"] if name == "range" else [name]].replace("", None).notna().any(axis=None)
    ]
    return Table(
        frame,
        filled or ["label"],
        words=words,
        id="figures",
        note=Message("tables.intervals", level=levels[0]) if len(levels) == 1 else "",
        anchors="anchor",
    )


@dataclass(frozen=True)
class Sentences:
    """Paragraphs of text, the first one the headline."""

    paragraphs: tuple[str, ...]

    def __repr__(self) -> str:
        return "\n".join(self.paragraphs)

    def _repr_html_(self) -> str:
        return _SENTENCES.render(paragraphs=self.paragraphs)


def sentences(messages: Sequence[Message | str], *, words: Wording) -> Sentences:
    """Messages as paragraphs for a page, the first one the headline; empty ones are left out.

    >>> sentences([Message("opening.running"), ""], words=Wording())
    The period has not ended: every count is one so far.
    """
    return Sentences(tuple(words.say(sentence) for sentence in messages if sentence))
