"""From a CRM's records to rows for the canonical tables: read by field, put to people, judged by the rules.

Floor 2. All of it is SQL over text columns, in the schema `met`; rows that cannot be used are handed on so
that the import can quarantine them, and rows the rules leave out are counted by reason.
"""

from dataclasses import dataclass
from typing import Any

import duckdb

from slanb.crm.presets import hubspot
from slanb.crm.presets.activities import make_assignments, make_touches
from slanb.crm.presets.counting import LISTS, TRUE, counter
from slanb.crm.presets.deals import make_deals
from slanb.crm.presets.fields import Fields
from slanb.crm.presets.people import make_episodes, make_people, number_people
from slanb.crm.presets.rules import rules_in_words
from slanb.crm.sql import listed, literal

MACROS = """
    create macro capital(id, place) as (substr(id, place, 1) between 'A' and 'Z')::integer;
    create macro check_letter(id, p) as substr('ABCDEFGHIJKLMNOPQRSTUVWXYZ012345',
        1 + capital(id, p) + 2 * capital(id, p + 1) + 4 * capital(id, p + 2) + 8 * capital(id, p + 3)
        + 16 * capital(id, p + 4), 1);
    create macro id18(id) as case when regexp_full_match(id, '0[0-9A-Za-z]{14}')
        then id || check_letter(id, 1) || check_letter(id, 6) || check_letter(id, 11) else id end;
"""


