-- Cohort basis: of the leads created in each period, how many became customers and what they brought; with the
-- sums of logarithms (of the amounts above 0) from which the tail of the amounts is told. Refunds lower revenue alone,
-- and upgrades raise it alone.
with customers as (
    select
        lead_id,
        count(*) filter (where won) as wins,
        sum(booked) filter (where won) as booked,
        sum(amount) as revenue
    from seen_deals
    where won or refund or upgrade
    group by lead_id
),

outcomes as (
    select
        *,
        case when booked > 0 then ln(booked) end as log_booked
    from customers
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
    count(o.log_booked) as paid,
    coalesce(max(o.booked), 0) as largest,
    coalesce(sum(o.log_booked), 0) as logs,
    coalesce(sum(power(o.log_booked, 2)), 0) as log_squares,
    coalesce(sum(power(o.log_booked, 3)), 0) as log_cubes,
    count(*) filter (where coalesce(o.wins, 0) = 0 and l.lost_at is not null) as lost
from seen_leads as l
inner join periods as p on l.created_at >= p.starts_at and l.created_at < p.ends_at
left join outcomes as o on l.lead_id = o.lead_id
group by p.period, l.sourced_by, l.segment, l.tier
order by p.period, l.sourced_by, l.segment, l.tier
