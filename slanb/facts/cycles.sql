-- Sales cycle, closing basis: days from the lead's creation to the win, for what was won in each period
-- from leads of one source. Wins dated before their lead are errors of the records and left out.
with wins as (
    select
        p.period,
        date_diff('second', l.created_at, happened(d.closed_at, l.created_at)) / 86400.0 as days
    from seen_deals as d
    inner join seen_leads as l on d.lead_id = l.lead_id
    inner join periods as p on d.closed_at >= p.starts_at and d.closed_at < p.ends_at
    where d.won and l.sourced_by = $sourced_by
)

select
    period,
    count(*) as deals,
    avg(days) as mean_days,
    percentile_cont(0.5) within group (order by days) as median_days,
    percentile_cont(0.9) within group (order by days) as slowest_tenth_days
from wins
where days >= 0
group by period
order by period
