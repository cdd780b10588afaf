"""Files written whole or not at all, also where several write at once or the power fails."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from slanb.errors import SlanbError, short

LOCK = ".lock"


def write_whole(path: Path, content: str | bytes, *, replace: bool = True, mode: int = 0o666) -> None:
    """Write a file beside its place, on to the disk, and give it its name by one rename.

    replace : whether a file of that name may be replaced.
    mode : who may read and write it, less what the user's umask takes away.

    Raises
    ------
    FileExistsError : where it may not.
    SlanbError : where it cannot be written.
    """
    partial = path.with_name(f".{path.name[:100]}.{secrets.token_hex(4)}")
    try:
        with open(partial, "xb", opener=lambda place, flags: os.open(place, flags, mode)) as out:
            out.write(content.encode() if isinstance(content, str) else content)
            out.flush()
            os.fsync(out.fileno())
        if replace:
            os.replace(partial, path)
        else:
            os.link(partial, path)  # fails where the name is taken, also by a writer beside this one
        settle(path.parent)
    except FileExistsError:
        raise
    except OSError as error:
        raise SlanbError(f"{short(path)}: cannot be written ({error.strerror or error}).") from None
    finally:
        with suppress(OSError):
            partial.unlink(missing_ok=True)


def settle(path: Path) -> None:
    """Wait until a file, or the names in a folder, are on the disk, where the system can say so."""
    with suppress(OSError):
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def settle_all(folder: Path) -> None:
    """Wait until the files in a folder are on the disk, so that no name given to it outlives them."""
    for path in (*folder.iterdir(), folder):
        settle(path)


@contextmanager
def lock(folder: Path) -> Iterator[None]:
    """The right to change what lies in a folder, one at a time; given back also by our death.

    Raises
    ------
    SlanbError : where nothing can be written into the folder.
    """
    import fcntl

    try:
        folder.mkdir(parents=True, exist_ok=True)
        held = (folder / LOCK).open("a")
    except OSError as error:
        raise SlanbError(f"{short(folder)}: cannot be written ({error.strerror or error}).") from None
    with held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield
