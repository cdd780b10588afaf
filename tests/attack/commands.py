"""The command run on a small project, in a process forked from this one, and what of it is no words."""

import os
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from slanb import cli
from tests.attack.changes import PERIOD, project

CHECK, RUN = ("check", PERIOD), ("run", PERIOD, "--again")
KILLED = -signal.SIGKILL
SAID = {0, 1, 2, 3, 4, 130, 141}  # the exit codes that the command has (see `slanb.cli`)


@dataclass(frozen=True)
class Command:
    """A command that has begun; what it says goes to a file."""

    pid: int
    said: Path

    def listening(self) -> None:
        """Wait until it takes signals itself."""
        while "Z" not in (status := Path(f"/proc/{self.pid}/status").read_text()).partition("State:")[2][:3]:
            if int(status.partition("SigCgt:")[2].split()[0], 16) >> (signal.SIGTERM - 1) & 1:
                return
            time.sleep(0.001)

    def ended(self) -> tuple[int, str]:
        """Its exit code and what it said, at its end."""
        code = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        return code, self.said.read_text()


def begun(words: tuple[str, ...], folder: Path, scratch: Path, before: Callable = lambda: None) -> Command:
    """The command, begun in a folder.

    Parameters
    ----------
    scratch : its folder for temporary files.
    before : what the process does first.
    """
    said = folder / "said.txt"
    pid = os.fork()
    if pid:
        return Command(pid, said)
    code = 99
    try:
        os.chdir(folder)
        os.environ["TMPDIR"], tempfile.tempdir = str(scratch), None
        out = os.open(said, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        for stream in (1, 2):
            os.dup2(out, stream)
        before()
        code = cli.main(words)
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def made(folder: Path) -> Path:
    """A project of small files and notebooks, with a report, and a folder for temporary files."""
    (folder / "scratch").mkdir(parents=True)
    project(folder)
    code, said = begun(RUN, folder, folder / "scratch").ended()
    assert code == 0, said
    return folder


def fault(code: int, said: str, allowed: set[int] = SAID) -> str:
    """What is wrong with the end of a command: a traceback, or a code that it does not have; else nothing."""
    if "Traceback" in said or "panicked" in said or code not in allowed:
        return f"code {code}: {said.strip()[-400:]}"
    return ""


def whole(folder: Path) -> str:
    """What is wrong with the report that stands: nothing where it can be read to its end."""
    page = folder / "outputs" / PERIOD / "index.html"
    there = page.is_file() and page.read_text().rstrip().endswith("</html>")
    return "" if there else "the report is not whole"
