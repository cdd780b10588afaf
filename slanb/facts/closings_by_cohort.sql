-- The leads of one source created in each period, and in which period their deals were won: leads (each once, in the
-- row of its first win, or in the row without a period of closing), customers and revenue. A win before its lead's
-- own period is left out, as no lead then on record had led to it.
with wins as (
    select
        d.lead_id,
        p.place,
        p.period as closed,
        coalesce(sum(d.amount), 0) as revenue
    from seen_deals as d
    inner join periods as p on d.closed_at >= p.starts_at and d.closed_at < p.ends_at
    where d.won and d.sourced_by = $sourced_by
    group by d.lead_id, p.place, p.period
),

cohort as (
    select
        p.period,
        p.place,
        l.lead_id,
        l.tier
    from seen_leads as l
    inner join periods as p on l.created_at >= p.starts_at and l.created_at < p.ends_at
    where l.sourced_by = $sourced_by
),

led as (
    select
        c.lead_id,
        w.closed,
        w.revenue,
        row_number() over (partition by c.lead_id order by w.place) as turn
    from cohort as c
    inner join wins as w on c.lead_id = w.lead_id and w.place >= c.place
)

select
    c.period,
    c.tier,
    coalesce(l.closed, '') as closed,
    count(*) filter (where coalesce(l.turn, 1) = 1) as leads,
    count(l.closed) as customers,
    coalesce(sum(l.revenue), 0) as revenue
from cohort as c
left join led as l on c.lead_id = l.lead_id
group by c.period, c.tier, coalesce(l.closed, '')
order by c.period, c.tier, closed
