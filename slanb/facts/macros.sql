-- `own_zone()` is the zone of these facts, `days_of()` that of the days on record.
-- A date is no instant: it is known to the day. On a clock it is the start of that day.

-- The same day on the clock of these facts, of the start of a day on the records' own.
create macro own_day(moment) as instant_of(date_trunc('day', shown(moment, days_of())), own_zone());

-- When something happened to a lead: what is only known to have happened on the day of an earlier event, happened
-- after that.
create macro happened(moment, earlier) as case
    when moment < earlier
        and shown(moment, own_zone()) = date_trunc('day', shown(earlier, own_zone()))
        then earlier
    else moment
end;

-- Working seconds up to an instant, by the row of the calendar in force at it.
create macro worked_until(instant, opens_at, seconds_before, working_seconds) as
    seconds_before + least(date_diff('second', opens_at, instant), working_seconds);

-- What a lead is called in a cut (all, owner, tier, segment).
create macro name_in(cut, owner, tier, segment) as
    case cut when 'owner' then owner when 'tier' then tier when 'segment' then segment else '' end;
