-- The leads known as of the clock, those of marketing only where a promise is about them: of a tier promised when
-- they were created.
select l.*
from memory.main.seen_leads as l
where l.sourced_by <> 'marketing'
    or exists (
        select 1
        from promised as p
        where l.tier = p.tier and l.created_at >= p.starts_at and l.created_at < p.ends_at
    )
