"""Spark, in this process or on a cluster."""

from collections.abc import Mapping
from typing import Any

from slanb.engines.warehouse import Warehouse


class Spark(Warehouse):
    """A Spark session.

    Parameters
    ----------
    where : a Spark Connect address (`sc://host`) or a master (`local[*]`); where it is not given, the session
        at hand, or what Spark's own settings say.
    settings : of the session.
    """

    dialect = "spark"
    keeping = "cache table {name} as {text}"

    def __init__(self, where: str | None = None, settings: Mapping[str, str] | None = None) -> None:
        super().__init__()
        from pyspark.sql import SparkSession

        builder = SparkSession.builder.appName("slanb")
        if where is not None:
            builder = builder.remote(where) if where.startswith("sc://") else builder.master(where)
        for key, value in {"spark.sql.session.timeZone": "UTC", **(settings or {})}.items():
            builder = builder.config(key, value)
        self._session = builder.getOrCreate()

    def close(self) -> None:
        """Ends the session."""
        self._session.stop()

    def _run(self, statement: str) -> None:
        self._session.sql(statement).collect()

    def _rows(self, query: str) -> Any:
        return self._session.sql(query).toArrow()

    def _load(self, name: str, rows: Any) -> None:
        instants = rows.schema
        for place, field in enumerate(instants):
            if str(field.type) == "timestamp[us]":
                instants = instants.set(place, field.with_type(_instant()))
        self._session.createDataFrame(rows.cast(instants)).createOrReplaceTempView(name)


def _instant() -> Any:
    import pyarrow

    return pyarrow.timestamp("us", tz="UTC")
