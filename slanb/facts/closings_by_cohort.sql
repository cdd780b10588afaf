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

led as (
    select
        p.period,
        l.tier,
        w.closed,
        w.revenue,
        row_number() over (partition by l.lead_id order by w.place) as turn
    from seen_leads as l
    inner join periods as p on l.created_at >= p.starts_at and l.created_at < p.ends_at
    left join wins as w on l.lead_id = w.lead_id and w.place >= p.place
    where l.sourced_by = $sourced_by
)

select
    period,
    tier,
    coalesce(closed, '') as closed,
    count(*) filter (where turn = 1) as leads,
    count(closed) as customers,
    coalesce(sum(revenue), 0) as revenue
from led
group by period, tier, coalesce(closed, '')
order by period, tier, closed
