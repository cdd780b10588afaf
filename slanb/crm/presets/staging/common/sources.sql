-- Whose each source on record is, the most frequent first: of people, and of deals where their own decides.
select source, side from (
    select source, side_of(source) as side, count(*) as n from (
        select source from staged.people
        union all select source from staged.all_deals
        where getvariable('sourced_by') = 'deal_source' and why_not is null
    ) where source is not null group by source
) where side in ('marketing', 'sales') order by n desc, source
