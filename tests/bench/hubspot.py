"""Bench: a large company's HubSpot export, through the preset and through a plain pandas script.

Both end at the same answers: leads and customers by month of creation, wins by month of closing, and how many
leads were touched by hand after their hand-off.
"""

from pathlib import Path

from tests.bench.imports import make_company
from tests.bench.measure import Measured

MAPPING = 'preset: hubspot\nzone: Europe/Berlin\ntimes: "%Y-%m-%d %H:%M"\nagain_after_days: null\n'
ZONE = "Europe/Berlin"
AS_OF = "2026-11-01"


def write_hubspot(source: Path, target: Path) -> None:
    """The sample company's files in the words of a HubSpot screen export."""
    import duckdb

    target.mkdir()
    read = "select * from read_csv('{}', all_varchar = true, header = true)"
    side = "case when \"{}\" in ('Sales outreach', 'Partner') then 'Offline Sources' else 'Paid Search' end"
    queries = {
        "contacts": f"""
            select "Record ID", 'a' || "Record ID" || '@example.com' as "Email", "Create Date",
                'Marketing Qualified Lead' as "Lifecycle Stage", {side.format("Original Source")} as
                "Original Source", "Owner" as "Contact owner", coalesce("Hand-off Date", "Create Date") as
                "Became a Marketing Qualified Lead Date"
            from ({read.format(source / "leads.csv")})""",
        "deals": f"""
            select "Deal ID" as "Record ID", "Stage" as "Deal Stage", 'default' as "Pipeline", "Amount",
                "Create Date", "Close Date", {side.format("Source")} as "Original Source Type",
                "Lead ID" as "Associated Contact IDs"
            from ({read.format(source / "deals.csv")})""",
        "activities": f"""
            select "Activity ID" as "Record ID", "Activity Date" as "Activity date",
                "Logged Date" as "Create date",
                case "Type" when 'LINKEDIN_MESSAGE' then 'COMMUNICATION' else "Type" end as "Activity type",
                case when "Type" = 'CALL' then "Direction" end as "Call direction",
                case when "Type" = 'CALL' then "Outcome" end as "Call outcome",
                case when "Type" = 'EMAIL' then case "Direction" when 'OUTBOUND' then 'EMAIL'
                    else 'INCOMING_EMAIL' end end as "Email direction",
                case when "Type" = 'MEETING' then case "Outcome" when 'Completed' then 'COMPLETED'
                    else 'NO_SHOW' end end as "Meeting outcome",
                case when "Type" = 'LINKEDIN_MESSAGE' then "Direction" end as hs_communication_direction,
                case when "Automated" = 'true' then '1' end as "Sequence ID",
                "Owner" as "Activity assigned to",
                "Lead ID" as "Associated Contact IDs"
            from ({read.format(source / "activities.csv")})""",
    }
    for name, query in queries.items():
        duckdb.execute(f"copy ({query}) to '{target / name}.csv' (header)")


def with_the_preset(folder: Path) -> str:
    """Import by the preset, and ask the facts."""
    import pandas as pd

    from slanb.crm import import_source, open_source
    from slanb.facts import Facts
    from slanb.periods import parse_period, trailing

    (folder / "hubspot.yml").write_text(MAPPING)
    snapshot = import_source(
        open_source(folder / "hubspot.yml", data=folder / "hubspot"), folder / "snapshots"
    )
    as_of = pd.Timestamp(AS_OF, tz=ZONE).tz_convert("UTC")
    facts = Facts(snapshot.tables, as_of=as_of, exported_at=as_of, zone=ZONE)
    months = trailing(parse_period("2026-10"), 24)
    cohorts, closings = facts.cohorts(months), facts.closings(months)
    touched = facts._engine.ask("""
        select count(distinct l.lead_id) from seen_leads as l
        inner join seen_activities as a on a.lead_id = l.lead_id
        where a.by_human and a.outbound and a.occurred_at >= l.handed_off_at
    """).iloc[0, 0]
    return (
        f"{cohorts['leads'].sum():,} leads, {cohorts['customers'].sum():,} customers, "
        f"{closings['deals'].sum():,} wins, {touched:,} touched"
    )


