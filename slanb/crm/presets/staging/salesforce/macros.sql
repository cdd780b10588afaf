-- Salesforce's ids, of which screen reports show fifteen characters.
create macro id_of(cell) as id18(cell);
