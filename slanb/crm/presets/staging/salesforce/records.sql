-- Leads, and the contacts that some of them were converted into.
create table staged.records as
select id as node, true as is_lead, created, created_cell, email, null::varchar as more_emails,
    null::varchar as merged, merged_into, contact as partner, opportunity,
    presented(list_contains(getvariable('stages'), lower(stage)) or yes(converted), score_value) as reached,
    owner, source, tier, segment, handed_off, null::timestamp as entered, lost_at, lost_reason, deleted,
    null::timestamp as first_conversion, null::timestamp as recent_conversion, _file, _line
from export.leads;

insert into staged.records by name
select id as node, false as is_lead, created, created_cell, email, source, merged_into, deleted, _file, _line
from export.contacts
