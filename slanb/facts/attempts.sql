-- Attempts: what a person did to reach a lead, outbound, from the lead's creation on (to the minute, as most
-- exports cut seconds off). A meeting counts only if it took place. The same person's records of one kind on
-- one lead in one minute are one attempt, logged `copies` times too often. Only those on leads handed off since
-- the first of the periods began, and those made since then: of other leads nothing is told.
with told_from as (
    select min(starts_at) as instant
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
cross join told_from as f
where a.by_human and a.outbound
    and (coalesce(a.kind, '') <> 'meeting' or a.connected)
    and happened(a.occurred_at, l.created_at) >= date_trunc('minute', l.created_at)
    and (greatest(l.handed_off_at, l.created_at) >= f.instant or a.occurred_at >= f.instant)
group by a.lead_id, a.owner, coalesce(a.kind, ''), date_trunc('minute', a.occurred_at)
