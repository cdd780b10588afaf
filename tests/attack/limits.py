"""Folders that cannot be read or written, full disks, few open files, little memory: one sentence each.

Where the system lets a user make a file system of their own (`unshare`), disks are truly full or read-only.
"""

import resource
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

from tests.attack.changes import PERIOD
from tests.attack.commands import CHECK, RUN, begun, fault, made, whole

SLANB = f"{sys.executable} -m slanb"
ADOPT = ("adopt", "2026-04")
PIPES = {  # what comes of a command whose reader leaves
    "figures | head": "figures | head -1",
    "check | head": f"check {PERIOD} | head -1",
    "agreement | head": "agreement | head -1",
}
MOUNTS = {  # what is done to the disks before, in shell
    "outputs read-only": "mount --bind outputs outputs && mount -o remount,bind,ro outputs",
    "params read-only": "mount --bind params params && mount -o remount,bind,ro params",
    "outputs full": "mount -t tmpfs -o size=64k none outputs",
    "TMPDIR full": "mkdir -p full && mount -t tmpfs -o size=16k none full && export TMPDIR=$PWD/full",
    "TMPDIR small": "mkdir -p full && mount -t tmpfs -o size=2m none full && export TMPDIR=$PWD/full",
    "TMPDIR read-only": "mkdir -p full && mount -t tmpfs -o ro none full && export TMPDIR=$PWD/full",
}
TAKEN = ["outputs", "outputs/.runs", "outputs/.snapshots"]
LIMITS = {
    "open files": (resource.RLIMIT_NOFILE, (8, 16, 24, 32, 48, 64)),
    "bytes of a file": (resource.RLIMIT_FSIZE, (1_000, 20_000, 400_000)),
    "memory": (resource.RLIMIT_AS, (300 * 2**20, 600 * 2**20)),
}


def attack(folder: Path, most: int | None = None) -> str:
    """The commands under limits; how many. With `most`, so many of them alone.

    Raises
    ------
    AssertionError : naming each that ended in other than words.
    """
    base, wrong, codes = made(folder / "base"), [], Counter()
    trials = _trials()
    for number, (what, trial) in enumerate(trials[:: max(1, len(trials) // (most or len(trials)))]):
        place = folder / str(number)
        shutil.copytree(base, place, symlinks=True)
        code, said = trial(place)
        codes[code] += 1
        found = fault(code, said) or ("" if what.startswith("outputs") else whole(place))
        wrong += [f"{what}: {found}"] * bool(found)
        shutil.rmtree(place, ignore_errors=True)
    assert not wrong, "\n".join(wrong)
    counts = ", ".join(f"{n} with code {code}" for code, n in sorted(codes.items()))
    return f"{codes.total()} commands under a limit, no traceback, the report whole; {counts}"


def _trials() -> list:
    trials = []
    for words in (CHECK, RUN):
        for name, (limit, values) in LIMITS.items():
            trials += [(f"{words[0]}, {name} {n}", _limited(words, limit, n)) for n in values]
    trials += [(f"{name} a file", _taken(name)) for name in TAKEN]
    trials += [(name, _shell(f"{SLANB} {shell}")) for name, shell in PIPES.items()]
    if subprocess.run(["unshare", "-rm", "true"], capture_output=True).returncode == 0:
        for name, shell in MOUNTS.items():
            commands = (CHECK, RUN, ADOPT) if name.startswith("params") else (CHECK, RUN)
            trials += [(f"{name}, {words[0]}", _mounted(words, shell)) for words in commands]
    return trials


def _limited(words: tuple[str, ...], limit: int, value: int):
    return lambda place: begun(
        words, place, place / "scratch", lambda: resource.setrlimit(limit, (value, value))
    ).ended()


def _taken(name: str):
    def run(place: Path):
        shutil.rmtree(place / name, ignore_errors=True)
        (place / name).write_text("")
        return begun(RUN, place, place / "scratch").ended()

    return run


def _shell(text: str, *before: str):
    def run(place: Path):
        done = subprocess.run([*before, "sh", "-c", text], cwd=place, capture_output=True, text=True)
        return done.returncode, done.stderr

    return run


def _mounted(words: tuple[str, ...], shell: str):
    return _shell(f"{shell}; exec {SLANB} {' '.join(words)}", "unshare", "-rm")
