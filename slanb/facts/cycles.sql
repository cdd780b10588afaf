-- Sales cycle, closing basis: days from the lead's creation to the win, for what was won in each period
-- from leads of one source. Wins dated before their lead are errors of the records and left out.
select
    p.period,
    count(*) as deals,
    avg(date_diff('second', l.created_at, happened(d.closed_at, l.created_at))) / 86400.0 as mean_days,
    percentile_cont(0.5) within group (order by date_diff('second', l.created_at, happened(d.closed_at, l.created_at)))
    / 86400.0 as median_days,
    percentile_cont(0.9) within group (order by date_diff('second', l.created_at, happened(d.closed_at, l.created_at)))
    / 86400.0 as slowest_tenth_days
from seen_deals as d
inner join seen_leads as l on d.lead_id = l.lead_id
inner join periods as p on d.closed_at >= p.starts_at and d.closed_at < p.ends_at
where d.won and happened(d.closed_at, l.created_at) >= l.created_at and l.sourced_by = $sourced_by
group by p.period
order by p.period
