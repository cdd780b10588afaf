-- Every task and event: what it was, and why it is no touch, if so.
-- `outbound` and `connected` are 'true', 'false', null, or the value that is not known.
create table staged.all_touches as
with activities as (
    select * exclude (happened, happened_cell), coalesce(happened, "day") as happened,
        coalesce(happened_cell, day_cell) as happened_cell,
        case when coalesce(event, nullif(file_holds, '')) is not null
            then case when lower("type") = 'call' then 'CALL' else 'MEETING' end
            when upper(subtype) in ('CALL', 'EMAIL', 'LISTEMAIL', 'CADENCE') then upper(subtype)
            when lower("type") in ('call', 'email', 'meeting') then upper("type")
            when direction is not null or try_cast(seconds as double) > 0 then 'CALL' else 'TASK' end as what
    from export.activities
)
select id, who as contacts, is_one_id(who) as alone, happened,
    case when happened is null then happened_cell end as happened_cell, logged,
    case what when 'CALL' then 'call' when 'EMAIL' then 'email' when 'LISTEMAIL' then 'email'
        when 'CADENCE' then 'email' when 'MEETING' then 'meeting' else 'other' end as kind,
    what not in ('LISTEMAIL', 'CADENCE') as by_human,
    case when what in ('EMAIL', 'LISTEMAIL', 'CADENCE') then 'true'
        when what = 'CALL' then case lower(direction)
            when 'outbound' then 'true' when 'inbound' then 'false' else coalesce(direction, '(blank)') end
        else case upper(outcome)
            when 'COMPLETED' then 'true' else coalesce(outcome, '(no outcome)') end end as outbound,
    case when what = 'CALL' then case when disposition is null
            then (try_cast(seconds as double) >= getvariable('connected_call_seconds'))::varchar
            else call_result(disposition) end
        when what = 'MEETING' and upper(outcome) = 'COMPLETED' then 'true'
        when what = 'EMAIL' then 'false' end as connected,
    owner,
    case when yes(deleted) then 'deleted'
        when what = 'TASK' then 'a task or note, no touch'
        when what = 'CALL' and lower(direction) = 'internal' then 'a call among colleagues'
        when what = 'MEETING' and (yes(no_show) or upper(replace(outcome, ' ', '_')) in (
            'SCHEDULED', 'RESCHEDULED', 'CANCELED', 'CANCELLED', 'NO_SHOW'
        )) then 'a meeting that did not take place'
        when what <> 'MEETING' and status is not null and not list_contains(getvariable('done'), lower(status))
            then 'not done yet' end as why_not,
    _file, _line
from activities
