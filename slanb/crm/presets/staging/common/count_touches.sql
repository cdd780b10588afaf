-- What became of the activities.
select what, n from (
    select 1 as place, 'records' as what, count(*) as n from staged.all_touches
    union all select 2, why_not, count(*) from staged.all_touches where why_not is not null group by why_not
    union all select 3, 'touches', count(*) from staged.all_touches where why_not is null
    union all select 4, 'rows, one a lead touched', count(*) from staged.touches
) order by place, n desc, what
