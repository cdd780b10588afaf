"""Ids that a spreadsheet has rounded: they name several records, or none, so their column is refused."""

from collections.abc import Iterator, Sequence

import duckdb

from slanb.crm.sql import name

WAY_OUT = "Export it again and open it in no spreadsheet, or have the spreadsheet keep the column as text."


def rounded_ids(
    engine: duckdb.DuckDBPyConnection, rows: str, columns: Sequence[str]
) -> Iterator[tuple[str, str]]:
    """The columns of ids whose cells have been rounded, and how that shows.

    Parameters
    ----------
    rows : a table or view with `_line`.
    columns : the columns of ids.

    A single one among others is left to the findings: it cannot be another record's. Long ids that all end in
    zeros after their fifteenth digit are rounded, too.
    """
    if not columns:
        return
    counts = ", ".join(
        f"count({name(one)}), count(*) filter (where is_rounded({name(one)})), "
        f"count(*) filter (where is_long({name(one)})), count(*) filter (where is_cut({name(one)}))"
        for one in columns
    )
    counted = engine.execute(f"select {counts} from {rows}").fetchall()[0]
    for place, column in enumerate(columns):
        cells, rounded, long, cut = counted[4 * place : 4 * place + 4]
        if rounded and (rounded > 1 or cells == 1):
            n, which = rounded, "is_rounded"
        elif cut > 1 and cut == long:
            n, which = cut, "is_cut"
        else:
            continue
        sample, line = engine.execute(
            f"select {name(column)}, _line from {rows} where {which}({name(column)}) order by _line limit 1"
        ).fetchall()[0]
        at = f" on line {line}" if line is not None else ""
        yield (
            column,
            (
                f'a spreadsheet has rounded {n:,} of its {cells:,} ids, the first{at}: "{sample[:40]}". '
                f"{WAY_OUT}"
            ),
        )
