"""PostgreSQL, through ADBC."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from slanb.engines.adbc import connect, reason_of
from slanb.engines.warehouse import Warehouse
from slanb.errors import SlanbError


class Postgres(Warehouse):
    """A session of a PostgreSQL server. It needs the right to make temporary tables, and makes no other.

    Parameters
    ----------
    given : its address (`postgresql://user:password@host/database`).
    where : what names it, for messages.

    Raises
    ------
    SlanbError : where there is no connection, or a question is not answered; without the address.
    """

    dialect = "postgres"

    def __init__(self, given: str, where: str = "engine: postgres") -> None:
        super().__init__()
        self._given, self._where = given, where
        self._connection = connect(given, where)
        for setting in ("time zone 'UTC'", "jit = off"):  # compiling takes longer than small answers do
            self._run(f"set {setting}")

    def close(self) -> None:
        """Ends the session."""
        self._connection.close()

    def _run(self, statement: str) -> None:
        with self._asking() as cursor:
            cursor.execute(statement)

    def _rows(self, query: str) -> Any:
        with self._asking() as cursor:
            cursor.execute(query)
            return cursor.fetch_arrow_table()

    def _keep(self, name: str, query: str) -> None:
        self._run(f"create temporary table {name} as {query}")
        self._run(f"analyze {name}")  # for the plans of the questions that follow

    @contextmanager
    def _asking(self) -> Iterator[Any]:
        try:
            with self._connection.cursor() as cursor:
                yield cursor
        except Exception as error:  # the driver's own
            raise SlanbError(f"{self._where}: {reason_of(error, self._given)}.") from None

    def _load(self, name: str, rows: Any) -> None:
        with self._asking() as cursor:
            cursor.adbc_ingest(f"{name}_rows", rows, temporary=True)
        kinds = ((field.name, str(field.type)) for field in rows.schema)
        columns = ", ".join(
            f'"{column}"' + (f' collate "C" as "{column}"' if "string" in kind else "")
            for column, kind in kinds
        )
        self._run(f"create temporary view {name} as select {columns} from {name}_rows")
