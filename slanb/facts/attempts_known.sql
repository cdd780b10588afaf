-- When the first attempt on record was made; where there is none, though other activities are on record, when these
-- begin. Whether the records tell who was reached, and how many of the contacts are with no lead on record.
select
    coalesce(min(t.occurred_at), recorded_from()) as earliest,
    count(*) = 0 or (select count(connected) from seen_activities where by_human) > 0 as reached_known,
    (select count(*) from seen_activities where by_human and outbound) as contacts,
    (
        select count(*)
        from seen_activities as a
        left join leads as l on a.lead_id = l.lead_id
        where a.by_human and a.outbound and l.lead_id is null
    ) as of_no_lead
from attempts as t
