-- When the first attempt on record was made.
select min(occurred_at) as earliest from attempts
