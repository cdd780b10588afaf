-- Which records are one person: merged, converted one into the other, or with one e-mail address.
create table staged.edges as
with addresses as (
    select node, lower(email) as address from staged.records where email is not null
    union
    select node, unnest(regexp_extract_all(lower(more_emails), '[^;, ]+@[^;, ]+')) from staged.records
    where more_emails is not null
),
shared as (
    select address, min(node) as one from addresses
    where node is not null and position('@' in address) > 0
    group by address having count(distinct node) > 1
)
select kept as one, gone as other from staged.gone where kept is not null and gone is not null
union all select node, partner from staged.records where partner is not null and node is not null
union all
select s.one, a.node from shared as s inner join addresses as a using (address) where a.node is not null
