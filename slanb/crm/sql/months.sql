-- Leads by local month of creation and tier; of them those without an owner.
select strftime(local(created_at, getvariable('zone')), '%Y-%m') as month, coalesce(tier, '') as tier,
    count(*) as leads, count(*) filter (where coalesce(owner, '') = '') as without_owner
from canon.leads group by month, coalesce(tier, '') order by month, tier
