"""Large records for the bench: a simulated company's canonical tables, and copies of it.

The first hundred thousand leads are simulated and imported. Every further copy has ids and owners of its own
and happens some seconds later, so that sizes differ and shapes do not; DuckDB writes them.
"""

from pathlib import Path

from slanb.crm import Snapshot, import_source, open_source
from slanb.database import connect
from slanb.simulate import Company, simulate, write_files
from tests.bench.measure import ROOT

LEADS = 100_000  # simulated
IDS = {"leads": ["lead_id"], "deals": ["deal_id", "lead_id"], "activities": ["activity_id", "lead_id"]}
TIMES = {
    "leads": ["created_at", "handed_off_at", "lost_at"],
    "deals": ["closed_at"],
    "activities": ["occurred_at", "logged_at"],
    "assignments": ["assigned_at"],
}
OWNERS = {"leads": ["owner"], "activities": ["owner"], "assignments": ["from_owner", "to_owner"]}
APART = 10**10  # between the ids of two copies


def write_records(folder: Path, leads: int) -> dict[str, Path]:
    """Write the canonical tables of about so many leads, a multiple of `LEADS`: their files, by table."""
    write_files(simulate(Company().scaled(LEADS)), folder / "csv-of-one")
    source = open_source(ROOT / "params/source.yml", data=folder / "csv-of-one")
    snapshot = import_source(source, folder / "snapshots")
    target = folder / f"records-{leads}"
    target.mkdir()
    with connect() as engine:
        for table, path in snapshot.tables.items():
            rows = " union all ".join(_copy(table, path, number) for number in range(leads // LEADS))
            engine.execute(f"copy ({rows}) to '{target / path.name}' (format parquet, compression zstd)")
    return {table: target / path.name for table, path in snapshot.tables.items()}


def _copy(table: str, path: Path, number: int) -> str:
    """The rows of one copy: they follow those of the copy before, by id."""
    names = IDS.get(table, ["lead_id"])
    changed = [f"({name}::bigint + {APART * number})::varchar as {name}" for name in names]
    # within the minute, as the copies of a lead that is created late shall be on record, too
    changed += [f"{name} + to_seconds({number % 60}) as {name}" for name in TIMES[table]]
    changed += [f"{name} || ' {number % 10}' as {name}" for name in OWNERS.get(table, ())]
    return f"select * replace ({', '.join(changed)}) from read_parquet('{path}')"


def snapshot_of(folder: Path) -> Snapshot:
    """The import that the records were made from, which says of when they are."""
    source = open_source(ROOT / "params/source.yml", data=folder / "csv-of-one")
    return import_source(source, folder / "snapshots")
