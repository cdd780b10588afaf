"""DuckDB in this process: the engine that is there without being asked for."""

from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from slanb.database import connect

CLOCKS = (files(__package__) / "clocks.sql").read_text(encoding="utf-8")
FEW = 64  # rows that are each compared with as many others sooner than sorted


class Embedded:
    """Questions as they stand, over Parquet files and frames.

    >>> engine = Embedded()
    >>> engine.put("numbers", pd.DataFrame({"n": [1, 2]}))
    >>> engine.ask("select sum(n) as total from numbers where n > $least", {"least": 1})["total"].item()
    2.0
    """

    def __init__(self) -> None:
        self._connection = self._root = connect()
        self._temp, self._due = "", {}
        self._connection.execute("set global TimeZone = 'UTC'")
        self._connection.execute(f"set global nested_loop_join_threshold = {FEW}")
        self._connection.execute(CLOCKS)

    @property
    def connection(self) -> duckdb.DuckDBPyConnection:
        """DuckDB itself."""
        return self._connection

    def fresh(self) -> "Embedded":
        """Another one, with nothing in it."""
        return Embedded()

    def aside(self) -> "Embedded":
        """The same tables; what is named from now on is seen by this one alone."""
        other = object.__new__(Embedded)
        other._connection, other._temp = self._connection.cursor(), "temp "
        other._root, other._due = self._root, self._due
        return other

    def macros(self, text: str) -> None:
        """Defines macros."""
        self._connection.execute(text)

    def given(self, name: str, rows: Path | str | Any) -> dict[str, str]:
        """Names the rows of a Parquet file (its path), a frame or an Arrow table: the kind of each column."""
        if not isinstance(rows, Path | str):
            self._connection.register(f"{name}_frame", rows)
            self._connection.execute(f"create table {name} as select * from {name}_frame")
            self._connection.unregister(f"{name}_frame")
        else:
            path = str(rows).replace("'", "''")
            self._connection.execute(f"create view {name} as select * from read_parquet('{path}')")
        return self.kinds(f"select * from {name}")

    def put(self, name: str, frame: Any) -> None:
        """Names a small frame (or Arrow table): as a table, whose number of rows the planner knows."""
        self._connection.register("given", frame)
        self._connection.execute(f"create or replace temp table {name} as select * from given")
        self._connection.unregister("given")

    def view(self, name: str, question: str) -> None:
        """Names a question's answer, made anew where it is read."""
        self._connection.execute(f"create {self._temp}view {name} as {question}")

    def later(self, name: str, question: str) -> None:
        """Names a question's answer, made when the first question needs it."""
        self._due[name] = question

    def _make_due(self) -> None:
        while self._due:
            name, question = self._due.popitem()
            self._root.execute(f"create table {name} as {question}")

    def keep(self, name: str, question: str) -> None:
        """Names a question's answer as it is now."""
        self._make_due()
        self._connection.execute(f"create or replace {self._temp}table {name} as {question}")

    def ask(self, question: str, parameters: Mapping[str, Any] | None = None) -> pd.DataFrame:
        """The answer to a question."""
        self._make_due()
        return self._connection.execute(question, parameters or None).df()

    def kinds(self, question: str, parameters: Mapping[str, Any] | None = None) -> dict[str, str]:
        """The columns of an answer, and DuckDB's name for what is in them."""
        self._make_due()
        none = self._connection.execute(f"select * from ({question}) as answer limit 0", parameters or None)
        kinds = {column[0]: str(column[1]) for column in none.description}
        none.fetchall()  # or it would be in the way of the next
        return kinds

    def arrow(self, question: str) -> Any:
        """The answer as an Arrow table."""
        return self._connection.sql(question).to_arrow_table()

    def of_kinds(self, answer: Any, kinds: Mapping[str, str]) -> pd.DataFrame:
        """An answer of another engine (an Arrow table), in these kinds."""
        columns = ", ".join(f'cast("{name}" as {kind}) as "{name}"' for name, kind in kinds.items())
        self._connection.register("answer", answer)
        try:
            return self._connection.execute(f"select {columns} from answer").df()
        finally:
            self._connection.unregister("answer")

    def close(self) -> None:
        """Ends the connection."""
        self._connection.close()
