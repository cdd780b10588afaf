"""A spreadsheet's parts: formats of units, notes, and tables whose numbers follow from others of their row.

Text is written as text and marked so, whatever it begins with; only slanb's own formulas are formulas.
"""

import io
import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import xlsxwriter
from babel.numbers import get_currency_precision, get_currency_symbol
from xlsxwriter.utility import xl_rowcol_to_cell

from slanb.dictionary.columns import column
from slanb.dictionary.wording import Wording

WHOLE, TENTHS = "#,##0", "#,##0.0"
PATTERNS = dict.fromkeys(["leads", "customers", "days", "hours"], TENTHS)
PATTERNS |= {"attempts": "0.00", "share": "0.0%", "rate": "0.00%"}
TEXTS = ("text", "word", "period")  # kinds of columns
NAME = re.compile(r"\b[a-z][a-z_.]*[a-z]\b")  # in a formula: a column, or a figure where it has a dot
LONGEST = 32_767  # characters a cell can hold
MOST = 1e15  # a number that a cell takes to the unit
NOTE = {"author": "slanb", "x_scale": 2.2, "y_scale": 1.4}
Cell = tuple[int, int]


class Book:
    """A workbook being written, in the words of one language and currency.

    Parameters
    ----------
    created : the instant it tells as its own, so that the same report has the same bytes.
    """

    def __init__(self, words: Wording, title: str, created: pd.Timestamp):
        self.words, self._file, self._formats = words, io.BytesIO(), {}
        texts = {f"strings_to_{what}": False for what in ("formulas", "urls", "numbers")}
        self._book = xlsxwriter.Workbook(self._file, {"in_memory": True, **texts})
        self._book.set_properties({"title": title, "created": created.tz_convert("UTC").tz_localize(None)})
        self._money, self._names = money_patterns(words), set()

    def sheet(self, title: str, line: str, widths: Sequence[int]) -> Any:
        """A new sheet with a heading and a line below it, printed on the width of one page."""
        sheet = self._book.add_worksheet(title)
        sheet.hide_gridlines(2)
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.fit_to_pages(1, 0)
        for place, width in enumerate(widths):
            sheet.set_column(place, place, width)
        self.text(sheet, (0, 0), title, bold=True, font_size=14)
        sheet.merge_range(1, 0, 1, len(widths) - 1, "")
        self.text(sheet, (1, 0), line, font_color="#5f6368", text_wrap=True, valign="top")
        sheet.set_row(1, 15 * math.ceil(len(line) / (0.9 * sum(widths))))
        return sheet

    def name(self, name: str, sheet: Any, cell: Cell) -> None:
        """Let formulas call a cell by a name; the first of those that differ in case alone."""
        if name.lower() in self._names:
            return
        self._names.add(name.lower())
        quoted = sheet.get_name().replace("'", "''")
        self._book.define_name(name, f"='{quoted}'!{xl_rowcol_to_cell(*cell, True, True)}")

    def text(self, sheet: Any, cell: Cell, text: str, **look: Any) -> None:
        """Write a text that stays one, also when a reader edits it."""
        sheet.write_string(*cell, text[:LONGEST], self._look(quote_prefix=True, **look))

    def number(self, sheet: Any, cell: Cell, value: float | None, unit: str, **look: Any) -> None:
        """Write a number as its unit is shown; what is not known stays empty."""
        pattern = self._pattern(value, unit)
        if pattern == TENTHS and not pd.isna(value) and value == round(value):
            pattern = WHOLE
        look = self._look(num_format=pattern, **look)
        sheet.write_blank(*cell, None, look) if pd.isna(value) else sheet.write_number(*cell, value, look)

    def given(self, sheet: Any, cell: Cell, value: float | None, unit: str) -> None:
        """Write a number that the reader may change, within what `slanb.formulas` takes."""
        share = unit in ("share", "rate")
        self.number(sheet, cell, value, unit, bg_color="#fff2cc", border=1, border_color="#bf9000")
        allowed = {"criteria": "between", "minimum": 0, "maximum": 1 if share else MOST}
        allowed |= {"validate": "decimal", "error_title": self.words.say("publish.sheet_refused")}
        allowed["error_message"] = self.words.say(f"publish.sheet_{'share' if share else 'amount'}")
        sheet.data_validation(*cell, *cell, allowed)

    def formula(
        self,
        sheet: Any,
        cell: Cell,
        formula: str,
        value: float | None,
        unit: str,
        signed: bool = False,
        **look: Any,
    ) -> None:
        """Write a formula with what it comes to in the report; empty where it comes to nothing."""
        known, pattern = "" if pd.isna(value) else value, self._pattern(value, unit)
        look = self._look(num_format=f"+{pattern};-{pattern};{pattern}" if signed else pattern, **look)
        sheet.write_formula(*cell, f'=IFERROR({formula},"")', look, known)

    def note(self, sheet: Any, cell: Cell, text: str) -> None:
        """Put a note to a cell; none of an empty text."""
        if text:
            sheet.write_comment(*cell, text, NOTE)

    def headings(self, sheet: Any, row: int, headings: Sequence[str], texts: Sequence[int]) -> None:
        """A row of headings; those of columns of text, by place, stand at the left."""
        for place, heading in enumerate(headings):
            side = "left" if place in texts else "right"
            look = {"bold": True, "text_wrap": True, "bottom": 1, "valign": "bottom", "align": side}
            look["indent"] = int(place > 0 and side == "left")
            self.text(sheet, (row, place), heading, **look)
        sheet.set_row(row, 45)

    def table(
        self, sheet: Any, top: int, rows: pd.DataFrame, spec: Mapping[str, Any], notes: Mapping[str, str]
    ) -> dict[str, list[Cell]]:
        """Write rows below their headings, some columns as formulas of the others.

        Parameters
        ----------
        top : the row of the headings.
        rows : a frame with the columns of `spec`; `unit` tells the unit of a column of kind "unit".
        spec : of `sheets.toml`. Where the frame has no number, there is no formula either, but for a column
            whose numbers the reader may change.
        notes : what explains a column, by its name.

        Returns
        -------
        The cells of each column.
        """
        names = spec["columns"].split()
        given, live = spec.get("given", "").split(), spec.get("live", {})
        texts = [place for place, name in enumerate(names) if column(name).kind in TEXTS]
        self.headings(sheet, top, [self.words.heading(name) for name in names], texts)
        for place, name in enumerate(names):
            self.note(sheet, (top, place), notes.get(name, ""))
        for n, row in enumerate(rows.to_dict("records"), top + 1):
            cells = {name: xl_rowcol_to_cell(n, place) for place, name in enumerate(names)}
            for place, name in enumerate(names):
                kind, value, here = column(name).kind, row[name], (n, place)
                kind = row["unit"] if kind == "unit" else kind
                if kind in TEXTS:
                    text = self.words.period(value) if kind == "period" else value
                    self.text(sheet, here, text, indent=int(place > 0))
                elif name in live and (given or not pd.isna(value)):
                    self.formula(sheet, here, filled(live[name], cells), value, kind)
                else:
                    (self.given if name in given else self.number)(sheet, here, value, kind)
        last = top + len(rows)
        return {name: [(n, place) for n in range(top + 1, last + 1)] for place, name in enumerate(names)}

    def done(self) -> bytes:
        """The file."""
        self._book.close()
        return self._file.getvalue()

    def _pattern(self, value: float | None, unit: str) -> str:
        if unit.startswith("money"):
            return self._money[not pd.isna(value) and abs(value) < 100 and value != round(value)]
        return PATTERNS.get(unit, WHOLE)

    def _look(self, **look: Any) -> Any:
        key = tuple(sorted(look.items()))
        if key not in self._formats:
            self._formats[key] = self._book.add_format(look)
        return self._formats[key]


