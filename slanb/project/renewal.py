"""A project's files renewed with slanb where nobody has changed them; the difference where somebody has."""

import difflib
import json
from collections.abc import Collection
from pathlib import Path

from slanb.errors import SlanbError
from slanb.project.shape import NOTE, fingerprint, lines_of, note, shape
from slanb.whole_files import write_whole


def renew(folder: Path, replace: Collection[str] = ()) -> list[str]:
    """Give a project the files of this slanb.

    A file that says what slanb once wrote is replaced. One that was changed stays, and its difference to the
    new one is told if slanb's own has changed since. One that was removed stays away.

    Parameters
    ----------
    replace : files to be replaced though they were changed or removed, by their places in the project.

    Returns
    -------
    What was done, and what differs, line by line; empty where all is as it should be.

    Raises
    ------
    SlanbError : where the folder is no project that slanb began, or has no such file.
    """
    known = _known(folder)
    texts = shape(folder.resolve().name)
    if unknown := [place for place in replace if place not in texts]:
        raise SlanbError(f"{', '.join(unknown)}: no file of a project. There are: {', '.join(texts)}.")
    told: list[str] = []
    for place, text in texts.items():
        path, new, old = folder / place, fingerprint(place, text), known.get(place)
        mine = path.read_text(encoding="utf-8") if path.is_file() else None
        untouched = (None if mine is None else fingerprint(place, mine)) == old
        if mine is not None and fingerprint(place, mine) == new:
            known[place] = new
        elif untouched or place in replace:
            path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(path, text)
            known[place] = new
            told.append(f"{place}: {'added' if mine is None else 'renewed'}")
        elif mine is not None and old != new:
            told.append(
                f"{place}: changed by you and by slanb. Take over what you need, or --replace {place}"
            )
            both = lines_of(place, mine), lines_of(place, text)
            told += difflib.unified_diff(*both, "yours", "slanb's", lineterm="")
    write_whole(folder / NOTE, note(known))
    return told


def _known(folder: Path) -> dict[str, str]:
    """The fingerprints of what slanb wrote."""
    try:
        return json.loads((folder / NOTE).read_text(encoding="utf-8"))["files"]
    except (OSError, ValueError, KeyError):
        raise SlanbError(f"{folder}: no {NOTE} tells what slanb wrote; `slanb init` makes one.") from None
