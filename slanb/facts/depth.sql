-- Depth, of the leads whose follow-up window ended in each span, by cut: those reached within it are apart; the
-- others were tried as often as promised (kept) or not (missed), with their attempts in the window.
select
    grain,
    period,
    cut,
    name,
    count(*) as leads,
    count(*) filter (where depth = 'reached') as reached,
    count(*) filter (where depth = 'kept') as kept,
    count(*) filter (where depth = 'missed') as missed,
    sum(case when depth = 'reached' then 0 else attempts_in_window end) as attempts
from told_apart
where basis = 'due' and depth <> 'pending'
group by grain, period, cut, name
order by grain, period, cut, name
