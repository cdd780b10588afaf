-- What became of the records of leads.
with records as (select use from staged.records where is_lead)
select what, n from (
    select 1 as place, 'records' as what, count(*) as n from records
    union all select 2, 'without an id', count(*) from records where use = 'without an id'
    union all select 3, 'deleted', count(*) from records where use = 'deleted'
    union all select 4, 'a record listed twice', count(*) from records where use = 'a record listed twice'
    union all select 5, 'merged into another or the same person',
        (select count(*) from staged.owned) - (select count(*) from staged.people)
    union all select 6, 'people', count(*) from staged.people
    union all select 7, 'nurtured', count(*) from staged.people
        where person not in (select person from staged.promised)
    union all select 8, 'leads', count(*) from staged.promised
    union all select 9, 'of them come back', count(*) from staged.promised where number > 1
) order by place
