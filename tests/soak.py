"""Mutated exports, thousands of them (`make soak`): each imports with all rows accounted for, or is refused.

A run is a number; the same number makes the same files. `tests/test_crm_soak.py` runs a few of them.
"""

import argparse
import gzip
import random
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from slanb.crm import Snapshot
from slanb.errors import SlanbError
from tests.crm_exports import HUBSPOT, HUBSPOT_SOURCE, SALESFORCE, SALESFORCE_SOURCE, taken_in, workbook
from tests.crm_sources import DEALS, LEADS, MAPPING, reconciles

BASES = {
    "hubspot": (HUBSPOT_SOURCE, HUBSPOT),
    "salesforce": (SALESFORCE_SOURCE, SALESFORCE),
    "csv": (
        MAPPING,
        {"leads": LEADS * 1 + "".join(f"{n},2026-03-04 08:00,A\n" for n in range(9, 30)), "deals": DEALS},
    ),
}
ODD = [
    "=1+1", "+49 30 1234", "-5", "@cmd", "'; drop table leads; --", "#REF!", "1.23E+18", "\ufeff", "\u202e",
    "NaN", "null", "31.02.2026", "9999-99-99", "١٢٣", "💶", "a\tb", "\\", "%s{0}", "<b>", "  ",
]  # fmt: skip


def truncated(data: bytes, chance: random.Random) -> bytes:
    return data[: chance.randrange(len(data) + 1)]


def shuffled(data: bytes, chance: random.Random) -> bytes:
    rows = [line.split(b",") for line in data.splitlines()]
    order = list(range(max(map(len, rows), default=0)))
    chance.shuffle(order)
    return b"\n".join(b",".join(row[place] for place in order if place < len(row)) for row in rows) + b"\n"


def quoted_wrong(data: bytes, chance: random.Random) -> bytes:
    for _ in range(chance.randint(1, 4)):
        place = chance.randrange(len(data) + 1)
        data = data[:place] + chance.choice([b'"', b"'", b'""', b'",', b'"\n']) + data[place:]
    return data


def mixed_encodings(data: bytes, chance: random.Random) -> bytes:
    lines = data.splitlines()
    for _ in range(chance.randint(1, 3)):
        place = chance.randrange(len(lines)) if lines else 0
        lines[place : place + 1] = [b"M\xfcller," + lines[place]] if lines else [b"\xfc"]
    whole = b"\n".join(lines)
    return chance.choice([whole, data.decode("utf-8", "replace").encode("utf-16"), b"\xef\xbb\xbf" + data])


def with_nuls(data: bytes, chance: random.Random) -> bytes:
    for _ in range(chance.randint(1, 5)):
        place = chance.randrange(len(data) + 1)
        data = data[:place] + b"\0" * chance.randint(1, 3) + data[place:]
    return data


def huge_field(data: bytes, chance: random.Random) -> bytes:
    place = chance.randrange(len(data) + 1)
    return data[:place] + b"x" * chance.choice([10_000, 140_000, 400_000]) + data[place:]


def odd_cells(data: bytes, chance: random.Random) -> bytes:
    rows = [line.split(b",") for line in data.splitlines()]
    for _ in range(chance.randint(1, 6)):
        if rows:
            row = chance.choice(rows)
            row[chance.randrange(len(row))] = chance.choice(ODD).encode()
    return b"\n".join(b",".join(row) for row in rows) + b"\n"


def other_marks(data: bytes, chance: random.Random) -> bytes:
    return chance.choice(
        [
            data.replace(b",", b";"),
            data.replace(b",", b"\t"),
            data.replace(b"\n", b"\r\n"),
            data.replace(b"\n", b"\r"),
        ]
    )


def rows_moved(data: bytes, chance: random.Random) -> bytes:
    lines = data.splitlines()
    choice = chance.randrange(4)
    if choice == 0:
        lines = lines[1:]  # no header
    elif choice == 1:
        lines = lines + lines[1:]  # every row twice
    elif choice == 2:
        lines = [b"Report", b"", *lines, b"Total,3"]
    else:
        lines = lines[:1]
    return b"\n".join(lines) + b"\n"


