-- What has a rate is converted; the rest is empty. Of a currency nobody knows, what was there stands beside it.
-- A deal that is not won brings nothing yet, so that its amount may wait for a rate; a win without a closing date
-- has no month whose rate could convert it.
update work.deals set amount = amount * c.rate, converted_from = c.code from work.converted as c
where work.deals.rowid = c.place and c.rate is not null;

insert into work.unconverted
select d.deal_id from work.deals as d inner join work.converted as c on d.rowid = c.place
where c.rate is null and c.won and c.code <> '?' and d.amount is not null;

insert into work.quarantine
select 'cell', 'deals', coalesce(d._file, ''), d._line, 'amount', c.code || ' ' || d.amount,
    'amount is in another currency, and no closing date tells the month whose rate converts it'
from work.deals as d inner join work.converted as c on d.rowid = c.place
where d.deal_id in (select deal_id from work.unconverted) order by d.rowid;

update work.deals set amount = null,
    "unread amount" = coalesce("unread amount", case when c.code = '?' then amount::varchar end)
from work.converted as c where work.deals.rowid = c.place and c.rate is null
