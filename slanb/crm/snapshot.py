"""A snapshot: the canonical tables of one state of the files, imported once and kept.

It is keyed by what it was made from (mapping, files, code), written beside its place and renamed, so
that a half-written one is never read and two importers at once do no harm. Raw records stay in a scratch
folder that is removed; only canonical columns are kept.
"""

import errno
import hashlib
import json
import os
import re
import shutil
import tempfile
from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

import slanb
from slanb import scratch
from slanb.crm.canonical import build
from slanb.crm.editions import note_editions
from slanb.crm.personal import key_of, make_macros
from slanb.crm.quality import quality_report
from slanb.crm.reading import read_files
from slanb.crm.shape import TABLES
from slanb.crm.source import Source, hashes_of, stamp_of
from slanb.crm.sql import literal, set_variables, statements
from slanb.crm.values import MACROS
from slanb.database import connect
from slanb.dictionary.escaping import csv_text
from slanb.errors import Failed, SlanbError, of_system
from slanb.whole_files import settle_all

MEMORY = 1500 * 2**20  # bytes of the database while importing; the rest goes to disk
SPILL = "50GB"  # of it at most
OF_SYSTEM = (errno.ENOSPC, errno.EMFILE, errno.ENFILE)  # refused wherever it was asked for
MOST = 3  # snapshots of a source that are kept
KEPT = re.compile("[0-9a-f]{8}-[0-9a-f]{32}")  # what a finished one is called: its source, and what it is of
QUALITY, QUARANTINE = "quality.json", "quarantine.csv"


_held: dict[Path, int] = {}  # by source: what holds the snapshot that this process took last


class FilesChanged(Failed):
    """The files are being written just now."""


@dataclass(frozen=True)
class Snapshot:
    """Imported records.

    Parameters
    ----------
    folder : where the snapshot lies.
    quality : the quality report (see `slanb.crm.quality`).
    hashes : sha256 by input: each file as seen from the source's folder, and the mapping.
    """

    folder: Path
    quality: dict[str, Any]
    hashes: dict[str, str]
    engine = None  # they are asked in this process

    @property
    def tables(self) -> dict[str, Path]:
        """The Parquet file of each canonical table; a table that is not mapped is empty."""
        return {table: self.folder / f"{table}.parquet" for table in TABLES}

    @property
    def prepared(self) -> Path:
        """Where answers about these tables are kept, and go with them."""
        return self.folder / "prepared"

    @property
    def may_hold(self) -> dict[str, list[str]]:
        """Files that lie with the records, are not read and may hold rows of a table, by table: of what these
        would tell nothing can be said."""
        return self.quality.get("may_hold", {})

    @property
    def exported_at(self) -> pd.Timestamp:
        """The instant (aware UTC) the records were taken."""
        return pd.Timestamp(self.quality["exported_at"]["value"]).as_unit("us")

    @property
    def recorded_from(self) -> pd.Timestamp | None:
        """The instant (aware UTC) from which activities are on record, also those that are no touch."""
        known = self.quality["recorded_from"]
        return None if known is None else pd.Timestamp(known).as_unit("us")

    @property
    def days(self) -> dict[str, list[str]]:
        """The columns of each table that hold dates: starts of days on the source's clock, not instants."""
        held: dict[str, list[str]] = {}
        for column, precision in self.quality["precision"].items():
            if precision["values"] and not precision["time_of_day"]:
                table, name = column.split(".")
                held.setdefault(table, []).append(name)
        return held

    @cached_property
    def quarantine(self) -> pd.DataFrame:
        """What was left out, and why.

        Columns: `effect` (a line, row or cell), `table`, `file`, `line`, `column`, `value`, `reason`. `line`
        is the number of the record in its file, the header being 1; it is missing where a SELECT made the row
        without handing on `_line`. Everything else is text.
        """
        return pd.read_csv(
            self.folder / QUARANTINE,
            dtype=defaultdict(lambda: "str", line="Int64"),
            keep_default_na=False,
            na_values={"line": [""]},
        )

    @property
    def quarantine_csv(self) -> bytes:
        """The same as a file."""
        return (self.folder / QUARANTINE).read_bytes()


def import_files(source: Source, snapshots_folder: str | Path | None = None) -> Snapshot:
    """Import a source's files, or find the snapshot made of the same files before.

    Parameters
    ----------
    snapshots_folder : where snapshots are kept; `outputs/.snapshots` of the project, or a folder for
        temporary files where there is no project.

    Raises
    ------
    SlanbError : where files cannot be read or columns plainly hold something else; all problems together.
    """
    inputs = source.hashes
    keeping = Path(snapshots_folder) if snapshots_folder is not None else folder_for(source.path)
    place = keeping / f"{_mark(source)}-{_key(source, inputs)}"
    while not _retain(place, source):
        try:
            _make(source, inputs, place)
        except duckdb.InterruptException:
            raise KeyboardInterrupt from None
        except duckdb.Error as error:
            reason = str(error).splitlines()[0]
            if "No space left on device" in reason:
                raise Failed(of_system(OSError(errno.ENOSPC, "", str(place.parent)))) from error
            raise SlanbError(f"{source.name}: the import failed: {reason}") from error
        except OSError as error:
            if error.errno in OF_SYSTEM:
                where = error.filename or str(place.parent)
                raise Failed(of_system(OSError(error.errno, error.strerror, where))) from error
            raise SlanbError(
                f"{place.parent}: the import cannot be written ({error.strerror or error})."
            ) from error
    return snapshot_in(place, inputs | {"mapping": source.mapping_hash})


