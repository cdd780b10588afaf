-- Depth, of marketing's leads whose follow-up window ended in each span, by cut (all, owner, tier, segment): those
-- reached within it are apart; the others were tried as often as promised (kept) or not (missed), with their attempts
-- in the window.
with alike as (
    select
        s.place,
        f.owner,
        f.tier,
        f.segment,
        f.depth,
        count(*) as leads,
        sum(f.attempts_in_window) as attempts
    from followed as f
    inner join span_hours as s
        on date_trunc('hour', f.window_ends_at) = s.hour
        and f.window_ends_at >= s.starts_at and f.window_ends_at < s.ends_at
    where f.depth <> 'pending'
    group by s.place, f.owner, f.tier, f.segment, f.depth
),

sums as (
    select
        a.place,
        k.cut,
        name_in(k.cut, a.owner, a.tier, a.segment) as name,
        sum(a.leads) as leads,
        sum(case when a.depth = 'reached' then a.leads else 0 end) as reached,
        sum(case when a.depth = 'kept' then a.leads else 0 end) as kept,
        sum(case when a.depth = 'missed' then a.leads else 0 end) as missed,
        sum(case when a.depth = 'reached' then 0 else a.attempts end) as attempts
    from alike as a
    cross join (values ('all'), ('owner'), ('tier'), ('segment')) as k (cut)
    group by a.place, k.cut, name_in(k.cut, a.owner, a.tier, a.segment)
)

select
    n.grain,
    n.period,
    s.cut,
    s.name,
    cast(s.leads as bigint) as leads,
    cast(s.reached as bigint) as reached,
    cast(s.kept as bigint) as kept,
    cast(s.missed as bigint) as missed,
    s.attempts
from sums as s
inner join spans as n on s.place = n.place
order by n.grain, n.period, s.cut, s.name
