"""Spark, in this process or on a cluster."""

import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from slanb.engines.adbc import reason_of
from slanb.engines.warehouse import Warehouse
from slanb.errors import SlanbError


class Spark(Warehouse):
    """A Spark session.

    Parameters
    ----------
    given : a Spark Connect address (`sc://host`) or a master (`local[*]`); where it is not given, the session
        at hand, or what Spark's own settings say.
    where : what names it, for messages.
    settings : of the session.

    Raises
    ------
    SlanbError : where there is no session, or a question is not answered; without the address.
    """

    dialect = "spark"

    def __init__(
        self,
        given: str | None = None,
        where: str = "engine: spark",
        settings: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__()
        self._given, self._where = given or "", where
        try:
            with _quiet():
                from pyspark.sql import SparkSession
        except ImportError:
            raise SlanbError(f"{where}: Spark is not installed: pip install 'slanb[spark]'.") from None
        builder = SparkSession.builder.appName("slanb")
        if given is not None:
            builder = builder.remote(given) if given.startswith("sc://") else builder.master(given)
        for key, value in {"spark.sql.session.timeZone": "UTC", **(settings or {})}.items():
            builder = builder.config(key, value)
        try:
            with _quiet():
                self._session = builder.getOrCreate()
        except Exception:  # Java's words, which may repeat the address
            raise SlanbError(
                f"{where}: there is no Spark session. It needs Java 17 or newer; its address is sc://host, "
                "or a master such as local[*]."
            ) from None

    def close(self) -> None:
        """Ends the session."""
        self._session.stop()

    def _run(self, statement: str) -> None:
        with self._asking():
            self._session.sql(statement).collect()

    def _rows(self, query: str) -> Any:
        with self._asking():
            return self._session.sql(query).toArrow()

    def _keep(self, name: str, query: str) -> None:
        with self._asking():  # rows alone: a cached table would be planned again, whole, in every question
            self._session.sql(query).localCheckpoint().createOrReplaceTempView(name)

    @contextmanager
    def _asking(self) -> Iterator[None]:
        try:
            with _quiet():
                yield
        except Exception as error:  # Spark's own
            raise SlanbError(f"{self._where}: {reason_of(error, self._given)}.") from None

    def _load(self, name: str, rows: Any) -> None:
        instants = rows.schema
        for place, field in enumerate(instants):
            if str(field.type).startswith("timestamp"):
                instants = instants.set(place, field.with_type(_instant()))
        with self._asking():
            self._session.createDataFrame(rows.cast(instants)).createOrReplaceTempView(name)


def _instant() -> Any:
    import pyarrow

    return pyarrow.timestamp("us", tz="UTC")


@contextmanager
def _quiet() -> Iterator[None]:
    """Without what Spark says of pandas, which is not used here."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)
        yield