def money_patterns(words: Wording) -> tuple[str, str]:
    """How a spreadsheet shows money of the agreement's currency, in whole units and with its cents.

    >>> money_patterns(Wording("de", "EUR"))
    ('#,##0 [$€]', '#,##0.00 [$€]')
    """
    pattern = words.locale.currency_formats["standard"].pattern.partition(";")[0]
    plain = re.sub("[\u200e\u200f\u061c]", "", re.sub(r"\s", " ", pattern))  # no spreadsheet takes these
    shape = plain.replace("¤", f"[${get_currency_symbol(words.currency, words.locale)}]")
    cents = "." + "0" * get_currency_precision(words.currency)
    return shape.replace(".00", ""), shape.replace(".00", cents.rstrip("."))


def filled(formula: str, cells: Mapping[str, str]) -> str:
    """A formula with the places of its columns; names with a dot stay.

    >>> filled("plan.quota * part / SUM(kept)", {"part": "C5", "kept": "$D$5:$D$9"})
    'plan.quota * C5 / SUM($D$5:$D$9)'
    """
    return NAME.sub(lambda name: cells.get(name[0], name[0]), formula)


def ranges(cells: Mapping[str, Sequence[Cell]]) -> dict[str, str]:
    """Each column's cells as a range that does not move.

    >>> ranges({"kept": [(4, 3), (5, 3)]})
    {'kept': '$D$5:$D$6'}
    """
    return {
        name: f"{xl_rowcol_to_cell(*each[0], True, True)}:{xl_rowcol_to_cell(*each[-1], True, True)}"
        for name, each in cells.items()
        if each
    }
