-- The curve of the whole on the promise's clock, a point a minute at most, up to the horizon.
select
    floor(seconds / 60.0) * 60 as seconds,
    min(still) as still,
    max(at_risk) as at_risk,
    sum(ended) as touched
from curves as c
inner join cuts as n on c.number = n.number
where n.grain = 'whole' and n.cut = 'all' and c.seconds <= $horizon
group by floor(seconds / 60.0)
order by floor(seconds / 60.0)
