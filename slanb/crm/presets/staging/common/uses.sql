-- Which records are used, and why the others are not.
alter table staged.records add column place bigint;
update staged.records set place = rowid;
alter table staged.records add column use varchar;
update staged.records set use = case when node is null then 'without an id'
    when merged_into is not null then 'kept'
    when yes(deleted) then 'deleted' else 'kept' end;
update staged.records set use = 'a record listed twice' where use = 'kept' and place not in (
    select min(place) from staged.records where use = 'kept' group by node, is_lead);
