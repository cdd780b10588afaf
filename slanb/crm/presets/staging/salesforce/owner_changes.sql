-- Changes of a lead's owner. Salesforce notes each twice, by id and by name: the id's row is taken.
create view staged.owner_changes as
select contact, "before", "value" as after, changed, changed_cell, _file, _line
from export.history
where lower(field) in ('owner', 'ownerassignment', 'owneraccepted')
qualify row_number() over (
    partition by contact, changed, changed_cell order by starts_with("value", '005') desc nulls last, _line
) = 1
