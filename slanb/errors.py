"""The one error a user can cause: what is wrong, where, what is allowed, what to do.

Every room raises `SlanbError` for a user's mistake and nothing else; the command prints its
message without a traceback, and ends with the code of its cause.
"""

import errno
import os
import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path

LITTLE_ROOM = 2**20  # bytes


class SlanbError(Exception):
    """A mistake in parameters, data or use, told in words.

    Problems found together are told together, one a line. `code` is what the command ends with.

    >>> raise SlanbError(["params/2026-10.yml, line 7: close_rate is 5, ..."])
    Traceback (most recent call last):
    slanb.errors.SlanbError: params/2026-10.yml, line 7: close_rate is 5, ...
    """

    code = 1

    def __init__(self, problems: str | Iterable[str]):
        self.problems = (problems,) if isinstance(problems, str) else tuple(problems)
        super().__init__("\n".join(self.problems))

    def _render_traceback_(self):  # JupyterLab shows a user's mistake in words, too
        return list(self.problems)

    def __reduce__(self):  # so that it crosses a process boundary whole
        return type(self), (self.problems,)


class NoRecords(SlanbError):
    """Nothing is wrong but that the records are not there yet; a schedule may just come again."""

    code = 3


class Failed(SlanbError):
    """What was given is right, and yet it came to nothing: the system, a notebook or the time refused."""

    code = 4


def of_system(error: OSError) -> str:
    """What the system refused, where, and what to do.

    >>> of_system(PermissionError(13, "Permission denied", "params"))
    'params: Permission denied. See that it can be read, or written where slanb writes.'
    """
    place = str(error.filename or "")
    reason = error.strerror or str(error)
    if error.errno == errno.ENOSPC or reason.startswith("No usable temporary directory"):
        return f"{_full(place)}: the disk is full. Make room there, or let TMPDIR name a folder elsewhere."
    if error.errno in (errno.EMFILE, errno.ENFILE):
        return f"{reason}: more are needed at once than the system allows. Allow more, as by ulimit -n 1024."
    if error.errno == errno.ENAMETOOLONG:
        return f"{place[:60]}…: {len(place):,} signs are too long for a path. Choose a shorter one."
    way_out = "See that it can be read, or written where slanb writes."
    return f"{place}: {reason}. {way_out}" if place else f"{reason}. {way_out}"


def _full(place: str) -> str:
    """Which disk is full: that of temporary files where it has next to no room, else that of the place."""
    try:
        scratch = tempfile.gettempdir()
        return scratch if shutil.disk_usage(scratch).free < LITTLE_ROOM else place or "What is written to"
    except OSError:  # nothing at all can be written there
        return os.environ.get("TMPDIR", "/tmp")


def is_text(text: str) -> bool:
    """Whether it can be written: no half of a sign (a lone surrogate) is in it."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def short(path: Path) -> str:
    """The path as messages name it: as short as it can be from the working folder."""
    relative = os.path.relpath(path)
    return str(path) if relative.startswith("..") else relative
