-- The leads of marketing that are neither connected nor lost as of the clock, and what is due on them.
select
    f.lead_id,
    f.owner_now as owner,
    f.tier,
    f.segment,
    f.handed_off_at,
    f.attempts,
    f.attempts_promised,
    c.as_of,
    case
        when f.speed = 'pending' then 'due'
        when f.speed = 'missed' and not f.touched then 'overdue'
        when f.depth = 'pending' and f.attempts < f.attempts_promised then 'depth'
    end as why
from followed as f
cross join clock as c
where f.connected_at is null and not f.lost
