-- Every opportunity: how it stands (true, false, open, or a stage that is not known), and why it is left out.
create table staged.all_deals as
select d.*,
    coalesce(agreed_standing(pipeline, stage), case
        when not getvariable('has_won') then coalesce(standing(lower(stage)), stage)
        when yes(is_won) then 'true'
        when yes(is_closed) then 'false'
        else 'open' end) as won,
    case when yes(deleted) then 'deleted'
        when is_other_pipeline(pipeline) then 'of another pipeline' end as why_not
from export.deals as d
