"""Workbooks with stray cells anywhere, or broken: read, or refused, within 10 CPU seconds and 500 MB."""

import io
import json
import random
import re
import resource
import subprocess
import sys
import time
import zipfile
from collections import Counter
from pathlib import Path

from slanb.errors import SlanbError
from tests.crm_exports import workbook
from tests.crm_sources import LEADS, MAPPING, imported

ROOT = Path(__file__).parents[2]
ROUNDS = 50
SECONDS, MEGABYTES = 10, 500
RECORDS = LEADS + "4,2026-03-04 08:00,A\n"


def with_cells(book: bytes, *cells: str) -> bytes:
    """A workbook with cells added below its rows, at these addresses."""
    path, made = "xl/worksheets/sheet1.xml", io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book)) as old, zipfile.ZipFile(made, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == path:
                rows = re.findall(rb"<row>.*?</row>", content)
                for n, row in enumerate(rows, 1):
                    letters = iter("ABCDEFGHIJ")
                    numbered = re.sub(
                        rb"<c\b", lambda _, n=n, letters=letters: f'<c r="{next(letters)}{n}"'.encode(), row
                    )
                    content = content.replace(row, numbered.replace(b"<row>", f'<row r="{n}">'.encode()), 1)
                strays = "".join(
                    f'<row r="{cell.lstrip("ABCDEFXYZ")}"><c r="{cell}"><v>1</v></c></row>' for cell in cells
                )
                content = content.replace(b"</sheetData>", strays.encode() + b"</sheetData>")
            new.writestr(name, content)
    return made.getvalue()


def mutated(chance: random.Random) -> bytes:
    """A workbook with stray cells, one in five broken besides."""
    columns, rows = [1, 3, 30, 700, 16_384], [6, 30, 9_000, 100_000, 1_048_576]
    cells = [
        f"{_letters(chance.choice(columns))}{chance.choice(rows)}"
        for _ in range(chance.choice([1, 1, 2, 40]))
    ]
    book = with_cells(workbook(RECORDS), *sorted({*cells}, key=lambda cell: int(cell.lstrip(_CAPITALS))))
    if chance.random() < 0.2:
        place = chance.randrange(len(book))
        book = book[:place] + bytes([chance.randrange(256)]) + book[place + 1 :]
    return book


_CAPITALS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def _letters(column: int) -> str:
    text = ""
    while column:
        column, place = divmod(column - 1, 26)
        text = _CAPITALS[place] + text
    return text


def attack(folder: Path, rounds: int = ROUNDS, seed: int = 3) -> str:
    """Workbooks imported, each in a process of its own.

    Raises
    ------
    AssertionError : naming each that took more, or ended in other than words.
    """
    chance, told, wrong, most = random.Random(seed), Counter(), [], [0.0, 0]
    for number in range(rounds):
        book = mutated(chance)
        code, seconds, megabytes = _import(folder / str(number), book)
        most = [max(most[0], seconds), max(most[1], megabytes)]
        told[{0: "read", 1: "refused in words"}.get(code, "failed")] += 1
        if code not in (0, 1) or seconds > SECONDS or megabytes > MEGABYTES:
            wrong.append(f"workbook {number}: code {code}, {seconds:.1f} s, {megabytes:.0f} MB")
    assert not wrong, "\n".join(wrong)
    counts = ", ".join(f"{n} {what}" for what, n in sorted(told.items()))
    return f"{rounds} workbooks, {counts}; at most {most[0]:.1f} CPU seconds and {most[1]:.0f} MB"


def _import(folder: Path, book: bytes) -> tuple[int, float, float]:
    """How an import of the workbook ended, in a process of its own, which tells what it took."""
    folder.mkdir()
    (folder / "book.xlsx").write_bytes(book)
    code = f"from tests.attack.workbooks import child; child({str(folder)!r})"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        return done.returncode, 0.0, 0.0
    ended, seconds, megabytes = json.loads(done.stdout)
    return ended, seconds, megabytes


def child(folder: str) -> None:
    """Import `book.xlsx` of the folder; print how that ended, CPU seconds and megabytes."""
    resource.setrlimit(resource.RLIMIT_CPU, (60, 60))
    book = (Path(folder) / "book.xlsx").read_bytes()
    try:
        imported(Path(folder) / "project", MAPPING.replace("leads.csv", "leads.xlsx"), **{"leads.xlsx": book})
        ended = 0
    except SlanbError:
        ended = 1
    status = Path("/proc/self/status").read_text()
    peak = int(re.search(r"VmHWM:\s+(\d+)", status)[1]) / 1024  # getrusage would tell of its parent's too
    print(json.dumps([ended, time.process_time(), peak]))
