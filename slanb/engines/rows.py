"""Rows that lie with an engine."""

from typing import NamedTuple


class Named(NamedTuple):
    """A table or view of the engine, as it is called there."""

    table: str


class Selected(NamedTuple):
    """What one SELECT (in DuckDB's SQL) over the engine's tables gives."""

    query: str