@dataclass
class Preparation(Fields):
    """What a preset does before the canonical tables are made."""

    @property
    def gate(self) -> str:
        """What gates the hand-off: `date`, `score`, `stage`, or nothing."""
        if self.has(self.lead_kind, "handed_off"):
            return "date"
        if self.settings.qualified_score is not None:
            return "score"
        by_stage = self.crm is hubspot or self.settings.qualified
        known = self.has(self.lead_kind, "stage") or any(
            self.has(self.lead_kind, f"entered_{stage}") for stage in hubspot.STAGES
        )
        return "stage" if by_stage and known else ""

    def run(self, engine: duckdb.DuckDBPyConnection) -> dict[str, Any]:
        """Make `met.leads`, `met.deals`, `met.touches` and `met.assignments`; returns what was done.

        Raises
        ------
        SlanbError : where amounts are in several currencies and none is named.
        """
        engine.execute("create schema met")
        engine.execute(MACROS)
        self.check_times(engine)
        self._records(engine)
        self._edges(engine)
        number_people(engine)
        make_people(engine)
        self._moments(engine)
        make_episodes(engine, gated=bool(self.gate), again_after_days=self.settings.again_after_days)
        self._owners(engine)
        self._leads(engine)
        make_deals(self, engine)
        make_touches(self, engine)
        make_assignments(self, engine)
        self.told["rules"] = list(rules_in_words(self.settings, self.gate))
        return self.told

    # ------------------------------------------------------------ people

    def _records(self, engine: duckdb.DuckDBPyConnection) -> None:
        if self.crm is hubspot:
            q = hubspot.qualified(self.settings)
            stages = listed(stage.lower() for stage in q)
            dates = [f"entered_{stage}" for stage in q if stage in hubspot.STAGES]
            entered = f"least({', '.join(dates)})" if dates and self.gate == "stage" else "null::timestamp"
            engine.execute(f"""
                create table met.records as
                select id as node, true as is_lead, created, created_cell, email, more_emails, merged,
                    null::varchar as merged_into, null::varchar as partner, null::varchar as opportunity,
                    {self._reached(f"{hubspot.stage_sql('stage')} in ({stages})")} as reached, owner, source,
                    tier, segment, handed_off, {entered} as entered, lost_at, lost_reason, deleted,
                    first_conversion, recent_conversion, _file, _line
                from ({self.rows("contacts")})
            """)
        else:
            statuses = listed(status.lower() for status in self.settings.qualified or ())
            both = f"lower(stage) in ({statuses}) or lower(converted) in {TRUE}"
            engine.execute(f"""
                create table met.records as
                select id as node, true as is_lead, created, created_cell, email,
                    null::varchar as more_emails, null::varchar as merged, merged_into,
                    contact as partner, opportunity,
                    {self._reached(both)} as reached, owner, source, tier, segment, handed_off,
                    null::timestamp as entered, lost_at, lost_reason, deleted,
                    null::timestamp as first_conversion, null::timestamp as recent_conversion, _file, _line
                from ({self.rows("leads")})
            """)
            engine.execute(f"""
                insert into met.records by name
                select id as node, false as is_lead, created, created_cell, email, source, merged_into,
                    deleted, _file, _line
                from ({self.rows("contacts")})
            """)
        self._stage_history(engine)
        engine.execute(f"""
            alter table met.records add column place bigint;
            update met.records set place = rowid;
            alter table met.records add column use varchar;
            update met.records set use = case when node is null then 'without an id'
                when merged_into is not null then 'kept'
                when lower(deleted) in {TRUE} then 'deleted' else 'kept' end;
            update met.records set use = 'a record listed twice' where use = 'kept' and place not in (
                select min(place) from met.records where use = 'kept' group by node, is_lead);
        """)

    def _reached(self, by_stage: str) -> str:
        """SQL: whether a record stands above the threshold now."""
        match self.gate:
            case "score":
                return f"coalesce(score_value >= {self.settings.qualified_score.at_least}, false)"
            case "stage":
                return f"coalesce({by_stage}, false)"
        return "false"

    def _stage_history(self, engine: duckdb.DuckDBPyConnection) -> None:
        """When a record crossed the threshold, by the CRM's own history of changes."""
        if self.gate != "stage" or not self.has("history", "changed"):
            return
        if self.crm is hubspot:
            field_is, value = "lower(field) = 'lifecyclestage'", hubspot.stage_sql('"value"')
            wanted = hubspot.qualified(self.settings)
        else:
            field_is, value, wanted = (
                "lower(field) = 'status'",
                'lower("value")',
                self.settings.qualified or (),
            )
        engine.execute(f"""
            update met.records as r set entered = least(r.entered, h.moment)
            from (
                select contact, min(changed) as moment from ({self.rows("history")})
                where {field_is} and {value} in ({listed(one.lower() for one in wanted)}) group by contact
            ) as h where r.node = h.contact
        """)

    def _edges(self, engine: duckdb.DuckDBPyConnection) -> None:
        engine.execute(f"""
            create table met.gone as
            select node as kept, unnest(regexp_extract_all(merged, '{LISTS}')) as gone from met.records
            where merged is not null and node is not null
            union all select merged_into, node from met.records where merged_into is not null
        """)
        if self.crm is hubspot:
            engine.execute(f"insert into met.gone select kept, gone from ({self.rows('merges')})")
        engine.execute("""
            create table met.edges as
            with addresses as (
                select node, lower(email) as address from met.records where email is not null
                union
                select node, unnest(regexp_extract_all(lower(more_emails), '[^;, ]+@[^;, ]+'))
                from met.records
                where more_emails is not null
            ),
            shared as (
                select address, min(node) as one from addresses
                where node is not null and position('@' in address) > 0
                group by address having count(distinct node) > 1
            )
            select kept as one, gone as other from met.gone where kept is not null and gone is not null
            union all select node, partner from met.records where partner is not null and node is not null
            union all
            select s.one, a.node from shared as s inner join addresses as a using (address)
            where a.node is not null
        """)

    def _moments(self, engine: duckdb.DuckDBPyConnection) -> None:
        """Conversions besides a record's creation."""
        engine.execute("""
            create table met.moments as
            select node, first_conversion as moment from met.records where first_conversion > created
            union all
            select node, recent_conversion from met.records where recent_conversion > created
        """)
        responded = "" if self.crm is hubspot else f"where lower(responded) in {TRUE}"
        engine.execute(
            f"insert into met.moments select contact, submitted from ({self.rows('submissions')}) {responded}"
        )

    def _owners(self, engine: duckdb.DuckDBPyConnection) -> None:
        shown = "trim(concat_ws(' ', first_name, last_name))" if self.crm is hubspot else '"name"'
        engine.execute(
            f"create table met.owners as select id, nullif(min({shown}), '') as shown "
            f"from ({self.rows('owners')}) where id is not null group by id"
        )

    # ------------------------------------------------------------ rows for the canonical tables

    def _leads(self, engine: duckdb.DuckDBPyConnection) -> None:
        engine.execute(f"""
            create table met.leads as
            select e.lead_id, e.starts as created, p.created_cell, e.handed, {self.side("p.source")} as side,
                p.tier, p.segment, coalesce(o.shown, p.owner) as owner, p.lost_at, p.lost_reason, p._file,
                p._line
            from met.promised as e inner join met.people as p using (person)
            left join met.owners as o on p.owner = o.id
            union all by name
            select node as lead_id, created, created_cell, _file, _line from met.records
            where is_lead and use = 'without an id'
        """)
        count = counter(engine)
        own = "from met.records where is_lead"
        people = {
            "records": count(f"{own}"),
            **{
                why: count(f"{own} and use = {literal(why)}")
                for why in ("without an id", "deleted", "a record listed twice")
            },
            "merged into another or the same person": count("from met.owned") - count("from met.people"),
            "people": count("from met.people"),
            "nurtured": count("from met.people where person not in (select person from met.promised)"),
            "leads": count("from met.promised"),
            "of them come back": count("from met.promised where number > 1"),
        }
        self.told["people"] = people
