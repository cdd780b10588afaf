-- Leads of marketing that were never presented to sales: no promise is about them, and no other question knows them.
select
    p.period,
    coalesce(l.tier, '') as tier,
    count(*) as leads
from leads as l
cross join clock as c
inner join periods as p on l.created_at >= p.starts_at and l.created_at < p.ends_at
where l.created_at < c.as_of and l.sourced_by = 'marketing' and not coalesce(l.presented, true)
group by p.period, coalesce(l.tier, '')
order by p.period, coalesce(l.tier, '')
