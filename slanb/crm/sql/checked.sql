-- The canonical tables with what the conditions of `checks.toml` ask about beside them.

-- Whether an event lies before its lead's creation; one without a time of day, on an earlier day. Clocks are only
-- looked at where it does.
create macro is_early(event, created) as case
    when event < created then not (
        local(event, getvariable('zone')) = date_trunc('day', local(event, getvariable('zone')))
        and local(event, getvariable('zone')) = date_trunc('day', local(created, getvariable('zone')))
    )
    else false
end;

-- What was won for less than nothing is a refund: no sale, and no deal.
create view work.checked_deals as
select d.*, d.won and coalesce(d.amount, 0) >= 0 as sale, d.won and d.amount < 0 as refund, l.lead_id is not null as lead_known, is_early(d.closed_at, l.created_at) as closed_early,
    d.deal_id in (select deal_id from work.unconverted) as unconverted
from canon.deals as d left join canon.leads as l on d.lead_id = l.lead_id;

create view work.checked_leads as
select l.*, is_early(l.handed_off_at, l.created_at) as handed_off_early,
    is_early(l.lost_at, l.created_at) as lost_early, coalesce(d.deals, 0) as deals,
    coalesce(d.has_won, false) as has_won
from canon.leads as l left join (
    select lead_id, count(*) filter (where not coalesce(refund, false)) as deals,
        bool_or(coalesce(sale, false)) as has_won
    from work.checked_deals where lead_id is not null group by lead_id
) as d on l.lead_id = d.lead_id;

create view work.checked_activities as
select a.*, l.lead_id is not null as lead_known, is_early(a.occurred_at, l.created_at) as occurred_early
from canon.activities as a left join canon.leads as l on a.lead_id = l.lead_id;

create view work.checked_assignments as
select a.*, l.lead_id is not null as lead_known
from canon.assignments as a left join canon.leads as l on a.lead_id = l.lead_id
