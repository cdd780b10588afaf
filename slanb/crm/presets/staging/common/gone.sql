-- Records that the CRM has merged into others.
create table staged.gone as
select node as kept, unnest(ids_in(merged)) as gone from staged.records
where merged is not null and node is not null
union all select merged_into, node from staged.records where merged_into is not null
