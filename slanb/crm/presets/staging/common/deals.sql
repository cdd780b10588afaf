-- The deals that name several people, of whom one is the lead.
create view staged.several as
select l.deal from staged.deal_links as l
left join staged.person_of as n on l.node = n.node
inner join staged.people as p on p.person = coalesce(n.person, l.node)
where l.deal in (select id from staged.all_deals where why_not is null)
group by l.deal having count(distinct p.person) > 1;

-- One row a deal: tied to a lead of a person on it, and placed with a side by every rule.
create table staged.deals as
with linked as (
    select l.deal, e.person, e.lead_id, e.starts, l.priority, d.moment, p.created as person_created,
        side_of(p.source) as side, e.promised
    from staged.deal_links as l
    left join staged.person_of as n on l.node = n.node
    inner join staged.episodes as e on e.person = coalesce(n.person, l.node)
    inner join staged.people as p on p.person = e.person
    inner join (
        select id, min(coalesce(created, closed)) as moment from staged.all_deals group by id
    ) as d on d.id = l.deal
),
ranked as (
    select *, row_number() over (
        partition by deal order by promised desc, priority, starts <= moment desc nulls last,
            person_created, person, case when starts <= moment then starts end desc nulls last, starts
    ) as rank
    from linked
),
contacts as (
    select l.deal, side_of(coalesce(p.source, r.source)) as side
    from staged.deal_links as l
    left join staged.person_of as n on l.node = n.node
    left join staged.people as p on p.person = coalesce(n.person, l.node)
    left join staged.records as r on r.node = l.node and r.use = 'kept'
),
sided as (
    select deal, case when bool_or(side = 'marketing') then 'marketing'
        when bool_or(side = 'sales') then 'sales' end as any_side
    from contacts group by deal
),
-- An amount is taken in the currency that is wanted where it is there in it: as converted by the CRM, or as it is.
priced as (
    select * exclude (amount, currency),
        case when converted then home_amount else coalesce(amount, home_amount) end as amount,
        case when converted then coalesce(upper(home_currency), getvariable('currency'))
            else upper(currency) end as currency
    from (
        select *, home_amount is not null and not (
            amount is not null and coalesce(upper(home_currency) <> getvariable('currency'), false)
            and upper(currency) = getvariable('currency')
        ) as converted
        from staged.all_deals where why_not is null
    )
),
placed as (
    select d.*, x.lead_id, x.promised, x.side as by_first_source,
        coalesce(side_of(d.source), x.side) as by_deal_source, coalesce(s.any_side, x.side) as by_contact_role
    from priced as d
    left join ranked as x on x.deal = d.id and x.rank = 1
    left join sided as s on s.deal = d.id
)
select id as deal_id, case when promised then lead_id end as lead_id,
    coalesce(not promised, false) as nurtured,
    case getvariable('sourced_by') when 'first_source' then by_first_source
        when 'deal_source' then by_deal_source
        when 'contact_role' then by_contact_role else side_of(source) end as side,
    segment, closed, closed_cell, won,
    amount, currency,
    _file, _line, by_first_source, by_deal_source, by_contact_role
from placed
