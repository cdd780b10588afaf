"""A small agreement and a small company, so that every number of an analysis can be counted by hand."""

from pathlib import Path

import pandas as pd

from slanb.facts import Facts
from slanb.terms import Terms, load_terms

HEAD = """
title: A small agreement
kind: internal
version: "1"
effective_from: 2026-01-01
effective_until: 2026-12-31
measure: month
language: en_GB
currency: EUR
summary: Marketing delivers leads, sales follows them up.
parties:
  - {id: marketing, name: Marketing, role: marketing}
  - {id: sales, name: Sales, role: sales}
calendar: {zone: UTC, hours: {monday: ["09:00", "17:00"]}}
clauses:
  - {id: leads, party: marketing, text: Marketing delivers the leads., figure: marketing.leads}
"""
GUIDE = "plan: {quota: 5000, marketing_share: 1, deal_size: 100, close_rate: 0.5}\n"
TIERED = """
plan:
  quota: 10000
  marketing_share: 0.6
  tiers:
    A: {share: 0.5, close_rate: 0.1, deal_size: 300, value: 40}
    B: {share: 0.5, close_rate: 0.05, deal_size: 200}
"""


def agreement(folder: Path, plan: str = GUIDE, **overlays: str) -> Terms:
    """The small agreement with a plan and overlays (`m2026_02="quota: 6000"`), read as any other."""
    (folder / "agreement.yml").write_text(HEAD + plan)
    for name, text in overlays.items():
        (folder / f"{name[1:].replace('_', '-')}.yml").write_text(text)
    return load_terms(folder / "agreement.yml")


def company(leads: list[tuple], *, as_of: str = "2026-07-01", extra_deals: list[tuple] = ()) -> Facts:
    """Facts of a company given as (created, source, tier, days to win or None, amount) and extra deals.

    Extra deals are (closed, source, amount) and have no lead.
    """
    rows = pd.DataFrame(leads, columns=["created_at", "sourced_by", "tier", "days", "amount"])
    rows["created_at"] = pd.to_datetime(rows["created_at"])
    rows["lead_id"] = [f"L{n}" for n in range(len(rows))]
    won = rows[rows["days"].notna()]
    deals = pd.DataFrame(
        {
            "deal_id": "D" + won["lead_id"],
            "lead_id": won["lead_id"],
            "sourced_by": won["sourced_by"],
            "closed_at": won["created_at"] + pd.to_timedelta(won["days"].astype(float), unit="D"),
            "won": True,
            "amount": won["amount"].astype(float),
        }
    )
    more = pd.DataFrame(extra_deals, columns=["closed_at", "sourced_by", "amount"])
    more = more.assign(
        deal_id=[f"X{n}" for n in range(len(more))], won=True, closed_at=pd.to_datetime(more["closed_at"])
    )
    deals = pd.concat([deals, more], ignore_index=True) if len(more) else deals
    clock = pd.Timestamp(as_of, tz="UTC")
    return Facts(
        {"leads": rows.drop(columns=["days", "amount"]), "deals": deals},
        as_of=clock, exported_at=clock, zone="UTC",
    )  # fmt: skip
