"""A person taken out of what slanb keeps: snapshots with the answers beside them, and published reports.

Deals stay, without their lead: what they brought is the company's. The numbers of reports stay, too.
"""

import csv
import json
import re
import shutil
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from html import escape
from pathlib import Path
from typing import Any

from slanb import scratch
from slanb.crm.personal import kept_as, key_of
from slanb.crm.snapshot import KEPT, QUALITY, QUARANTINE, folder_for
from slanb.crm.sql import listed, literal
from slanb.database import connect
from slanb.errors import SlanbError, short
from slanb.run import published
from slanb.run.run_json import now
from slanb.whole_files import settle, write_whole

LOG = "forgotten.log"
NO_LEAD = {"deals": "select * replace (case when {person} then null else lead_id end as lead_id) from {rows}"}
WITHOUT = "select * from {rows} where not coalesce({person}, false)"


def forget(ids: Iterable[str], *, source: Path, outputs: Path) -> dict[str, int]:
    """Remove leads from all that slanb keeps, and note in `outputs/forgotten.log` how much it was.

    Parameters
    ----------
    ids : of the leads, as the CRM has them; an address where the mapping takes it for the id.
    source : the mapping. outputs : folder of the published reports.

    Returns
    -------
    How many rows of each table, kept answers and places in reports were removed; of `deals`, those that were
    parted from their lead.

    Raises
    ------
    SlanbError : while a run or an open notebook reads the records: what they publish would hold the person.
    """
    names = kept_as(ids, key_of(source.resolve().parent))
    with published.lock(outputs):
        scratch.sweep_left()
        every, reports = [*_folders(folder_for(source))], [*_folders(outputs / published.RUNS)]
        snapshots = [path for path in every if KEPT.fullmatch(path.name)]
        scratch.sweep(path for path in every if path not in snapshots)
        if busy := [path for path in (*snapshots, *reports) if scratch.in_use(path)]:
            raise SlanbError(
                f"{short(busy[0])}: a run, or a notebook that is open, reads the records just now. Run again "
                "once it has ended."
            )
        removed: Counter = Counter()
        for folder in snapshots:
            removed += _from_tables(folder, names)
            removed["answers"] += len([*(folder / "prepared").glob("*.parquet")])
            shutil.rmtree(folder / "prepared", ignore_errors=True)
        for folder in (*snapshots, *reports):
            removed["places"] += sum(_from_file(path, names) for path in _texts(folder))
        told = {"at": now().isoformat(timespec="seconds"), "ids": len({*ids}), "removed": dict(removed)}
        with (outputs / LOG).open("a", encoding="utf-8") as log:
            log.write(json.dumps(told) + "\n")
    return dict(removed)


def _folders(place: Path) -> Iterator[Path]:
    if place.is_dir():
        yield from sorted(path for path in place.iterdir() if path.is_dir() and not path.is_symlink())


def _from_tables(folder: Path, names: set[str]) -> Counter:
    """Rewrite the tables of a snapshot that hold the person, and count the rows."""
    person = (
        f"(lead_id in ({listed(sorted(names))}) or split_part(lead_id, '#', 1) in ({listed(sorted(names))}))"
    )
    removed: Counter = Counter()
    with connect() as engine:
        for path in sorted(folder.glob("*.parquet")):
            rows = f"read_parquet({literal(str(path))})"
            if n := engine.execute(f"select count(*) from {rows} where {person}").fetchall()[0][0]:
                beside = path.with_suffix(".new")
                kept = NO_LEAD.get(path.stem, WITHOUT).format(person=person, rows=rows)
                engine.execute(f"copy ({kept}) to {literal(str(beside))} (format parquet, compression zstd)")
                settle(beside)
                beside.replace(path)
                removed[path.stem] += n
    return removed


def _texts(folder: Path) -> Iterator[Path]:
    """The files of a snapshot or a report that may name leads; the quality page before what it is made of."""
    names = ("quality.html", QUALITY, QUARANTINE, "attention.csv", "run.json")
    yield from (folder / name for name in names if (folder / name).is_file())
    yield from sorted(folder.glob("*.ipynb"))


def _from_file(path: Path, names: set[str]) -> int:
    """Take the person out of a file; returns in how many places they were."""
    text, found = path.read_text(encoding="utf-8"), []
    match path.suffix:
        case ".csv":
            kept = _without_rows(text, names, found)
        case ".html":
            quality = json.loads(path.with_name(QUALITY).read_text(encoding="utf-8"))
            kept = _without_examples(text, quality["anomalies"], names, found)
        case _:
            held = _without(json.loads(text), names, found)
            kept = json.dumps(held, ensure_ascii=False, indent=1) + "\n"
    if found:
        write_whole(path, kept, mode=path.stat().st_mode & 0o777)
    return len(found)


def _without_rows(text: str, names: set[str], found: list) -> str:
    """A CSV's text without the rows, a line each, that have one of the names for a cell."""
    lines = text.splitlines(keepends=True)
    kept = [line for line in lines if names.isdisjoint(next(csv.reader([line])))]
    found += [None] * (len(lines) - len(kept))
    return "".join(kept)


def _without_examples(page: str, findings: Iterable[Mapping], names: set[str], found: list) -> str:
    """The quality page without the names among the examples of its findings."""
    for ids in (finding["examples"] for finding in findings if not names.isdisjoint(finding["examples"])):
        kept = escape(", ".join(each for each in ids if each not in names) or "–")
        found += [None] * page.count(escape(", ".join(ids)))
        page = page.replace(escape(", ".join(ids)), kept)
    return page


def _without(value: Any, names: set[str], found: list, key: str = "") -> Any:
    """A JSON value without the names: among examples, in the rows of a CSV, and in what a failed run said."""
    if isinstance(value, dict):
        return {name: _without(inner, names, found, name) for name, inner in value.items()}
    if isinstance(value, str):
        if key.endswith(".csv"):
            return _without_rows(value, names, found)
        if key == "error":
            told = re.sub(rf"(?<![\w-])({'|'.join(map(re.escape, sorted(names)))})(?![\w-])", "…", value)
            found += [None] * (told != value)
            return told
        return value
    if isinstance(value, list):
        kept = [each for each in value if key != "examples" or each not in names]
        found += [None] * (len(value) - len(kept))
        return [_without(each, names, found, key) for each in kept]
    return value
