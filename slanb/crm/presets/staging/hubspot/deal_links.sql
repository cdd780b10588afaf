-- The people on a deal.
create table staged.deal_links as
select id as deal, unnest(ids_in(contacts)) as node, 1 as priority from staged.all_deals
where contacts is not null and why_not is null
union all select deal, contact, 1 from export.deal_contacts
