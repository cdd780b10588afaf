"""Folders that cannot be read or written, full disks, few open files, little memory: one sentence each.

Where the system lets a user make a file system of their own (`unshare`), disks are truly full or read-only.
"""

import resource
import shutil
import subprocess
from pathlib import Path

from tests.attack.changes import PERIOD
from tests.attack.commands import CHECK, RUN, command, fault, made, whole

ADOPT = ("adopt", "2026-04")
PIPES = {  # what comes of a command whose reader leaves
    "figures | head": "figures | head -1",
    "check | head": f"check {PERIOD} | head -1",
    "agreement | head": "agreement | head -1",
}
MOUNTS = {  # what is done to the disks before, in shell
    "outputs read-only": "mount --bind outputs outputs && mount -o remount,bind,ro outputs",
    "params read-only": "mount --bind params params && mount -o remount,bind,ro params",
    "outputs full": "cp -a outputs /tmp/. 2>/dev/null; mount -t tmpfs -o size=64k none outputs",
    "TMPDIR full": "mkdir -p full && mount -t tmpfs -o size=16k none full && export TMPDIR=$PWD/full",
    "TMPDIR small": "mkdir -p full && mount -t tmpfs -o size=2m none full && export TMPDIR=$PWD/full",
    "TMPDIR read-only": "mkdir -p full && mount -t tmpfs -o ro none full && export TMPDIR=$PWD/full",
}
TAKEN = ["outputs", "outputs/.runs", "outputs/.snapshots"]
LIMITS = {
    "open files": (resource.RLIMIT_NOFILE, (8, 16, 24, 32, 48, 64)),
    "bytes of a file": (resource.RLIMIT_FSIZE, (0, 1_000, 20_000, 400_000)),
    "memory": (resource.RLIMIT_AS, (300 * 2**20, 600 * 2**20)),
}


def attack(folder: Path, most: int | None = None) -> str:
    """The commands under limits; how many. With `most`, the first ones alone.

    Raises
    ------
    AssertionError : naming each that ended in other than words.
    """
    base, wrong, tried = made(folder / "base"), [], 0
    for what, trial in _trials()[:most]:
        place = folder / str(tried)
        shutil.copytree(base, place, symlinks=True)
        done = trial(place)
        tried += 1
        if found := fault(done.returncode, done.stderr):
            wrong.append(f"{what}: {found}")
        if not what.startswith("outputs") and (found := whole(place)):
            wrong.append(f"{what}: {found}")
        shutil.rmtree(place, ignore_errors=True)
    assert not wrong, "\n".join(wrong)
    return f"{tried} commands under a limit, each with words and a code of its own, the report whole"


def _trials() -> list:
    trials = []
    for words in (CHECK, RUN):
        for name, (limit, values) in LIMITS.items():
            trials += [(f"{words[0]}, {name} {n}", _limited(words, limit, n)) for n in values]
    trials += [(f"{name} a file", _taken(name)) for name in TAKEN]
    trials += [(name, _piped(shell)) for name, shell in PIPES.items()]
    if subprocess.run(["unshare", "-rm", "true"], capture_output=True).returncode == 0:
        for name, shell in MOUNTS.items():
            commands = (CHECK, RUN, ADOPT) if name.startswith("params") else (CHECK, RUN)
            trials += [(f"{name}, {words[0]}", _mounted(words, shell)) for words in commands]
    return trials


def _limited(words: tuple[str, ...], limit: int, value: int):
    def run(place: Path):
        return command(words, place, preexec_fn=lambda: resource.setrlimit(limit, (value, value)))

    return run


def _taken(name: str):
    def run(place: Path):
        shutil.rmtree(place / name, ignore_errors=True)
        (place / name).write_text("")
        return command(RUN, place)

    return run


def _piped(shell: str):
    return lambda place: command(
        (), place, ("sh", "-c", f'set -o pipefail 2>/dev/null; "$0" -m slanb {shell}')
    )


def _mounted(words: tuple[str, ...], shell: str):
    return lambda place: command(words, place, ("unshare", "-rm", "sh", "-c", f'{shell}; exec "$0" "$@"'))
