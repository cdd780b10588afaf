-- Leads of marketing by the day on which they count, and what became of the hand-off: `waiting` (not handed off
-- as of the clock; on the day of creation), `early` (lost within the time sales has to return it), `open` (that
-- time still runs) or `accepted`. The time is in seconds, of working time or not; without it hand-off is
-- acceptance.
with leads as (
    select
        l.*,
        greatest(l.handed_off_at, l.created_at) as presented_at,
        c.as_of,
        case when l.segment in (select k.hours_of from calendar as k) then l.segment else '' end as hours_of,
        case
            when greatest(l.handed_off_at, l.created_at) >= c.as_of then l.created_at
            when $counts = 'created' then l.created_at
            else greatest(l.handed_off_at, l.created_at)
        end as counts_at
    from seen_leads as l
    cross join clock as c
    where l.sourced_by = 'marketing'
),

counted as (
    select p.period, l.*
    from leads as l
    inner join periods as p on l.counts_at >= p.starts_at and l.counts_at < p.ends_at
),

instants as (
    select hours_of, presented_at as instant from counted where presented_at < as_of
    union
    select hours_of, coalesce(lost_at, as_of) as instant from counted
),

worked as (
    select
        n.hours_of,
        n.instant,
        k.seconds_before + least(date_diff('second', k.opens_at, n.instant), k.working_seconds) as seconds
    from instants as n
    asof join calendar as k on n.hours_of = k.hours_of and n.instant >= k.opens_at
),

told as (
    select
        l.period,
        l.segment,
        l.tier,
        l.lost_reason,
        l.presented_at < l.as_of as handed_off,
        l.lost_at is not null as lost,
        case
            when $accept_working then greatest(e.seconds - s.seconds, 0)
            else greatest(date_diff('second', l.presented_at, coalesce(l.lost_at, l.as_of)), 0)
        end as elapsed
    from counted as l
    left join worked as s on l.hours_of = s.hours_of and l.presented_at = s.instant
    left join worked as e on l.hours_of = e.hours_of and coalesce(l.lost_at, l.as_of) = e.instant
),

fates as (
    select
        period,
        segment,
        tier,
        case
            when not handed_off then 'waiting'
            when lost and elapsed <= $accept_seconds then 'early'
            when not lost and elapsed <= $accept_seconds then 'open'
            else 'accepted'
        end as fate,
        lost_reason
    from told
)

select
    period as day,
    segment,
    tier,
    fate,
    case when fate = 'early' then coalesce(lost_reason, '') else '' end as reason,
    count(*) as leads
from fates
group by period, segment, tier, fate, case when fate = 'early' then coalesce(lost_reason, '') else '' end
order by period, segment, tier, fate, case when fate = 'early' then coalesce(lost_reason, '') else '' end
