-- Closing basis: what was won in each period, whenever its lead was created. The tier is the lead's;
-- a deal no lead led to, or whose source nobody knows, stands on a line of its own (sourced_by is empty).
-- The sums of logarithms (of the amounts above 0) tell the tail of the amounts.
with won_deals as (
    select
        *,
        case when amount > 0 then ln(amount) end as log_amount
    from seen_deals
    where won
)

select
    p.period,
    d.sourced_by,
    d.segment,
    coalesce(l.tier, '') as tier,
    count(*) as deals,
    count(l.lead_id) as with_lead,
    count(d.amount) as priced,
    coalesce(sum(d.amount), 0) as revenue,
    coalesce(sum(d.amount * d.amount), 0) as revenue_squares,
    count(d.log_amount) as paid,
    coalesce(max(d.amount), 0) as largest,
    coalesce(sum(d.log_amount), 0) as logs,
    coalesce(sum(power(d.log_amount, 2)), 0) as log_squares,
    coalesce(sum(power(d.log_amount, 3)), 0) as log_cubes
from won_deals as d
inner join periods as p on d.closed_at >= p.starts_at and d.closed_at < p.ends_at
left join seen_leads as l on d.lead_id = l.lead_id
group by p.period, d.sourced_by, d.segment, coalesce(l.tier, '')
order by p.period, d.sourced_by, d.segment, coalesce(l.tier, '')
