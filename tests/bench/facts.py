"""Bench: a large company's records, imported from CSV, and its facts."""

import json
from pathlib import Path

from tests.bench.measure import ROOT, Measured

LEADS = 1_000_000
PERIODS = 24


def make_records(folder: Path) -> str:
    """Simulate and write the large company; what the next two read."""
    from slanb.simulate import Company, simulate, write_files

    company = simulate(Company().scaled(LEADS))
    write_files(company, folder / "csv")
    return f"{len(company.leads):,} leads, {len(company.activities):,} activities"


def import_csv(folder: Path) -> str:
    from slanb.crm import import_source, open_source

    snapshot = import_source(
        open_source(ROOT / "params/source.yml", data=folder / "csv"), folder / "snapshots"
    )
    tables = {name: str(path) for name, path in snapshot.tables.items()}
    (folder / "tables.json").write_text(json.dumps(tables))
    return f"{snapshot.quality['tables']['leads']['used']:,} leads used"


def facts_from_parquet(folder: Path) -> str:
    import pandas as pd

    from slanb.facts import Facts
    from slanb.facts.tracked import track_periods, track_recent
    from slanb.periods import parse_period, trailing

    as_of = pd.Timestamp("2026-11-01", tz="Europe/Berlin").tz_convert("UTC")
    tables = json.loads((folder / "tables.json").read_text())
    facts = Facts(tables, as_of=as_of, exported_at=as_of, zone="Europe/Berlin")
    october = parse_period("2026-10")
    tracked = track_periods(facts, trailing(october, PERIODS))
    track_recent(facts, october, keys=["tier"])
    facts.daily_leads(october)
    return f"{PERIODS} periods of {tracked['leads'].sum():,.0f} marketing leads, tiers, days"


MEASURED = {
    "make a large company": Measured(make_records),
    "import it from CSV": Measured(import_csv, seconds=40, gigabytes=3),
    "facts from Parquet": Measured(facts_from_parquet, seconds=5, gigabytes=2),
}
