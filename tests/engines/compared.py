"""Every question asked of two engines, and the answers held against each other."""

from pathlib import Path

import numpy as np
import pandas as pd

import slanb.facts
from slanb.engines import Embedded

FACTS = Path(slanb.facts.__file__).parent
QUESTIONS = {path.read_text(encoding="utf-8"): path.stem for path in FACTS.glob("*.sql")}


class Compared:
    """DuckDB beside another engine. `seen` collects the names of the questions whose answers were equal."""

    def __init__(self, other, seen: set[str], left=None):
        self.left, self.right, self.seen = left or Embedded(), other, seen

    def fresh(self) -> "Compared":
        return Compared(self.right.fresh(), self.seen)

    def aside(self) -> "Compared":
        return Compared(self.right.aside(), self.seen, self.left.aside())

    def macros(self, text: str) -> None:
        self.left.macros(text)
        self.right.macros(text)

    def given(self, name: str, rows) -> dict[str, str]:
        ours, theirs = rows if isinstance(rows, tuple) else (rows, rows)
        kinds = self.left.given(name, ours)
        self.right.given(name, theirs)
        return kinds

    def put(self, name: str, frame: pd.DataFrame) -> None:
        self.left.put(name, frame)
        self.right.put(name, frame)

    def view(self, name: str, question: str) -> None:
        self.left.view(name, question)
        self.right.view(name, question)
        if question in QUESTIONS:
            self._hold(f"select * from {name}", question)

    def later(self, name: str, question: str) -> None:
        self.left.later(name, question)
        self.right.later(name, question)
        self._hold(f"select * from {name}", question)

    def keep(self, name: str, question: str) -> None:
        self.left.keep(name, question)
        self.right.keep(name, question)
        self._hold(f"select * from {name}", question)

    def ask(self, question: str, parameters=None) -> pd.DataFrame:
        return self._hold(question, question, parameters)

    def _hold(self, asked: str, question: str, parameters=None) -> pd.DataFrame:
        name = QUESTIONS.get(question, question)
        answers = [engine.ask(asked, parameters) for engine in (self.left, self.right)]
        ours, theirs = answers if asked == question else [in_one_order(answer) for answer in answers]
        if name == "daily_leads" or "order by" not in question:
            ours, theirs = in_one_order(ours), in_one_order(theirs)
        try:
            pd.testing.assert_frame_equal(theirs, ours, rtol=1e-9, atol=1e-9)
        except AssertionError as error:
            raise AssertionError(f"{name}: {error}\n{ours}\n{theirs}") from None
        self.seen.add(name)
        return answers[0]


def in_one_order(frame: pd.DataFrame) -> pd.DataFrame:
    """The rows of an answer that comes in no order."""
    rounded = frame.apply(lambda column: column.round(6) if column.dtype.kind == "f" else column)
    by = [rounded[name].astype("str").replace(np.nan, "") for name in rounded]
    order = np.lexsort([np.asarray(key, dtype=str) for key in by]) if by and len(frame) else slice(None)
    return frame.iloc[order].reset_index(drop=True)
