-- Which attempt connects, of leads whose follow-up window has passed: leads tried at least so often while not
-- yet connected, and those connected by that attempt (or an answer before the next). Number 0: connected
-- without any attempt.
with last_tries as (
    select tries, connected_at is not null as connected, count(*) as leads
    from followed
    where coalesce(depth, '') <> 'pending'
    group by tries, connected_at is not null
)

select
    n.tries as attempt,
    sum(t.leads) as tried,
    sum(case when t.tries = n.tries and t.connected then t.leads else 0 end) as connected
from (select distinct tries from last_tries) as n
inner join last_tries as t on t.tries >= n.tries
group by n.tries
order by n.tries
