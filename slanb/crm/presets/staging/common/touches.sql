-- A row for each hand-off a touch was for: of a person with several, the last that had begun.
create table staged.touches as
with followed as (
    select t.*, e.lead_id from staged.linked as t
    left join staged.promised as e on t.person = e.person and e.episodes = 1
    where t.person is null or t.person not in (select person from staged.promised where episodes > 1)
    union all
    select t.*, e.lead_id from staged.linked as t inner join staged.promised as e on t.person = e.person
    where e.episodes > 1
    qualify row_number() over (
        partition by t.id, t._file, t._line, t.rank order by e.starts <= t.happened desc nulls last,
            case when e.starts <= t.happened then e.starts end desc nulls last, e.starts
    ) = 1
)
select case when t.rank = 1 then t.id else t.id || '/' || coalesce(t.lead_id, t.person) end as activity_id,
    t.lead_id, t.happened, t.happened_cell, t.logged, t.kind, t.by_human, t.outbound, t.connected,
    coalesce(o.shown, t.owner) as owner, t._file, t._line
from followed as t left join staged.owners as o on t.owner = o.id
where t.lead_id is not null or (
    t.rank = 1 and coalesce(t.person not in (select person from staged.people), true))
