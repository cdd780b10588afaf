-- Records of leads that share an address of their own with another one.
with shared as (
    select count(distinct node) as records from staged.addresses
    where node in (select node from staged.records where is_lead and use = 'kept')
    group by address having count(distinct node) > 1
)
select what, n from (
    select 1 as place, 'addresses' as what, count(*) as n from shared
    union all select 2, 'records', coalesce(sum(records), 0)::bigint from shared
    union all select 3, 'most', coalesce(max(records), 0) from shared
) order by place
