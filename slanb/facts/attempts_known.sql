-- When the first attempt on record was made (`attempts` says what one is); where there is none, though other
-- activities are on record, when these begin. Whether the records tell who was reached, and how many of the contacts
-- are with no lead on record.
select
    coalesce(
        min(case
            when a.outbound and (coalesce(a.kind, '') <> 'meeting' or a.connected)
                and happened(a.occurred_at, s.created_at) >= date_trunc('minute', s.created_at)
                then happened(a.occurred_at, s.created_at)
        end),
        recorded_from()
    ) as earliest,
    count(case
        when a.outbound and (coalesce(a.kind, '') <> 'meeting' or a.connected)
            and happened(a.occurred_at, s.created_at) >= date_trunc('minute', s.created_at)
            then 1
    end) = 0 or count(a.connected) > 0 as reached_known,
    count(*) filter (where a.outbound) as contacts,
    count(*) filter (where a.outbound and l.lead_id is null) as of_no_lead
from seen_activities as a
left join leads as l on a.lead_id = l.lead_id
left join seen_leads as s on a.lead_id = s.lead_id
where a.by_human
