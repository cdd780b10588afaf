"""What looks wrong in canonical tables, row by row: one condition and one sentence for each.

Floor 2. Nothing is corrected here: each finding says how often, by whose ids, and which conclusions suffer.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import duckdb

from slanb.crm.mapping import SourceMapping
from slanb.crm.shape import TABLES, id_of

EXAMPLES = 5
NO_CRM_YET = "1990-01-01"
DAMAGED_ID = r"\d(\.\d+)?[eE]\+?\d+"  # what a spreadsheet makes of a long number


@dataclass(frozen=True)
class Anomaly:
    """Something in the records that a conclusion should not be drawn over.

    Parameters
    ----------
    id : what kind of thing.
    table : where.
    count, of : how many rows (or days, files) out of how many.
    message : the sentence, with `{count}`, `{of}`, `{percent}` and the names in `values` to be filled in.
    affects : the conclusions that suffer, in the field's words.
    examples : ids, at most five.
    """

    id: str
    table: str
    count: int
    of: int
    message: str
    affects: tuple[str, ...]
    values: dict[str, Any]
    examples: tuple[str, ...] = ()

    def told(self) -> dict[str, Any]:
        """As the quality report holds it; `says` is the message in English."""
        share = round(self.count / self.of, 6) if self.of else None
        shown = {key: f"{value:,}" if isinstance(value, int) else value for key, value in self.values.items()}
        percent = "–" if share is None else f"{100 * share:.1f} %"
        return {
            "id": self.id,
            "table": self.table,
            "count": self.count,
            "of": self.of,
            "share": share,
            "examples": list(self.examples),
            "says": self.message.format(count=f"{self.count:,}", of=f"{self.of:,}", percent=percent, **shown),
            "message": self.message,
            "values": self.values,
            "affects": list(self.affects),
        }


@dataclass(frozen=True)
class _Check:
    """Rows of a table that fulfil `when`, among those that fulfil `among`."""

    id: str
    table: str
    when: str
    message: str
    affects: tuple[str, ...]
    among: str = "true"
    needs: str = ""  # a column without which the check says nothing


# `closed_early` and the like are defined in `_views`
CHECKS = (
    _Check(
        "closed_before_created",
        "deals",
        "closed_early",
        "{count} of {of} deals were closed before their lead was created.",
        ("sales cycle",),
        among="won is not null and closed_at is not null and lead_known",
    ),
    _Check(
        "negative_amount",
        "deals",
        "amount < 0",
        "{count} of {of} amounts are negative.",
        ("revenue", "deal size", "marketing share"),
        among="amount is not null",
    ),
    _Check(
        "won_without_amount",
        "deals",
        "amount is null",
        "{count} of {of} won deals have no amount: they count as customers and bring no revenue.",
        ("revenue", "deal size", "marketing share"),
        among="won",
        needs="amount",
    ),
    _Check(
        "won_for_nothing",
        "deals",
        "amount = 0",
        "{count} of {of} won deals have an amount of zero.",
        ("deal size",),
        among="won",
    ),
    _Check(
        "won_without_closing_date",
        "deals",
        "closed_at is null",
        "{count} of {of} won deals have no closing date: they count as customers of their lead's period, "
        "from the export on, and in no period of closing.",
        ("closing basis", "sales cycle", "marketing share"),
        among="won",
    ),
    _Check(
        "unknown_lead",
        "deals",
        "not lead_known",
        "{count} of {of} deals name a lead that is not among the leads: they are unattributed.",
        ("close rate", "marketing share"),
        among="lead_id is not null",
    ),
    _Check(
        "no_lead",
        "deals",
        "lead_id is null",
        "{count} of {of} deals name no lead: they are unattributed.",
        ("close rate", "marketing share"),
    ),
    _Check(
        "damaged_id",
        "deals",
        f"regexp_full_match(deal_id, '{DAMAGED_ID}') or regexp_full_match(lead_id, '{DAMAGED_ID}')",
        "{count} of {of} deals have an id that a spreadsheet has rounded (1.23E+18).",
        ("close rate",),
    ),
    _Check(
        "no_tier",
        "leads",
        "tier is null",
        "{count} of {of} leads have no tier: they are shown as a tier of their own.",
        ("lead value",),
        needs="tier",
    ),
    _Check(
        "no_side",
        "leads",
        "sourced_by is null",
        "{count} of {of} leads were brought by neither marketing nor sales.",
        ("leads", "marketing share"),
    ),
    _Check(
        "no_hand_off",
        "leads",
        "handed_off_at is null",
        "{count} of {of} leads have no hand-off date: their clock runs from their creation.",
        ("speed",),
        needs="handed_off_at",
    ),
    _Check(
        "handed_off_before_created",
        "leads",
        "handed_off_early",
        "{count} of {of} leads were handed off before they were created.",
        ("speed",),
        among="handed_off_at is not null",
    ),
    _Check(
        "lost_before_created",
        "leads",
        "lost_early",
        "{count} of {of} lost leads were lost before they were created.",
        ("sales cycle",),
        among="lost_at is not null",
    ),
    _Check(
        "won_and_lost",
        "leads",
        "has_won",
        "{count} of {of} lost leads have a won deal: they count as customers.",
        ("close rate",),
        among="lost_at is not null",
    ),
    _Check(
        "several_deals",
        "leads",
        "deals > 1",
        "{count} of {of} leads with a deal have several: a lead is one customer, whatever its deals.",
        ("customers", "deal size"),
        among="deals > 0",
    ),
    _Check(
        "damaged_id",
        "leads",
        f"regexp_full_match(lead_id, '{DAMAGED_ID}')",
        "{count} of {of} leads have an id that a spreadsheet has rounded (1.23E+18).",
        ("close rate",),
    ),
    _Check(
        "unknown_lead",
        "activities",
        "not lead_known",
        "{count} of {of} activities belong to no lead of this source.",
        ("speed", "depth"),
    ),
    _Check(
        "before_lead",
        "activities",
        "occurred_early",
        "{count} of {of} activities happened before their lead was created: they are no follow-up of it.",
        ("speed",),
        among="lead_known",
    ),
    _Check(
        "logged_late",
        "activities",
        "logged_at >= occurred_at + interval 1 day",
        "{count} of {of} activities were logged a day or more after they happened.",
        ("speed",),
        among="logged_at is not null",
    ),
    _Check(
        "logged_early",
        "activities",
        "logged_at < date_trunc('minute', occurred_at)",
        "{count} of {of} activities were logged before they happened: they were planned, perhaps, not done.",
        ("speed", "depth"),
        among="logged_at is not null",
    ),
    _Check(
        "unknown_lead",
        "assignments",
        "not lead_known",
        "{count} of {of} changes of owner belong to no lead of this source.",
        ("speed",),
    ),
)


def row_anomalies(
    engine: duckdb.DuckDBPyConnection, mapping: SourceMapping, exported_at: str | None
) -> Iterator[Anomaly]:
    """Everything wrong with single rows of `canon.*`.

    Parameters
    ----------
    exported_at : naive UTC text of the export, if it was given; events after it are in the future.
    """
    _views(engine, mapping.zone)
    for check in CHECKS:
        spec = mapping.table(check.table)
        if spec is not None and (not check.needs or getattr(spec.columns, check.needs) is not None):
            yield from _found(engine, check)
    for table, spec in mapping.mapped():
        for column in TABLES[table]:
            if column.kind == "time" and getattr(spec.columns, column.name) is not None:
                yield from _found(engine, _long_ago(table, column.name))
                if exported_at is not None:
                    yield from _found(engine, _future(table, column.name, exported_at))


def _long_ago(table: str, column: str) -> _Check:
    return _Check(
        "implausible_date",
        table,
        f"{column} < timestamp '{NO_CRM_YET}'",
        f"{{count}} of {{of}} values of {column} lie before {NO_CRM_YET[:4]}: a zero, perhaps, or seconds "
        "taken for milliseconds.",
        ("closing basis", "sales cycle") if table == "deals" else ("leads", "speed"),
        among=f"{column} is not null",
    )


def _future(table: str, column: str, exported_at: str) -> _Check:
    return _Check(
        "future_date",
        table,
        f"{column} >= timestamp '{exported_at}'",
        f"{{count}} of {{of}} values of {column} lie after the export: they are planned, or mistyped.",
        ("closing basis", "sales cycle") if table == "deals" else ("leads", "speed"),
        among=f"{column} is not null",
    )


def _found(engine: duckdb.DuckDBPyConnection, check: _Check) -> Iterator[Anomaly]:
    rows = f"from work.checked_{check.table} where ({check.among})"
    of, count = engine.execute(f"select count(*), count(*) filter (where {check.when}) {rows}").fetchall()[0]
    if not count:
        return
    key = id_of(check.table)
    examples = engine.execute(
        f"select {key} {rows} and ({check.when}) order by {key} limit {EXAMPLES}"
    ).fetchall()
    yield Anomaly(
        check.id, check.table, count, of, check.message, check.affects, {}, tuple(row[0] for row in examples)
    )


def _views(engine: duckdb.DuckDBPyConnection, zone: str) -> None:
    """The canonical tables with what the conditions ask about beside them."""

    def early(event: str) -> str:
        """Whether an event lies before its lead's creation; one without a time of day, on an earlier day."""
        day = f"local({event}, '{zone}')"
        start = f"date_trunc('day', local(l.created_at, '{zone}'))"
        same_day = f"({day} = date_trunc('day', {day}) and {day} = {start})"
        return f"coalesce({event} < l.created_at and not {same_day}, false)"

    engine.execute(f"""
        create view work.checked_deals as
        select d.*, l.lead_id is not null as lead_known, {early("d.closed_at")} as closed_early
        from canon.deals as d left join canon.leads as l on d.lead_id = l.lead_id;

        create view work.checked_leads as
        select l.*, {early("l.handed_off_at")} as handed_off_early, {early("l.lost_at")} as lost_early,
            coalesce(d.deals, 0) as deals, coalesce(d.has_won, false) as has_won
        from canon.leads as l left join (
            select lead_id, count(*) as deals, bool_or(coalesce(won, false)) as has_won
            from canon.deals where lead_id is not null group by lead_id
        ) as d on l.lead_id = d.lead_id;

        create view work.checked_activities as
        select a.*, l.lead_id is not null as lead_known, {early("a.occurred_at")} as occurred_early
        from canon.activities as a left join canon.leads as l on a.lead_id = l.lead_id;

        create view work.checked_assignments as
        select a.*, l.lead_id is not null as lead_known
        from canon.assignments as a left join canon.leads as l on a.lead_id = l.lead_id;
    """)
