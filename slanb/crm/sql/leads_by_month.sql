-- Leads by local month of creation.
select strftime(local(created_at, getvariable('zone')), '%Y-%m') as month, count(*)
from canon.leads group by month order by month
