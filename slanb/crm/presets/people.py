"""People behind records: one rule for duplicates, and one for coming back.

Floor 2. The rule: records are one person if the CRM says they were merged, if a lead was converted into a
contact, or if they share an e-mail address. A person who comes back after the agreed number of days is a new
hand-off episode, a lead of its own.
"""

import duckdb
import numpy as np
import pandas as pd

PERSON_RULE = (
    "Records are one person if the CRM merged them, converted one into the other, or they share an e-mail "
    "address (capitals aside). The person was created when the first of them was; its first source counts."
)
ORDER = "is_merged, created nulls last, place"  # which record a person is named after


def number_people(engine: duckdb.DuckDBPyConnection) -> None:
    """Make `met.person_of` (`node`, `person`) from `met.edges` (`one`, `other`); other nodes stand alone."""
    edges = engine.execute("select distinct one, other from met.edges where one <> other").df()
    if edges.empty:
        engine.execute("create table met.person_of (node varchar, person varchar)")
        return
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    codes, nodes = pd.factorize(pd.concat([edges["one"], edges["other"]]), sort=True)
    one, other = codes[: len(edges)], codes[len(edges) :]
    graph = coo_array((np.ones(len(edges), np.int8), (one, other)), shape=(len(nodes), len(nodes)))
    _, group = connected_components(graph, directed=False)
    named = pd.Series(nodes).groupby(group).transform("min")
    engine.register("numbered", pd.DataFrame({"node": nodes, "person": named}))
    engine.execute(
        "create table met.person_of as select node::varchar as node, person::varchar as person from numbered"
    )
    engine.unregister("numbered")


def make_people(engine: duckdb.DuckDBPyConnection) -> None:
    """Make `met.people` from `met.records`: one row a person with a lead among its records.

    `is_merged` records are those the CRM has absorbed into another; they lend the person their dates only.
    """
    engine.execute("""
        create table met.owned as
        select coalesce(p.person, r.node) as person, r.*,
            r.node in (select gone from met.gone) or r.merged_into is not null as is_merged
        from met.records as r left join met.person_of as p on r.node = p.node
        where r.is_lead and r.use = 'kept'
    """)
    engine.execute(f"""
        create table met.people as
        with ranked as (
            select *, row_number() over (partition by person order by {ORDER}) as rank
            from met.owned
        ),
        several as (
            select person, min(created) as created, min(entered) as entered, min(handed_off) as handed_off,
                bool_or(reached) as reached, count(*) as records,
                arg_min(source, created) filter (where source is not null and created is not null) as source
            from met.owned group by person
        )
        select r.person, r.node as lead_id, s.created, case when s.created is null then r.created_cell end
            as created_cell, coalesce(s.source, r.source) as source, r.tier, r.segment, r.owner, r.lost_at,
            r.lost_reason, coalesce(s.handed_off, s.entered) as handed, coalesce(s.reached, false) as reached,
            s.records, r._file, r._line
        from ranked as r inner join several as s using (person)
        where r.rank = 1
    """)


def make_episodes(engine: duckdb.DuckDBPyConnection, *, gated: bool, again_after_days: float | None) -> None:
    """Make `met.episodes`: each time a person came to us, `promised` where it was presented to sales.

    Parameters
    ----------
    gated : leads are presented to sales by stage, score or date; otherwise every episode is promised.
    again_after_days : days since the last conversion after which the next one begins an episode.

    `met.moments` (`node`, `moment`) holds the conversions known besides the records' creation.
    """
    if again_after_days is None:
        engine.execute("create table met.returns (person varchar, starts timestamp)")
    else:
        engine.execute(
            """
            create table met.returns as
            with moments as (
                select person, created as moment from met.owned where created is not null and not is_merged
                union
                select coalesce(p.person, m.node), m.moment
                from met.moments as m left join met.person_of as p on m.node = p.node
                where m.moment is not null
            ),
            often as (select person from moments group by person having count(*) > 1),
            steps as (
                select person, moment, lag(moment) over (partition by person order by moment) as before
                from moments where person in (select person from often)
            )
            select s.person, s.moment as starts
            from steps as s inner join met.people as p using (person)
            where s.moment > p.created and s.moment - s.before > to_seconds($seconds)
            """,
            {"seconds": again_after_days * 86400.0},
        )
    promised = "handed is not null or reached" if gated else "true"
    engine.execute(f"""
        create table met.episodes as
        with starts as (
            select p.person, p.created as starts, 1 as number, null::timestamp as ends
            from met.people as p where p.person not in (select person from met.returns)
            union all
            select person, starts,
                row_number() over (partition by person order by starts) as number,
                lead(starts) over (partition by person order by starts) as ends
            from (
                select person, starts from met.returns
                union
                select person, created from met.people
                where person in (select person from met.returns)
            )
        ),
        named as (select person, created, min(node) as node from met.owned group by person, created),
        dated as (
            select s.*, p.lead_id as first_id, p.reached and p.handed is null as reached,
                case when s.number = 1 and (s.ends is null or p.handed < s.ends) then p.handed
                    when s.number > 1 and p.handed < s.starts then s.starts
                    when s.number > 1 and (s.ends is null or p.handed < s.ends) then p.handed
                    when s.number > 1 and not {str(gated).lower()} then s.starts
                end as handed
            from starts as s inner join met.people as p using (person)
        )
        select d.person, d.number, d.starts, d.handed, ({promised}) as promised,
            case when d.number = 1 then d.first_id else coalesce(n.node, d.first_id || '#' || d.number) end
            as lead_id
        from dated as d
        left join named as n on d.number > 1 and n.person = d.person and n.created = d.starts
    """)
    engine.execute("""
        create table met.promised as
        select *, count(*) over (partition by person) as episodes from met.episodes where promised
    """)
