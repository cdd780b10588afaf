-- Time to the first attempt on the four clocks, all leads of the whole.
select
    c.cut as clock,
    sum(leaving) as leads,
    sum(ended) as touched,
    sum(seconds * ended) * 1.0 / nullif(sum(ended), 0) as mean_seconds,
    min(case when still <= 0.75 + 1e-9 then seconds end) as quarter_seconds,
    min(case when still <= 0.5 + 1e-9 then seconds end) as median_seconds,
    min(case when still <= 0.1 + 1e-9 then seconds end) as p90_seconds
from curves as c
inner join spans as n on c.place = n.place
where n.grain = 'whole' and c.cut in ('buyer_wall', 'buyer_working', 'rep_wall', 'rep_working')
group by c.cut
order by c.cut
