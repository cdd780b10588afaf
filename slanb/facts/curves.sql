-- Kaplan-Meier: the share of leads still untouched after so many seconds, those waiting as of the clock being
-- observed up to then. So leads left alone raise the curve; they never leave the sum.
with risks as (
    select
        *,
        sum(leaving) over (partition by number order by seconds desc) as at_risk
    from waits
)

select
    *,
    exp(sum(case when ended = at_risk then -1000.0 else ln(1 - ended * 1.0 / at_risk) end) over (
        partition by number order by seconds
    )) as still
from risks
