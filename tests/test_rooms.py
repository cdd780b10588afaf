"""Rooms import only from lower floors, analyses do not know each other, and `import slanb` stays light."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "slanb"
# Each floor in steps, so that "lower" is always strict: rooms of one step do not know each other.
FLOORS = [
    [{"errors", "formulas"}, {"periods"}, {"working_time", "dictionary"}],
    [{"estimates", "strict_yaml"}, {"terms"}],
    [{"crm", "facts"}],
    [
        {"outlook"},
        {"agreement", "goals", "lead_value", "marketing", "plots", "recalculation", "sales", "scorecard"}
        | {"tables"},
    ],
    [{"publish", "simulate"}, {"open_period"}, {"explore", "run"}, {"cli"}, {"__main__"}],
]
STEPS = [step for floor in FLOORS for step in floor]
STEP_OF = {room: number for number, rooms in enumerate(STEPS) for room in rooms}
FLOOR_0 = set().union(*FLOORS[0])
ONLY_FLOOR_0 = {"plots", "tables"}


def room_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports_of(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = []
        if isinstance(node, ast.ImportFrom) and node.module:
            names = [f"{node.module}.{name.name}" for name in node.names]
        elif isinstance(node, ast.Import):
            names = [name.name for name in node.names]
        found |= {name.split(".")[1] for name in names if name.startswith("slanb.")}
    return found - {"__version__"}


FILES = sorted(path for path in PACKAGE.rglob("*.py") if path.name != "__init__.py" or path.parent != PACKAGE)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_room_imports_only_from_lower_floors(path):
    room = room_of(path)
    for other in imports_of(path) - {room}:
        assert STEP_OF[other] < STEP_OF[room], f"{room} may not import {other}"
        assert room not in ONLY_FLOOR_0 or other in FLOOR_0, f"{room} shows plain frames and knows no {other}"


def test_every_room_has_a_floor():
    assert {room_of(path) for path in FILES} == set(STEP_OF)


@pytest.mark.parametrize(
    ("module", "heavy"),
    [
        ("slanb", {"pandas", "numpy", "scipy", "seaborn", "matplotlib", "papermill", "nbconvert", "duckdb"}),
        ("slanb.cli", {"pandas", "scipy.stats", "seaborn", "papermill", "nbconvert", "duckdb"}),
        ("slanb.recalculation", {"scipy.stats", "seaborn", "papermill", "nbconvert", "IPython"}),
    ],
)
def test_importing_stays_light(module, heavy):
    code = f"import sys, {module}; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not heavy & set(loaded.stdout.split())
