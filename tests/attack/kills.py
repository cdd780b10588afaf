"""Ctrl-C, SIGTERM and SIGKILL at random moments of a check or a run: words, and the last good report stands.

What a killed run leaves behind is gone after the next one.
"""

import os
import random
import signal
import time
from collections import Counter
from pathlib import Path

from tests.attack.changes import FILES
from tests.attack.commands import CHECK, KILLED, RUN, command, fault, listening, made, started, whole

ROUNDS = int(os.environ.get("ROUNDS", "200"))
SIGNALS = [signal.SIGINT, signal.SIGTERM, signal.SIGTERM, signal.SIGKILL]


def attack(folder: Path, rounds: int = ROUNDS, seed: int = 7) -> str:
    """Commands that are interrupted; what became of them.

    Raises
    ------
    AssertionError : naming each that ended in other than words, or touched the report that stood.
    """
    chance, told, wrong = random.Random(seed), Counter(), []
    scratch = folder / "scratch"
    scratch.mkdir()
    here = {"TMPDIR": str(scratch)}
    made(folder)
    usual = {}
    for words in (CHECK, RUN):
        (folder / "params/data/deals.csv").write_text(FILES["params/data/deals.csv"](5 + len(usual)))
        began = time.perf_counter()
        command(words, folder, env=here)
        usual[words] = 0.8 * (time.perf_counter() - began)  # less what Python takes to start
    for number in range(rounds):
        words, sent = chance.choice([CHECK, CHECK, CHECK, RUN]), chance.choice(SIGNALS)
        (folder / "params/data/deals.csv").write_text(FILES["params/data/deals.csv"](8 + number))
        with started(words, folder, env=here) as process:
            listening(process)
            time.sleep(usual[words] * chance.random())
            process.send_signal(sent)
            said = process.communicate()[1]
        allowed = {KILLED if sent == signal.SIGKILL else 130}
        found = fault(process.returncode, said, {0, *allowed}) or whole(folder)
        wrong += [f"round {number}, {words[0]} {sent.name}: {found}"] * bool(found)
        told[f"{words[0]} by {sent.name}"] += 1
    last = command(RUN, folder, env=here)
    left = [path.name for path in scratch.iterdir()]
    left += [path.name for path in (folder / "outputs/.runs").iterdir() if path.name != ".lock"][1:]
    snapshots = [*(folder / "outputs/.snapshots").iterdir()]
    assert not wrong, "\n".join(wrong)
    assert last.returncode == 0, last.stderr
    assert left == [], left
    assert len(snapshots) <= 3, snapshots
    counts = ", ".join(f"{n} {what}" for what, n in sorted(told.items()))
    return f"{rounds} interrupted, no traceback, the report whole, nothing left behind; {counts}"
