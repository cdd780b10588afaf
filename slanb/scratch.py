"""Folders in use: held by their process for as long as it lives, and removed by another once it has ended.

What a killed process leaves behind is of no use to anybody, and may hold people's records.
"""

import os
import shutil
import tempfile
import weakref
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

GIVEN = "SLANB_SCRATCH"  # in the environment: where databases write what they have no room for
OURS = "slanb-held-*"  # the folders of `own`, whatever for


def hold(folder: Path) -> int | None:
    """Mark a folder as in use until what is returned is closed (`os.close`), or this process ends.

    None where it is gone, also by a sweep this moment, or where folders cannot be held.
    """
    try:
        import fcntl

        handle = os.open(folder, os.O_RDONLY)
    except (ImportError, OSError):
        return None
    with suppress(OSError):
        fcntl.flock(handle, fcntl.LOCK_SH)
        if os.path.samestat(os.fstat(handle), folder.stat()):
            return handle
    os.close(handle)
    return None


def in_use(folder: Path) -> bool:
    """Whether a process holds a folder, this one among them."""
    try:
        import fcntl

        handle = os.open(folder, os.O_RDONLY)
    except (ImportError, OSError):
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        pass
    finally:
        os.close(handle)
    return False


def sweep(folders: Iterable[Path]) -> None:
    """Remove the folders, of these, that are this user's and that nobody holds."""
    for folder in folders:
        with suppress(ImportError, OSError):
            _remove(folder)


def _remove(folder: Path) -> None:
    import fcntl

    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if os.fstat(handle).st_uid == os.getuid():
            gone = folder.with_name(f"{folder.name}.gone")
            folder.rename(gone)  # so that whoever comes to hold it finds it gone
            shutil.rmtree(gone, ignore_errors=True)
    finally:
        os.close(handle)


def own(kind: str, within: str | None = None) -> tempfile.TemporaryDirectory:
    """A folder for temporary files, held until it is removed.

    Parameters
    ----------
    kind : what it is for, in lower-case letters.
    within : the folder it is in; the system's for temporary files if left out.
    """
    while True:
        folder = tempfile.TemporaryDirectory(
            prefix=f"slanb-held-{kind}-", dir=within, ignore_cleanup_errors=True
        )
        handle = hold(Path(folder.name))
        if handle is not None:
            weakref.finalize(folder, os.close, handle)
        if handle is not None or Path(folder.name).is_dir():  # else it was swept before it could be held
            return folder


def sweep_left() -> None:
    """Remove the folders of `own` that processes which were ended by force left behind."""
    places = {tempfile.gettempdir(), os.environ.get(GIVEN, tempfile.gettempdir())}
    sweep(folder for place in places for folder in Path(place).glob(OURS))
