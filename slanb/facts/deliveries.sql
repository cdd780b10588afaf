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
    select
        d.day,
        d.accept_seconds,
        d.accept_working,
        l.*,
        l.presented_at < l.as_of as handed_off,
        coalesce(l.lost_at, l.as_of) as decided_at
    from leads as l
    inner join days as d
        on date_trunc('hour', l.counts_at) = d.hour
        and l.counts_at >= d.starts_at and l.counts_at < d.ends_at
),

told as (
    select
        l.day,
        l.segment,
        l.tier,
        l.accept_seconds,
        l.lost_reason,
        l.handed_off,
        l.lost_at is not null as lost,
        case
            when l.accept_working
                then greatest(
                    worked_until(l.decided_at, e.opens_at, e.seconds_before, e.working_seconds)
                    - worked_until(l.presented_at, s.opens_at, s.seconds_before, s.working_seconds),
                    0
                )
            else greatest(date_diff('second', l.presented_at, l.decided_at), 0)
        end as elapsed
    from counted as l
    left join calendar as s
        on l.handed_off and l.hours_of = s.hours_of and date_trunc('hour', l.presented_at) = s.hour
        and l.presented_at >= s.opens_at and l.presented_at < s.until_at
    left join calendar as e
        on l.hours_of = e.hours_of and date_trunc('hour', l.decided_at) = e.hour
        and l.decided_at >= e.opens_at and l.decided_at < e.until_at
),

fates as (
    select
        day,
        segment,
        tier,
        case
            when not handed_off then 'waiting'
            when lost and elapsed <= accept_seconds then 'early'
            when not lost and elapsed <= accept_seconds then 'open'
            else 'accepted'
        end as fate,
        lost_reason
    from told
)

select
    day,
    segment,
    tier,
    fate,
    case when fate = 'early' then coalesce(lost_reason, '') else '' end as reason,
    count(*) as leads
from fates
group by day, segment, tier, fate, case when fate = 'early' then coalesce(lost_reason, '') else '' end
order by day, segment, tier, fate, case when fate = 'early' then coalesce(lost_reason, '') else '' end
