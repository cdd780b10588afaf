-- Conversions of leads besides their creation: campaigns they responded to.
create table staged.moments as
select contact as node, submitted as moment from export.submissions where yes(responded)
