-- Customers that no number as of the clock knows, among the leads of one source created in the periods, and what they
-- paid: their win is on record, but it has no closing date, so it may have come before the clock or after it.
with wins as (
    select
        d.lead_id,
        count(*) filter (where d.closed_at is null) as undated,
        count(*) filter (where d.closed_at < c.as_of) as dated,
        sum(d.amount) filter (where d.closed_at is null) as booked
    from deals as d
    cross join clock as c
    where d.won and coalesce(d.amount, 0) >= 0 and c.as_of < c.exported_at
    group by d.lead_id
)

select
    p.period,
    l.tier,
    l.segment,
    count(*) as undated,
    count(w.booked) as priced,
    coalesce(sum(w.booked), 0) as booked
from seen_leads as l
inner join periods as p on l.created_at >= p.starts_at and l.created_at < p.ends_at
inner join wins as w on l.lead_id = w.lead_id
where l.sourced_by = $sourced_by and w.undated > 0 and w.dated = 0
group by p.period, l.tier, l.segment
order by p.period, l.tier, l.segment
