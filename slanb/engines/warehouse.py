"""An engine of its own, which holds the records: questions go there, small answers come back."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from copy import copy
from itertools import count
from typing import Any

import pandas as pd

from slanb.engines.dialects import Macro, macros_in, translated
from slanb.engines.embedded import CLOCKS, Embedded
from slanb.engines.rows import Named, Selected

NUMBERS = count(1)  # of all sessions of this process: Spark shares one session among them


class Warehouse(ABC):
    """Questions in the engine's SQL, under names of this session's own.

    Everything is named for as long as the session lasts. Beside it an embedded engine holds the same tables
    without their rows: it says of which kind each column of an answer is, so that frames do not depend on
    where they were made.

    A subclass says how SQL is run.
    """

    dialect: str

    def __init__(self) -> None:
        self._shape = Embedded()
        self._names: dict[str, str] = {}
        self._macros: dict[str, Macro] = macros_in(CLOCKS, self.dialect)

    def fresh(self) -> "Warehouse":
        """The same connection without anything yet named in it."""
        other = copy(self)
        other._shape, other._names, other._macros = Embedded(), {}, dict(self._macros)
        return other

    def aside(self) -> "Warehouse":
        """The same tables; what is named from now on is seen by this one alone."""
        other = copy(self)
        other._shape, other._names = self._shape.aside(), dict(self._names)
        return other

    def macros(self, text: str) -> None:
        """Defines macros."""
        self._shape.macros(text)
        self._macros |= macros_in(text, self.dialect)

    def given(self, name: str, rows: Named | Selected | pd.DataFrame) -> dict[str, str]:
        """Names rows of the engine, or those of a frame."""
        own = self._new_name(name)
        if isinstance(rows, pd.DataFrame):
            known = rows.dropna(axis="columns", how="all") if len(rows) else rows
            kinds = self._shape.given(name, known)
            self._load(own, self._shape.arrow(f"select * from {name}"))
        else:
            named = isinstance(rows, Named)
            text = f"select * from {rows.table}" if named else translated(rows.query, self.dialect)
            self._run(f"create temporary view {own} as {text}")
            kinds = self._shape.given(name, self._rows(f"select * from {own} limit 0"))
        self._names[name] = own
        return kinds

    def put(self, name: str, frame: pd.DataFrame) -> None:
        """Names a small frame."""
        self._shape.put(name, frame)
        own = self._new_name(name)
        self._load(own, self._shape.arrow(f"select * from {name}"))
        self._names[name] = own

    def view(self, name: str, question: str) -> None:
        """Names a question's answer, made anew where it is read."""
        own = self._new_name(name)
        self._run(f"create temporary view {own} as {self._text(question)}")
        self._names[name] = own
        self._shape.view(name, question)

    def later(self, name: str, question: str) -> None:
        """Names a question's answer."""
        self.view(name, question)

    def keep(self, name: str, question: str) -> None:
        """Names a question's answer as it is now."""
        own = self._new_name(name)
        self._keep(own, self._text(question))
        self._names[name] = own
        self._shape.keep(name, question)

    def ask(self, question: str, parameters: Mapping[str, Any] | None = None) -> pd.DataFrame:
        """The answer to a question."""
        kinds = self._shape.kinds(question, parameters)
        return self._shape.of_kinds(self._rows(self._text(question, parameters)), kinds)

    def _text(self, question: str, parameters: Mapping[str, Any] | None = None) -> str:
        return translated(
            question, self.dialect, macros=self._macros, names=self._names, parameters=parameters
        )

    def _new_name(self, name: str) -> str:
        return f"slanb_{next(NUMBERS)}_{name}"

    # -- what a subclass does

    @abstractmethod
    def _run(self, statement: str) -> None:
        """Runs a statement that has no answer."""

    @abstractmethod
    def _rows(self, query: str) -> Any:
        """The rows of a query, an Arrow table."""

    @abstractmethod
    def _keep(self, name: str, query: str) -> None:
        """Makes a temporary table of a query's rows."""

    @abstractmethod
    def _load(self, name: str, rows: Any) -> None:
        """Makes a temporary table of an Arrow table."""
