-- How long leads of marketing waited for their first attempt: for each of the `cuts`, by number, the leads that waited
-- just so long, and how many of them were then touched (the others had not been as of the clock).
with handed as (
    select
        s.place,
        f.*,
        n.number as among_all,
        o.number as by_owner,
        t.number as by_tier,
        g.number as by_segment
    from followed as f
    inner join span_hours as s
        on date_trunc('hour', f.handed_off_at) = s.hour
        and f.handed_off_at >= s.starts_at and f.handed_off_at < s.ends_at
    inner join cuts as n on s.place = n.place and n.cut = 'all'
    inner join cuts as o on s.place = o.place and f.owner = o.name and o.cut = 'owner'
    inner join cuts as t on s.place = t.place and f.tier = t.name and t.cut = 'tier'
    inner join cuts as g on s.place = g.place and f.segment = g.name and g.cut = 'segment'
),

clocks as (
    select
        case k.cut
            when 'owner' then h.by_owner
            when 'tier' then h.by_tier
            when 'segment' then h.by_segment
            else h.among_all
        end as number,
        h.waited as seconds,
        h.touched
    from handed as h
    cross join (values ('all'), ('owner'), ('tier'), ('segment')) as k (cut)
    union all
    select
        c.number,
        case c.cut
            when 'buyer_wall' then h.buyer_wall
            when 'buyer_working' then h.buyer_working
            when 'rep_wall' then h.rep_wall
            else h.rep_working
        end as seconds,
        h.touched
    from handed as h
    inner join cuts as c on h.place = c.place and c.is_clock
)

select
    number,
    seconds,
    count(*) as leaving,
    count(*) filter (where touched) as ended
from clocks
group by number, seconds
