-- No wins before a date, though leads were there: at the pace of later leads, how many are missing?
with wins as (
    select lead_id, min(closed_at) as closed_at
    from canon.deals where won and closed_at is not null group by lead_id
),
first as (select min(closed_at) as win from wins),
before as (
    select date_diff('day', created_at, win) as age, count(*) as n
    from canon.leads, first where created_at < win group by age
),
later as (
    select l.created_at, w.closed_at
    from canon.leads as l left join wins as w on l.lead_id = w.lead_id, first
    where l.created_at >= win
),
cycles as (
    select greatest(date_diff('day', created_at, closed_at), 0) as days, count(*) as n
    from later where closed_at is not null group by days
)
select strftime(local(win, getvariable('zone')), '%Y-%m-%d'),
    (select coalesce(sum(n), 0)::bigint from before where age > 30),
    (select count(*) from canon.leads),
    (select sum(b.n * c.n) from before as b, cycles as c where b.age >= c.days)
        / nullif((select count(*) from later), 0),
    (select list(lead_id) from (
        select lead_id from canon.leads, first
        where date_diff('day', created_at, win) > 30 order by lead_id limit 5
    ))
from first
