"""Bench: to import the package."""

from pathlib import Path

from tests.bench.measure import Measured


def import_slanb(folder: Path) -> str:
    import slanb

    return f"slanb {slanb.__version__}"


MEASURED = {"import slanb": Measured(import_slanb, seconds=0.7)}
