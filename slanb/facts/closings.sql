-- Closing basis: what was won in each period, whenever its lead was created. The tier is the lead's;
-- a deal no lead led to, or whose source nobody knows, stands on a line of its own (sourced_by is empty).
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
    count(*) filter (where d.refund) as refunds
from seen_deals as d
inner join periods as p on d.closed_at >= p.starts_at and d.closed_at < p.ends_at
left join seen_leads as l on d.lead_id = l.lead_id
where d.won or d.refund
group by p.period, d.sourced_by, d.segment, coalesce(l.tier, '')
order by p.period, d.sourced_by, d.segment, coalesce(l.tier, '')
