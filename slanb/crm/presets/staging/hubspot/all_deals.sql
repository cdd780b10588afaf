-- Every deal: how it stands (true, false, open, or a stage that is not known), and why it is left out, if so.
create table staged.all_deals as
with merged_away as (
    select gone from export.deal_merges
    union select unnest(ids_in(merged)) from export.deals where merged is not null
),
stages as (
    select stage as stage_id, min(is_won) as stage_is_won, min(is_closed) as stage_is_closed
    from export.deal_stages group by stage
)
select d.*,
    coalesce(agreed_standing(d.pipeline, d.stage), case
        when yes(is_won) then 'true'
        when getvariable('has_won') and yes(is_closed) then 'false'
        when is_won is not null and is_closed is not null then 'open'
        when lower(stage_is_won) in ('true', '1') then 'true'
        when lower(stage_is_closed) in ('true', '1') then 'false'
        when stage_is_won is not null then 'open'
        when d.stage is null then 'open'
        else coalesce(
            standing(regexp_replace(lower(d.stage), '( \(.*\))?$|[ _]', '', 'g')), d.stage
        ) end) as won,
    case when yes(deleted) then 'deleted'
        when d.id in (select gone from merged_away) then 'merged into another'
        when is_other_pipeline(d.pipeline) then 'of another pipeline' end as why_not
from export.deals as d left join stages as s on d.stage = s.stage_id
