-- The leads known as of the clock, and what was known of them then. The records name a lead's last owner; of
-- one that was passed on later, the owner is the person it was passed on from. A lead that was never presented to
-- sales is none (`unpresented`).
with passed_on_later as (
    select
        a.lead_id,
        a.from_owner,
        row_number() over (partition by a.lead_id order by a.assigned_at, a.from_owner) as place
    from assignments as a
    cross join clock as c
    where a.assigned_at >= c.as_of
)

select
    l.lead_id,
    l.created_at,
    coalesce(l.handed_off_at, l.created_at) as handed_off_at,
    coalesce(l.sourced_by, '') as sourced_by,
    coalesce(l.segment, '') as segment,
    coalesce(l.tier, '') as tier,
    coalesce(p.from_owner, l.owner, '') as owner,
    case when l.lost_at < c.as_of then l.lost_at end as lost_at,
    case when l.lost_at < c.as_of then l.lost_reason end as lost_reason
from leads as l
cross join clock as c
left join passed_on_later as p on l.lead_id = p.lead_id and p.place = 1
where l.created_at < c.as_of and coalesce(l.presented, true)