def snapshot_in(folder: Path, hashes: dict[str, str]) -> Snapshot:
    """The snapshot that lies in a folder, made of inputs with these hashes."""
    return Snapshot(folder, json.loads((folder / QUALITY).read_text(encoding="utf-8")), hashes)


def _mark(source: Source) -> str:
    """What the names of all snapshots of a source begin with."""
    return hashlib.sha256(str(source.path.resolve()).encode()).hexdigest()[:8]


def _retain(place: Path, source: Source) -> bool:
    """Whether a snapshot is there. If so it is held as long as this process lives or takes another one of its
    source; and of those that nobody holds all are removed but the last `MOST` of the source."""
    handle = scratch.hold(place) if (place / QUALITY).is_file() else None
    if handle is None:  # where folders cannot be held, nothing is removed
        return (place / QUALITY).is_file()
    if before := _held.pop(source.path.resolve(), None):
        os.close(before)
    _held[source.path.resolve()] = handle
    with suppress(OSError):  # another user's
        os.utime(place)
    made = []
    for path in place.parent.iterdir():
        with suppress(OSError):
            made.append((path.stat().st_mtime, path))
    kept = [path for _, path in sorted(made, reverse=True) if KEPT.fullmatch(path.name)]
    left = [path for _, path in made if not KEPT.fullmatch(path.name)]
    scratch.sweep([path for path in kept if path.name.startswith(_mark(source))][MOST:] + left)
    return True


def _key(source: Source, inputs: dict[str, str]) -> str:
    known = [json.dumps(each) for each in (inputs, source.not_used)]
    known.append(hashlib.sha256(key_of(source.path.resolve().parent).encode()).hexdigest())
    parts = [slanb.__version__, _code(), source.mapping_hash, *known]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32]


@cache
def _code() -> str:
    """The hash of the import's own code: another import may read the same files otherwise."""
    parts = (path for path in Path(__file__).parent.rglob("*") if path.suffix in (".py", ".sql", ".toml"))
    texts = [path.read_bytes() for path in sorted(parts)]
    return hashlib.sha256(b"\n".join(texts)).hexdigest()


def folder_for(source: Path) -> Path:
    """Where the snapshots of a mapping are kept."""
    for start in (source.resolve().parent, Path.cwd()):
        for folder in (start, *start.parents):
            if (folder / "outputs").is_dir() and os.access(folder / "outputs", os.W_OK):
                return folder / "outputs" / ".snapshots"
    return Path(tempfile.gettempdir()) / f"slanb-{os.getuid() if hasattr(os, 'getuid') else 'snapshots'}"


def _make(source: Source, inputs: dict[str, str], place: Path) -> None:
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    scratch.sweep_left()
    partial = Path(tempfile.mkdtemp(prefix=".partial-", dir=place.parent)).resolve()
    handle = scratch.hold(partial)
    try:
        with scratch.own("import") as raw:
            quality = _import(source, inputs, partial, Path(raw))
        (partial / QUALITY).write_text(
            json.dumps(quality, indent=1, ensure_ascii=False) + "\n", encoding="utf-8"
        )
        settle_all(partial)
        try:
            partial.rename(place)
        except OSError:
            if not (place / QUALITY).is_file():  # else another importer was first, with the same result
                raise
    finally:
        shutil.rmtree(partial, ignore_errors=True)
        if handle is not None:
            os.close(handle)


def _import(source: Source, inputs: dict[str, str], folder: Path, raw: Path) -> dict[str, Any]:
    with connect(raw / "slanb.duckdb", most=MEMORY) as engine:
        engine.execute(f"set TimeZone = 'UTC'; set max_temp_directory_size = '{SPILL}'; create schema work")
        engine.execute(MACROS)
        make_macros(engine, key_of(source.path.resolve().parent))
        engine.execute(statements("sql", "ids"))
        set_variables(engine, zone=("varchar", source.mapping.zone))
        files = read_files(engine, source, raw)
        note_editions(engine, [(file.name, file.spec) for file in source.files])
        engine.execute(f"set allowed_directories = [{literal(str(folder))}]")
        engine.execute("set enable_external_access = false")  # a SELECT sees the files named, and no other
        tables = build(engine, source, folder)
        quality = quality_report(engine, source, files, tables, inputs, slanb.__version__)
        left_out = engine.execute("select * from work.quarantine").df().astype({"line": "Int64"})
        (folder / QUARANTINE).write_text(csv_text(left_out), encoding="utf-8", newline="")
    headers_hold = all(file.stamp == stamp_of(file.path) for file in source.files)  # those read at opening
    if not headers_hold or inputs != hashes_of(source.files):
        raise FilesChanged(f"{source.name}: the files changed while they were read. Run again.")
    return quality
