-- Changes of a contact's owner, each with the one before.
create view staged.owner_changes as
select contact, lag("value") over (partition by contact order by changed) as before, "value" as after,
    changed, changed_cell, _file, _line
from export.history where lower(field) = 'hubspot_owner_id'
