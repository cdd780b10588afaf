"""What the presets' SQL shares: lists of ids, yes, and counting by reason.

Floor 2.
"""

from collections.abc import Callable, Mapping

import duckdb

LISTS = r"[0-9A-Za-z]+"  # ids in a cell: 1;2 or 1, 2 or [1,2]
TRUE = "('true', '1', 'yes')"


def counter(engine: duckdb.DuckDBPyConnection) -> Callable[[str], int]:
    """A function that counts: `count("from met.people")`."""
    return lambda tail: engine.execute(f"select count(*) {tail}").fetchall()[0][0]


def reasons(engine: duckdb.DuckDBPyConnection, table: str) -> Mapping[str, int]:
    """Rows of a table by their `why_not`, the most frequent first."""
    return dict(
        engine.execute(
            f"select why_not, count(*) from {table} where why_not is not null group by 1 order by 2 desc, 1"
        ).fetchall()
    )
