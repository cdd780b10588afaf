-- What each customer of one source was worth: amounts alone, of leads created in the periods, the latest of each
-- tier.
with outcomes as (
    select
        lead_id,
        max(closed_at) as won_at,
        sum(booked) as amount
    from seen_deals
    where won
    group by lead_id
),

latest as (
    select
        l.tier,
        o.amount,
        row_number() over (partition by l.tier order by o.won_at desc nulls last, l.lead_id) as place
    from seen_leads as l
    inner join periods as p on l.created_at >= p.starts_at and l.created_at < p.ends_at
    inner join outcomes as o on l.lead_id = o.lead_id
    where l.sourced_by = $sourced_by and o.amount is not null
)

select
    tier,
    amount
from latest
where place <= $most
order by tier, amount
