-- The people on an opportunity: first the lead it was made of, then its primary contact.
create table staged.deal_links as
select id as deal, unnest(ids_in(contacts)) as node, 1 as priority from staged.all_deals
where contacts is not null and why_not is null
union all select opportunity, node, 0 from staged.records where opportunity is not null and use = 'kept'
union all select deal, contact, case when yes("primary") then 1 else 2 end from export.contact_roles
