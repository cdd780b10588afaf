"""What the records were as of the clock, in a few numbers that tell later which kinds of rows are other ones.

The rows of a table fall into a fixed number of parts by a hash of their id. Of each part only the number of
rows and two sums modulo 65,536 are kept, so that nobody can be read out of them, and ten million rows take as
much room as ten.
"""

from collections.abc import Mapping

import duckdb
import numpy as np

from slanb.facts import Facts, text_of
from slanb.facts.prepared import digest_of

PARTS = 1024  # a power of two
SURE = 32  # parts that differ: with more of them, some are likely to hold two changes

ASKED = ("embedded/fingerprints", "seen_leads", "seen_deals", "seen_activities", "macros")
Fingerprints = Mapping[str, list[list[int]]]


def fingerprints(facts: Facts) -> dict[str, list[list[int]]]:
    """By table and part: rows, a sum of hashes of their ids, a sum of hashes of all that is known of them."""
    answer = facts.ask("embedded/fingerprints", parts=PARTS)
    made = {}
    for kind in ("leads", "deals", "activities"):
        own = answer[answer["kind"] == kind]
        parts = np.zeros((PARTS, 3), dtype=int)
        parts[own["part"]] = own[["n", "ids", "held"]]
        made[kind] = parts.tolist()
    return made


def hashed_by() -> str:
    """What the rows were hashed by, and what counts as a row: others cannot be compared."""
    return digest_of(duckdb.__version__, *map(text_of, ASKED))


def kinds_of_change(before: Fingerprints, now: Fingerprints) -> dict[str, dict[str, int | bool]]:
    """How many rows of each table are new, changed (the same id) or vanished.

    Returns
    -------
    By table that differs: `new`, `changed`, `vanished`, and `more`: so much is other that parts hold several
    changes, and there are likely more of them than were counted.

    >>> one, two = ({"leads": [[1, 7, held]] + [[0, 0, 0]] * 3} for held in (5, 6))
    >>> kinds_of_change(one, two)
    {'leads': {'new': 0, 'changed': 1, 'vanished': 0, 'more': False}}
    """
    told = {}
    for kind in now.keys() & before.keys():
        old, new = np.array(before[kind]), np.array(now[kind])
        differs = (old != new).any(axis=1)
        if not differs.any():
            continue
        rows = new[:, 0] - old[:, 0]
        same_ids = old[:, 1] == new[:, 1]
        swapped = int((differs & (rows == 0) & ~same_ids).sum())  # one came and one went
        told[kind] = {
            "new": int(rows.clip(min=0).sum()) + swapped,
            "changed": int((differs & (rows == 0) & same_ids).sum()),
            "vanished": int((-rows).clip(min=0).sum()) + swapped,
            "more": int(differs.sum()) > SURE,
        }
    return {kind: told[kind] for kind in sorted(told)}
