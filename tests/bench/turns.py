"""Rivals that take turns: each measured with its child processes, one after the other, round after round."""

import json
import os
import resource
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import psutil

from tests.bench.measure import ROOT

ROUNDS = int(os.environ.get("ROUNDS", "5"))
SECONDS_BETWEEN_LOOKS = 0.1
OURS = os.environ | {"PYTHONPATH": str(ROOT)}


@dataclass(frozen=True)
class Spent:
    """What one rival took in one round.

    cpu, wall : seconds, its child processes' among `cpu`. memory : GB at the highest, of all its processes
    together, a page that they share counted once.
    """

    cpu: float
    wall: float
    memory: float = float("nan")


def spent_by(*commands: Sequence[str], cwd: Path) -> Spent:
    """Run the commands one after the other; a failing one ends the bench with its own words."""
    peak = 0.0
    before, began = _children(), time.perf_counter()
    for command in commands:
        pipes = {"stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE, "text": True}
        process = subprocess.Popen(command, cwd=cwd, env=OURS, **pipes)
        words: list[str] = []
        reader = threading.Thread(target=lambda pipe=process.stderr, into=words: into.append(pipe.read()))
        reader.start()
        while process.poll() is None:
            peak = max(peak, _memory(process.pid))
            time.sleep(SECONDS_BETWEEN_LOOKS)
        reader.join()
        if process.returncode:
            sys.exit(f"{' '.join(command[:4])} …: {words[0]}")
    return Spent(_children() - before, time.perf_counter() - began, peak)


def told_by(function: str, cwd: Path) -> Spent:
    """What a function of `tests.bench.inside` spent by its own measure, in a process of its own."""
    code = f"from tests.bench import inside; inside.{function}()"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=cwd, env=OURS, capture_output=True, text=True, check=False
    )
    if done.returncode:
        sys.exit(f"{function}: {done.stderr}")
    return Spent(**json.loads(done.stdout.splitlines()[-1]))


def compete(rivals: Mapping[str, Callable[[], Spent]], rounds: int = ROUNDS) -> dict[str, list[Spent]]:
    """What each rival took in each round, printed as the middle and the range of the rounds."""
    found: dict[str, list[Spent]] = {name: [] for name in rivals}
    for _ in range(rounds):
        for name, rival in rivals.items():
            found[name].append(rival())
    for name, each in found.items():
        told = [f"{name:42}"]
        for what, unit in (("cpu", "CPU s"), ("wall", "s"), ("memory", "GB")):
            values = np.array([getattr(spent, what) for spent in each])
            if not np.isnan(values).any():
                told.append(f"{np.median(values):7.2f} {unit} ({values.min():.2f}-{values.max():.2f})")
        print("  ".join(told), flush=True)
    return found


def ratio(
    found: Mapping[str, list[Spent]], ours: str, theirs: str, *, what: str = "cpu", times: float = 1
) -> str:
    """Ours as a part of theirs, or of so many times theirs, round by round: the middle and the range."""
    pairs = zip(found[ours], found[theirs], strict=True)
    each = np.array([getattr(one, what) / (getattr(other, what) * times) for one, other in pairs])
    return f"{np.median(each):.3f} ({each.min():.3f}-{each.max():.3f})"


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _memory(pid: int) -> float:
    """GB that a process and those below it hold now; 0 where it has ended."""
    total = 0
    try:
        first = psutil.Process(pid)
        for process in (first, *first.children(recursive=True)):
            try:
                total += process.memory_full_info().pss
            except psutil.Error:
                continue
    except psutil.Error:
        return 0.0
    return total / 1024**3
