-- The leads of marketing once for each span and each cut (all, owner, tier, segment) they are counted in.
select
    s.grain,
    s.period,
    k.cut,
    case k.cut when 'owner' then f.owner when 'tier' then f.tier when 'segment' then f.segment else '' end
    as name,
    s.basis,
    f.touched,
    f.early,
    f.logged_late,
    f.passed_on,
    f.waited,
    f.buyer_wall,
    f.buyer_working,
    f.rep_wall,
    f.rep_working,
    f.speed,
    f.depth,
    f.attempts_in_window
from followed as f
inner join spans as s
    on case s.basis when 'handed' then f.handed_off_at else f.window_ends_at end >= s.starts_at
    and case s.basis when 'handed' then f.handed_off_at else f.window_ends_at end < s.ends_at
cross join (values ('all'), ('owner'), ('tier'), ('segment')) as k (cut)
where f.sourced_by = 'marketing'
