-- Speed on the promise's clock, of the leads handed off in each span, by cut: what was kept and missed, the mean
-- of those touched, and the time by which half and nine in ten of all were touched (null: not reached).
with sums as (
    select
        grain,
        period,
        cut,
        name,
        count(*) as leads,
        count(*) filter (where speed = 'kept') as kept,
        count(*) filter (where speed = 'missed') as missed,
        count(*) filter (where speed = 'pending') as pending,
        count(*) filter (where touched) as touched,
        count(*) filter (where speed = 'missed' and not touched) as never,
        count(*) filter (where early) as early,
        count(*) filter (where logged_late) as logged_late,
        count(*) filter (where passed_on) as passed_on
    from told_apart
    where basis = 'handed'
    group by grain, period, cut, name
),

times as (
    select
        grain,
        period,
        cut,
        name,
        sum(seconds * ended) * 1.0 / nullif(sum(ended), 0) as mean_seconds,
        min(case when still <= 0.5 + 1e-9 then seconds end) as median_seconds,
        min(case when still <= 0.1 + 1e-9 then seconds end) as p90_seconds
    from curves
    where clock = 'promise'
    group by grain, period, cut, name
)

select s.*, t.mean_seconds, t.median_seconds, t.p90_seconds
from sums as s
inner join times as t
    on s.grain = t.grain and s.period = t.period and s.cut = t.cut and s.name = t.name
order by s.grain, s.period, s.cut, s.name
