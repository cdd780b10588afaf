"""Answers kept beside a snapshot, so that notebooks, the bench and later runs compute each of them once.

An answer is kept under a key of all that it depends on: the records, what was laid beside them (terms,
calendars, spans), the question and the code. It is written beside its place, read back, and renamed if it
came back as it was. Processes that need the same answer at once wait for the first of them. Where nothing
can be kept, answers are computed all the same.
"""

import fcntl
import hashlib
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from slanb.database import at_hand

MOST_FILES, MOST_BYTES = 1000, 2**30  # beside one snapshot; those not read for longest go first
LOCK = ".lock"
_locks: dict[Path, int] = {}  # by folder
KEPT_AS = "DECIMAL(38,0)"  # sums of whole numbers, which Parquet would make floating ones


class Prepared:
    """A folder of answers.

    Parameters
    ----------
    folder : of the answers about one snapshot; made when there is one to keep.
    """

    def __init__(self, folder: Path):
        self.folder = folder

    def frame(self, key: str, compute: Callable[[], pd.DataFrame]) -> pd.DataFrame:
        """The answer kept under a key, else computed and kept."""
        place = self.folder / f"{key}.parquet"
        if (kept := _read(place)) is not None:
            return kept
        with self._held(key):
            if (kept := _read(place)) is not None:  # by the process that this one waited for
                return kept
            made = compute()
            self._keep(place, lambda partial: _write(partial, made))
        return made

    def table(
        self, key: str, name: str, engine: duckdb.DuckDBPyConnection, compute: Callable[[], Any]
    ) -> None:
        """Make a temporary table from the one kept under a key; else have it computed, and keep it.

        Parameters
        ----------
        name, engine : of the table, and where it is to be.
        compute : makes it there.
        """
        place = self.folder / f"{key}.parquet"
        if _load(place, name, engine):
            return
        with self._held(key):
            if not _load(place, name, engine):
                compute()
                self._keep(place, lambda partial: _copy(partial, name, engine))

    def _keep(self, place: Path, write: Callable[[Path], bool]) -> None:
        """Keep what `write` writes and finds as it was when it reads it back, unless that cannot be."""
        partial = place.with_name(f".{place.name}.{os.getpid()}")
        with suppress(OSError, duckdb.Error):
            try:
                if write(partial):
                    os.replace(partial, place)
                    self._sweep()
            finally:
                partial.unlink(missing_ok=True)

    def _sweep(self) -> None:
        """Remove what was not read for longest, where more is kept than is to be."""
        kept = [(each, each.stat()) for each in os.scandir(self.folder) if each.name != LOCK]
        kept.sort(key=lambda pair: pair[1].st_mtime_ns, reverse=True)
        of_bytes = 0
        for number, (each, known) in enumerate(kept):
            of_bytes += known.st_size
            if number and (number >= MOST_FILES or of_bytes > MOST_BYTES):
                Path(each.path).unlink(missing_ok=True)

    @contextmanager
    def _held(self, key: str) -> Iterator[None]:
        """The right to compute an answer, one process at a time; without it where there are no locks."""
        place, lock = int(key[:7], 16), None
        with suppress(OSError):
            self.folder.mkdir(exist_ok=True, mode=0o700)
            lock = _lock_of(self.folder)
            fcntl.lockf(lock, fcntl.LOCK_EX, 1, place)
        try:
            yield
        finally:
            if lock is not None:
                with suppress(OSError):
                    fcntl.lockf(lock, fcntl.LOCK_UN, 1, place)


def digest_of(*parts: Any) -> str:
    """One hash of frames, texts and numbers."""
    whole = hashlib.sha256()
    for part in parts:
        if isinstance(part, pd.DataFrame):
            kinds = {str(name): str(kind) for name, kind in part.dtypes.items()}
            whole.update(json.dumps([kinds, len(part)]).encode())
            whole.update(pd.util.hash_pandas_object(part, index=False).to_numpy().tobytes())
        else:
            whole.update(json.dumps(part, default=str).encode())
        whole.update(b"\n")
    return whole.hexdigest()[:32]


@cache
def code() -> str:
    """The hash of the code that asks, and of the engine's version: another may answer otherwise."""
    here = Path(__file__).parent
    rooms = [*here.rglob("*"), *(here.parent / "engines").iterdir()]
    files = (path for path in rooms if path.suffix in (".py", ".sql"))
    texts = [path.read_bytes() for path in sorted(files)]
    return hashlib.sha256(b"\n".join([duckdb.__version__.encode(), *texts])).hexdigest()


def _read(place: Path) -> pd.DataFrame | None:
    if not place.exists():
        return None
    try:
        frame = at_hand().execute(f"from read_parquet({_literal(place)})").df()
        os.utime(place)
    except (OSError, duckdb.Error):  # it was removed just now, or is broken
        return None
    return frame


def _load(place: Path, name: str, engine: duckdb.DuckDBPyConnection) -> bool:
    if not place.exists():
        return False
    try:
        columns = _columns(f"read_parquet({_literal(place)})", engine, KEPT_AS, "HUGEINT")
        engine.execute(f"create or replace temp table {name} as {columns}")
        os.utime(place)
    except (OSError, duckdb.Error):
        return False
    return True


def _write(place: Path, frame: pd.DataFrame) -> bool:
    """Write a frame; false where it does not come back as it was."""
    engine = at_hand()
    engine.register("answer", frame)
    texts = [name for name, kind in frame.dtypes.items() if kind == "str"]  # no text tells that it is one
    cast = f" replace ({', '.join(f'{name}::varchar as {name}' for name in texts)})" if texts else ""
    engine.execute(f"copy (select *{cast} from answer) to {_literal(place)} (format parquet)")
    engine.unregister("answer")
    again = engine.execute(f"from read_parquet({_literal(place)})").df()
    return again.dtypes.equals(frame.dtypes) and again.equals(frame)


def _copy(place: Path, name: str, engine: duckdb.DuckDBPyConnection) -> bool:
    """Write a table; false where its columns do not come back in their types."""
    columns = _columns(name, engine, "HUGEINT", KEPT_AS)
    engine.execute(f"copy ({columns}) to {_literal(place)} (format parquet)")
    again = _columns(f"read_parquet({_literal(place)})", engine, KEPT_AS, "HUGEINT")
    return _kinds(name, engine) == _kinds(f"({again})", engine)


def _columns(rows: str, engine: duckdb.DuckDBPyConnection, kind: str, other: str) -> str:
    """A SELECT of rows, the columns of one type in another."""
    cast = [f"{name}::{other} as {name}" if is_ == kind else name for name, is_ in _kinds(rows, engine)]
    return f"select {', '.join(cast)} from {rows}"


def _kinds(rows: str, engine: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
    return [row[:2] for row in engine.execute(f"describe from {rows}").fetchall()]


def _literal(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"


def release() -> None:
    """Close what this process has open for answers, of which it computes none now."""
    while _locks:
        os.close(_locks.popitem()[1])


def _lock_of(folder: Path) -> int:
    """The lock's file, left open: to close it would give up all of this process's locks."""
    if folder not in _locks:
        _locks[folder] = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    return _locks[folder]
