"""Names that a spreadsheet would take for formulas: no cell of what slanb writes is live."""

import csv
import io
import random
from pathlib import Path

import pandas as pd

from slanb.dictionary.escaping import csv_text

NAMES = 1000
NUMBER = set("0123456789.,")
BEFORE = ["", " ", '"', ' "', "\t", "\r", "\n", "\ufeff", "Jo;", "Jo\t", "Jo\r", 'Jo";', ";;"]
AFTER = ["1+1", "cmd|' /C calc'!A0", "SUM(A1;B1)", "5x", 'a";=2', ""]


def live(text: str) -> list[str]:
    """The cells of a CSV that a spreadsheet takes for a formula, whichever sign it parts cells by."""
    cells = [cell for sign in ",;" for row in csv.reader(io.StringIO(text), delimiter=sign) for cell in row]
    bare = [(cell, cell.lstrip(' "\t\r\n\ufeff')) for cell in cells]
    return [
        cell
        for cell, inner in bare
        if cell[:1] in {"\t", "\r"}
        or inner[:1] in set("=+@＝＋－＠")
        or (inner[:1] == "-" and not (inner[1:2].isdigit() and set(inner[1:]) <= NUMBER))
    ]


def attack(folder: Path, seed: int = 15) -> str:
    """Hostile names written as CSV, in texts, categories and headings.

    Raises
    ------
    AssertionError : naming the live cells.
    """
    draw = random.Random(seed)
    names = [draw.choice(BEFORE) + draw.choice("=+-@＝－") + draw.choice(AFTER) for _ in range(NAMES)]
    frame = pd.DataFrame({"owner": names, "tier": pd.Categorical(names), "=1+1": names, "change": -1.5})
    text = csv_text(frame)
    assert {" =1", "-a"} < set(live("name,x\n =1,Jo;-a\n"))  # the check can fail
    assert live(text) == []
    read = pd.read_csv(io.StringIO(text))
    assert len(read) == NAMES
    assert (read["change"] == -1.5).all()
    return f"{3 * NAMES} cells of {NAMES} hostile names, none live; negative numbers are numbers"
