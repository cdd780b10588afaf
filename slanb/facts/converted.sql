-- What of the revenue of each period was converted from another currency: by currency, the amounts (a refund's too)
-- and what they are together.
select
    p.period,
    d.converted_from as currency,
    count(*) as amounts,
    sum(d.amount) as revenue
from seen_deals as d
inner join periods as p on d.closed_at >= p.starts_at and d.closed_at < p.ends_at
where d.converted_from is not null and d.amount is not null and (d.won or d.refund or d.upgrade)
group by p.period, d.converted_from
order by p.period, revenue desc, d.converted_from
