"""The parent's side of the warm process: started once, kept while it is of use, and asked for kernels."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import slanb
from slanb.kernels.zygote import GROUP_SIGNALS

CAN_FORK = hasattr(os, "fork") and sys.platform != "darwin"  # Apple's own libraries do not survive a fork
STEADY = {  # for every kernel: sets in the same order each run; no threads, for the processes share the cores
    "PYTHONHASHSEED": "0",
    **dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1"),
}
STARTED = "import sys; from slanb.kernels.zygote import main; main(int(sys.argv[1]))"
FAREWELL_SECONDS = 5


class Source:
    """A process that kernels are forked from. Asking it waits until it has done what it does first."""

    def __init__(self, channel: socket.socket):
        self._lock, self._socket, self._answers = threading.Lock(), channel, channel.makefile()

    def ask(self, *passed: int, **order: object) -> dict:
        """The answer to an order, which descriptors may go along with.

        Raises
        ------
        OSError : where it does not come.
        """
        with self._lock:
            try:
                said = json.dumps(order).encode() + b"\n"
                sent = socket.send_fds(self._socket, [said], passed) if passed else 0
                self._socket.sendall(said[sent:])
                line = self._answers.readline()
                answer = json.loads(line) if line else {"error": "the process that forks them has ended"}
            except BaseException:  # an answer may be left unread
                self.abandon()
                raise
        if "error" in answer:
            raise OSError(answer["error"])
        return answer

    def fork(self, argv: Sequence[str], *, env: Mapping[str, str], cwd: str) -> "Forked":
        """A new kernel with these arguments after the program's name.

        Raises
        ------
        OSError : where it cannot be.
        """
        return Forked(self, self.ask(argv=list(argv), env=dict(env), cwd=cwd)["pid"])

    def abandon(self) -> None:
        """End it without a word."""
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """End it, and the kernels that it forked."""
        self.abandon()
        self._answers.close()
        self._socket.close()


class WarmProcess(Source):
    """A running `slanb.kernels.zygote`, which loads its libraries first."""

    def __init__(self):
        self.made_of = _made_of()
        self._begun: dict[str, Source] = {}  # by what each is to open
        ours, theirs = socket.socketpair()
        super().__init__(ours)
        old = signal.pthread_sigmask(signal.SIG_BLOCK, GROUP_SIGNALS)  # until it can ignore them itself
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-c", STARTED, str(theirs.fileno())],
                stdin=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
                env=os.environ | STEADY,
            )
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, old)
            theirs.close()

    @property
    def pid(self) -> int:
        """Its number among the system's processes."""
        return self._process.pid

    @property
    def usable(self) -> bool:
        """It runs, and has loaded the code that is there now."""
        return self._process.poll() is None and self.made_of == _made_of()

    def open_ahead(self, page: Mapping[str, Any], *, env: Mapping[str, str]) -> Source:
        """A process that opens a period first (`slanb.open_ahead`), as these parameters say: the one that has
        begun with it, or a new one.

        Raises
        ------
        OSError : where it cannot be.
        """
        key = json.dumps([dict(page), dict(env)], sort_keys=True)
        return self._begun.pop(key, None) or self._opened(page, env)

    def begin_ahead(self, page: Mapping[str, Any], *, env: Mapping[str, str]) -> None:
        """Begin with what `open_ahead` is soon to be asked for; it raises what that does."""
        key = json.dumps([dict(page), dict(env)], sort_keys=True)
        self._begun[key] = self._opened(page, env)

    def _opened(self, page: Mapping[str, Any], env: Mapping[str, str]) -> Source:
        ours, theirs = socket.socketpair()
        with theirs:
            self.ask(theirs.fileno(), page=dict(page), env=dict(env), cwd=str(Path.cwd()))
        return Source(ours)

    def abandon(self) -> None:
        """End it without a word."""
        self._process.kill()

    def close(self) -> None:
        """End it, and the kernels that it forked."""
        while self._begun:
            self._begun.popitem()[1].close()
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._answers.close()
        self._socket.close()
        try:
            self._process.wait(FAREWELL_SECONDS)
        except subprocess.TimeoutExpired:  # it is still loading
            self._process.kill()
            self._process.wait()


class Forked:
    """A kernel that is no child of this process, to be handled as a `subprocess.Popen` is."""

    stdin = stdout = stderr = None

    def __init__(self, parent: Source, pid: int):
        self.pid, self.returncode, self._parent = pid, None, parent

    def poll(self) -> int | None:
        """Its exit code, None while it runs."""
        if self.returncode is None:
            try:
                self.returncode = self._parent.ask(pid=self.pid)["code"]
            except (OSError, ValueError):  # its parent is gone, and it with it
                self.returncode = -signal.SIGKILL
        return self.returncode

    def wait(self) -> int:
        """Its exit code, once it has ended."""
        while self.poll() is None:
            time.sleep(0.02)
        return self.returncode

    def send_signal(self, number: int) -> None:
        """Signal it and what it started, unless it has ended."""
        with suppress(OSError, ValueError):
            self._parent.ask(pid=self.pid, signal=number)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it."""
        self.send_signal(signal.SIGKILL)


_lock = threading.Lock()
_processes: list[WarmProcess] = []  # the last one is in use, those before it have kernels left at most
_holders = 0


def warm_process() -> WarmProcess:
    """The one of this process, started where there is none or where code has changed since."""
    with _lock:
        if not _processes or not _processes[-1].usable:
            _processes.append(WarmProcess())
        return _processes[-1]


@contextmanager
def kept_warm() -> Iterator[None]:
    """Inside, kernels come from one warm process, which ends with the outermost of such blocks."""
    global _holders
    with _lock:
        _holders += 1
    try:
        yield
    finally:
        with _lock:
            _holders -= 1
            ending = [] if _holders else _processes[:]
            del _processes[len(_processes) - len(ending) :]
        for process in ending:
            process.close()


def begin_loading() -> None:
    """Start the process, if there is to be one, while something else is done."""
    if CAN_FORK:
        with suppress(OSError):  # it is tried again for each kernel, which says why
            warm_process()


def _made_of() -> tuple[int, dict[str, str]]:
    """What a process has loaded that starts now: the package's newest file, and Python's own settings."""
    files = Path(slanb.__file__).parent.rglob("*.py")
    settings = {name: value for name, value in os.environ.items() if name.startswith("PYTHON")}
    return max(path.stat().st_mtime_ns for path in files), settings
