-- When a contact reached a stage, by HubSpot's own history of its properties.
create view staged.stage_changes as
select contact, lower("value") as stage, changed from export.history where lower(field) = 'lifecyclestage'
