"""The command run on a small project, as a process of its own, and what of it is no words."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from tests.attack.changes import PERIOD, project

CHECK, RUN = ("check", PERIOD), ("run", PERIOD, "--again")
KILLED = -signal.SIGKILL
SAID = {0, 1, 2, 3, 4, 130, 141}  # the exit codes that the command has (see `slanb.cli`)


def made(folder: Path) -> Path:
    """A project of small files and notebooks, with a report."""
    project(folder)
    done = command(RUN, folder)
    assert done.returncode == 0, done.stderr
    return folder


def started(words: tuple[str, ...], folder: Path, before: tuple[str, ...] = (), **more) -> subprocess.Popen:
    """The command, begun in a folder; `before` are the words of what starts it."""
    return subprocess.Popen(
        [*before, sys.executable, "-m", "slanb", *words],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])} | more.pop("env", {}),
        **more,
    )


def command(words: tuple[str, ...], folder: Path, before: tuple[str, ...] = (), **more):
    """The command, run to its end."""
    with started(words, folder, before, **more) as process:
        out, said = process.communicate()
    return subprocess.CompletedProcess(words, process.returncode, out, said)


def fault(code: int, said: str, allowed: set[int] = SAID) -> str:
    """What is wrong with the end of a command: a traceback, or a code that it does not have; else nothing."""
    if "Traceback" in said or "panicked" in said or code not in allowed:
        return f"code {code}: {said.strip()[-400:]}"
    return ""


def whole(folder: Path) -> str:
    """What is wrong with the report that stands: nothing where it can be read to its end."""
    page = folder / "outputs" / PERIOD / "index.html"
    return (
        "" if page.is_file() and page.read_text().rstrip().endswith("</html>") else "the report is not whole"
    )


def listening(process: subprocess.Popen) -> None:
    """Wait until the command takes signals itself: before, Python does as it likes."""
    while process.poll() is None:
        status = Path(f"/proc/{process.pid}/status").read_text()
        if int(status.partition("SigCgt:")[2].split()[0], 16) >> (signal.SIGTERM - 1) & 1:
            return
        time.sleep(0.002)
