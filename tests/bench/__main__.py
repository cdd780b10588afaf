"""`python -m tests.bench [part …]`: every part, or those named.

A part is a module beside this one. One whose rivals take turns has a `main`, which measures and prints. In
the others `MEASURED` has what is measured, by name and in order, and `compare`, where there is one, says in a
line or more what the measurements are together.
"""

import os
import platform
import sys
import tempfile
from importlib import import_module
from importlib.metadata import version
from pathlib import Path

from tests.bench.measure import measure, measured_in

PARTS = ("start", "estimates", "report", "large", "sliders", "imports", "facts", "hubspot")


def main(parts: list[str]) -> None:
    unknown = [part for part in parts if part not in PARTS]
    if unknown:
        sys.exit(f"bench: no part is named {unknown[0]}. Parts: {', '.join(PARTS)}.")
    packages = ", ".join(f"{name} {version(name)}" for name in ("duckdb", "pandas", "numpy", "papermill"))
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, {packages}")
    for part in parts or PARTS:
        print(f"\n{part} (load {os.getloadavg()[0]:.1f})", flush=True)
        with tempfile.TemporaryDirectory() as folder:
            module = import_module(f"tests.bench.{part}")
            if hasattr(module, "main"):
                module.main(Path(folder))
                continue
            found = {name: measure(part, name, Path(folder)) for name in measured_in(part)}
        if hasattr(module, "compare"):
            print(module.compare(found))


if __name__ == "__main__":
    main(sys.argv[1:])
