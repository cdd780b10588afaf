"""What a CRM's users, broken files and a full or closed machine may do: told in words, and harmless."""

import csv
import io
import random

import pandas as pd

from slanb.dictionary.escaping import csv_text
from tests.crm_sources import LEADS, imported

NUMBER = set("0123456789.,")


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


def test_no_cell_of_a_thousand_hostile_names_is_live():
    draw = random.Random(15)
    before = ["", " ", '"', ' "', "\t", "\r", "\n", "\ufeff", "Jo;", "Jo\t", "Jo\r", 'Jo";', ";;"]
    after = ["1+1", "cmd|' /C calc'!A0", "SUM(A1;B1)", "5x", 'a";=2', ""]
    names = [draw.choice(before) + draw.choice("=+-@＝－") + draw.choice(after) for _ in range(1000)]
    frame = pd.DataFrame({"owner": names, "tier": pd.Categorical(names), "=1+1": names, "change": -1.5})
    text = csv_text(frame)
    assert {" =1", "-a"} < set(live("name,x\n =1,Jo;-a\n"))  # the check can fail
    assert live(text) == []
    read = pd.read_csv(io.StringIO(text))
    assert len(read) == 1000
    assert (read["change"] == -1.5).all()


def test_the_quarantine_holds_no_formula_wherever_it_is_kept(tmp_path):
    good = "".join(f"{n},2026-03-04 08:00,A\n" for n in range(10, 40))
    leads = LEADS + good + "".join(f'"{name}",=1+1,A\n' for name in ("=2", " +3", "@x")) + "5,-7,A\n"
    kept = imported(tmp_path, leads=leads).folder / "quarantine.csv"
    text = kept.read_text("utf-8")
    assert live(text) == []
    assert ",created_at,'=1+1," in text
    assert ",created_at,-7," in text
