-- The run-off triangle: customers (first wins) and their revenue by period of the lead's creation, and by how
-- many periods later the first win closed. Wins nobody dated are in no cell.
with outcomes as (
    select
        lead_id,
        min(closed_at) as won_at,
        sum(booked) as revenue
    from seen_deals
    where won
    group by lead_id
)

select
    p.period,
    greatest(q.place - p.place, 0) as later,
    count(*) as customers,
    coalesce(sum(o.revenue), 0) as revenue
from seen_leads as l
inner join periods as p on l.created_at >= p.starts_at and l.created_at < p.ends_at
inner join outcomes as o on l.lead_id = o.lead_id
inner join periods as q on o.won_at >= q.starts_at and o.won_at < q.ends_at
where l.sourced_by = $sourced_by
group by p.period, greatest(q.place - p.place, 0)
order by p.period, later
