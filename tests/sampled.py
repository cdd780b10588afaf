"""The sample company at full size: its report, and its canonical tables by plain pandas."""

from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

from slanb.run import run
from slanb.simulate import Company, simulate

ROOT = Path(__file__).parents[1]
PROMISED = ["A", "B", "C"]  # the tiers of the agreement; other leads nobody promised


@cache
def sample_tables() -> dict[str, pd.DataFrame]:
    """The sample company at full size, from what its CRM exports, to canonical tables by plain pandas."""
    company = simulate(Company())
    zone = company.settings.zone

    def utc(times):
        aware = times.dt.tz_localize(zone, ambiguous=np.ones(len(times), bool), nonexistent="shift_forward")
        return aware.dt.tz_convert("UTC").dt.tz_localize(None)

    raw = company.leads
    marketing = {name for name, _ in company.settings.marketing_sources}
    leads = pd.DataFrame(
        {
            "lead_id": raw["Record ID"].astype(str),
            "created_at": utc(raw["Create Date"]),
            "handed_off_at": utc(raw["Hand-off Date"]),
            "sourced_by": np.where(raw["Original Source"].isin(marketing), "marketing", "sales"),
            "tier": raw["Rating"].astype(object),
            "segment": raw["Region"].astype(str),
            "owner": raw["Owner"].astype(str),
        }
    )
    raw = company.activities
    activities = pd.DataFrame(
        {
            "activity_id": raw["Activity ID"].astype(str),
            "lead_id": raw["Lead ID"].astype(str),
            "occurred_at": utc(raw["Activity Date"]),
            "kind": raw["Type"].astype(str).str.lower(),
            "by_human": ~raw["Automated"],
            "outbound": raw["Direction"].astype(str) == "OUTBOUND",
            "connected": raw["Outcome"].isin(["Connected", "Replied", "Completed"]),
            "owner": raw["Owner"].astype(str),
        }
    )
    return {"leads": leads, "activities": activities}


def report(outputs: Path, to: str, period: str = "2026-10", **more) -> Path:
    """The report of the sample company whose files lie in `outputs/data`, under `outputs/<to>`."""
    return run(
        period,
        agreement=str(ROOT / "params/agreement.yml"),
        source=str(ROOT / "params/source.yml"),
        data=str(outputs / "data"),
        outputs=outputs / to,
        notebooks=ROOT / "notebooks",
        **more,
    )
