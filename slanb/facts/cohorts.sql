-- Cohort basis: of the leads created in each period, how many became customers and what they brought.
with outcomes as (
    select
        lead_id,
        count(*) filter (where won) as wins,
        sum(booked) filter (where won) as booked,
        sum(amount) as revenue
    from seen_deals
    where won or refund
    group by lead_id
)

select
    p.period,
    l.sourced_by,
    l.segment,
    l.tier,
    count(*) as leads,
    count(*) filter (where o.wins > 0) as customers,
    count(o.booked) as priced,
    coalesce(sum(o.booked), 0) as booked,
    coalesce(sum(o.booked * o.booked), 0) as booked_squares,
    coalesce(sum(o.revenue), 0) as revenue,
    count(*) filter (where coalesce(o.wins, 0) = 0 and l.lost_at is not null) as lost
from seen_leads as l
inner join periods as p on l.created_at >= p.starts_at and l.created_at < p.ends_at
left join outcomes as o on l.lead_id = o.lead_id
group by p.period, l.sourced_by, l.segment, l.tier
order by p.period, l.sourced_by, l.segment, l.tier
