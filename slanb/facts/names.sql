-- The tiers and segments that leads of one source have on record, and how many leads of each.
select 'tier' as part, tier as name, count(*) as leads
from seen_leads
where sourced_by = $sourced_by
group by tier
union all
select 'segment' as part, segment as name, count(*) as leads
from seen_leads
where sourced_by = $sourced_by
group by segment
order by part, leads desc, name
