-- What the records span as of the clock; how long a win takes (the time by which half and nine in ten came);
-- and how many leads were created so long before the first win that half of their wins should have come.
with first_win as (
    select min(closed_at) as earliest_win, max(closed_at) as latest_win
    from seen_deals
    where won
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
)

select
    (select min(created_at) from seen_leads) as earliest_lead,
    (select max(created_at) from seen_leads) as latest_lead,
    (select count(*) from seen_leads) as leads,
    (select count(*) from seen_deals) as deals,
    (select count(*) from seen_deals where won) as wins,
    (select count(*) from seen_deals where won and closed_at is null) as wins_undated,
    f.earliest_win,
    f.latest_win,
    c.half_after_days,
    c.mature_after_days,
    (
        select count(*)
        from seen_leads as l
        where date_diff('second', l.created_at, f.earliest_win) > c.half_after_days * 86400
    ) as leads_long_before_first_win
from first_win as f
cross join cycle as c
