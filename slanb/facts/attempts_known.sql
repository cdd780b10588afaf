-- When the first attempt on record was made; where there is none, though other activities are on record, when these
-- begin.
select coalesce(min(occurred_at), recorded_from()) as earliest from attempts
