"""The process that loads what notebooks import, once, and forks a kernel whenever it is asked to.

It answers one line of JSON with another, on the socket it was started with. It holds no threads, no database,
no sockets of zmq and no records, so that nothing of the kind is carried over a fork. It ends with its parent,
and its kernels with it.
"""

import atexit
import ctypes
import gc
import importlib
import json
import os
import signal
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

GROUP_SIGNALS = {signal.SIGINT, signal.SIGTERM}  # ctrl-C and a service manager send them to all at once
DIE_WITH_PARENT = 1  # Linux: PR_SET_PDEATHSIG
INLINE = "module://matplotlib_inline.backend_inline"
LIBRARIES = (
    *("pandas", "numpy", "scipy.stats", "matplotlib.pyplot", "seaborn", "duckdb", "ipywidgets"),
    *(
        "ipykernel.kernelapp",
        "IPython.core.completer",
        "matplotlib.backends.backend_agg",
        "PIL.PngImagePlugin",
    ),
    *("slanb.formulas", "slanb.open_period", "slanb.plots", "slanb.goals", "slanb.recalculation"),
    *("slanb.publish.report_data", "holidays"),
    *("IPython.core.completerlib", "IPython.core.debugger", "IPython.core.oinspect", "sqlite3"),
    *("IPython.extensions.storemagic", "tornado.platform.asyncio"),
    *("slanb.lead_value", "slanb.marketing", "slanb.sales", "slanb.scorecard", "slanb.agreement.lint"),
)


def main(descriptor: int) -> None:
    """Load, then fork kernels until the parent hangs up; in a forked process, be its kernel."""
    _leave_ending_to_the_parent()
    signal.pthread_sigmask(signal.SIG_UNBLOCK, GROUP_SIGNALS)
    sys.path[:] = [entry for entry in sys.path if entry]  # each kernel adds its own working folder
    gc.disable()  # what is loaded stays
    try:
        load()
    except (ImportError, OSError, MemoryError):  # too little memory; a plain kernel says what there is to say
        os._exit(1)
    while True:
        gc.freeze()  # what is collected never touches these pages, so that they stay shared
        gc.enable()
        try:
            order = _serve(socket.socket(fileno=descriptor))
        except ConnectionError:  # the parent was ended while this process was loading
            os._exit(0)
        _be_where_asked(order)
        if "argv" in order:
            break
        descriptor = order["channel"]
        _leave_ending_to_the_parent()
        importlib.import_module("slanb.open_ahead").open_ahead(**order["page"])
    _be_kernel(order)


def _leave_ending_to_the_parent() -> None:
    for name in GROUP_SIGNALS:
        signal.signal(name, signal.SIG_IGN)


def load() -> None:
    """Load the libraries, and read the package's own tables, so that no kernel has to."""
    with without("debugpy"):  # a report is debugged on a kernel of one's own
        importlib.import_module("ipykernel.debugger")
    for name in LIBRARIES:
        importlib.import_module(name)
    from slanb.dictionary import columns, figures, messages

    figures.catalogue()
    columns.columns()
    columns.columns_of("cohort")
    messages.texts()


@contextmanager
def without(module: str) -> Iterator[None]:
    """Inside, whoever imports this module for the first time does without it."""
    kept = sys.modules.get(module)
    sys.modules[module] = kept
    try:
        yield
    finally:
        if kept is None:
            del sys.modules[module]


def _serve(channel: socket.socket) -> dict[str, Any]:
    """Fork and answer until the parent hangs up, then end; returns in a forked process alone, its order."""
    ended: dict[int, int] = {}  # exit codes of kernels
    alive: set[int] = set()

    def reap(*_: object) -> None:
        while alive:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if not pid:
                return
            alive.discard(pid)
            ended[pid] = os.waitstatus_to_exitcode(status)

    signal.signal(signal.SIGCHLD, reap)
    for order in _orders(channel):
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGCHLD})
        try:
            if "argv" in order or "page" in order:
                pid = os.fork()
                if not pid:
                    _detach(channel)
                    return order
                if "channel" in order:
                    os.close(order["channel"])
                alive.add(pid)
                answer = {"pid": pid}
            elif "signal" in order and order["pid"] in alive:
                _signal(order["pid"], order["signal"])
                answer = {}
            else:
                answer = {"code": ended.get(order["pid"])}
        except OSError as error:
            answer = {"error": error.strerror or str(error)}
        finally:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGCHLD})
        channel.sendall(json.dumps(answer).encode() + b"\n")
    for pid in alive:
        _signal(pid, signal.SIGKILL)
    os._exit(0)


def _orders(channel: socket.socket) -> Iterator[dict[str, Any]]:
    """What is asked, one line each, until the parent hangs up; with the `channel` that came along."""
    said, passed = b"", []
    while True:
        more, descriptors, *_ = socket.recv_fds(channel, 2**16, 1)
        if not more:
            return
        said, passed = said + more, passed + descriptors
        if said.endswith(b"\n"):
            yield json.loads(said) | ({"channel": passed.pop()} if passed else {})
            said = b""


def _signal(pid: int, number: int) -> None:
    try:
        os.killpg(pid, number)  # the processes that the kernel started, too
    except ProcessLookupError:  # it was forked this moment, and has no group yet
        os.kill(pid, number)


def _detach(channel: socket.socket) -> None:
    """In the forked process: leave the parent's group of processes, but end when the parent does."""
    os.setsid()
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(DIE_WITH_PARENT, signal.SIGKILL)
    os.close(channel.detach())
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    for name in (signal.SIGTERM, signal.SIGCHLD):
        signal.signal(name, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.pthread_sigmask(signal.SIG_SETMASK, ())


def _be_where_asked(order: dict[str, Any]) -> None:
    """In the forked process: its own environment (`env`) and working folder (`cwd`)."""
    os.environ.clear()
    os.environ.update(order["env"])
    time.tzset()
    os.chdir(order["cwd"])


def _be_kernel(order: dict[str, Any]) -> None:
    """In the forked process: what a process started anew would have, then IPython's kernel.

    Parameters
    ----------
    order : has `argv` after the program's name.
    """
    import matplotlib as mpl
    import numpy as np
    from ipykernel.kernelapp import IPKernelApp

    from slanb.scratch import GIVEN

    sys.argv[:] = ["ipykernel_launcher", *order["argv"]]
    np.random.seed()  # noqa: NPY002  # Python's own are sown anew by the fork
    mpl.rcParams["backend"] = os.environ.setdefault("MPLBACKEND", INLINE)
    try:
        IPKernelApp.launch_instance(parent_handle=os.getppid())
    except Exception:
        if os.path.isdir(os.environ[GIVEN]):
            raise
        os._exit(1)  # its run was ended while it began, and took its folder along
    # Its threads may wait for each other for seconds where it closes them (ipykernel 7.4), or one of them may
    # still listen on what is closed, which aborts it; and to take apart what was loaded takes long, too.
    kernel = IPKernelApp.instance()
    for closing in (kernel.close, kernel.iopub_thread.stop):
        atexit.unregister(closing)
    atexit._run_exitfuncs()
    os._exit(0)
