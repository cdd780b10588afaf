-- Leads of marketing not yet reached whose follow-up window is still open, and the attempts made on them.
select count(*) as leads, coalesce(sum(attempts_in_window), 0) as attempts
from followed
where depth = 'pending'
