-- Closing basis: what was won in each period, whenever its lead was created. The tier is the lead's;
-- a deal no lead led to, or whose source nobody knows, stands on a line of its own (sourced_by is empty).
-- The sums of logarithms (of the amounts above 0) tell the tail of the amounts. Refunds lower revenue alone,
-- and upgrades raise it alone.
with won_deals as (
    select
        *,
        case when booked > 0 then ln(booked) end as log_amount
    from seen_deals
    where won or refund or upgrade
)

select
    p.period,
    d.sourced_by,
    d.segment,
    coalesce(l.tier, '') as tier,
    count(*) filter (where d.won) as deals,
    count(l.lead_id) filter (where d.won) as with_lead,
    count(d.booked) as priced,
    coalesce(sum(d.booked), 0) as booked,
    coalesce(sum(d.booked * d.booked), 0) as booked_squares,
    coalesce(sum(d.amount), 0) as revenue,
    coalesce(sum(d.amount * d.amount), 0) as revenue_squares,
    coalesce(sum(d.amount) filter (where not d.refund), 0) as gross,
    count(*) filter (where d.refund) as refunds,
    count(*) filter (where d.further) as upgrades,
    coalesce(sum(d.amount) filter (where d.further), 0) as upgraded,
    count(d.log_amount) as paid,
    coalesce(max(d.booked), 0) as largest,
    coalesce(sum(d.log_amount), 0) as logs,
    coalesce(sum(power(d.log_amount, 2)), 0) as log_squares,
    coalesce(sum(power(d.log_amount, 3)), 0) as log_cubes
from won_deals as d
inner join periods as p on d.closed_at >= p.starts_at and d.closed_at < p.ends_at
left join seen_leads as l on d.lead_id = l.lead_id
group by p.period, d.sourced_by, d.segment, coalesce(l.tier, '')
order by p.period, d.sourced_by, d.segment, coalesce(l.tier, '')
