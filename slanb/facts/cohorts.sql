-- Cohort basis: of the leads created in each period, how many became customers and what they brought; with the
-- sums of logarithms (of the amounts above 0) from which the tail of the amounts is told.
with customers as (
    select
        lead_id,
        sum(amount) as revenue
    from seen_deals
    where won
    group by lead_id
),

outcomes as (
    select
        lead_id,
        revenue,
        case when revenue > 0 then ln(revenue) end as log_revenue
    from customers
)

select
    p.period,
    l.sourced_by,
    l.segment,
    l.tier,
    count(*) as leads,
    count(o.lead_id) as customers,
    count(o.revenue) as priced,
    coalesce(sum(o.revenue), 0) as revenue,
    coalesce(sum(o.revenue * o.revenue), 0) as revenue_squares,
    count(o.log_revenue) as paid,
    coalesce(max(o.revenue), 0) as largest,
    coalesce(sum(o.log_revenue), 0) as logs,
    coalesce(sum(power(o.log_revenue, 2)), 0) as log_squares,
    coalesce(sum(power(o.log_revenue, 3)), 0) as log_cubes,
    count(*) filter (where o.lead_id is null and l.lost_at is not null) as lost
from seen_leads as l
inner join periods as p on l.created_at >= p.starts_at and l.created_at < p.ends_at
left join outcomes as o on l.lead_id = o.lead_id
group by p.period, l.sourced_by, l.segment, l.tier
order by p.period, l.sourced_by, l.segment, l.tier
