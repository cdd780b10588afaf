"""The one error a user can cause: what is wrong, where, what is allowed, what to do.

Every room raises `SlanbError` for a user's mistake and nothing else; the command prints its
message without a traceback.
"""

import os
from collections.abc import Iterable
from pathlib import Path


class SlanbError(Exception):
    """A mistake in parameters, data or use, told in words.

    Problems found together are told together, one a line.

    >>> raise SlanbError(["params/2026-10.yml, line 7: close_rate is 5, ..."])
    Traceback (most recent call last):
    slanb.errors.SlanbError: params/2026-10.yml, line 7: close_rate is 5, ...
    """

    def __init__(self, problems: str | Iterable[str]):
        self.problems = (problems,) if isinstance(problems, str) else tuple(problems)
        super().__init__("\n".join(self.problems))

    def _render_traceback_(self):  # JupyterLab shows a user's mistake in words, too
        return list(self.problems)

    def __reduce__(self):  # so that it crosses a process boundary whole
        return type(self), (self.problems,)


def short(path: Path) -> str:
    """The path as messages name it: as short as it can be from the working folder."""
    relative = os.path.relpath(path)
    return str(path) if relative.startswith("..") else relative
