-- One row a hand-off; and the records without an id, so that the import can quarantine them.
create table staged.leads as
select e.lead_id, e.starts as created, p.created_cell, e.handed, side_of(p.source) as side, p.tier, p.segment,
    coalesce(o.shown, p.owner) as owner, p.lost_at, p.lost_reason, p._file, p._line
from staged.promised as e inner join staged.people as p using (person)
left join staged.owners as o on p.owner = o.id
union all by name
select node as lead_id, created, created_cell, _file, _line from staged.records
where is_lead and use = 'without an id'
