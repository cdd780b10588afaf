-- Conversions of contacts besides their creation.
create table staged.moments as
select node, first_conversion as moment from staged.records where first_conversion > created
union all
select node, recent_conversion from staged.records where recent_conversion > created
union all
select contact, submitted from export.submissions
