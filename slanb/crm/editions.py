"""Several exports of the same records: which file is newer, by the date in its name or by the mapping's word.

Of a record that stands in several editions the newest counts. Where files differ about a record and nothing
tells which is newer, they are refused: the oldest row would keep a won deal open.
"""

import re
from collections.abc import Iterable, Sequence
from pathlib import PurePath

import duckdb

from slanb.crm.mapping_models import FileSpec
from slanb.crm.sql import name, names

_DATE = re.compile(r"(?<!\d)(20\d\d)[-_.]?(0[1-9]|1[0-2])(?:[-_.]?(0[1-9]|[12]\d|3[01]))?(?!\d)")


def edition_of(file: str) -> tuple[str, str | None]:
    """The letters of an export's name, and the date in it.

    >>> edition_of("deals-2026-04-30.csv"), edition_of("deals 20260430 (2).csv"), edition_of("deals (2).csv")
    (('dealscsv', '2026-04-30'), ('dealscsv', '2026-04-30'), ('dealscsv', None))
    """
    stem = PurePath(file).name
    match = _DATE.search(stem)
    return re.sub(r"[\W\d_]", "", stem), match and "-".join(part for part in match.groups() if part)


def note_editions(engine: duckdb.DuckDBPyConnection, files: Sequence[tuple[str, FileSpec]]) -> None:
    """Make `work.editions` (`file`, `series`, `age`): a later file of a series has the greater `age`."""
    rows = []
    for place, (file, spec) in enumerate(files):
        series, date = edition_of(file)
        if spec.newest == "last":
            rows.append((file, spec.path, f"{place:06}"))
        elif date is not None:
            rows.append((file, series, date))
    engine.execute("create table work.editions (file varchar, series varchar, age varchar)")
    if rows:
        engine.executemany("insert into work.editions values (?, ?, ?)", rows)


def has_editions(engine: duckdb.DuckDBPyConnection, files: Iterable[str]) -> bool:
    """Whether some of these files are older than others of them."""
    return engine.execute(
        "select count(*) from (select 1 from work.editions where list_contains(?, file) "
        "group by series having count(distinct age) > 1)",
        [list(files)],
    ).fetchall() != [(0,)]


def older(rows: str, key: Sequence[str], place: str) -> str:
    """SQL for the `place` of rows (with `_file`) that stand in a newer file of their series, too."""
    keys = names(key)
    return (
        f"select {place} from (select {place}, {keys}, e.series, e.age from {rows} as r "
        "inner join work.editions as e on r._file = e.file "
        f"where hash({keys}) in (select hash({keys}) from {rows} group by {keys} having count(*) > 1)) "
        f"qualify age < max(age) over (partition by {keys}, series)"
    )


def contradiction(
    engine: duckdb.DuckDBPyConnection, rows: str, key: str, content: Sequence[str]
) -> str | None:
    """Two files of which nothing tells the newer hold a record with other values: the words for it, if so."""
    found = engine.execute(
        f"select number_of({name(key)}), list_sort(list(distinct _file)), "
        f"count(*) over () from {rows} where {name(key)} is not null group by {name(key)} "
        f"having count(distinct _file) > 1 and count(distinct hash({names(content)})) > 1 order by 1 limit 1"
    ).fetchall()
    if not found:
        return None
    record, files, number = found[0]
    also = f" and {number - 1:,} more" if number > 1 else ""
    return (
        f"{files[0]} and {files[1]}: both hold {key} {record}{also}, with other values, and nothing tells "
        "which file is newer. Put the day of the export into their names, such as deals-2026-04-30.csv, or "
        "say `newest: last` beside their `path:` if the last file by name is the newest."
    )
