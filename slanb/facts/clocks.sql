-- Time to the first attempt on the four clocks, all leads of the whole.
select
    n.cut as clock,
    sum(c.leaving) as leads,
    sum(c.ended) as touched,
    sum(c.seconds * c.ended) * 1.0 / nullif(sum(c.ended), 0) as mean_seconds,
    min(case when c.still <= 0.75 + 1e-9 then c.seconds end) as quarter_seconds,
    min(case when c.still <= 0.5 + 1e-9 then c.seconds end) as median_seconds,
    min(case when c.still <= 0.1 + 1e-9 then c.seconds end) as p90_seconds
from curves as c
inner join cuts as n on c.number = n.number
where n.is_clock
group by n.cut
order by n.cut
