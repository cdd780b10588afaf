-- When a record first reached a stage with which it is presented to sales, by the history of changes.
update staged.records as r set entered = least(r.entered, h.moment)
from (
    select contact, min(changed) as moment from staged.stage_changes
    where getvariable('gate') = 'stage' and list_contains(getvariable('stages'), stage) group by contact
) as h where r.node = h.contact
