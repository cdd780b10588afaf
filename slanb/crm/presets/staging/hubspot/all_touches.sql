-- Every activity: what it was, and why it is no touch, if so.
-- `outbound` and `connected` are 'true', 'false', null, or the value that is not known.
create table staged.all_touches as
with activities as (
    select *, upper(coalesce("type", file_holds, '')) as what,
        coalesce(try_cast(milliseconds as double) / 1000, try_cast(seconds as double)) as length
    from export.activities
)
select id, contacts, not getvariable('contacts_elsewhere') and is_one_id(contacts) as alone, happened,
    case when happened is null then happened_cell end as happened_cell, logged,
    case when what = 'CALL' then 'call' when what = 'MEETING' then 'meeting'
        when what in ('EMAIL', 'INCOMING_EMAIL', 'FORWARDED_EMAIL') then 'email'
        when what in ('COMMUNICATION', 'SMS', 'LINKEDIN_MESSAGE', 'WHATS_APP') then 'message'
        else what end as kind,
    (sequence is null and coalesce(upper(origin) not in (
        'AUTOMATION_PLATFORM', 'WORKFLOWS', 'WORKFLOW', 'SEQUENCES', 'SEQUENCE', 'MARKETING_EMAIL'
    ), true)) as by_human,
    case when what = 'CALL' then case upper(direction)
            when 'OUTBOUND' then 'true' when 'INBOUND' then 'false' else coalesce(direction, '(blank)') end
        when what in ('INCOMING_EMAIL', 'FORWARDED_EMAIL') then 'false'
        when what = 'EMAIL' then case upper(email_direction)
            when 'EMAIL' then 'true' when 'INCOMING_EMAIL' then 'false' when 'FORWARDED_EMAIL' then 'false'
            else coalesce(email_direction, '(blank)') end
        when what = 'MEETING' then case upper(outcome)
            when 'COMPLETED' then 'true' else coalesce(outcome, '(no outcome)') end
        else case upper(message_direction)
            when 'OUTBOUND' then 'true' when 'INBOUND' then 'false'
            else coalesce(message_direction, '(blank)') end end as outbound,
    case when what = 'CALL' then case when disposition is null
            then (length >= getvariable('connected_call_seconds'))::varchar else call_result(disposition) end
        when what = 'INCOMING_EMAIL' then 'true'
        when what = 'EMAIL' then (coalesce(upper(email_direction), '') = 'INCOMING_EMAIL')::varchar
        when what = 'MEETING' and upper(outcome) = 'COMPLETED' then 'true' end as connected,
    owner,
    case when yes(deleted) then 'deleted'
        when what in ('TASK', 'NOTE') then 'a task or note, no touch'
        when what = 'CALL' and upper(status) in (
            'CANCELED', 'CANCELLED', 'FAILED', 'MISSED', 'QUEUED', 'RINGING', 'CONNECTING', 'CALLING_CRM_USER'
        ) then 'a call that did not go out'
        when what like '%EMAIL' and upper(email_status) in (
            'BOUNCED', 'FAILED', 'SCHEDULED', 'SENDING', 'DRAFT', 'PENDING'
        ) then 'a mail not sent or bounced'
        when what = 'MEETING' and upper(replace(outcome, ' ', '_')) in (
            'SCHEDULED', 'RESCHEDULED', 'CANCELED', 'CANCELLED', 'NO_SHOW', 'NOT_STARTED'
        ) then 'a meeting that did not take place' end as why_not,
    _file, _line
from activities
