"""Tiny report notebooks for tests of the machinery around them."""

import json
from pathlib import Path

PARAMETERS = "\n".join(
    [
        'period: str = "2026-09"',
        "as_of: str = None",
        'agreement: str = "params/agreement.yml"',
        'source: str = "params/source.yml"',
        "data: str = None",
        "quota: float = None  # sales quota = what is agreed",
    ]
)
SHOW = """
from IPython.display import display
display({{"application/vnd.slanb.record+json": {handed}}}, raw=True)
"""


def last_cell(*figures: dict, headlines: tuple[str, ...] = (), files: dict | None = None) -> str:
    """Source of a cell that hands figures to the report."""
    handed = {"figures": list(figures), "headlines": list(headlines), "files": files or {}}
    return SHOW.format(handed=repr(handed))


def figure(name: str, value: float = 1.0, **more: object) -> dict:
    """A figure as a notebook hands it on."""
    plain = {"id": name, "label": name, "value": value, "unit": "leads", "clock": "cohort", "formula": "x"}
    return (
        plain
        | {
            "n": 1,
            "low": None,
            "high": None,
            "level": None,
            "math": "",
            "target": None,
            "verdict": None,
            "note": "",
        }
        | more
    )


def write_notebook(path: Path, *cells: str, title: str = "Tiny", parameters: str = PARAMETERS) -> Path:
    """A notebook of a title, a parameters cell and `cells` of code; a cell that starts with # is text."""
    parts = [("markdown", f"# {title}", []), ("code", parameters, ["parameters"])]
    parts += [("markdown" if cell.startswith("# ") else "code", cell, []) for cell in cells]
    notebook = {
        "nbformat": 4,
        "nbformat_minor": 5,
        "metadata": {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}},
        "cells": [
            {
                "cell_type": kind,
                "id": f"c{number}",
                "metadata": {"tags": tags} if tags else {},
                "source": source,
            }
            | ({"outputs": [], "execution_count": None} if kind == "code" else {})
            for number, (kind, source, tags) in enumerate(parts)
        ],
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(notebook))
    return path
