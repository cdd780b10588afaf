-- What waits are told of, by number: for each span every name of a cut (all, owner, tier, segment), on the promise's
-- clock; and all of the whole on each of four clocks.
with alike as (
    select distinct owner, tier, segment
    from followed
),

names as (
    select distinct k.cut, name_in(k.cut, a.owner, a.tier, a.segment) as name
    from alike as a
    cross join (
        values ('all'), ('owner'), ('tier'), ('segment'),
            ('buyer_wall'), ('buyer_working'), ('rep_wall'), ('rep_working')
    ) as k (cut)
)

select
    s.place,
    s.grain,
    s.period,
    n.cut,
    n.name,
    n.cut not in ('all', 'owner', 'tier', 'segment') as is_clock,
    row_number() over (order by s.place, n.cut, n.name) as number
from spans as s
cross join names as n
where s.grain = 'whole' or n.cut in ('all', 'owner', 'tier', 'segment')
