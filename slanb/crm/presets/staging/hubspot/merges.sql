-- HubSpot's replicated tables list the merged records in a file of their own.
insert into staged.gone select kept, gone from export.merges
