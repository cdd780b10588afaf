"""A table's rows in the columns and types that questions expect of it."""

from collections.abc import Collection, Mapping
from typing import Any

DATE = "DATE"  # DuckDB's kind of a column that knows no time of day


def as_canonical(
    engine, name: str, rows: Any, columns: Mapping[str, str], *, zone: str, days: Collection[str] = ()
) -> dict[str, str]:
    """Names `name` in the engine: every column in its type, null where the rows do not have it.

    Parameters
    ----------
    rows : as `Engine.given` takes them; none for an empty table.
    columns : the kind of each.
    zone : SQL for the zone whose midnights dates are.
    days : columns that hold starts of days of that zone, to become those of `own_day`'s.

    Returns
    -------
    The columns the rows have, with their kinds there.
    """
    there = {} if rows is None else engine.given(f"{name}_given", rows)
    listed = []
    for column, kind in columns.items():
        value = f"cast({column if column in there else 'null'} as {kind})"
        value = f"instant_of({value}, {zone})" if there.get(column) == DATE else value
        listed.append(f"{f'own_day({value})' if column in days else value} as {column}")
    source = f"{name}_given" if there else "(select 1 as n) as nothing where false"
    engine.view(name, f"select {', '.join(listed)} from {source}")
    return there
