-- Attempts: what a person did to reach a lead, outbound, from the lead's creation on (to the minute, as most
-- exports cut seconds off). A meeting counts only if it took place. The same person's records of one kind on
-- one lead in one minute are one attempt, logged `copies` times too often.
with logged_once as (
    select
        a.lead_id,
        a.owner,
        coalesce(a.kind, '') as kind,
        min(happened(a.occurred_at, l.created_at)) as occurred_at,
        min(a.logged_at) as logged_at,
        count(*) - 1 as copies
    from seen_activities as a
    inner join seen_leads as l on a.lead_id = l.lead_id
    where a.by_human and a.outbound
        and (coalesce(a.kind, '') <> 'meeting' or a.connected)
        and happened(a.occurred_at, l.created_at) >= date_trunc('minute', l.created_at)
    group by a.lead_id, a.owner, coalesce(a.kind, ''), date_trunc('minute', a.occurred_at)
)

select
    *,
    row_number() over (partition by lead_id order by occurred_at, owner, kind) as number
from logged_once
