"""A workbook worked out again by an engine of its own (`formulas`), which knows nothing of slanb."""

import warnings
from pathlib import Path

import openpyxl


def recomputed(path: Path, **changes: float) -> dict[str, float]:
    """Every number of a workbook, by `Sheet!C5` and by name, worked out anew with some named cells changed.

    A cell that comes to nothing is None.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import formulas

        model = formulas.ExcelModel().loads(str(path)).finish()
        places = names(path)
        inputs = {_key(path, places.get(name, name)): value for name, value in changes.items()}
        solution = model.calculate(inputs=inputs)
    found = {key: cell.value[0, 0] for key, cell in solution.items() if hasattr(cell, "value")}
    cells = {
        f"{sheet.title}!{cell.coordinate}": found[_key(path, f"{sheet.title}!{cell.coordinate}")]
        for sheet in openpyxl.load_workbook(path)
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type in "nf" and cell.value is not None
    }
    cells = {place: None if value == "" else float(value) for place, value in cells.items()}
    return cells | {name: cells[place] for name, place in places.items() if place in cells}


def written(path: Path) -> dict[str, float | None]:
    """The numbers that slanb wrote as results of the workbook's formulas, by `Sheet!C5`."""
    live, values = openpyxl.load_workbook(path), openpyxl.load_workbook(path, data_only=True)
    return {
        f"{sheet.title}!{cell.coordinate}": values[sheet.title][cell.coordinate].value
        for sheet in live
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f"
    }


def names(path: Path) -> dict[str, str]:
    """The place of each name, `Plan!C6`."""
    defined = openpyxl.load_workbook(path).defined_names
    return {name: each.attr_text.replace("$", "").replace("'", "") for name, each in defined.items()}


def _key(path: Path, place: str) -> str:
    sheet, cell = place.split("!")
    return f"'[{path.name}]{sheet.upper()}'!{cell}"
