"""Where questions are asked: DuckDB in this process, Spark, or a warehouse that holds the records.

Questions are DuckDB's SQL. `embedded` asks them as they stand; `warehouse` puts them into the engine's own
SQL by the rules of `dialects`, runs them there and brings the small answers back. `postgres` and `spark` are
imported by `connect` alone, so that DuckDB's users pay nothing for them.
"""

from collections.abc import Mapping
from typing import Any, Protocol

import pandas as pd

from slanb.engines.embedded import Embedded
from slanb.engines.rows import Named, Rows, Selected

ENGINES = ("duckdb", "spark", "postgres")


class Engine(Protocol):
    """What facts ask of an engine. Tables and views go by the names that questions use."""

    def fresh(self) -> "Engine":
        """The same engine without anything yet named in it."""

    def aside(self) -> "Engine":
        """The same tables; what is named from now on is seen by this one alone."""

    def macros(self, text: str) -> None:
        """Defines `create macro` statements for the questions that follow."""

    def given(self, name: str, rows: Rows) -> dict[str, str]:
        """Names rows that lie with the engine, or are handed to it: the kind of each of their columns."""

    def put(self, name: str, frame: pd.DataFrame) -> None:
        """Names a small frame."""

    def view(self, name: str, question: str) -> None:
        """Names a question's answer, made anew where it is read."""

    def later(self, name: str, question: str) -> None:
        """Names a question's answer, at the latest made when it is first needed."""

    def keep(self, name: str, question: str) -> None:
        """Names a question's answer as it is now."""

    def ask(self, question: str, parameters: Mapping[str, Any] | None = None) -> pd.DataFrame:
        """The answer to a question, its `$names` replaced."""

    def close(self) -> None:
        """Ends the connection, and with it all that was named."""


def connected(engine: str, given: str | None, where: str) -> Engine:
    """A connection to Spark or PostgreSQL.

    Parameters
    ----------
    engine : `spark` or `postgres`.
    given : its address; Spark knows one itself.
    where : what names it, for messages.

    Raises
    ------
    SlanbError : where there is none, or what it needs is not installed.
    """
    if engine == "postgres":
        from slanb.engines.postgres import Postgres

        return Postgres(given, where)
    from slanb.engines.spark import Spark

    return Spark(given, where)


__all__ = ["ENGINES", "Embedded", "Engine", "Named", "Rows", "Selected", "connected"]
