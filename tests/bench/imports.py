"""Bench: a large company's records imported from CSV, and imported again unchanged."""

from pathlib import Path

from tests.bench.measure import ROOT, Measured

LEADS = 1_000_000


def make_company(folder: Path) -> str:
    """Simulate the large company and write its files."""
    from slanb.simulate import Company, simulate, write_files

    company = simulate(Company().scaled(LEADS))
    write_files(company, folder / "csv")
    return f"{len(company.leads):,} leads, {len(company.activities):,} activities"


def import_csv(folder: Path) -> str:
    from slanb.crm import import_source, open_source

    snapshot = import_source(
        open_source(ROOT / "params/source.yml", data=folder / "csv"), folder / "snapshots"
    )
    return f"{snapshot.quality['tables']['leads']['used']:,} leads used"


MEASURED = {
    "make a large company": Measured(make_company),
    "import it from CSV": Measured(import_csv, seconds=40, gigabytes=3),
    "import it again, unchanged": Measured(import_csv, seconds=1),
}
