"""The cells of the report notebooks over one opened page, without kernel, files and drawing."""

import ast
from functools import cache
from pathlib import Path

import nbformat
import pandas as pd

import slanb.open_period
from slanb import plots
from slanb.open_period import Page

NOTEBOOKS = sorted((Path(__file__).parents[1] / "notebooks").glob("0*.ipynb"))


class Undrawn(Page):
    """A page that says what its pictures mean and does not draw them."""

    def __init__(self, facts, terms, period, what_if=None):
        super().__init__(facts, terms, period, what_if, snapshot=None)

    def picture(self, kind: str, frame: pd.DataFrame, **settings) -> str:
        assert f"plot_{kind}" in plots.__all__
        return getattr(plots, f"says_{kind}")(frame, words=self.words, **settings)


@cache
def _cells(path: Path) -> list:
    """The code of the notebook's cells but the parameters: statements, and what the last one shows."""
    cells = nbformat.read(path, as_version=4).cells[2:]
    parsed = [ast.parse(cell.source) for cell in cells if cell.cell_type == "code"]
    compiled = []
    for tree in parsed:
        shown = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
        last = shown and compile(ast.Expression(shown.value), path.name, "eval")
        compiled.append((compile(tree, path.name, "exec"), last))
    return compiled


def pages(page: Page, monkeypatch) -> dict[str, list[str]]:
    """What each notebook's cells show of the page, as HTML or text, by the notebook's file name."""
    monkeypatch.setattr(slanb.open_period, "open_period", lambda *args, **more: page)
    shown = {}
    for path in NOTEBOOKS:
        names = dict.fromkeys(("period", "as_of", "agreement", "source", "data"))
        shown[path.name] = []
        for statements, last in _cells(path):
            exec(statements, names)
            if last is not None:
                shown[path.name].append(_text(eval(last, names)))
    return shown


def _text(value) -> str:
    html = getattr(value, "_repr_html_", None)
    return html() if html else repr(value)
