"""The sample company's exports as files, as an ordinary CRM would hand them over."""

import os
from pathlib import Path
from typing import Literal

import pandas as pd

from slanb.database import connect
from slanb.errors import SlanbError

TABLES = ("leads", "deals", "activities", "assignments")


def write_files(simulation, folder: str | Path, format: Literal["csv", "parquet"] = "csv") -> dict[str, Path]:  # noqa: A002
    """Write `leads`, `deals`, `activities` and `assignments` into `folder`, created where absent.

    CSV is comma-separated UTF-8 with a header, times as `2026-03-12 09:14` on the company's clock,
    amounts with two decimals and empty fields where there is nothing. Parquet holds the same columns with
    times as time stamps without a zone (`format: iso` in a mapping). Ids are text in both. Files are written
    beside their place and renamed once all are complete; the same simulation gives the same bytes.

    Parameters
    ----------
    simulation : what `simulate` returned.
    folder : where the files go; existing ones of the same names are replaced.
    format : "csv" or "parquet".

    Returns
    -------
    The path of each file by table.

    Raises
    ------
    SlanbError : for another format.
    """
    if format not in ("csv", "parquet"):
        raise SlanbError(f'write_files: format is {format!r}, but "csv" or "parquet" is expected.')
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    paths = {table: folder / f"{table}.{format}" for table in TABLES}
    partial = {table: path.with_name(f".{path.name}.{os.getpid()}") for table, path in paths.items()}
    try:
        for table, path in partial.items():
            _copy(getattr(simulation, table), path, format)
        for table, path in partial.items():
            os.replace(path, paths[table])
    finally:
        for path in partial.values():
            path.unlink(missing_ok=True)
    return paths


def _copy(frame: pd.DataFrame, path: Path, format: str) -> None:  # noqa: A002
    columns = ", ".join(_column(frame[name], format) for name in frame.columns)
    options = "format csv, header" if format == "csv" else "format parquet"
    target = str(path).replace("'", "''")
    with connect() as connection:
        connection.register("frame", frame)
        connection.execute(f"copy (select {columns} from frame) to '{target}' ({options})")


def _column(values: pd.Series, format: str) -> str:  # noqa: A002
    """How one column is written, in SQL."""
    name = f'"{values.name}"'
    if name.endswith(' ID"'):
        return f"cast({name} as varchar) as {name}"
    if pd.api.types.is_datetime64_any_dtype(values):
        written = f"strftime({name}, '%Y-%m-%d %H:%M')" if format == "csv" else f"cast({name} as timestamp)"
        return f"{written} as {name}"
    if name == '"Amount"' and format == "csv":
        return f"cast({name} as decimal(18, 2)) as {name}"
    if isinstance(values.dtype, pd.CategoricalDtype):
        return f"cast({name} as varchar) as {name}"
    return name
