"""Activities and changes of owner: what was a touch, whose, and for which of a person's hand-offs.

Floor 2.
"""

import duckdb

from slanb.crm.presets import hubspot
from slanb.crm.presets.counting import LISTS, counter, reasons
from slanb.crm.presets.fields import Fields


def make_touches(made: Fields, engine: duckdb.DuckDBPyConnection) -> None:
    if not made.has("activities", "id"):
        return
    sql = made.crm.touch_sql(made.settings)
    rows = made.rows("activities")
    if made.crm is not hubspot:
        rows = (
            f'select * exclude (happened, happened_cell), coalesce(happened, "day") as happened, '
            f"coalesce(happened_cell, day_cell) as happened_cell, who as contacts, {made.crm.WHAT} as what "
            f"from ({rows})"
        )
    elsewhere = made.crm is hubspot and made.has("activity_contacts", "activity")
    alone = "false" if elsewhere else f"coalesce(regexp_full_match(contacts, '{LISTS}'), false)"
    engine.execute(f"""
        create table met.all_touches as
        select id, contacts, {alone} as alone, happened,
            case when happened is null then happened_cell end as happened_cell,
            logged, {sql["kind"]} as kind, {sql["by_human"]} as by_human, {sql["outbound"]} as outbound,
            {sql["connected"]} as connected, owner, {sql["why_not"]} as why_not, _file, _line
        from ({rows})
    """)
    _link(made, engine, elsewhere=elsewhere)
    later = "e.starts <= t.happened"
    engine.execute(f"""
        create table met.touches as
        with followed as (
            select t.*, e.lead_id from met.linked as t
            left join met.promised as e on t.person = e.person and e.episodes = 1
            where t.person is null or t.person not in (select person from met.promised where episodes > 1)
            union all
            select t.*, e.lead_id from met.linked as t inner join met.promised as e on t.person = e.person
            where e.episodes > 1
            qualify row_number() over (
                partition by t.id, t._file, t._line, t.rank order by {later} desc nulls last,
                    case when {later} then e.starts end desc nulls last, e.starts
            ) = 1
        )
        select case when t.rank = 1 then t.id else t.id || '/' || coalesce(t.lead_id, t.person) end
            as activity_id, t.lead_id, t.happened, t.happened_cell, t.logged, t.kind, t.by_human, t.outbound,
            t.connected, coalesce(o.shown, t.owner) as owner, t._file, t._line
        from followed as t left join met.owners as o on t.owner = o.id
        where t.lead_id is not null or (
            t.rank = 1 and coalesce(t.person not in (select person from met.people), true))
    """)
    count = counter(engine)
    made.told["activities"] = {
        "records": count("from met.all_touches"),
        **reasons(engine, "met.all_touches"),
        "touches": count("from met.all_touches where why_not is null"),
        "rows, one a lead touched": count("from met.touches"),
    }


def _link(made: Fields, engine: duckdb.DuckDBPyConnection, *, elsewhere: bool) -> None:
    """Make `met.linked`: a row for each person a touch was for, the first of them of `rank` 1.

    elsewhere : who they are stands in a file of its own.
    """
    single = """
        select t.* exclude (contacts, alone), coalesce(n.person, t.contacts) as person, 1 as rank
        from met.all_touches as t left join met.person_of as n on t.contacts = n.node
        where why_not is null and alone
    """
    if not counter(engine)("from met.all_touches where why_not is null and not alone"):
        engine.execute(f"create view met.linked as {single}")  # the usual case, and a large one
        return
    association = (
        f"union select activity, contact from ({made.rows('activity_contacts')})" if elsewhere else ""
    )
    engine.execute(f"""
        create table met.many_links as
        select distinct l.id, coalesce(n.person, l.node) as person
        from (
            select id, unnest(regexp_extract_all(contacts, '{LISTS}')) as node from met.all_touches
            where contacts is not null and not alone
            {association}
        ) as l left join met.person_of as n on l.node = n.node;
        create table met.linked as
        {single}
        union all
        select t.* exclude (contacts, alone), m.person,
            row_number() over (
                partition by t.id, t._file, t._line order by p.person is null, m.person
            ) as rank
        from met.all_touches as t left join met.many_links as m on t.id = m.id
        left join met.people as p on m.person = p.person
        where why_not is null and not alone
    """)


def make_assignments(made: Fields, engine: duckdb.DuckDBPyConnection) -> None:
    if not made.has("history", "changed"):
        return
    if made.crm is hubspot:
        changes = (
            'select contact, lag("value") over (partition by contact order by changed) as before, '
            f'"value", changed, changed_cell, _file, _line from ({made.rows("history")}) '
            "where lower(field) = 'hubspot_owner_id'"
        )
    else:
        changes = (
            f'select contact, "before", "value", changed, changed_cell, _file, _line '
            f"from ({made.rows('history')}) "
            "where lower(field) in ('owner', 'ownerassignment', 'owneraccepted') "
            "qualify row_number() over (partition by contact, changed, changed_cell "
            "order by starts_with(\"value\", '005') desc nulls last, _line) = 1"
        )
    engine.execute(f"""
        create table met.assignments as
        select e.lead_id, coalesce(b.shown, h.before) as from_owner, coalesce(a.shown, h."value") as to_owner,
            h.changed, h.changed_cell, h._file, h._line
        from ({changes}) as h
        left join met.person_of as n on h.contact = n.node
        inner join met.promised as e on e.person = coalesce(n.person, h.contact)
        left join met.owners as b on h.before = b.id
        left join met.owners as a on h."value" = a.id
        where h.before is not null
        qualify row_number() over (
            partition by h.contact, h.changed, h._line order by e.starts <= h.changed desc nulls last,
                case when e.starts <= h.changed then e.starts end desc nulls last, e.starts
        ) = 1
    """)
