-- The currencies of amounts, the most frequent first.
select upper(currency), count(*) from staged.all_deals
where currency is not null and amount is not null
group by 1 order by 2 desc, 1