def flipped(data: bytes, chance: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(chance.randint(1, 20)):
        if changed:
            changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


MUTATIONS: list[Callable[[bytes, random.Random], bytes]] = [
    truncated, shuffled, quoted_wrong, mixed_encodings, with_nuls, huge_field, odd_cells, other_marks,
    rows_moved, flipped,
]  # fmt: skip


def mutated(number: int) -> tuple[str, str, dict[str, str | bytes], str]:
    """The export of a run: its mapping, and its files, of which one is changed."""
    chance = random.Random(number)
    base = chance.choice(list(BASES))
    source, files = BASES[base]
    name = chance.choice(list(files))
    data = str(files[name]).encode()
    chosen = chance.choices(MUTATIONS, k=chance.randint(1, 3))
    target = name
    if chance.random() < 0.1:
        data = gzip.compress(data)
        target = f"{name}.csv.gz"
    elif chance.random() < 0.1:
        data = workbook(data.decode())
        target = f"{name}.xlsx"
    for change in chosen:
        data = change(data, chance)
    if target != name and base == "csv":
        source = source.replace(f"{name}.csv", target)
    description = f"{number}: {base}, {target}, {' '.join(change.__name__ for change in chosen)}"
    return (
        source,
        base,
        {key: text for key, text in files.items() if key != name} | {target: data},
        description,
    )


def accounted(snapshot: Snapshot) -> bool:
    """Every row of every file is used, quarantined, or left out by a rule that is counted."""
    meaning = snapshot.quality["meaning"]
    if not meaning:
        return reconciles(snapshot)
    rows: Counter[str] = Counter()
    for file, read in meaning["files"].items():
        rows[read["kind"]] += snapshot.quality["files"][file]["readable"]
    people, deals, touches = meaning["people"], meaning["deals"], meaning.get("activities", {"records": 0})
    lead_kind = "contacts" if meaning["preset"] == "hubspot" else "leads"
    left = sum(people[key] for key in ("without an id", "deleted", "a record listed twice"))
    left += people["merged into another or the same person"]
    return (
        reconciles(snapshot)
        and people["records"] == rows[lead_kind] == people["people"] + left
        and deals["records"] == rows["deals"] == deals["deals"] + _reasons(deals)
        and touches["records"] == rows["activities"] == touches.get("touches", 0) + _reasons(touches)
    )


def _reasons(counts: dict[str, int]) -> int:
    totals = ("records", "deals", "touches", "rows, one a lead touched")
    totals += ("of people never presented to sales", "of several people")
    return sum(count for key, count in counts.items() if key not in totals)


def outcome(number: int, folder: Path) -> str:
    """ "imported" or "refused".

    Raises
    ------
    Exception : whatever else happens.
    """
    source, _, files, description = mutated(number)
    try:
        snapshot = taken_in(folder, source, files)
    except SlanbError as error:
        return "refused" if str(error).strip() else "silent"
    assert accounted(snapshot), description
    return "imported"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=2000)
    parser.add_argument("--start", type=int, default=0)
    arguments = parser.parse_args()
    began, counts, failed = time.perf_counter(), Counter(), []
    for number in range(arguments.start, arguments.start + arguments.files):
        with tempfile.TemporaryDirectory() as folder:
            try:
                counts[outcome(number, Path(folder))] += 1
            except Exception:
                failed.append(number)
                print(mutated(number)[3], traceback.format_exc(limit=-3), file=sys.stderr, flush=True)
        if (number + 1) % 100 == 0:
            print(f"{number + 1}: {dict(counts)}, failed {failed}", flush=True)
    print(f"{dict(counts)}, failed {failed}, {time.perf_counter() - began:.0f} s")
    if failed:
        sys.exit(1)


if __name__ == "__main__":
    main()
