"""`python -m tests.attack [part …]`: every attack, or those named.

A part is a module beside this one; its `attack(folder)` says in a line what it tried, and raises
AssertionError where something did not hold.
"""

import os
import sys
import tempfile
import time
from importlib import import_module
from pathlib import Path

PARTS = ("persons", "names", "workbooks", "writers", "limits", "kills", "changes")


def main(parts: list[str]) -> None:
    unknown = [part for part in parts if part not in PARTS]
    if unknown:
        sys.exit(f"attack: no part is named {unknown[0]}. Parts: {', '.join(PARTS)}.")
    for part in parts or PARTS:
        began = time.perf_counter()
        with tempfile.TemporaryDirectory() as folder:
            told = import_module(f"tests.attack.{part}").attack(Path(folder))
        seconds = time.perf_counter() - began
        print(f"{part}: {told} ({seconds:.0f} s, load {os.getloadavg()[0]:.1f})", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
