-- Work by the period in which it was done: attempts made, and leads on which at least one was made.
with by_lead as (
    select
        p.period,
        a.lead_id,
        count(*) as attempts
    from attempts as a
    inner join periods as p on a.occurred_at >= p.starts_at and a.occurred_at < p.ends_at
    group by p.period, a.lead_id
)

select
    a.period,
    l.sourced_by,
    cast(sum(a.attempts) as bigint) as attempts,
    count(*) as leads_worked
from by_lead as a
inner join seen_leads as l on a.lead_id = l.lead_id
group by a.period, l.sourced_by
order by a.period, l.sourced_by
