-- The leads known as of the clock, those of marketing only where a promise is about them: of a tier promised when
-- they were created. A tier is promised once at a time.
select l.*
from memory.main.seen_leads as l
left join promised as p on l.tier = p.tier and l.created_at >= p.starts_at and l.created_at < p.ends_at
where l.sourced_by <> 'marketing' or p.tier is not null
