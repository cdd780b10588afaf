-- What has a rate is converted; the rest is empty, and beside it what was there.
update work.deals set amount = amount * c.rate from work.converted as c
where work.deals.rowid = c.place and c.rate is not null;

update work.deals set amount = null,
    "unread amount" = coalesce("unread amount", trim(c.code || ' ' || amount, '? '))
from work.converted as c where work.deals.rowid = c.place and c.rate is null
