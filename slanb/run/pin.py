"""One state of the data: what a run reads is pinned when it begins, and compared when its notebooks have run.

The agreement's files are copied into a scratch folder; the records are opened, hashed and imported once, and
a snapshot does not change any more. `slanb.pinned` leads all who load them to these.
"""

import fcntl
import shutil
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar
from functools import cached_property
from pathlib import Path

from slanb import pinned, scratch
from slanb.crm import FilesChanged, Snapshot, Source, import_source, open_source
from slanb.crm.source import hashes_of, stamp_of
from slanb.errors import Failed, SlanbError
from slanb.run.files import digest
from slanb.scorecard.measurements import measured_in
from slanb.terms import find_file, load_terms
from slanb.terms.loading import PERIOD_FILE
from slanb.terms.scenarios import FOLDER as SCENARIOS

TRIES = 5  # to find files that nobody is writing
QUIET_SECONDS = 0.1  # since a file was written, before it is taken to be whole


class Pin:
    """The agreement's files and the records as they are when a run begins.

    Parameters
    ----------
    agreement, source, data : as `slanb.run.run` takes them.
    folder : for the copies.
    """

    def __init__(self, agreement: str, source: str, data: str | None, folder: Path):
        self.asked = (agreement, source, data)
        self._agreement = find_file(agreement)
        self._copies = folder / self._agreement.parent.name
        self._measured: list[str] = []

    def copy_terms(self) -> None:
        """Copy the agreement with all that lies beside it and belongs to it.

        Raises
        ------
        SlanbError : where that cannot be, or there are mistakes in it.
        """
        _copy(self._terms, self._copies, self.asked[0])
        pinned.note_agreement(self.asked[0], self._copies / self._agreement.name)
        self._measured = list(measured_in(load_terms(self.asked[0])))
        if self._measured:  # once more, with these, as they are to be of one moment
            _copy(self._terms, self._copies, self.asked[0])

    def _terms(self) -> dict[str, Path]:
        """The files of the agreement where they lie, by their names seen from its folder."""
        beside = self._agreement.parent
        overlays = [path for path in beside.iterdir() if PERIOD_FILE.fullmatch(path.name)]
        found = [self._agreement, *overlays, *(beside / SCENARIOS).glob("*.yml")]
        found += [path for name in self._measured if (path := beside / name).exists()]
        return {path.relative_to(beside).as_posix(): path for path in sorted({*found})}

    @cached_property
    def source(self) -> Source:
        """The records' files, opened once; their `hashes` are made once.

        Raises
        ------
        SlanbError : where they cannot be opened.
        """
        for _ in range(TRIES):
            source = open_source(*self.asked[1:])
            if _quiet([source.path, *(file.path for file in source.files)]):
                break
            time.sleep(QUIET_SECONDS)
        return source

    @cached_property
    def snapshot(self) -> Snapshot:
        """The records, imported once; whoever loads them from now on gets these.

        Raises
        ------
        SlanbError : where they cannot be imported, or are being written all the time.
        """
        for tries in range(TRIES):
            try:
                made = import_source(self.source)
                break
            except FilesChanged:
                if tries == TRIES - 1:
                    raise
                del self.source
        if made.engine is None:  # else they stay where they are
            pinned.note_records(*self.asked[1:], made.folder, made.hashes)
        return made

    def inputs(self, scenario: str | None = None) -> dict[str, str]:
        """The sha256 of all that is pinned and read, by name: the agreement's files, of its scenarios this
        one alone, the records and their `mapping`.

        Raises
        ------
        Failed : where the copies are gone, so that notebooks may have read other files.
        """
        if not (self._copies / self._agreement.name).is_file():
            raise Failed(
                f"{self._copies.parent}: what this run had copied there is gone. Run again, and let nothing "
                "clear the folder for temporary files meanwhile."
            )
        copies = {path.relative_to(self._copies).as_posix(): path for path in sorted(self._copies.rglob("*"))}
        return _digests(copies, scenario) | self.source.hashes | {"mapping": self.source.mapping_hash}

    def changed(self, scenario: str | None = None) -> list[str]:
        """Those of `inputs` that are others now, by name."""
        held, records = self.inputs(scenario), {file.name: file for file in self.source.files}
        try:
            now = _digests(self._terms(), scenario)
            source = open_source(*self.asked[1:])
            there = {file.name: file for file in source.files}
            same = {
                name for name, file in there.items() if name in records and file.stamp == records[name].stamp
            }
            now |= {name: held[name] for name in same} | {"mapping": source.mapping_hash}
            now |= hashes_of(file for name, file in there.items() if name not in same)
        except (SlanbError, OSError):  # they cannot even be opened any more
            return [self.source.path.name]
        names = {name for name, _ in held.items() ^ now.items()}
        return sorted(self.source.path.name if name == "mapping" else name for name in names)


