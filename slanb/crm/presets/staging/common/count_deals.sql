-- What became of the deals.
select what, n from (
    select 1 as place, 'records' as what, count(*) as n from staged.all_deals
    union all select 2, why_not, count(*) from staged.all_deals where why_not is not null group by why_not
    union all select 3, 'deals', count(*) from staged.deals
    union all select 4, 'of people never presented to sales', count(*) from staged.deals where nurtured
    union all select 5, 'of several people', count(*) from staged.several
) order by place, n desc, what
