-- How old the leads of one source are as of the clock, in whole days, and how many of them are customers by now.
with customers as (
    select distinct lead_id
    from seen_deals
    where won
)

select
    p.period,
    l.segment,
    l.tier,
    cast(floor(date_diff('second', l.created_at, c.as_of) / 86400.0) as integer) as age,
    count(*) as leads,
    count(w.lead_id) as won
from seen_leads as l
inner join periods as p on l.created_at >= p.starts_at and l.created_at < p.ends_at
cross join clock as c
left join customers as w on l.lead_id = w.lead_id
where l.sourced_by = $sourced_by
group by p.period, l.segment, l.tier, cast(floor(date_diff('second', l.created_at, c.as_of) / 86400.0) as integer)
order by p.period, l.segment, l.tier, age
