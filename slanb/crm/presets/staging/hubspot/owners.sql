-- What owners are called.
create table staged.owners as
select id, nullif(min(trim(concat_ws(' ', first_name, last_name))), '') as shown
from export.owners where id is not null group by id
