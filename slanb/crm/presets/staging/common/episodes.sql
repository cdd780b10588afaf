-- Each time a person came to us, `promised` where it was presented to sales.
create table staged.episodes as
with starts as (
    select p.person, p.created as starts, 1 as number, null::timestamp as ends
    from staged.people as p where p.person not in (select person from staged.returns)
    union all
    select person, starts,
        row_number() over (partition by person order by starts) as number,
        lead(starts) over (partition by person order by starts) as ends
    from (
        select person, starts from staged.returns
        union
        select person, created from staged.people
        where person in (select person from staged.returns)
    )
),
named as (select person, created, min(node) as node from staged.owned group by person, created),
dated as (
    select s.*, p.lead_id as first_id, p.reached and p.handed is null as reached,
        case when s.number = 1 and (s.ends is null or p.handed < s.ends) then p.handed
            when s.number > 1 and p.handed < s.starts then s.starts
            when s.number > 1 and (s.ends is null or p.handed < s.ends) then p.handed
            when s.number > 1 and getvariable('gate') = '' then s.starts
        end as handed
    from starts as s inner join staged.people as p using (person)
)
select d.person, d.number, d.starts, d.handed,
    (getvariable('gate') = '' or d.handed is not null or d.reached) as promised,
    case when d.number = 1 then d.first_id else coalesce(n.node, d.first_id || '#' || d.number) end as lead_id
from dated as d
left join named as n on d.number > 1 and n.person = d.person and n.created = d.starts;

create table staged.promised as
select *, count(*) over (partition by person) as episodes from staged.episodes where promised
