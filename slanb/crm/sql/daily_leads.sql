-- Leads a day, on the source's clock.
select date_trunc('day', local(created_at, getvariable('zone'))) as day, count(*) as leads
from canon.leads group by day order by day
