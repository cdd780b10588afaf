-- Attempts: what a person did to reach a lead, outbound, from the lead's creation on (to the minute, as most
-- exports cut seconds off). A meeting counts only if it took place. The same person's records of one kind on
-- one lead in one minute are one attempt, logged `copies` times too often. Only those on leads handed off within
-- the periods, from the first to the last, and those made within them: of others nothing is told.
with told as (
    select min(starts_at) as since, max(ends_at) as until
    from periods
)

select
    a.lead_id,
    a.owner,
    coalesce(a.kind, '') as kind,
    min(happened(a.occurred_at, l.created_at)) as occurred_at,
    min(a.logged_at) as logged_at,
    count(*) - 1 as copies
from seen_activities as a
inner join seen_leads as l on a.lead_id = l.lead_id
cross join told as t
where a.by_human and a.outbound
    and (coalesce(a.kind, '') <> 'meeting' or a.connected)
    and happened(a.occurred_at, l.created_at) >= date_trunc('minute', l.created_at)
    and (
        greatest(l.handed_off_at, l.created_at) >= t.since and greatest(l.handed_off_at, l.created_at) < t.until
        or a.occurred_at >= t.since and a.occurred_at < t.until
    )
group by a.lead_id, a.owner, coalesce(a.kind, ''), date_trunc('minute', a.occurred_at)
