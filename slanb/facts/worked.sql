-- Work by the period in which it was done: attempts made, and leads on which at least one was made.
select
    p.period,
    l.sourced_by,
    count(*) as attempts,
    count(distinct a.lead_id) as leads_worked
from attempts as a
inner join seen_leads as l on a.lead_id = l.lead_id
inner join periods as p on a.occurred_at >= p.starts_at and a.occurred_at < p.ends_at
group by p.period, l.sourced_by
order by p.period, l.sourced_by
