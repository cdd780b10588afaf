"""Deals: won and lost by pipeline, tied to the people on them, placed with a side by every rule.

Floor 2.
"""

import duckdb

from slanb.crm.presets import hubspot
from slanb.crm.presets.counting import LISTS, TRUE, counter, reasons
from slanb.crm.presets.fields import Fields
from slanb.crm.sql import listed, literal
from slanb.errors import SlanbError


def make_deals(made: Fields, engine: duckdb.DuckDBPyConnection) -> None:
    count = counter(engine)
    stages = made.has("deal_stages", "stage")
    joined = ""
    if stages:
        joined = (
            f"left join (select stage as stage_id, min(is_won) as stage_is_won, min(is_closed) "
            f"as stage_is_closed from ({made.rows('deal_stages')}) group by stage) as s "
            "on d.stage = s.stage_id"
        )
    won = made.crm.won_sql(made.settings, has_won=made.has("deals", "is_won"), has_stages=stages)
    pipelines = made.settings.pipelines
    other = "false" if pipelines is None else f"coalesce(pipeline not in ({listed(pipelines)}), true)"
    gone = "false"
    if made.crm is hubspot:
        engine.execute(f"""
            create table met.deals_gone as
            select gone from ({made.rows("deal_merges")}) union
            select unnest(regexp_extract_all(merged, '{LISTS}')) from ({made.rows("deals")})
            where merged is not null
        """)
        gone = "d.id in (select gone from met.deals_gone)"
    engine.execute(f"""
        create table met.all_deals as
        select d.*, {won} as won, case when lower(deleted) in {TRUE} then 'deleted'
            when {gone} then 'merged into another' when {other} then 'of another pipeline' end as why_not
        from ({made.rows("deals")}) as d {joined}
    """)
    _check_currency(made, engine)
    _deal_links(made, engine)
    amount = "coalesce(home_amount, amount)" if made.has("deals", "home_amount") else "amount"
    if made.settings.currency is not None and made.has("deals", "currency"):
        foreign = f"upper(currency) <> {literal(made.settings.currency)}"
        if made.has("deals", "home_amount"):
            foreign += " and home_amount is null"
        amount = f"case when {foreign} then upper(currency) || ' ' || amount else {amount} end"
    side = made.side("d.source")
    rule = made.settings.sourced_by
    chosen = {
        "first_source": "x.side",
        "deal_source": f"coalesce({side}, x.side)",
        "contact_role": "coalesce(s.any_side, x.side)",
    }.get(rule, side)
    engine.execute(f"""
        create table met.deals as
        with linked as (
            select l.deal, e.person, e.lead_id, e.starts, l.priority, d.moment, p.created as person_created,
                {made.side("p.source")} as side, e.promised
            from met.deal_links as l
            left join met.person_of as n on l.node = n.node
            inner join met.episodes as e on e.person = coalesce(n.person, l.node)
            inner join met.people as p on p.person = e.person
            inner join (
                select id, min(coalesce(created, closed)) as moment from met.all_deals group by id
            ) as d on d.id = l.deal
        ),
        ranked as (
            select *, row_number() over (
                partition by deal order by promised desc, priority, starts <= moment desc nulls last,
                    person_created, person, case when starts <= moment then starts end desc nulls last, starts
            ) as rank
            from linked
        ),
        contacts as (
            select l.deal, {made.side("coalesce(p.source, r.source)")} as side
            from met.deal_links as l
            left join met.person_of as n on l.node = n.node
            left join met.people as p on p.person = coalesce(n.person, l.node)
            left join met.records as r on r.node = l.node and r.use = 'kept'
        ),
        sided as (
            select deal, case when bool_or(side = 'marketing') then 'marketing'
                when bool_or(side = 'sales') then 'sales' end as any_side
            from contacts group by deal
        )
        select d.id as deal_id, case when x.promised then x.lead_id end as lead_id,
            coalesce(not x.promised, false) as nurtured, {chosen} as side, d.segment, d.closed,
            d.closed_cell, d.won, {amount} as amount, d._file, d._line,
            x.side as by_first_source, coalesce({side}, x.side) as by_deal_source,
            coalesce(s.any_side, x.side) as by_contact_role
        from met.all_deals as d
        left join ranked as x on x.deal = d.id and x.rank = 1
        left join sided as s on s.deal = d.id
        where d.why_not is null
    """)
    made.told["deals"] = {
        "records": count("from met.all_deals"),
        **reasons(engine, "met.all_deals"),
        "deals": count("from met.deals"),
        "of people never presented to sales": count("from met.deals where nurtured"),
    }


def _check_currency(made: Fields, engine: duckdb.DuckDBPyConnection) -> None:
    if (
        made.settings.currency is None
        and made.has("deals", "currency")
        and not made.has("deals", "home_amount")
    ):
        found = engine.execute(
            "select upper(currency), count(*) from met.all_deals "
            "where currency is not null and amount is not null "
            "group by 1 order by 2 desc, 1"
        ).fetchall()
        if len(found) > 1:
            shown = ", ".join(f"{code} ({n:,})" for code, n in found)
            raise SlanbError(
                f"deals: amounts are in several currencies: {shown}. Say `currency:`; amounts in another one "
                "are emptied, or export the amount in the company's currency too."
            )


def _deal_links(made: Fields, engine: duckdb.DuckDBPyConnection) -> None:
    engine.execute(f"""
        create table met.deal_links as
        select id as deal, unnest(regexp_extract_all(contacts, '{LISTS}')) as node, 1 as priority
        from met.all_deals where contacts is not null and why_not is null
    """)
    if made.crm is hubspot:
        engine.execute(
            f"insert into met.deal_links select deal, contact, 1 from ({made.rows('deal_contacts')})"
        )
        return
    engine.execute(f"""
        insert into met.deal_links
        select opportunity, node, 0 from met.records where opportunity is not null and use = 'kept';
        insert into met.deal_links
        select deal, contact, case when lower("primary") in {TRUE} then 1 else 2 end
        from ({made.rows("contact_roles")})
    """)