def with_pandas(folder: Path) -> str:
    """The same by hand: no quarantine, no report on quality, no rule but those this file needs."""
    import numpy as np
    import pandas as pd

    def times(column: pd.Series) -> pd.Series:
        clock = pd.to_datetime(column, format="%Y-%m-%d %H:%M", errors="coerce")
        earlier = np.ones(len(clock), dtype=bool)  # an hour that the clock shows twice is its first showing
        return clock.dt.tz_localize(ZONE, ambiguous=earlier, nonexistent="shift_forward").dt.tz_convert("UTC")

    data = folder / "hubspot"
    leads = pd.read_csv(data / "contacts.csv", dtype=str)
    leads = leads.drop_duplicates("Record ID")
    leads["person"] = leads["Email"].str.lower()
    for name, column in (("created", "Create Date"), ("handed", "Became a Marketing Qualified Lead Date")):
        leads[name] = times(leads[column])
    leads["side"] = leads["Original Source"].map({"Paid Search": "marketing", "Offline Sources": "sales"})
    leads = leads.sort_values("created").drop_duplicates("person")
    deals = pd.read_csv(data / "deals.csv", dtype=str).drop_duplicates("Record ID")
    for name, column in (("opened", "Create Date"), ("closed", "Close Date")):
        deals[name] = times(deals[column])
    deals["won"] = deals["Deal Stage"].map({"closedwon": True, "closedlost": False})
    deals["amount"] = pd.to_numeric(deals["Amount"], errors="coerce")
    deals = deals.merge(leads[["Record ID", "created", "side"]], how="left", left_on="Associated Contact IDs",
                        right_on="Record ID", suffixes=("", " of lead"))  # fmt: skip
    touches = pd.read_csv(data / "activities.csv", dtype=str).drop_duplicates("Record ID")
    for name, column in (("happened", "Activity date"), ("logged", "Create date")):
        touches[name] = times(touches[column])
    done = (touches["Activity type"] != "MEETING") | (touches["Meeting outcome"] == "COMPLETED")
    outbound = (
        (touches["Call direction"] == "OUTBOUND")
        | (touches["Email direction"] == "EMAIL")
        | (touches["Meeting outcome"] == "COMPLETED")
        | (touches["hs_communication_direction"] == "OUTBOUND")
    )
    touches["connected"] = touches["Call outcome"].map({"Connected": True, "No answer": False, "Busy": False})
    by_hand = touches[done & outbound & touches["Sequence ID"].isna()]
    by_hand = by_hand.merge(leads[["Record ID", "handed", "created"]], left_on="Associated Contact IDs",
                            right_on="Record ID", suffixes=("", " of lead"))  # fmt: skip
    start = by_hand["handed"].fillna(by_hand["created"])
    touched = by_hand.loc[by_hand["happened"] >= start, "Associated Contact IDs"].nunique()
    months = pd.period_range(end="2026-10", periods=24, freq="M")

    def month(column: pd.Series) -> pd.Series:
        return column.dt.tz_convert(ZONE).dt.tz_localize(None).dt.to_period("M")

    won = deals[deals["won"].eq(True)]
    leads["customer"] = leads["Record ID"].isin(won["Associated Contact IDs"])
    cohorts = leads.groupby([month(leads["created"]), "side"])["customer"].agg(["size", "sum"]).reset_index()
    cohorts = cohorts[cohorts["created"].isin(months)]
    closings = won.groupby(month(won["closed"]))["amount"].agg(["size", "sum"]).reindex(months).fillna(0)
    return (
        f"{cohorts['size'].sum():,} leads, {cohorts['sum'].sum():,} customers, "
        f"{int(closings['size'].sum()):,} wins, {touched:,} touched"
    )


def as_hubspot(folder: Path) -> str:
    """Simulate the large company, and write it as HubSpot would."""
    make_company(folder)
    write_hubspot(folder / "csv", folder / "hubspot")
    return f"{sum(path.stat().st_size for path in (folder / 'hubspot').iterdir()) / 1e6:.0f} MB"


MEASURED = {
    "a large company as HubSpot exports it": Measured(as_hubspot),
    "HubSpot preset to facts": Measured(with_the_preset, seconds=40, gigabytes=3),
    "the same by a pandas script": Measured(with_pandas),
}


def compare(found: dict[str, dict]) -> str:
    """The preset beside the script."""
    preset, script = found["HubSpot preset to facts"], found["the same by a pandas script"]
    return (
        f"preset / pandas script: {preset['cpu'] / script['cpu']:.2f} of the CPU time, "
        f"{preset['gigabytes'] / script['gigabytes']:.2f} of the memory; the same answers: "
        f"{preset['what'] == script['what']}"
    )
