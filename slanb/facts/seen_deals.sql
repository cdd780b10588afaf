-- The deals as of the clock: a deal that closes later is still open, and a win without a closing date is
-- known only from the moment the records were exported. What was won for less than nothing is a refund: it lowers
-- revenue, is no customer and no deal, and has no size. `booked` is revenue before refunds.
-- A further sale to a lead that has bought is `further`; where the agreement says so it is an `upgrade`: revenue,
-- and no customer, no deal, and of no size.
with known as not materialized (
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
        d.amount,
        d.converted_from
    from deals as d
    cross join clock as c
),

in_turn as not materialized (
    select
        *,
        coalesce(won and amount < 0, false) as refund,
        coalesce(won and coalesce(amount, 0) >= 0 and lead_id is not null, false) as sale
    from known
),

repeated as (
    select deal_id
    from in_turn
    where sale
    qualify row_number() over (partition by lead_id order by closed_at nulls last, deal_id) > 1
),

-- A mark, so that deals stay in their order: sums of a second run are then the same to the last bit.
told as (
    select
        *,
        sale and deal_id in (select deal_id from repeated) as further
    from in_turn
)

select
    deal_id,
    lead_id,
    sourced_by,
    segment,
    closed_at,
    case when refund or further and upgrades_apart() then null else won end as won,
    refund,
    further,
    further and upgrades_apart() as upgrade,
    amount,
    converted_from,
    case when amount >= 0 and not (further and upgrades_apart()) then amount end as booked
from told
