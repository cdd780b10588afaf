"""One measurement, in a process of its own, so that its time and its peak memory are its own."""

import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Measured:
    """What is measured, and what it is to stay under.

    Parameters
    ----------
    work : takes the folder of the run, tells in words what it did.
    seconds : CPU seconds of the work, its child processes included; None where there is no goal.
    gigabytes : peak memory of one process; None where there is no goal.
    """

    work: Callable[[Path], str]
    seconds: float | None = None
    gigabytes: float | None = None

    @property
    def goal(self) -> str:
        """The goals in words, "" without any."""
        goals = [f"under {self.seconds} CPU s"] * (self.seconds is not None)
        goals += [f"under {self.gigabytes} GB"] * (self.gigabytes is not None)
        return f"  [{', '.join(goals)}]" if goals else ""


def measure(part: str, name: str, folder: Path) -> dict:
    """Run one measurement of a part and print what it took: `cpu`, `seconds`, `gigabytes`, `what`."""
    code = f"from tests.bench.measure import child; child({part!r}, {name!r}, {str(folder)!r})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=False)
    if done.returncode:
        sys.exit(f"{name}: {done.stderr}")
    found = json.loads(done.stdout.splitlines()[-1])
    print(
        f"{name:42} {found['cpu']:7.2f} CPU s {found['seconds']:7.2f} s {found['gigabytes']:5.2f} GB"
        f"  {found['what']}{measured_in(part)[name].goal}",
        flush=True,
    )
    return found


def measured_in(part: str) -> dict[str, Measured]:
    """What a part measures, by name."""
    return __import__(f"tests.bench.{part}", fromlist=["MEASURED"]).MEASURED


def child(part: str, name: str, folder: str) -> None:
    """In the process of its own: the time of the work itself, and the largest process's peak memory."""
    measured = measured_in(part)[name]
    began, cpu = time.perf_counter(), _cpu()
    what = measured.work(Path(folder))
    found = {"cpu": _cpu() - cpu, "seconds": time.perf_counter() - began, "what": what}
    used = (resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    print(json.dumps(found | {"gigabytes": max(used) / 1024**2}))


def _cpu() -> float:
    """CPU seconds of this process, and of the child processes that have ended."""
    used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(each.ru_utime + each.ru_stime for each in used)
