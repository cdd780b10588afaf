"""Measurements slanb does not compute, read strictly: deliveries, uptime, customers kept.

A small CSV file with three columns: the clause's id, the date and the value.
"""

import csv
import math
import re
from collections.abc import Iterator
from datetime import date
from difflib import get_close_matches
from pathlib import Path

import pandas as pd

from slanb.errors import SlanbError
from slanb.terms import Terms

COLUMNS = ["clause", "date", "value"]
NUMBER = re.compile(r"[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d+)?")
DAY = re.compile(r"\d{4}-\d\d-\d\d")


def read_measurements(terms: Terms) -> pd.DataFrame:
    """All measurement files that some version of the agreement names, in one frame.

    Parameters
    ----------
    terms : the agreement; its files lie beside it.

    Returns
    -------
    One row a measurement, by date: `file`, `clause` (text), `date` (midnight, no zone), `value` (float).

    Raises
    ------
    SlanbError : every file that is missing and every line that cannot be used, with file and line.
    """
    known = {clause.id for version in terms.versions for clause in version.agreement.clauses}
    rows, problems = [], []
    for name, path in measured_in(terms).items():
        try:
            rows += [(name, *row) for row in _read(path, name, known)]
        except SlanbError as error:
            problems += error.problems
    if problems:
        raise SlanbError(problems)
    frame = pd.DataFrame(rows, columns=["file", *COLUMNS])
    frame = frame.astype({"file": "str", "clause": "str", "value": "float64"})
    frame["date"] = pd.to_datetime(frame["date"])
    return frame.sort_values(["date", "clause"], kind="stable", ignore_index=True)


def measured_in(terms: Terms) -> dict[str, Path]:
    """The measurement files that some version of the agreement names: where each lies, beside it."""
    clauses = [clause for version in terms.versions for clause in version.agreement.clauses]
    names = {clause.measurement.file for clause in clauses if clause.measurement is not None}
    return {name: terms.paths[0].parent / name for name in sorted(names)}


def _read(path: Path, shown: str, known: set[str]) -> list[tuple[str, date, float]]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise SlanbError(
            f"{shown}: cannot be read ({error.strerror}), but a clause is decided by it. Make it beside the "
            f"agreement, with the first line {','.join(COLUMNS)}."
        ) from None
    except UnicodeDecodeError:
        raise SlanbError(f"{shown}: is not UTF-8. Save it as CSV in UTF-8.") from None
    lines = csv.reader(text.splitlines())
    header = next(lines, [])
    if [name.strip() for name in header] != COLUMNS:
        raise SlanbError(
            f"{shown}, line 1: the columns are {', '.join(header) or 'missing'}, but "
            f"{', '.join(COLUMNS)} are expected, with a comma between them."
        )
    rows, problems = [], []
    for number, fields in enumerate(lines, start=2):
        if not any(field.strip() for field in fields):
            continue
        wrong = list(_wrong(fields, known))
        problems += [f"{shown}, line {number}: {problem}" for problem in wrong]
        if not wrong:
            clause, day, value = (field.strip() for field in fields)
            rows.append((clause, date.fromisoformat(day), float(value)))
    if problems:
        raise SlanbError(problems)
    return rows


def _wrong(fields: list[str], known: set[str]) -> Iterator[str]:
    """What is wrong with a line."""
    if len(fields) != len(COLUMNS):
        yield f"{len(fields)} fields, but {', '.join(COLUMNS)} are expected (a decimal point, not a comma)."
        return
    clause, day, value = (field.strip() for field in fields)
    if clause not in known:
        near = get_close_matches(clause, sorted(known), n=1)
        hint = f"Did you mean {near[0]}?" if near else f"One of: {', '.join(sorted(known))}."
        yield f'clause is "{clause}", but the id of a clause is expected. {hint}'
    if not _is_day(day):
        yield f'date is "{day}", but a day such as 2026-01-31 is expected.'
    if not NUMBER.fullmatch(value) or not math.isfinite(float(value)):
        yield f'value is "{value}", but a number such as 12.5 is expected.'


def _is_day(text: str) -> bool:
    try:
        return bool(DAY.fullmatch(text)) and bool(date.fromisoformat(text))
    except ValueError:
        return False
