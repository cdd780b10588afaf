"""Bench: the sample company's report, beside what a user would write by hand.

`papermill` and `nbconvert` make the same six notebooks and pages, one command each; the cells themselves
run in one process that has loaded everything before. `slanb run` also makes the plan of the next month, a
seventh notebook that neither rival has; so it is measured without it, too.
"""

import shutil
import sys
from functools import partial
from pathlib import Path

from slanb.simulate import Company, simulate, write_files
from tests.bench.measure import ROOT
from tests.bench.turns import compete, ratio, spent_by, told_by

PERIOD = "2026-10"
NUMBERS = "01,02,03,04,05,06"
YEAR = "2025-11..2026-10"
TOOLS = Path(sys.executable).parent
SAMPLE = Company()
LOOP, CELLS = "papermill and nbconvert, 12 commands", "the cells in one warm process"
REPORT, SIX = "slanb run", "slanb run, the six notebooks alone"
BACKFILL, SECOND = "slanb run, twelve months", "start of a second notebook"
CHECK, PANDAS = "slanb check", "import pandas"


def main(folder: Path) -> None:
    """Measure and print."""
    project = project_of(folder)
    slanb = (sys.executable, "-m", "slanb")
    spent_by([*slanb, "run", PERIOD, "--only", "01"], cwd=project)  # records are imported once for all
    rivals = {
        LOOP: partial(spent_by, *_loop(project, folder / "by-hand"), cwd=project),
        REPORT: partial(spent_by, [*slanb, "run", PERIOD, "--again"], cwd=project),
        SIX: partial(
            spent_by, [*slanb, "run", PERIOD, "--again", "--only", "01,02,03,04,05,06"], cwd=project
        ),
        CELLS: partial(told_by, "cells", cwd=project),
        BACKFILL: partial(spent_by, [*slanb, "run", YEAR, "--again"], cwd=project),
        SECOND: partial(told_by, "second_start", cwd=project),
        CHECK: partial(spent_by, [*slanb, "check", PERIOD], cwd=project),
        PANDAS: partial(spent_by, [sys.executable, "-c", "import pandas"], cwd=project),
    }
    found = compete(rivals)
    for words, ours, theirs, options, goal in (
        ("six notebooks / papermill, nbconvert, CPU", SIX, LOOP, {}, "1/4"),
        ("six notebooks / their cells, CPU", SIX, CELLS, {}, "1.3"),
        ("report with plan / papermill, CPU", REPORT, LOOP, {}, "1/4"),
        ("report with plan / cells without it, CPU", REPORT, CELLS, {}, "1.3"),
        ("twelve months / twelve loops, wall", BACKFILL, LOOP, {"what": "wall", "times": 12}, "1/10"),
        ("check / import pandas, CPU", CHECK, PANDAS, {}, "2"),
    ):
        print(f"{words:42} {ratio(found, ours, theirs, **options)}  [at most {goal}]")
    print("[a second notebook starts within 0.5 s; a report takes at most 0.7 GB]")


def project_of(folder: Path, company: Company = SAMPLE) -> Path:
    """The project as a user has it, with the records of the sample company, or of another."""
    project = folder / "project"
    for part in ("notebooks", "params"):
        shutil.copytree(ROOT / part, project / part)
    write_files(simulate(company), project / "outputs/sample-data")
    return project


def _loop(project: Path, made: Path) -> list[list[str]]:
    made.mkdir()
    commands = []
    for path in sorted(project.glob("notebooks/0*.ipynb")):
        out = str(made / path.name)
        commands.append([str(TOOLS / "papermill"), str(path), out, "-p", "period", PERIOD])
        commands.append([str(TOOLS / "jupyter"), "nbconvert", "--to", "html", "--no-input", out])
    return commands
