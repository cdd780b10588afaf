-- Open leads of marketing that need someone now, by their owner as of the clock and days since hand-off.
select
    owner,
    why,
    floor(date_diff('second', handed_off_at, as_of) / 86400.0) as days,
    count(*) as leads
from open_leads
where why is not null
group by owner, why, floor(date_diff('second', handed_off_at, as_of) / 86400.0)
order by owner, why, floor(date_diff('second', handed_off_at, as_of) / 86400.0)
