-- One row a person with a lead among its records, named after the first of them.
-- Records that the CRM has absorbed into another (`is_merged`) lend the person their dates only.
create table staged.owned as
select coalesce(p.person, r.node) as person, r.*,
    r.node in (select gone from staged.gone) or r.merged_into is not null as is_merged
from staged.records as r left join staged.person_of as p on r.node = p.node
where r.is_lead and r.use = 'kept';

create table staged.people as
with ranked as (
    select *, row_number() over (
        partition by person order by is_merged, created nulls last, place
    ) as rank
    from staged.owned
),
several as (
    select person, min(created) as created, min(entered) as entered, min(handed_off) as handed_off,
        bool_or(reached) as reached, count(*) as records,
        arg_min(source, created) filter (where source is not null and created is not null) as source
    from staged.owned group by person
)
select r.person, r.node as lead_id, s.created, case when s.created is null then r.created_cell end
    as created_cell, coalesce(s.source, r.source) as source, r.tier, r.segment, r.owner, r.lost_at,
    r.lost_reason, coalesce(s.handed_off, s.entered) as handed, coalesce(s.reached, false) as reached,
    s.records, r._file, r._line
from ranked as r inner join several as s using (person)
where r.rank = 1
