-- The deals as of the clock: a deal that closes later is still open, and a win without a closing date is
-- known only from the moment the records were exported. What was won for less than nothing is a refund: it lowers
-- revenue, is no customer and no deal, and has no size. `booked` is revenue before refunds.
with known as (
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
)

select
    deal_id,
    lead_id,
    sourced_by,
    segment,
    closed_at,
    case when won and amount < 0 then null else won end as won,
    coalesce(won and amount < 0, false) as refund,
    amount,
    case when amount >= 0 then amount end as booked
from known
