-- The deals as of the clock: a deal that closes later is still open, and a win without a closing date is
-- known only from the moment the records were exported.
select
    d.deal_id,
    d.lead_id,
    coalesce(d.sourced_by, '') as sourced_by,
    coalesce(d.segment, '') as segment,
    case when d.closed_at < c.as_of then d.closed_at end as closed_at,
    case
        when d.closed_at < c.as_of then d.won
        when d.closed_at is null and c.as_of >= c.exported_at then d.won
    end as won,
    d.amount
from deals as d
cross join clock as c
