"""Rooms import only from lower floors, in no circle, hold one idea each; `import slanb` stays light."""

import ast
import re
import subprocess
import sys
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "slanb"
# Each floor in steps, so that "lower" is always strict: rooms of one step do not know each other.
FLOORS = [
    [
        {"errors", "formulas", "interrupts", "period_tables", "pinned", "scratch"},
        {"periods", "whole_files", "public_holidays"},
        {"working_time", "dictionary", "database"},
    ],
    [{"estimates", "strict_yaml"}, {"terms"}],
    [{"engines"}, {"crm", "facts"}],
    [
        {"goals", "recalculation", "lead_value", "marketing", "sales", "scorecard", "agreement"}
        | {"plots", "tables"}
    ],
    [
        {"publish", "simulate", "kernels"},
        {"open_period"},
        {"explore", "open_ahead", "project", "run"},
        {"cli"},
        {"__main__"},
    ],
]
STEPS = [step for floor in FLOORS for step in floor]
STEP_OF = {room: number for number, rooms in enumerate(STEPS) for room in rooms}
FLOOR_0 = set().union(*FLOORS[0])
ONLY_FLOOR_0 = {"plots", "tables"}
MOST_LINES, MOST_LINES_OF_A_FUNCTION = 400, 60

FILES = sorted(path for path in PACKAGE.rglob("*.py") if path.name != "__init__.py" or path.parent != PACKAGE)
TREES = {path: ast.parse(path.read_text(encoding="utf-8")) for path in FILES}


def name_of(path: Path) -> str:
    """`slanb.run.job`; a package's `__init__` is the package itself."""
    return ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts).removesuffix(".__init__")


MODULES = {name_of(path): path for path in FILES}


def imports_of(path: Path) -> set[str]:
    """The modules of the package that a file imports anywhere in it, for type checkers alone too."""
    names: set[str] = set()
    for node in ast.walk(TREES[path]):
        if isinstance(node, ast.ImportFrom) and node.module:
            wanted = {f"{node.module}.{name.name}" for name in node.names}
            names |= {name if name in MODULES else node.module for name in wanted}
        elif isinstance(node, ast.Import):
            names |= {name.name for name in node.names}
    return names & MODULES.keys()


def room_of(module: str) -> str:
    return module.split(".")[1]


def short(path: Path) -> str:
    return str(path.relative_to(PACKAGE))


@pytest.mark.parametrize("path", FILES, ids=short)
def test_a_room_imports_only_from_lower_floors(path):
    room = room_of(name_of(path))
    for other in {room_of(module) for module in imports_of(path)} - {room}:
        assert STEP_OF[other] < STEP_OF[room], f"{room} may not import {other}"
        assert room not in ONLY_FLOOR_0 or other in FLOOR_0, f"{room} shows plain frames and knows no {other}"


def test_every_room_has_a_floor():
    assert {room_of(module) for module in MODULES} == set(STEP_OF)


def test_the_map_for_contributors_names_every_room_below_those_it_imports():
    rows = [
        line.split("|")[1]
        for line in (PACKAGE.parent / "CONTRIBUTING.md").read_text().splitlines()
        if "|" in line
    ]
    row_of = {room: number for number, row in enumerate(rows) for room in re.findall(r"`(\w+)`", row)}
    assert set(row_of) == set(STEP_OF) - {"__main__"}
    for module, path in MODULES.items():
        for other in {room_of(imported) for imported in imports_of(path)} - {room_of(module)}:
            assert room_of(module) == "__main__" or row_of[other] <= row_of[room_of(module)], module


def test_modules_import_in_no_circle():
    try:
        TopologicalSorter({module: imports_of(path) for module, path in MODULES.items()}).prepare()
    except CycleError as error:
        pytest.fail(" imports ".join(reversed(error.args[1])))


def test_no_docstring_repeats_a_floor():
    docstrings = {short(path): ast.get_docstring(tree) or "" for path, tree in TREES.items()}
    assert [path for path, text in docstrings.items() if "floor" in text.lower()] == []


def test_no_file_holds_two_ideas():
    lines = {short(path): len(path.read_text(encoding="utf-8").splitlines()) for path in FILES}
    assert {path: count for path, count in lines.items() if count > MOST_LINES} == {}


def lines_of(function: ast.AST) -> int:
    """The lines of a function without its docstring."""
    first = function.body[0]
    documented = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
    return function.end_lineno - function.lineno + 1 - documented * (first.end_lineno - first.lineno + 1)


def test_no_function_holds_two_ideas():
    lengths = {
        f"{short(path)}: {node.name}": lines_of(node)
        for path, tree in TREES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    assert {name: count for name, count in lengths.items() if count > MOST_LINES_OF_A_FUNCTION} == {}


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
