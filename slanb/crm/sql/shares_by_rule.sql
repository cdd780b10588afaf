-- What was won, and marketing's part of it, by local month of closing ('' without a date), by one rule. Refunds
-- lower the amounts and are no deals.
select coalesce(strftime(local(d.closed_at, getvariable('zone')), '%Y-%m'), '') as month,
    count(*) filter (where coalesce(d.amount, 0) >= 0),
    count(*) filter (where coalesce(d.amount, 0) >= 0 and s.side = 'marketing'),
    round(coalesce(sum(d.amount), 0), 2),
    round(coalesce(sum(d.amount) filter (where s.side = 'marketing'), 0), 2)
from canon.deals as d left join (
    select deal_id, min(case getvariable('rule') when 'first_source' then by_first_source
        when 'deal_source' then by_deal_source else by_contact_role end) as side
    from work.sides group by deal_id
) as s on d.deal_id = s.deal_id
where d.won group by month order by month
