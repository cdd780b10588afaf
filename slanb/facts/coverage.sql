-- What the records span as of the clock; how long a win takes (the time by which half and nine in ten came);
-- and how many leads were created so long before the first win that half of their wins should have come.
with of_deals as (
    select
        count(*) as deals,
        count(*) filter (where won) as wins,
        count(*) filter (where won and closed_at is null) as wins_undated,
        min(case when won then closed_at end) as earliest_win,
        max(case when won then closed_at end) as latest_win
    from seen_deals
),

waits as (
    select date_diff('second', l.created_at, happened(d.closed_at, l.created_at)) / 86400.0 as days
    from seen_deals as d
    inner join seen_leads as l on d.lead_id = l.lead_id
    where d.won
),

cycle as (
    select
        percentile_cont(0.5) within group (order by days) as half_after_days,
        percentile_cont(0.9) within group (order by days) as mature_after_days
    from waits
    where days >= 0
),

of_leads as (
    select
        min(l.created_at) as earliest_lead,
        max(l.created_at) as latest_lead,
        count(*) as leads,
        count(*) filter (
            where date_diff('second', l.created_at, d.earliest_win) > c.half_after_days * 86400
        ) as leads_long_before_first_win
    from seen_leads as l
    cross join of_deals as d
    cross join cycle as c
)

select
    l.earliest_lead,
    l.latest_lead,
    l.leads,
    d.deals,
    d.wins,
    d.wins_undated,
    d.earliest_win,
    d.latest_win,
    c.half_after_days,
    c.mature_after_days,
    l.leads_long_before_first_win
from of_leads as l
cross join of_deals as d
cross join cycle as c
