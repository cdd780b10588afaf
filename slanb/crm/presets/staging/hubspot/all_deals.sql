-- Every deal: how it stands (true, false, open, or a stage that is not known), and why it is left out, if so.
create table staged.all_deals as
with merged_away as (
    select gone from export.deal_merges
    union select unnest(ids_in(merged)) from export.deals where merged is not null
),
stages as (
    select stage as stage_id, pipeline as of_pipeline, min(lower(is_won)) as is_won_there,
        min(lower(is_closed)) as is_closed_there
    from export.deal_stages group by all
),
-- Pipelines may use one id for different stages; one that stands alike in all needs no pipeline.
alike as (
    select stage_id, min(is_won_there) as is_won_there, min(is_closed_there) as is_closed_there
    from stages group by stage_id
    having count(distinct concat_ws('/', is_won_there, coalesce(is_closed_there, ''))) = 1
),
known as (
    select d.*, coalesce(s.is_won_there, a.is_won_there) as stage_is_won,
        coalesce(s.is_closed_there, a.is_closed_there) as stage_is_closed
    from export.deals as d
    left join stages as s on d.stage = s.stage_id and d.pipeline = s.of_pipeline
    left join alike as a on d.stage = a.stage_id
)
select d.* exclude (stage_is_won, stage_is_closed),
    coalesce(agreed_standing(d.pipeline, d.stage), case
        when yes(is_won) then 'true'
        when getvariable('has_won') and yes(is_closed) then 'false'
        when is_won is not null and is_closed is not null then 'open'
        when stage_is_won in ('true', '1') then 'true'
        when stage_is_closed in ('true', '1') then 'false'
        when stage_is_won is not null then 'open'
        when d.stage is null then 'open'
        else coalesce(
            standing(regexp_replace(lower(d.stage), '( \(.*\))?$|[ _]', '', 'g')), d.stage
        ) end) as won,
    case when yes(deleted) then 'deleted'
        when d.id in (select gone from merged_away) then 'merged into another'
        when is_other_pipeline(d.pipeline) then 'of another pipeline' end as why_not
from known as d
