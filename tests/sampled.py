"""The sample company at full size as canonical tables, made by plain pandas and not by the import."""

from functools import cache

import numpy as np
import pandas as pd

from slanb.simulate import Company, simulate


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
