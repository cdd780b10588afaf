-- The people of activities for which one cell does not name one person.
create view staged.touch_links as
select id, unnest(ids_in(contacts)) as node from staged.all_touches
where contacts is not null and not alone
