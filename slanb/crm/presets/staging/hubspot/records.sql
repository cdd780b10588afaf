-- Contacts, the leads among whom are known by their stage.
create table staged.records as
select id as node, true as is_lead, created, created_cell, email, more_emails, merged,
    null::varchar as merged_into, null::varchar as partner, null::varchar as opportunity,
    presented(list_contains(getvariable('stages'), lower(stage)), score_value) as reached,
    owner, source, tier, segment, handed_off,
    case when getvariable('gate') = 'stage' then least(
        case when list_contains(getvariable('qualified'), 'subscriber') then entered_subscriber end,
        case when list_contains(getvariable('qualified'), 'lead') then entered_lead end,
        case when list_contains(getvariable('qualified'), 'marketingqualifiedlead')
            then entered_marketingqualifiedlead end,
        case when list_contains(getvariable('qualified'), 'salesqualifiedlead')
            then entered_salesqualifiedlead end,
        case when list_contains(getvariable('qualified'), 'opportunity') then entered_opportunity end,
        case when list_contains(getvariable('qualified'), 'customer') then entered_customer end,
        case when list_contains(getvariable('qualified'), 'evangelist') then entered_evangelist end
    ) end as entered,
    lost_at, lost_reason, deleted, first_conversion, recent_conversion, _file, _line
from export.contacts
