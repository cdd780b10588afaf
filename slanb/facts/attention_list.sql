-- The same leads one by one, for those who work on them.
select lead_id, owner, tier, segment, why, handed_off_at, attempts, attempts_promised
from open_leads
where why is not null
order by
    case why when 'due' then 1 when 'overdue' then 2 else 3 end,
    handed_off_at desc,
    lead_id
limit $most
