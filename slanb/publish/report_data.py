"""What a notebook hands to the report: its figures, its headlines and the files it proposes.

The last cell of a report notebook displays `ReportData`: a person sees every number of the page with clock, n
and formula; the runner reads the same numbers from the notebook's output.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from slanb.dictionary.figures import Figure, plain
from slanb.dictionary.messages import Message
from slanb.dictionary.wording import Wording
from slanb.publish.sheets import sheets
from slanb.tables import figures_table

MIME = "application/vnd.slanb.record+json"


class ReportData:
    """Figures, headlines and files of one notebook, for people and for the runner.

    Parameters
    ----------
    figures : every number the page shows that others may refer to.
    words : how numbers reach the reader.
    headlines : sentences for the report's first page, the most important first.
    to_do : what is to be done now, in sentences for the same page.
    files : text files the report is to hold, by name.
    scorecard : the promises as the report's first page shows them (`slanb.scorecard`).
    what_if : what the first page needs to move the plan's numbers (`slanb.goals.moved`).
    sheets : the frames behind the sheets of `report.xlsx`, by the sheet's name in `sheets.toml`.
    """

    def __init__(
        self,
        figures: Sequence[Figure],
        *,
        words: Wording,
        headlines: Sequence[Message | str] = (),
        to_do: Sequence[Message | str] = (),
        files: Mapping[str, str] | None = None,
        scorecard: Mapping[str, Any] | None = None,
        what_if: Mapping[str, Any] | None = None,
        sheets: Mapping[str, pd.DataFrame] | None = None,
    ):
        self.figures, self.words = list(figures), words
        self.headlines, self.files = [words.say(line) for line in headlines if line], dict(files or {})
        self.to_do = [words.say(line) for line in to_do]
        self.scorecard, self.what_if = dict(scorecard or {}), dict(what_if or {})
        self.sheets = dict(sheets or {})

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict:
        return {
            MIME: {
                "figures": [self._plain(figure) for figure in self.figures],
                "headlines": self.headlines,
                "to_do": self.to_do,
                "files": self.files,
                "scorecard": self.scorecard,
                "what_if": self.what_if,
                "sheets": {name: self._columns(name, frame) for name, frame in self.sheets.items()},
            },
            "text/html": figures_table(self.figures, words=self.words)._repr_html_(),
            "text/plain": f"{len(self.figures)} figures",
        }

    def _columns(self, sheet: str, frame: pd.DataFrame) -> dict[str, list]:
        """What a sheet shows of its frame, in plain types."""
        names = sheets()[sheet]["columns"].split()
        return {name: [plain(cell) for cell in frame[name]] for name in names}

    def _plain(self, figure: Figure) -> dict[str, Any]:
        """A figure as `figures.json` holds it, in the reader's words."""
        note = self.words.say(figure.note) if figure.note else ""
        named = {"label": self.words.label(figure), "formula": self.words.formula(figure.id)}
        return figure.record() | named | {"note": note, "math": self.words.math(figure)}
