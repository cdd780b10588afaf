-- Marketing's leads handed off in the periods, of the tiers that are handed off by the agreement: one row each, with
-- what the promises of the period make of them.
--
-- Four clocks, in seconds, stand at the first attempt, or at as-of where there was none (`touched` tells): the
-- buyer's from creation, the rep's from hand-off, each in wall time and in working time. An attempt before
-- hand-off counts (`early`): the rep's clock then shows 0, the buyer's what it was. No clock restarts when a
-- lead changes hands; `owner` is who held it at hand-off. Working time runs in the hours of the lead's segment
-- where it has its own (`hours_of`), else in the company's.
--
-- A lead is connected when a person talked to it or it answered, or at the latest when it bought.
with handed as (
    select
        l.lead_id,
        l.created_at,
        greatest(l.handed_off_at, l.created_at) as handed_off_at,
        l.segment,
        l.tier,
        l.owner,
        l.lost_at is not null as lost,
        p.place,
        p.window_seconds
    from seen_leads as l
    cross join clock as c
    inner join periods as p
        on greatest(l.handed_off_at, l.created_at) >= p.starts_at
        and greatest(l.handed_off_at, l.created_at) < p.ends_at
    where l.sourced_by = 'marketing'
        and greatest(l.handed_off_at, l.created_at) < c.as_of
        and exists (
            select 1
            from tiers_handed_off as t
            where t.place = p.place and (t.tier is null or t.tier = l.tier)
        )
),

passed_on as (
    select
        h.lead_id,
        a.from_owner,
        a.assigned_at,
        row_number() over (partition by h.lead_id order by a.assigned_at, a.from_owner) as place
    from handed as h
    inner join assignments as a on h.lead_id = a.lead_id and a.assigned_at > h.handed_off_at
),

reached as (
    select lead_id, occurred_at as connected_at
    from seen_activities
    where by_human and connected
    union all
    select lead_id, closed_at as connected_at
    from seen_deals
    where won and closed_at is not null
),

connections as (
    select h.lead_id, min(happened(r.connected_at, h.handed_off_at)) as connected_at
    from handed as h
    inner join reached as r
        on h.lead_id = r.lead_id
        and happened(r.connected_at, h.created_at) >= date_trunc('minute', h.created_at)
    group by h.lead_id
),

tallies as (
    select
        h.lead_id,
        min(a.occurred_at) as first_at,
        count(*) as attempts,
        count(*) filter (where c.connected_at is null or a.occurred_at <= c.connected_at) as tries,
        count(*) filter (
            where date_diff('second', h.handed_off_at, a.occurred_at) <= h.window_seconds
        ) as attempts_in_window
    from handed as h
    inner join attempts as a on h.lead_id = a.lead_id
    left join connections as c on h.lead_id = c.lead_id
    group by h.lead_id
),

-- Of several first attempts at one instant one is the first all the same.
firsts as (
    select
        t.*,
        a.logged_at,
        row_number() over (partition by a.lead_id order by a.owner, a.kind) as place
    from tallies as t
    inner join attempts as a on t.lead_id = a.lead_id and t.first_at = a.occurred_at
),

tried as (
    select
        h.*,
        case when h.segment in (select k.hours_of from calendar as k) then h.segment else '' end as hours_of,
        p.working,
        p.from_creation,
        p.limit_seconds,
        p.attempts_promised,
        n.as_of,
        happened(f.first_at, h.handed_off_at) as touched_at,
        coalesce(happened(f.first_at, h.handed_off_at), n.as_of) as stopped_at,
        f.logged_at,
        least(f.logged_at, n.as_of) as known_at,
        c.connected_at,
        coalesce(f.attempts, 0) as attempts,
        coalesce(f.tries, 0) as tries,
        coalesce(f.attempts_in_window, 0) as attempts_in_window,
        coalesce(o.from_owner, h.owner) as held_by,
        o.assigned_at
    from handed as h
    cross join clock as n
    inner join periods as p on h.place = p.place
    left join passed_on as o on h.lead_id = o.lead_id and o.place = 1
    left join connections as c on h.lead_id = c.lead_id
    left join firsts as f on h.lead_id = f.lead_id and f.place = 1
),

worked as (
    select
        t.*,
        worked_until(t.created_at, c.opens_at, c.seconds_before, c.working_seconds) as worked_created,
        worked_until(t.handed_off_at, h.opens_at, h.seconds_before, h.working_seconds) as worked_handed,
        worked_until(t.stopped_at, s.opens_at, s.seconds_before, s.working_seconds) as worked_stopped,
        worked_until(t.known_at, k.opens_at, k.seconds_before, k.working_seconds) as worked_known
    from tried as t
    left join calendar as c
        on t.hours_of = c.hours_of and date_trunc('hour', t.created_at) = c.hour
        and t.created_at >= c.opens_at and t.created_at < c.until_at
    left join calendar as h
        on t.hours_of = h.hours_of and date_trunc('hour', t.handed_off_at) = h.hour
        and t.handed_off_at >= h.opens_at and t.handed_off_at < h.until_at
    left join calendar as s
        on t.hours_of = s.hours_of and date_trunc('hour', t.stopped_at) = s.hour
        and t.stopped_at >= s.opens_at and t.stopped_at < s.until_at
    left join calendar as k
        on t.logged_at is not null and t.hours_of = k.hours_of and date_trunc('hour', t.known_at) = k.hour
        and t.known_at >= k.opens_at and t.known_at < k.until_at
),

clocks as (
    select
        *,
        touched_at is not null as touched,
        coalesce(touched_at < handed_off_at, false) as early,
        coalesce(assigned_at < stopped_at, false) as passed_on,
        greatest(date_diff('second', created_at, stopped_at), 0) as buyer_wall,
        greatest(worked_stopped - worked_created, 0) as buyer_working,
        greatest(date_diff('second', handed_off_at, stopped_at), 0) as rep_wall,
        greatest(worked_stopped - worked_handed, 0) as rep_working,
        case
            when working then worked_known - case when from_creation then worked_created else worked_handed end
            when logged_at is not null
                then date_diff('second', case when from_creation then created_at else handed_off_at end, known_at)
        end as until_logged
    from worked
),

promised as (
    select
        *,
        case
            when working and from_creation then buyer_working
            when working then rep_working
            when from_creation then buyer_wall
            else rep_wall
        end as waited
    from clocks
)

select
    lead_id,
    created_at,
    handed_off_at,
    connected_at,
    segment,
    tier,
    held_by as owner,
    owner as owner_now,
    lost,
    passed_on,
    touched,
    early,
    buyer_wall,
    buyer_working,
    rep_wall,
    rep_working,
    waited,
    handed_off_at + window_seconds * interval '1' second as window_ends_at,
    case
        when waited <= limit_seconds and touched then 'kept'
        when waited <= limit_seconds then 'pending'
        when waited > limit_seconds then 'missed'
    end as speed,
    touched and waited <= limit_seconds and until_logged > limit_seconds as logged_late,
    attempts,
    attempts_promised,
    tries,
    attempts_in_window,
    case
        when date_diff('second', handed_off_at, connected_at) <= window_seconds then 'reached'
        when date_diff('second', handed_off_at, as_of) <= window_seconds then 'pending'
        when attempts_in_window >= attempts_promised then 'kept'
        when window_seconds is not null then 'missed'
    end as depth
from promised
