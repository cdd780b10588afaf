"""DuckDB, opened so that it keeps within the memory there is, and writes to disk what it has no room for.

Memory is what the machine has, or what its control group (a container, a service, a job of a cluster) allows
if that is less. The databases of all kernels of a run share a part of it; they take no more than they have a
use for, unless somebody says how much there is for slanb.
"""

import os
import tempfile
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from slanb import scratch
from slanb.errors import Failed, SlanbError

if TYPE_CHECKING:
    import duckdb

AT_ONCE = 2  # kernels of a run at one time
SHARE = 0.5  # of the memory, for the databases of all of them; the rest is for frames, figures and the system
ENOUGH = 3 * 2**30  # for one database: with more, ten million leads are answered no sooner
LEAST = 2**30  # addresses that a process with DuckDB takes
UNKNOWN = 4 * 2**30  # taken where neither the machine nor a control group tells
GIVEN = "SLANB_MEMORY"  # GB that slanb may count on, where it is not what the machine has
SCRATCH = scratch.GIVEN  # folder for what is written to disk, removed by who set it


def connect(path: str | Path = ":memory:", *, most: int | None = None) -> "duckdb.DuckDBPyConnection":
    """Open a database, a new one in memory unless a file is named.

    Parameters
    ----------
    most : bytes it may take even where there is more memory.

    Raises
    ------
    SlanbError : where the environment names a memory that is none. `Failed` where the process may not have
        what DuckDB and its threads need: they would end it without a word.

    >>> with connect() as engine:
    ...     engine.execute("select current_setting('memory_limit') <> '' as limited").fetchall()
    [(True,)]
    """
    import duckdb  # here, so that who needs the names above alone need not load it

    if (allowed := _of_process()) is not None and allowed < LEAST:
        raise Failed(
            f"There is too little memory: {allowed // 2**20:,} MB are allowed, {LEAST // 2**20:,} MB are "
            "needed. Allow more, as by ulimit -v unlimited."
        )
    limit = min(memory_limit(), most or memory_limit())
    settings = {"memory_limit": f"{limit // 2**20}MiB", "temp_directory": str(_spill_folder())}
    engine = duckdb.connect(path, config=settings)
    engine.execute("set enable_progress_bar = false")  # a page is no place for it
    return engine


@cache
def at_hand() -> "duckdb.DuckDBPyConnection":
    """One of this process for what takes no time, as to open another takes longer: it holds no tables."""
    engine = connect()
    engine.execute("set TimeZone = 'UTC'; set threads = 1")
    return engine


def memory_limit() -> int:
    """Bytes that one database may take: its share, or `ENOUGH` where `SLANB_MEMORY` does not ask for more."""
    share = int(memory() * SHARE / AT_ONCE)
    return share if os.environ.get(GIVEN) else min(share, ENOUGH)


def memory(*, proc: Path = Path("/proc"), groups: Path = Path("/sys/fs/cgroup")) -> int:
    """Bytes of memory that slanb may count on: what the environment's `SLANB_MEMORY` says, in GB; or else
    what the machine has, or this process's control group allows if that is less.

    Parameters
    ----------
    proc, groups : where the system tells of processes and of control groups.
    """
    if given := os.environ.get(GIVEN):
        return _given(given)
    known = [_of_machine(), _of_process(), *_of_groups(proc, groups)]
    return min((limit for limit in known if limit is not None), default=UNKNOWN)


def _given(text: str) -> int:
    try:
        gigabytes = float(text)
    except ValueError:
        gigabytes = float("nan")
    if not 0.5 <= gigabytes < 2**20:
        raise SlanbError(
            f"{GIVEN}: is {text!r}, but gigabytes are expected, a number from 0.5 up, such as 8. Correct it, "
            "or unset it to let slanb ask the machine."
        )
    return int(gigabytes * 2**30)


def _of_process() -> int | None:
    """Bytes of addresses that this process may have; None without a limit."""
    try:
        import resource
    except ImportError:  # not on Windows
        return None
    limit = resource.getrlimit(resource.RLIMIT_AS)[0]
    return None if limit == resource.RLIM_INFINITY else limit


def _of_machine() -> int | None:
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, OSError, ValueError):  # not on Windows
        return None


def _of_groups(proc: Path, groups: Path) -> list[int]:
    """The limits of this process's control group and of those above it; of version 2 and of version 1."""
    try:
        lines = (proc / "self" / "cgroup").read_text().splitlines()
    except OSError:
        return []
    limits = []
    for line in lines:
        _, controllers, path = line.split(":", 2)
        if not controllers:
            place, file = groups, "memory.max"
        elif "memory" in controllers.split(","):
            place, file = groups / "memory", "memory.limit_in_bytes"
        else:
            continue
        own = place / path.lstrip("/")
        # in a container the path may be the host's: then the limit stands at the top
        for folder in (own, *own.parents):
            limits += _limit(folder / file)
            if folder == place:
                break
    return limits


def _limit(file: Path) -> list[int]:
    """The limit in a file of a control group; none where it says `max`, or is not there."""
    try:
        text = file.read_text().strip()
    except OSError:
        return []
    return [int(text)] if text.isdigit() and int(text) > 0 else []


def _spill_folder() -> Path:
    """Where databases of this process write what they have no room for: a folder nobody else can read."""
    return Path(_private_folder(os.environ.get(SCRATCH), os.getpid()).name)


@cache
def _private_folder(within: str | None, process: int) -> tempfile.TemporaryDirectory:
    """A folder of one process, not of one forked from it; removed when the process ends."""
    return scratch.own("spill", within)


def release() -> None:
    """Close `at_hand`, and remove what this process has for databases to write to; the others are closed."""
    if at_hand.cache_info().currsize:
        at_hand().close()
    at_hand.cache_clear()
    if _private_folder.cache_info().currsize:
        _private_folder(os.environ.get(SCRATCH), os.getpid()).cleanup()
    _private_folder.cache_clear()
