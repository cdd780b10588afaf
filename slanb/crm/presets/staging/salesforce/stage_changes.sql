-- When a lead reached a status, by Salesforce's own history of its fields.
create view staged.stage_changes as
select contact, lower("value") as stage, changed from export.history where lower(field) = 'status'
