-- How long leads waited for their first attempt: for each span, cut and clock the leads that waited just so
-- long, and how many of them were then touched (the others had not been as of the clock).
with clocks as (
    select
        t.*,
        k.clock,
        case k.clock
            when 'promise' then t.waited
            when 'buyer_wall' then t.buyer_wall
            when 'buyer_working' then t.buyer_working
            when 'rep_wall' then t.rep_wall
            else t.rep_working
        end as seconds
    from told_apart as t
    cross join (
        values ('promise'), ('buyer_wall'), ('buyer_working'), ('rep_wall'), ('rep_working')
    ) as k (clock)
    where t.basis = 'handed' and (k.clock = 'promise' or (t.grain = 'whole' and t.cut = 'all'))
)

select
    grain,
    period,
    cut,
    name,
    clock,
    seconds,
    count(*) as leaving,
    count(*) filter (where touched) as ended
from clocks
group by grain, period, cut, name, clock, seconds
