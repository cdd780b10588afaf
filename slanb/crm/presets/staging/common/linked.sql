-- A row for each person a touch was for, the first of them of `rank` 1. One person named in the activity's
-- own cell is the usual case, and a large one.
create table staged.many_links as
select distinct l.id, coalesce(n.person, l.node) as person
from staged.touch_links as l left join staged.person_of as n on l.node = n.node;

create table staged.shared_touches as
select t.* exclude (contacts, alone), m.person,
    row_number() over (partition by t.id, t._file, t._line order by p.person is null, m.person) as rank
from staged.all_touches as t left join staged.many_links as m on t.id = m.id
left join staged.people as p on m.person = p.person
where why_not is null and not alone;

create view staged.linked as
select t.* exclude (contacts, alone), coalesce(n.person, t.contacts) as person, 1 as rank
from staged.all_touches as t left join staged.person_of as n on t.contacts = n.node
where why_not is null and alone
union all
select * from staged.shared_touches
