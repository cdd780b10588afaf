"""Small sources written to a folder, and what an import makes of them."""

from pathlib import Path

import duckdb
import pandas as pd

from slanb.crm import Snapshot, import_source, open_source
from slanb.crm.quality import finding_message
from slanb.dictionary.wording import Wording

LEADS = "Id,Created,Kind\n1,2026-03-01 09:00,A\n2,2026-03-02 10:30,B\n3,2026-03-03 11:00,\n"
DEALS = "Id,Lead,Closed,Stage,Amount\nd1,1,2026-03-20,Won,1000\nd2,2,2026-03-25,Lost,\nd3,3,,Open,500\n"

MAPPING = """\
zone: Europe/Berlin
folder: data
files:
  leads: leads.csv
  deals: deals.csv
tables:
  leads:
    from: leads
    columns:
      lead_id: Id
      created_at: {column: Created, format: "%Y-%m-%d %H:%M"}
      sourced_by: {constant: marketing}
      tier: Kind
  deals:
    from: deals
    columns:
      deal_id: Id
      lead_id: Lead
      closed_at: {column: Closed, format: "%Y-%m-%d"}
      won: {column: Stage, values: {Won: true, Lost: false}, otherwise: null}
      amount: Amount
"""


def write_source(folder: Path, mapping: str = MAPPING, **files: str | bytes) -> Path:
    """A mapping and its files (`leads` is leads.csv); the standard ones where none are given."""
    data = folder / "data"
    data.mkdir(parents=True, exist_ok=True)
    for name, content in ({"leads": LEADS, "deals": DEALS} | files).items():
        path = data / (name if "." in name else f"{name}.csv")
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    source = folder / "source.yml"
    source.write_text(mapping, encoding="utf-8")
    return source


def imported(folder: Path, mapping: str = MAPPING, **files: str | bytes) -> Snapshot:
    """The snapshot of such a source."""
    return import_source(open_source(write_source(folder, mapping, **files)), folder / "snapshots")


def rows(snapshot: Snapshot, table: str) -> pd.DataFrame:
    """A canonical table."""
    return duckdb.execute(f"select * from read_parquet('{snapshot.tables[table]}')").df()


def by_id(frame: pd.DataFrame, columns: str) -> dict[str, tuple]:
    """Some columns of a table with ids for its index; None where a cell is empty."""
    values = frame.astype(object).where(frame.notna(), None)[columns.split()]
    return dict(zip(frame.index, map(tuple, values.to_numpy()), strict=True))


def anomaly(snapshot: Snapshot, kind: str, table: str | None = None) -> dict | None:
    """The finding of a kind, if there is one."""
    findings = [a for a in snapshot.quality["anomalies"] if a["id"] == kind and table in (None, a["table"])]
    return findings[0] if findings else None


def says(finding: dict) -> str:
    """The sentence of a finding or rule of the quality report."""
    return Wording().say(finding_message(finding))


def reconciles(snapshot: Snapshot) -> bool:
    """Every line of every file and every row of every table is accounted for."""
    quality = snapshot.quality
    effects = snapshot.quarantine["effect"].value_counts()
    return (
        all(file["rows"] == file["readable"] + file["rejected"] for file in quality["files"].values())
        and all(table["read"] == table["used"] + table["quarantined"] for table in quality["tables"].values())
        and all(table["used"] == len(rows(snapshot, name)) for name, table in quality["tables"].items())
        and effects.get("line", 0) == sum(file["rejected"] for file in quality["files"].values())
        and effects.get("row", 0) == sum(table["quarantined"] for table in quality["tables"].values())
        and effects.get("cell", 0)
        == sum(sum(table["emptied"].values()) for table in quality["tables"].values())
    )
