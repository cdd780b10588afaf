-- Leads, different tiers; leads that bought, those with a tier; other leads, those with a tier.
select count(*), count(distinct tier), count(*) filter (where has_won), count(tier) filter (where has_won),
    count(*) filter (where not has_won), count(tier) filter (where not has_won)
from work.checked_leads
