"""Rows that an engine is to answer from."""

from pathlib import Path
from typing import NamedTuple

import pandas as pd


class Named(NamedTuple):
    """A table or view of the engine, as it is called there."""

    table: str


class Selected(NamedTuple):
    """What one SELECT (in DuckDB's SQL) over the engine's tables gives."""

    query: str


Rows = Named | Selected | Path | str | pd.DataFrame  # a text is the path of a Parquet file
