-- Which records are one person: merged, converted one into the other, or with one e-mail address of their own.
create table staged.edges as
with shared as (
    select address, min(node) as one from staged.addresses group by address having count(distinct node) > 1
)
select kept as one, gone as other from staged.gone where kept is not null and gone is not null
union all select node, partner from staged.records where partner is not null and node is not null
union all
select s.one, a.node from shared as s inner join staged.addresses as a using (address)
