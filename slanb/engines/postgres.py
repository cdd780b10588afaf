"""PostgreSQL, through ADBC."""

from typing import Any

from slanb.engines.warehouse import Warehouse


class Postgres(Warehouse):
    """A session of a PostgreSQL server. It needs the right to make temporary tables, and makes no other.

    Parameters
    ----------
    dsn : where the server is and who asks, as libpq has it (`postgresql://user:password@host/database`).
    """

    dialect = "postgres"

    def __init__(self, dsn: str) -> None:
        super().__init__()
        import adbc_driver_postgresql.dbapi

        self._connection = adbc_driver_postgresql.dbapi.connect(dsn, autocommit=True)
        for setting in ("time zone 'UTC'", "jit = off"):  # compiling takes longer than small answers do
            self._run(f"set {setting}")

    def keep(self, name: str, question: str) -> None:
        """Names a question's answer as it is now, and counts its values for the plans of the next."""
        super().keep(name, question)
        self._run(f"analyze {self._names[name]}")

    def close(self) -> None:
        """Ends the session."""
        self._connection.close()

    def _run(self, statement: str) -> None:
        with self._connection.cursor() as cursor:
            cursor.execute(statement)

    def _rows(self, query: str) -> Any:
        with self._connection.cursor() as cursor:
            cursor.execute(query)
            return cursor.fetch_arrow_table()

    def _load(self, name: str, rows: Any) -> None:
        with self._connection.cursor() as cursor:
            cursor.adbc_ingest(f"{name}_rows", rows, temporary=True)
        kinds = ((field.name, str(field.type)) for field in rows.schema)
        columns = ", ".join(
            f'"{column}"' + (f' collate "C" as "{column}"' if "string" in kind else "")
            for column, kind in kinds
        )
        self._run(f"create temporary view {name} as select {columns} from {name}_rows")
