"""What a run has pinned: the parameters' files as copied when it began, and the records as imported then.

The run names the folder of its pin to its notebooks in the environment. There and in the run itself whoever
loads the agreement, its scenarios or the records gets the pinned ones. Everywhere else, and once that run has
ended, nothing is pinned.
"""

import json
import os
from contextlib import suppress
from contextvars import ContextVar
from pathlib import Path
from typing import Any

VARIABLE = "SLANB_PIN"  # in the environment of a run's notebooks: the folder of its pin
LOCK, RECORDS, AGREEMENT = ".lock", "records.json", "agreement.json"

current: ContextVar[Path | None] = ContextVar("pin", default=None)  # the folder, in the run's own process


def folder() -> Path | None:
    """The folder of the pin that holds here; None where there is none."""
    if (own := current.get()) is not None:
        return own
    given = os.environ.get(VARIABLE)
    return Path(given) if given and held(Path(given)) else None


def environment() -> dict[str, str]:
    """What tells a kernel of the pin that holds here."""
    here = folder()
    return {} if here is None else {VARIABLE: str(here)}


def agreement(path: str | Path) -> Path | None:
    """The pinned copy of an agreement, found by its name as the run was given it; None where it has none."""
    known = _noted(AGREEMENT)
    return Path(known["copy"]) if known and known["agreement"] == str(path) else None


def records(source: str | Path, data: str | Path | None) -> dict[str, Any] | None:
    """The pinned records of a source, named as the run was given it: `snapshot` (its folder) and `hashes`;
    None where there are none."""
    known = _noted(RECORDS)
    return known if known and known["asked"] == _asked(source, data) else None


def note_agreement(path: str | Path, copy: Path) -> None:
    """Note in the pin that holds here where the agreement's copy is."""
    _note(AGREEMENT, {"agreement": str(path), "copy": str(copy)})


def note_records(source: str | Path, data: str | Path | None, snapshot: Path, hashes: dict[str, str]) -> None:
    """Note in the pin that holds here which records they are."""
    asked = _asked(source, data)
    _note(RECORDS, {"asked": asked, "snapshot": str(snapshot.resolve()), "hashes": hashes})


def _asked(source: str | Path, data: str | Path | None) -> list[str | None]:
    return [str(source), None if data is None else str(data)]


def _note(name: str, value: dict[str, Any]) -> None:
    with (folder() / name).open("w", encoding="utf-8") as file:
        json.dump(value, file)


def _noted(name: str) -> dict[str, Any] | None:
    here = folder()
    with suppress(OSError, TypeError):
        return json.loads((here / name).read_text(encoding="utf-8"))
    return None


def held(here: Path) -> bool:
    """Whether the run that made a pin is still under way: it holds the lock, which its death releases."""
    import fcntl  # where there are runs, there is this

    try:
        with (here / LOCK).open("rb") as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        pass
    return False
