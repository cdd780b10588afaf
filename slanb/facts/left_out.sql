-- What was no attempt, and why; and records of one attempt logged more than once. Activities of leads handed off
-- in the periods.
select
    count(*) filter (where a.by_human is null or a.outbound is null) as unclear,
    count(*) filter (where not a.by_human) as by_software,
    count(*) filter (where a.by_human and not a.outbound) as inbound,
    count(*) filter (
        where a.by_human and a.outbound and coalesce(a.kind, '') = 'meeting'
            and not coalesce(a.connected, false)
    ) as meetings_not_held,
    count(*) filter (
        where a.by_human and a.outbound and (coalesce(a.kind, '') <> 'meeting' or a.connected)
            and a.occurred_at < date_trunc('minute', f.created_at)
    ) as before_creation,
    (
        select coalesce(sum(t.copies), 0)
        from attempts as t
        inner join followed as g on t.lead_id = g.lead_id
    ) as copies
from seen_activities as a
inner join followed as f on a.lead_id = f.lead_id
