-- Sales with a closing date, and those of them closed on the last day of a month; a refund is none.
select count(*), count(*) filter (where day::date = last_day(day)) from (
    select local(closed_at, getvariable('zone')) as day from canon.deals
    where won and coalesce(amount, 0) >= 0 and closed_at is not null
)
