-- Cells with exactly as many people as an export lists at most, by kind of record; and cells with any.
select 'deals' as kind, count(*) filter (where strlen(contacts) > 1999 and len(ids_in(contacts)) = 1000) as cut,
    count(contacts) as cells
from export.deals
union all
select 'activities', count(*) filter (where strlen(contacts) > 1999 and len(ids_in(contacts)) = 1000),
    count(contacts)
from export.activities
