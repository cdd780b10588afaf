"""Folders shown by one rename, so that a reader sees a whole report or the one before.

What is shown under `outputs/` is a link to a folder in `outputs/.runs/`; to show another is to
replace the link, which the system does at once. A lock lets one run at a time change links.
"""

import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from slanb import scratch, whole_files
from slanb.errors import SlanbError, short

RUNS = ".runs"
READABLE = 0o640  # a report, by its user and their group
_held: dict[Path, int | None] = {}  # folders that are being filled, by what holds them


def new_folder(outputs: Path, name: str) -> Path:
    """A fresh folder of one's own to fill; nobody sees it before `show`.

    Raises
    ------
    SlanbError : where none can be made.
    """
    try:
        while True:
            folder = outputs / RUNS / f"{name}-{secrets.token_hex(4)}"
            folder.mkdir(parents=True)
            handle = scratch.hold(folder)
            if handle is not None or folder.is_dir():  # else it was swept before it could be held
                _held[folder] = handle
                return folder
    except OSError as error:
        raise SlanbError(
            f"{short(outputs / RUNS)}: no report can be made there ({error.strerror or error}). Correct "
            "that, or choose another folder with --outputs."
        ) from None


def check_place(outputs: Path, name: str) -> None:
    """Refuse a name that is taken by something other than a link of ours.

    Raises
    ------
    SlanbError : naming the place.
    """
    place = outputs / name
    if os.path.lexists(place) and not _is_ours(place):
        raise SlanbError(
            f"{place} is there already and was not made by slanb, so it is not replaced. Move it away, or "
            "choose another folder with --outputs."
        )


def show(folder: Path, outputs: Path, name: str) -> Path:
    """Show `folder` as `outputs/name`, in place of what was shown, which is removed.

    Raises
    ------
    SlanbError : where something else has the name.
    OSError : where the link cannot be made; what was shown stays.
    """
    place = outputs / name
    with lock(outputs):
        check_place(outputs, name)
        before = _target(place)
        link = folder.parent / f"{folder.name}.link"
        _close(folder)
        whole_files.settle_all(folder)
        link.symlink_to(Path(RUNS) / folder.name)
        os.replace(link, place)
        if before and before != folder.name:
            shutil.rmtree(outputs / RUNS / before, ignore_errors=True)
        _sweep(outputs)
    _let_go(folder)
    return place


def _close(folder: Path) -> None:
    """Let the user and their group read a report, and nobody else."""
    for path in folder.iterdir():
        path.chmod(READABLE)
    folder.chmod(0o750)


def withdraw(outputs: Path, name: str) -> None:
    """Take away what is shown as `outputs/name`, if anything is."""
    with lock(outputs):
        if before := _target(outputs / name):
            (outputs / name).unlink()
            shutil.rmtree(outputs / RUNS / before, ignore_errors=True)


def discard(folder: Path) -> None:
    """Remove a folder that was never shown."""
    _let_go(folder)
    shutil.rmtree(folder, ignore_errors=True)


def places(outputs: Path) -> list[Path]:
    """What is shown under `outputs/` now, by name."""
    return sorted(place for place in outputs.iterdir() if _is_ours(place))


def _is_ours(place: Path) -> bool:
    return place.is_symlink() and Path(os.readlink(place)).parent == Path(RUNS)


def _target(place: Path) -> str | None:
    """Name of the folder in `.runs` that a link of ours shows."""
    return Path(os.readlink(place)).name if _is_ours(place) else None


def _sweep(outputs: Path) -> None:
    """Remove what runs that were ended by force left behind: shown by no link, and held by nobody."""
    shown = {_target(place) for place in outputs.iterdir()}
    left = [each for each in (outputs / RUNS).iterdir() if each.name not in {*shown, whole_files.LOCK}]
    scratch.sweep(each for each in left if each.is_dir() and not each.is_symlink())
    for each in left:
        if each.is_symlink():
            each.unlink(missing_ok=True)


def _let_go(folder: Path) -> None:
    if (handle := _held.pop(folder, None)) is not None:
        os.close(handle)


@contextmanager
def lock(outputs: Path) -> Iterator[None]:
    """The right to change what is shown, one run at a time."""
    with whole_files.lock(outputs / RUNS):
        yield
