"""What looks wrong in canonical tables, row by row: the conditions of `checks.toml`.

Nothing is corrected here: each finding says how often, by whose ids, and which conclusions suffer.
"""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.resources import files
from typing import Any

import duckdb

from slanb.crm.mapping import SourceMapping
from slanb.crm.shape import TABLES, id_of
from slanb.crm.sql import statements

EXAMPLES = 5
NO_CRM_YET = 1990


@dataclass(frozen=True)
class Anomaly:
    """Something in the records that a conclusion should not be drawn over.

    Parameters
    ----------
    id : what kind of thing.
    table : where.
    count, of : how many rows (or days, files) out of how many.
    affects : the conclusions that suffer, in the field's words.
    values : what else its sentence tells, by placeholder.
    message : key of its sentence in `messages/crm.toml`; its id if left out.
    examples : ids, at most five.
    """

    id: str
    table: str
    count: int
    of: int
    affects: tuple[str, ...]
    values: dict[str, Any] = field(default_factory=dict)
    message: str = ""
    examples: tuple[str, ...] = ()

    def finding(self) -> dict[str, Any]:
        """As the quality report holds it: ids, counts and values (see `quality.finding_message`)."""
        return {
            "id": self.id,
            "table": self.table,
            "count": self.count,
            "of": self.of,
            "share": round(self.count / self.of, 6) if self.of else None,
            "examples": list(self.examples),
            "message": f"crm.{self.message or self.id}",
            "values": self.values,
            "affects": list(self.affects),
        }


@dataclass(frozen=True)
class Check:
    """Rows of a table that fulfil `when`, among those that fulfil `among`, both SQL.

    needs : a column without which the check says nothing.
    message, values : as an `Anomaly` has them; <table>_<id> if left out.
    """

    id: str
    table: str
    when: str
    affects: tuple[str, ...]
    among: str = "true"
    needs: str = ""
    message: str = ""
    values: dict[str, Any] = field(default_factory=dict)


@cache
def checks() -> tuple[Check, ...]:
    """The checks of `checks.toml`."""
    text = (files(__package__) / "checks.toml").read_text(encoding="utf-8")
    return tuple(
        Check(**{**read, "affects": tuple(read["affects"])}) for read in tomllib.loads(text)["check"]
    )


def row_anomalies(
    engine: duckdb.DuckDBPyConnection, mapping: SourceMapping, exported_at: str | None
) -> Iterator[Anomaly]:
    """Everything wrong with single rows of `canon.*`.

    Parameters
    ----------
    exported_at : naive UTC text of the export, if it was given; events after it are in the future.
    """
    engine.execute(statements("sql", "checked"))
    asked = list(_asked(mapping, exported_at))
    counts = _counts(engine, asked)
    for place, check in enumerate(asked):
        of, count = counts[place]
        if count:
            examples = _examples(engine, check)
            yield Anomaly(
                check.id, check.table, count, of, check.affects, check.values, check.message, examples
            )


def _asked(mapping: SourceMapping, exported_at: str | None) -> Iterator[Check]:
    """The checks that the mapped columns allow."""
    for check in checks():
        spec = mapping.table(check.table)
        if spec is not None and (not check.needs or getattr(spec.columns, check.needs) is not None):
            yield replace(check, message=f"{check.table}_{check.id}")
    for table, spec in mapping.mapped():
        for column in TABLES[table]:
            if column.kind == "time" and getattr(spec.columns, column.name) is not None:
                yield from _date_checks(table, column.name, exported_at)


def _date_checks(table: str, column: str, exported_at: str | None) -> Iterator[Check]:
    affects = ("closing basis", "sales cycle") if table == "deals" else ("leads", "speed")
    any_date = f"{column} is not null"
    too_old, values = f"{column} < timestamp '{NO_CRM_YET}-01-01'", {"column": column}
    yield Check(
        "implausible_date", table, too_old, affects, any_date, values=values | {"year": str(NO_CRM_YET)}
    )
    if exported_at is not None:
        yield Check(
            "future_date", table, f"{column} >= timestamp '{exported_at}'", affects, any_date, values=values
        )


def _counts(engine: duckdb.DuckDBPyConnection, asked: list[Check]) -> dict[int, tuple[int, int]]:
    """Of each check, by its place, among how many rows and how many of them; each table is read once."""
    counts = {}
    for table in dict.fromkeys(check.table for check in asked):
        own = [place for place, check in enumerate(asked) if check.table == table]
        numbers = ", ".join(
            f"count(*) filter (where {among}), count(*) filter (where ({among}) and ({when}))"
            for among, when in ((asked[place].among, asked[place].when) for place in own)
        )
        found = engine.execute(f"select {numbers} from work.checked_{table}").fetchall()[0]
        counts |= dict(zip(own, zip(found[::2], found[1::2], strict=True), strict=True))
    return counts


def _examples(engine: duckdb.DuckDBPyConnection, check: Check) -> tuple[str, ...]:
    key = id_of(check.table)
    rows = engine.execute(
        f"select {key} from work.checked_{check.table} where ({check.among}) and ({check.when}) "
        f"order by {key} limit {EXAMPLES}"
    ).fetchall()
    return tuple(row[0] for row in rows)
