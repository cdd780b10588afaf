"""Ctrl-C, SIGTERM and SIGKILL at random moments of a check or a run: words, and the last good report stands.

What a killed run leaves behind is gone after the next one.
"""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

from tests.attack.changes import FILES
from tests.attack.commands import CHECK, KILLED, RUN, begun, fault, made, whole

ROUNDS = int(os.environ.get("ROUNDS", "200"))
DEALS, RUNS = "params/data/deals.csv", 10  # one in so many is a run
SIGNALS = [signal.SIGINT, signal.SIGTERM, signal.SIGTERM, signal.SIGKILL]


def attack(folder: Path, rounds: int = ROUNDS, seed: int = 7) -> str:
    """Commands that are interrupted; what became of them.

    Raises
    ------
    AssertionError : naming each that ended in other than words, or touched the report that stood.
    """
    deals = folder / DEALS
    chance, told, wrong = random.Random(seed), Counter(), []
    scratch, usual = made(folder) / "scratch", {}
    for words in (CHECK, RUN):
        deals.write_text(FILES[DEALS](5 + len(usual)))
        began = time.perf_counter()
        begun(words, folder, scratch).ended()
        usual[words] = time.perf_counter() - began
    for number in range(rounds):
        words, sent = RUN if number % RUNS == 0 else CHECK, chance.choice(SIGNALS)
        deals.write_text(FILES[DEALS](8 + number % 50))
        command = begun(words, folder, scratch)
        command.listening()
        time.sleep(usual[words] * chance.random())
        os.kill(command.pid, sent)
        code, said = command.ended()
        found = fault(code, said, {0, KILLED if sent == signal.SIGKILL else 130}) or whole(folder)
        wrong += [f"round {number}, {words[0]} {sent.name}: {found}"] * bool(found)
        told[f"{words[0]} {'ended before' if code == 0 else 'by ' + sent.name}"] += 1
    last = [sys.executable, "-m", "slanb", *RUN]  # as it is run: a forked one leaves its exit to this process
    done = subprocess.run(last, cwd=folder, env=os.environ | {"TMPDIR": str(scratch)}, capture_output=True)
    left = [path.name for path in scratch.iterdir()]
    left += [path.name for path in (folder / "outputs/.runs").iterdir() if path.name != ".lock"][1:]
    snapshots = [*(folder / "outputs/.snapshots").iterdir()]
    assert not wrong, "\n".join(wrong)
    assert done.returncode == 0, done.stderr
    assert left == [], left
    assert len(snapshots) <= 3, snapshots
    counts = ", ".join(f"{n} {what}" for what, n in sorted(told.items()))
    return f"{rounds} interrupted, no traceback, the report whole, nothing left behind; {counts}"
