-- The leads known as of the clock, and what was known of them then.
select
    l.lead_id,
    l.created_at,
    coalesce(l.handed_off_at, l.created_at) as handed_off_at,
    coalesce(l.sourced_by, '') as sourced_by,
    coalesce(l.segment, '') as segment,
    coalesce(l.tier, '') as tier,
    coalesce(l.owner, '') as owner,
    case when l.lost_at < c.as_of then l.lost_at end as lost_at
from leads as l
cross join clock as c
where l.created_at < c.as_of
