-- When the first attempt on record was made (`attempts` says what one is); where there is none, though other
-- activities are on record, when these begin. Whether the records tell who was reached, and how many of the contacts
-- are with no lead on record. Activities of leads that are not seen are few: only these are looked up among all leads.
with told as (
    select
        s.lead_id is not null as seen,
        case when s.lead_id is null then a.lead_id end as lead_id,
        min(case
            when a.outbound and (coalesce(a.kind, '') <> 'meeting' or a.connected)
                and happened(a.occurred_at, s.created_at) >= date_trunc('minute', s.created_at)
                then happened(a.occurred_at, s.created_at)
        end) as earliest,
        count(a.connected) as told_reached,
        count(*) filter (where a.outbound) as contacts
    from seen_activities as a
    left join seen_leads as s on a.lead_id = s.lead_id
    where a.by_human
    group by s.lead_id is not null, case when s.lead_id is null then a.lead_id end
)

select
    coalesce(min(t.earliest), recorded_from()) as earliest,
    min(t.earliest) is null or sum(t.told_reached) > 0 as reached_known,
    cast(coalesce(sum(t.contacts), 0) as bigint) as contacts,
    cast(coalesce(sum(case when not t.seen and l.lead_id is null then t.contacts end), 0) as bigint) as of_no_lead
from told as t
left join leads as l on t.lead_id = l.lead_id
