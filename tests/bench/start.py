"""Bench: what the report notebooks import of slanb, beside the libraries that it brings."""

import ast
import json
from pathlib import Path

from tests.bench.measure import ROOT, Measured


def notebooks_imports(folder: Path) -> str:
    """Every `from slanb… import …` of the report notebooks, in a process that has loaded nothing."""
    statements = {
        ast.unparse(statement)
        for path in ROOT.glob("notebooks/0*.ipynb")
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]
        if cell["cell_type"] == "code"
        for statement in ast.parse("".join(cell["source"])).body
        if isinstance(statement, ast.ImportFrom) and statement.module.startswith("slanb")
    }
    for statement in sorted(statements):
        exec(statement, {})
    return f"{len(statements)} statements"


def libraries(folder: Path) -> str:
    """The libraries that these bring, by themselves."""
    import duckdb
    import pandas
    import pydantic

    return f"pandas {pandas.__version__}, duckdb {duckdb.__version__}, pydantic {pydantic.__version__}"


MEASURED = {
    "what notebooks import of slanb": Measured(notebooks_imports, seconds=0.7),
    "its libraries by themselves": Measured(libraries),
}
