-- People who came back after the agreed number of days; nobody does where none is agreed.
create table staged.returns as
with moments as (
    select person, created as moment from staged.owned
    where created is not null and not is_merged and getvariable('again_after_days') is not null
    union
    select coalesce(p.person, m.node), m.moment
    from staged.moments as m left join staged.person_of as p on m.node = p.node
    where m.moment is not null and getvariable('again_after_days') is not null
),
often as (select person from moments group by person having count(*) > 1),
steps as (
    select person, moment, lag(moment) over (partition by person order by moment) as before
    from moments where person in (select person from often)
)
select s.person, s.moment as starts
from steps as s inner join staged.people as p using (person)
where s.moment > p.created and s.moment - s.before > to_seconds(getvariable('again_after_days') * 86400)
