-- Run-off: how the leads of one source created in the periods ended, by whole days since their creation: with
-- their first win, lost, or still open as of the clock. A lead that came back after it was lost is a customer.
-- Wins nobody dated have no age and are left out; a win dated before its lead counts as of its first day.
with outcomes as (
    select
        lead_id,
        min(closed_at) as won_at,
        sum(booked) as amount
    from seen_deals
    where won
    group by lead_id
),

ended as (
    select
        l.tier,
        o.amount,
        case when o.won_at is not null then 'won' when l.lost_at is not null then 'lost' else 'open' end as how,
        date_diff('second', l.created_at, coalesce(o.won_at, l.lost_at, c.as_of)) as seconds
    from seen_leads as l
    inner join periods as p on l.created_at >= p.starts_at and l.created_at < p.ends_at
    cross join clock as c
    left join outcomes as o on l.lead_id = o.lead_id
    where l.sourced_by = $sourced_by and (o.lead_id is null or o.won_at is not null)
)

select
    tier,
    cast(floor(greatest(seconds, 0) / 86400.0) as integer) as age,
    count(*) filter (where how = 'won') as won,
    count(*) filter (where how = 'lost') as lost,
    count(*) filter (where how = 'open') as open,
    coalesce(sum(amount) filter (where how = 'won'), 0) as amount,
    coalesce(sum(amount * amount) filter (where how = 'won'), 0) as squares
from ended
group by tier, cast(floor(greatest(seconds, 0) / 86400.0) as integer)
order by tier, age
