"""What a notebook hands to the report: its figures, its headlines and the files it proposes.

Floor 3. The last cell of a report notebook displays a `Record`: a person sees every number of the page with
clock, n and formula; the runner reads the same numbers from the notebook's output.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from slanb.dictionary.figures import Figure
from slanb.dictionary.wording import Wording
from slanb.tables import figures_table

MIME = "application/vnd.slanb.record+json"


class Record:
    """Figures, headlines and files of one notebook, for people and for the runner.

    Parameters
    ----------
    figures : every number the page shows that others may refer to.
    words : how numbers reach the reader.
    headlines : sentences for the report's first page, the most important first.
    files : text files the report is to hold, by name.
    scorecard : the promises as the report's first page shows them (`slanb.scorecard.shown.record`).
    """

    def __init__(
        self,
        figures: Sequence[Figure],
        *,
        words: Wording,
        headlines: Sequence[str] = (),
        files: Mapping[str, str] | None = None,
        scorecard: Mapping[str, Any] | None = None,
    ):
        self.figures, self.words = list(figures), words
        self.headlines, self.files = list(headlines), dict(files or {})
        self.scorecard = dict(scorecard or {})

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict:
        return {
            MIME: {
                "figures": [figure.record() for figure in self.figures],
                "headlines": self.headlines,
                "files": self.files,
                "scorecard": self.scorecard,
            },
            "text/html": figures_table(self.figures, words=self.words)._repr_html_(),
            "text/plain": f"{len(self.figures)} figures",
        }
