-- Deals won on a day nobody noted, so that they are in no period of closing, whatever the clock.
select
    coalesce(sourced_by, '') as sourced_by,
    count(*) as deals,
    coalesce(sum(amount), 0) as revenue
from deals
where won and closed_at is null and coalesce(amount, 0) >= 0
group by coalesce(sourced_by, '')
order by coalesce(sourced_by, '')
