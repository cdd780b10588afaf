"""A person's name, phone number, note or address in any column of an export goes no further than the import.

Every column of a small export gets a row with each of them, every one its own, and all that is kept or told
is searched: the snapshot's tables but for owners, the quality report and its page, the quarantine.
"""

import csv
import hashlib
import io
import json
import re
from collections.abc import Collection
from pathlib import Path

import duckdb

from slanb.crm import Snapshot
from slanb.crm.values import OWNERS
from slanb.dictionary.wording import Wording
from slanb.errors import SlanbError
from slanb.publish.quality_page import quality_page
from tests import crm_exports as crm

PLANTED = {  # by number, from 1000: each can be told from the others
    "name": "Zelda Quandt{letters}",
    "phone": "+49 170 55{n}",
    "note": "Zelda Quandt{letters} asked to be rung on 017055{n} after the operation",
    "address": "Zelda.Quandt{letters}@planted.example",
}
OWN = """\
zone: Europe/Berlin
folder: data
files: {leads: leads.csv, deals: deals.csv, calls: calls.csv, history: history.csv}
tables:
  leads:
    from: leads
    columns:
      lead_id: Id
      created_at: {column: Created, format: "%Y-%m-%d %H:%M"}
      handed_off_at: {column: Handed, format: "%Y-%m-%d %H:%M"}
      sourced_by: {column: Source, values: {Web: marketing, Call: sales}, otherwise: null}
      tier: Tier
      segment: Region
      owner: Owner
      lost_at: {column: Lost, format: "%Y-%m-%d %H:%M"}
      lost_reason: Reason
  deals:
    from: deals
    columns:
      deal_id: Id
      lead_id: Lead
      sourced_by: {column: Source, values: {Web: marketing, Call: sales}}
      segment: Region
      closed_at: {column: Closed, format: "%Y-%m-%d"}
      won: {column: Stage, values: {Won: true, Lost: false, Open: null}}
      amount: Amount
  activities:
    from: calls
    columns:
      activity_id: Id
      lead_id: Lead
      occurred_at: {column: At, format: "%Y-%m-%d %H:%M"}
      kind: Kind
      by_human: Human
      outbound: {column: Way, values: {out: true, in: false}}
      connected: Talked
      owner: Owner
      logged_at: {column: Logged, format: "%Y-%m-%d %H:%M"}
  assignments:
    from: history
    columns:
      lead_id: Lead
      from_owner: Before
      to_owner: After
      assigned_at: {column: At, format: "%Y-%m-%d %H:%M"}
"""
REFUSED = {"deal_currency_code", "amount"}  # with whose values amounts cannot be added up
ROWS = range(60)
OWN_FILES = {
    "leads": "Id,Created,Handed,Source,Tier,Region,Owner,Lost,Reason\n"
    + "".join(
        f"{n},2026-03-{n % 28 + 1:02} 09:00,2026-03-{n % 28 + 1:02} 10:00,{'Web' if n % 3 else 'Call'},"
        f"{'AB'[n % 2]},North,Jo,2026-04-01 09:00,No budget\n"
        for n in ROWS
    ),
    "deals": "Id,Lead,Source,Region,Closed,Stage,Amount\n"
    + "".join(f"d{n},{n},Web,North,2026-04-{n % 28 + 1:02},{'Won' if n % 2 else 'Open'},100\n" for n in ROWS),
    "calls": "Id,Lead,At,Kind,Human,Way,Talked,Owner,Logged\n"
    + "".join(f"c{n},{n},2026-03-{n % 28 + 1:02} 11:00,call,yes,out,no,Jo,2026-03-30 11:00\n" for n in ROWS),
    "history": "Lead,Before,After,At\n" + "".join(f"{n},Jo,Max,2026-04-02 09:00\n" for n in ROWS),
}
EXPORTS = {
    "own": (OWN, OWN_FILES),
    "hubspot": (crm.HUBSPOT_SOURCE, crm.HUBSPOT),
    "salesforce": (crm.SALESFORCE_SOURCE, crm.SALESFORCE),
}


class Planted:
    """The persons planted in an export, by number: file, column and kind."""

    def __init__(self) -> None:
        self.places: dict[int, str] = {}

    def rows(self, file: str, text: str, columns: Collection[str] | None = None) -> str:
        """A file with rows added: for each of these columns, or else of all but those refused, one with each
        kind of value."""
        header, *lines = csv.reader(io.StringIO(text))
        dates = {
            n: cell for line in lines for n, cell in enumerate(line) if re.match(r"\d{4}-\d\d-\d\d", cell)
        }
        given = [[cell or dates.get(n, "") for n, cell in enumerate(line)] for line in lines]
        chosen = {*header} - REFUSED if columns is None else columns
        for place in (place for place, column in enumerate(header) if column in chosen):
            for kind in PLANTED:
                n = 1000 + len(self.places)
                self.places[n] = f"{kind} in {file}.{header[place]}"
                row = [*given[n % len(given)]]
                row[0] = f"{row[0][:10]}{n:05}" if len(row[0]) == 15 else f"7{n}"
                row = [f"row{n}@rows.example" if "@" in cell else cell for cell in row]
                row[place] = value(kind, n)
                lines.append(row)
        made = io.StringIO()
        csv.writer(made, lineterminator="\n").writerows([header, *lines])
        return made.getvalue()

    def told_by(self, text: str) -> dict[str, str]:
        """Those that a text tells, each with what stands around it."""
        low, found = text.lower(), {}
        for n, place in self.places.items():
            digest = hashlib.sha256(value("address", n).encode()).hexdigest()[:16]
            for token in (f"quandt{letters(n)}", f"55{n}", digest):
                if hit := re.search(rf"{token}\b", low):
                    found[place] = text[max(0, hit.start() - 50) : hit.end() + 30].replace("\n", "|")
        return found


def letters(n: int) -> str:
    return "".join(chr(ord("a") + int(digit)) for digit in str(n))


def value(kind: str, n: int) -> str:
    return PLANTED[kind].format(n=n, letters=letters(n))


def told(snapshot: Snapshot) -> str:
    """All that is kept of an import, or shown, but the names of owners."""
    texts = [json.dumps(snapshot.quality, ensure_ascii=False), snapshot.quarantine_csv.decode()]
    texts.append(quality_page(snapshot.quality, title="Quality", words=Wording(), nav=()))
    for path in snapshot.tables.values():
        table = duckdb.execute(f"from read_parquet('{path}')").df()
        texts.append(table.drop(columns=[name for name in OWNERS if name in table]).to_csv())
    return "\n".join(texts)


def attack(folder: Path, exports: tuple[str, ...] = tuple(EXPORTS)) -> str:
    """Imports of exports with a person planted in every column.

    Raises
    ------
    AssertionError : naming every column by which one is told.
    """
    leaks, count = [], 0
    for export in exports:
        source, files = EXPORTS[export]
        for columns in (REFUSED, None):  # the import says no to the one, and takes the others
            planted = Planted()
            given = {file: planted.rows(file, text, columns) for file, text in files.items()}
            try:
                kept = told(crm.taken_in(folder / export, source, given))
            except SlanbError as error:
                if columns is None:
                    raise
                kept = str(error)
            leaks += [f"{export}: {place}: {shown}" for place, shown in planted.told_by(kept).items()]
            count += len(planted.places)
    assert not leaks, "\n".join(leaks)
    return f"{count} persons planted in {len(exports)} exports, none told"
