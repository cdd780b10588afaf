-- What was no attempt, and why; records of one attempt logged more than once; and attempts logged over a day after
-- they were made, with their median delay. Activities of marketing's leads handed off in the whole period.
with handed as (
    select
        f.lead_id,
        f.created_at
    from followed as f
    inner join spans as s on f.handed_off_at >= s.starts_at and f.handed_off_at < s.ends_at
    where s.grain = 'whole'
),

own as (
    select
        t.copies,
        date_diff('second', t.occurred_at, t.logged_at) / 3600.0 as delay
    from attempts as t
    inner join handed as h on t.lead_id = h.lead_id
),

logging as (
    select
        coalesce(sum(copies), 0) as copies,
        count(*) filter (where delay > 24) as slowly_logged,
        percentile_cont(0.5) within group (order by case when delay > 24 then delay end) as slow_hours
    from own
)

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
            and happened(a.occurred_at, f.created_at) < date_trunc('minute', f.created_at)
    ) as before_creation,
    (select copies from logging) as copies,
    (select slowly_logged from logging) as slowly_logged,
    (select slow_hours from logging) as slow_hours
from seen_activities as a
inner join handed as f on a.lead_id = f.lead_id