@contextmanager
def pinning(agreement: str, source: str, data: str | None) -> Iterator[Pin]:
    """Inside, all is read as it was when this began, here and in notebooks that are run.

    Within another such block of the same files, the pin is that one's.

    Raises
    ------
    SlanbError : where the agreement's files cannot be found or copied, or there are mistakes in them.
    """
    outer = _current.get()
    if outer is not None and outer.asked == (agreement, source, data):
        yield outer
        return
    with ExitStack() as stack:
        try:
            pin = _made(stack, (agreement, source, data))
        except OSError as error:
            place = tempfile.gettempdir()
            raise SlanbError(f"{place}: the parameters cannot be copied there: {error}.") from error
        yield pin


_current: ContextVar[Pin | None] = ContextVar("current", default=None)


def _made(stack: ExitStack, asked: tuple[str, str, str | None]) -> Pin:
    """A pin that holds until the stack is left."""
    scratch.sweep_left()
    folder = Path(stack.enter_context(scratch.own("pin")))
    held = stack.enter_context((folder / pinned.LOCK).open("w"))
    fcntl.flock(held, fcntl.LOCK_EX)
    pin = Pin(*asked, folder)
    for variable, value in ((pinned.current, folder), (_current, pin)):
        stack.callback(variable.reset, variable.set(value))
    pin.copy_terms()
    return pin


def _digests(terms: Mapping[str, Path], scenario: str | None) -> dict[str, str]:
    others = {name for name in terms if name.startswith(f"{SCENARIOS}/")} - {f"{SCENARIOS}/{scenario}.yml"}
    return {name: digest(path) for name, path in terms.items() if name not in others and path.is_file()}


def _copy(listed: Callable[[], dict[str, Path]], folder: Path, shown: str) -> None:
    """Copy files that are listed, all as they are at one moment."""
    for _ in range(TRIES):
        found = listed()
        before = {name: stamp_of(path) for name, path in found.items()}
        if _quiet(found.values()):
            shutil.rmtree(folder, ignore_errors=True)
            for name, path in found.items():
                _copy_file(path, folder / name, str(Path(shown).parent / name))
            if before == {name: stamp_of(path) for name, path in listed().items()}:
                return
        time.sleep(QUIET_SECONDS)
    raise SlanbError(f"{shown}: it, or a file beside it, is being written all the time. Run again.")


def _copy_file(path: Path, place: Path, shown: str) -> None:
    if not path.is_file():  # a folder, a pipe, a link that leads nowhere
        raise SlanbError(f"{shown}: is no file that can be read. Move it elsewhere.")
    place.parent.mkdir(parents=True, exist_ok=True)
    try:
        text = path.read_bytes()
    except OSError as error:
        raise SlanbError(f"{shown}: cannot be read ({error.strerror or error}).") from None
    place.write_bytes(text)


def _quiet(paths: Iterable[Path]) -> bool:
    """Whether none of the files was written just now, so that more of it may be to come."""
    written = [path.stat().st_mtime for path in paths if path.exists()]
    return not any(0 <= time.time() - each < QUIET_SECONDS for each in written)
