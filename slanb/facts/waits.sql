-- How long leads of marketing waited for their first attempt: for each span they were handed off in (by number) and cut
-- the leads that waited just so long, and how many of them were then touched (the others had not been as of the clock).
-- A cut (all, owner, tier, segment) is on the clock of the promise; beside them the whole is on each of the four clocks.
with handed as (
    select s.place, s.grain, f.*
    from followed as f
    inner join span_hours as s
        on date_trunc('hour', f.handed_off_at) = s.hour
        and f.handed_off_at >= s.starts_at and f.handed_off_at < s.ends_at
),

clocks as (
    select
        h.place,
        k.cut,
        name_in(k.cut, h.owner, h.tier, h.segment) as name,
        h.waited as seconds,
        h.touched
    from handed as h
    cross join (values ('all'), ('owner'), ('tier'), ('segment')) as k (cut)
    union all
    select
        h.place,
        k.cut,
        '' as name,
        case k.cut
            when 'buyer_wall' then h.buyer_wall
            when 'buyer_working' then h.buyer_working
            when 'rep_wall' then h.rep_wall
            else h.rep_working
        end as seconds,
        h.touched
    from handed as h
    cross join (values ('buyer_wall'), ('buyer_working'), ('rep_wall'), ('rep_working')) as k (cut)
    where h.grain = 'whole'
)

select
    place,
    cut,
    name,
    seconds,
    count(*) as leaving,
    count(*) filter (where touched) as ended
from clocks
group by place, cut, name, seconds
