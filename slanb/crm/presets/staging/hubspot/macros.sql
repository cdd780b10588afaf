-- HubSpot's ids are whole numbers, one or several in a cell.
create macro id_of(cell) as plain_ids(cell);
