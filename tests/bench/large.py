"""Bench: the report of a company with a million leads, beside the sample company's.

Of both, once when the records have just been imported and no answer about them is kept, and once again.
"""

import shutil
import sys
from functools import partial
from pathlib import Path

from tests.bench.report import PERIOD, project_of
from tests.bench.report import SAMPLE as COMPANY
from tests.bench.turns import Spent, compete, ratio, spent_by

LEADS = 1_000_000
SAMPLE, LARGE = "the sample's report", "a report of 1 M leads"


def main(folder: Path) -> None:
    """Measure and print."""
    sample = project_of(folder / "sample")
    large = project_of(folder / "large", COMPANY.scaled(LEADS))
    for project in (sample, large):
        spent_by([sys.executable, "-m", "slanb", "check"], cwd=project)  # imports the records
    found = compete(
        {
            f"{name}, {how}": partial(_report, project, anew=how == "first")
            for how in ("first", "again")
            for name, project in ((SAMPLE, sample), (LARGE, large))
        }
    )
    for how in ("first", "again"):
        for what in ("cpu", "wall"):
            told = ratio(found, f"{LARGE}, {how}", f"{SAMPLE}, {how}", what=what)
            print(f"{f'1 M / sample, {how}, {what}':42} {told}  [at most 1.5]")


def _report(project: Path, *, anew: bool) -> Spent:
    """The report of the period, from the records alone or with what is kept of the last one."""
    if anew:
        for answers in project.glob("outputs/.snapshots/*/prepared*"):
            shutil.rmtree(answers)
    return spent_by([sys.executable, "-m", "slanb", "run", PERIOD, "--again"], cwd=project)
