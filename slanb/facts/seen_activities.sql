-- The activities that had happened as of the clock, also those logged later.
select a.activity_id, a.lead_id, a.occurred_at, a.kind, a.by_human, a.outbound, a.connected,
    coalesce(a.owner, '') as owner, a.logged_at
from activities as a
cross join clock as c
where a.occurred_at < c.as_of
