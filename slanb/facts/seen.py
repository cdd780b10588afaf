"""The records laid before an engine, as they were seen at the clock."""

from collections.abc import Mapping, Sequence
from importlib.resources import files

import pandas as pd

from slanb.engines import Embedded, Engine, Rows
from slanb.engines.canonical import as_canonical

TABLES = {
    "leads": (
        "lead_id varchar, created_at timestamp, handed_off_at timestamp, sourced_by varchar, tier varchar, "
        "segment varchar, owner varchar, lost_at timestamp, lost_reason varchar, presented boolean"
    ),
    "deals": (
        "deal_id varchar, lead_id varchar, sourced_by varchar, segment varchar, closed_at timestamp, "
        "won boolean, amount double, converted_from varchar"
    ),
    "activities": (
        "activity_id varchar, lead_id varchar, occurred_at timestamp, kind varchar, by_human boolean, "
        "outbound boolean, connected boolean, owner varchar, logged_at timestamp"
    ),
    "assignments": "lead_id varchar, from_owner varchar, to_owner varchar, assigned_at timestamp",
}


def with_records(
    tables: Mapping[str, Rows],
    *,
    as_of: pd.Timestamp,
    exported_at: pd.Timestamp,
    zone: str,
    days: Mapping[str, Sequence[str]],
    days_of: str,
    recorded_from: pd.Timestamp | None,
    upgrades: str,
    engine: Engine | None,
) -> Engine:
    """An engine with the canonical tables and what questions read of them; the parameters are `Facts`'."""
    engine = Embedded() if engine is None else engine.fresh()
    known = recorded_from is not None and recorded_from < as_of
    recorded = f"'{_plain(recorded_from)}'" if known else "null"
    engine.macros(
        f"create macro own_zone() as '{zone}'; create macro days_of() as '{days_of}'; "
        f"create macro recorded_from() as cast({recorded} as timestamp); "
        f"create macro upgrades_apart() as {upgrades == 'revenue_only'}"
    )
    engine.macros(text_of("macros"))
    for name, form in TABLES.items():
        columns = dict(part.split() for part in form.split(", "))
        dates = days.get(name, ()) if days_of != zone else ()
        as_canonical(engine, name, tables.get(name), columns, zone="days_of()", days=dates)
    now, exported = (f"timestamp '{_plain(each)}'" for each in (as_of, exported_at))
    engine.view("clock", f"select {now} as as_of, {exported} as exported_at")
    for view in ("seen_leads", "seen_activities"):
        engine.view(view, text_of(view))
    engine.later("seen_deals", text_of("seen_deals"))
    return engine


def text_of(name: str) -> str:
    """The text of a question, by the name of its file."""
    return (files(__package__) / f"{name}.sql").read_text(encoding="utf-8")


def _plain(instant: pd.Timestamp):
    return instant.tz_convert("UTC").tz_localize(None).to_pydatetime()
