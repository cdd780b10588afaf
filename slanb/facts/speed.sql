-- Speed on the promise's clock, of marketing's leads handed off in each span, by cut (all, owner, tier, segment): what
-- was kept and missed, the mean of those touched, and the time by which half and nine in ten of all were touched
-- (null: not reached).
with alike as (
    select
        s.place,
        f.owner,
        f.tier,
        f.segment,
        f.speed,
        f.touched,
        f.early,
        f.logged_late,
        f.passed_on,
        count(*) as leads
    from followed as f
    inner join span_hours as s
        on date_trunc('hour', f.handed_off_at) = s.hour
        and f.handed_off_at >= s.starts_at and f.handed_off_at < s.ends_at
    group by s.place, f.owner, f.tier, f.segment, f.speed, f.touched, f.early, f.logged_late, f.passed_on
),

sums as (
    select
        a.place,
        k.cut,
        name_in(k.cut, a.owner, a.tier, a.segment) as name,
        sum(a.leads) as leads,
        sum(case when a.speed = 'kept' then a.leads else 0 end) as kept,
        sum(case when a.speed = 'missed' then a.leads else 0 end) as missed,
        sum(case when a.speed = 'pending' then a.leads else 0 end) as pending,
        sum(case when a.touched then a.leads else 0 end) as touched,
        sum(case when a.speed = 'missed' and not a.touched then a.leads else 0 end) as never,
        sum(case when a.early then a.leads else 0 end) as early,
        sum(case when a.logged_late then a.leads else 0 end) as logged_late,
        sum(case when a.passed_on then a.leads else 0 end) as passed_on
    from alike as a
    cross join (values ('all'), ('owner'), ('tier'), ('segment')) as k (cut)
    group by a.place, k.cut, name_in(k.cut, a.owner, a.tier, a.segment)
),

times as (
    select
        number,
        sum(seconds * ended) * 1.0 / nullif(sum(ended), 0) as mean_seconds,
        min(case when still <= 0.5 + 1e-9 then seconds end) as median_seconds,
        min(case when still <= 0.1 + 1e-9 then seconds end) as p90_seconds
    from curves
    group by number
)

select
    n.grain,
    n.period,
    n.cut,
    n.name,
    cast(s.leads as bigint) as leads,
    cast(s.kept as bigint) as kept,
    cast(s.missed as bigint) as missed,
    cast(s.pending as bigint) as pending,
    cast(s.touched as bigint) as touched,
    cast(s.never as bigint) as never,
    cast(s.early as bigint) as early,
    cast(s.logged_late as bigint) as logged_late,
    cast(s.passed_on as bigint) as passed_on,
    t.mean_seconds,
    t.median_seconds,
    t.p90_seconds
from sums as s
inner join cuts as n on s.place = n.place and s.cut = n.cut and s.name = n.name
inner join times as t on n.number = t.number
order by n.grain, n.period, n.cut, n.name
