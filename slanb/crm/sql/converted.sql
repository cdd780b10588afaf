-- The amounts that are not in the one currency (`home`): with the rate of the month in which the deal closes, if
-- there is one. Where currencies are `named` in a column, an amount without one is in none that is known.
create table work.converted as
with others as (
    select rowid as place, won, case when _currency is null then '?' else _currency end as code,
        strftime(local(closed_at, getvariable('zone')), '%Y-%m') as month
    from work.deals
    where (amount is not null or "unread amount" is not null)
        and (not list_contains(getvariable('home'), _currency) or (_currency is null and getvariable('named')))
)
select o.*, r.rate from others as o left join work.rates as r on o.code = r.code and o.month = r.month
