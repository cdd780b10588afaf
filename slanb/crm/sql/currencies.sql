-- The currencies that amounts name, the most frequent first.
select currency, count(*) from (
    select _currency as currency from work.deals where amount is not null or "unread amount" is not null
)
where currency is not null group by currency order by 2 desc, 1
