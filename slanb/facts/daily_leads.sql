-- Leads by local day of creation.
select
    p.period as day,
    l.sourced_by,
    l.segment,
    l.tier,
    count(*) as leads
from seen_leads as l
inner join periods as p on l.created_at >= p.starts_at and l.created_at < p.ends_at
group by p.period, l.sourced_by, l.segment, l.tier
order by p.period, l.sourced_by, l.segment, l.tier
