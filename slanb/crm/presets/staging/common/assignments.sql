-- Changes of owner, each of the hand-off that had last begun.
create table staged.assignments as
select e.lead_id, coalesce(b.shown, h.before) as from_owner, coalesce(a.shown, h.after) as to_owner,
    h.changed, h.changed_cell, h._file, h._line
from staged.owner_changes as h
left join staged.person_of as n on h.contact = n.node
inner join staged.promised as e on e.person = coalesce(n.person, h.contact)
left join staged.owners as b on h.before = b.id
left join staged.owners as a on h.after = a.id
where h.before is not null
qualify row_number() over (
    partition by h.contact, h.changed, h._line order by e.starts <= h.changed desc nulls last,
        case when e.starts <= h.changed then e.starts end desc nulls last, e.starts
) = 1
