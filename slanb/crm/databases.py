"""Tables that a database is asked for, brought here as files: read once in a run, then like any other."""

import hashlib
import os
import tempfile
from functools import cache
from pathlib import Path

from slanb import pinned, scratch
from slanb.crm.mapping_models import QueriedFile
from slanb.engines.adbc import SQLITE_ROWS, address, connect, reason_of
from slanb.errors import SlanbError


def fetched(spec: QueriedFile, where: str) -> Path:
    """The answer to a query, as a Parquet file.

    Parameters
    ----------
    where : what names the table's place in the mapping, for messages.

    Raises
    ------
    SlanbError : where there is no connection, or the query cannot be run.
    """
    given = address(spec.database, f"{where}.database")
    name = hashlib.sha256(f"{spec.database}\n{spec.query}".encode()).hexdigest()[:32]
    kept = pinned.folder()
    place = Path(kept or _own_folder()) / f"{name}.parquet"
    if not (kept and place.is_file()):
        connection = connect(given, f"{where}.database")
        partial = place.with_suffix(f".{os.getpid()}")
        try:
            with connection, connection.cursor() as cursor:
                if given.startswith("sqlite"):
                    cursor.adbc_statement.set_options(**{"adbc.sqlite.query.batch_rows": str(SQLITE_ROWS)})
                cursor.execute(spec.query)
                _write(cursor.fetch_record_batch(), partial)
        except Exception as error:  # a driver's own; each has others
            raise SlanbError(f"{where}.query cannot be run: {reason_of(error, given)}.") from None
        partial.rename(place)
    return place


def _write(rows, path: Path) -> None:
    from pyarrow.parquet import ParquetWriter

    with ParquetWriter(path, rows.schema) as writer:
        for batch in rows:
            writer.write_batch(batch)


@cache
def _own_folder() -> str:
    """A folder of this process, for what it reads outside a run."""
    folder = scratch.own("fetched")
    _folders.append(folder)
    return folder.name


_folders: list[tempfile.TemporaryDirectory] = []
