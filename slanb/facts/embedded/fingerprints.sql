-- Each table's rows as of the clock in a fixed number of parts: how many there are, and a sum over their ids and one over
-- all that is known of them, of 16 bits of a hash each. `$parts` is a power of two: remainders of large numbers
-- would cost more than all the rest. Only asked of DuckDB in this process: another engine hashes otherwise.
with known as (
    select 'leads' as kind, hash(lead_id) as id,
        hash(lead_id, created_at, handed_off_at, sourced_by, segment, tier, owner, lost_at, lost_reason) as held
    from seen_leads
    union all
    select 'deals', hash(deal_id),
        hash(deal_id, lead_id, sourced_by, segment, closed_at, won, refund, further, amount, converted_from)
    from seen_deals
    where closed_at is not null or won is not null
    union all
    select 'activities', hash(activity_id),
        hash(activity_id, lead_id, occurred_at, kind, by_human, outbound, connected, owner, logged_at)
    from seen_activities
)

select
    kind,
    cast(id & ($parts - 1) as integer) as part,
    count(*) as n,
    cast(sum(cast(id >> 32 & 65535 as integer)) % 65536 as integer) as ids,
    cast(sum(cast(held & 65535 as integer)) % 65536 as integer) as held
from known
group by kind, part
order by kind, part
