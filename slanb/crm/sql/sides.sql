-- Whose each deal is by its lead's source, and by its own, its lead's if it has none.
create view work.sides as
select t.deal_id, l.sourced_by as by_first_source, coalesce(t.sourced_by, l.sourced_by) as by_deal_source,
    null::varchar as by_contact_role
from work.deals_used as t left join canon.leads as l on t.lead_id = l.lead_id
