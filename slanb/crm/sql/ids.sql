-- Ids as files spell them.

-- A whole number that a program has kept as a decimal one, 301.0, is 301.
create macro plain_id(id) as
    case when ends_with(id, '.0') or ends_with(id, '.00') then regexp_replace(id, '^(\d+)\.0+$', '\1') else id end;
create macro plain_ids(cell) as
    case when contains(cell, '.0') then regexp_replace(cell, '(^|[;, \[])(\d+)\.0+\b', '\1\2', 'g') else cell end;

-- What a spreadsheet makes of a long number: 1.2E+17; or, written out, nothing but zeros after fifteen digits.
create macro is_damaged(id) as regexp_full_match(id, '\d([.,]\d+)?[eE]\+?\d+');
create macro is_rounded(id) as
    (contains(id, 'E+') or contains(id, 'e+')) and regexp_matches(id, '\b\d([.,]\d+)?[eE]\+\d{2,3}\b');
create macro is_long(id) as strlen(id) >= 17 and regexp_full_match(id, '\d{17,19}');
create macro is_cut(id) as is_long(id) and regexp_full_match(id, '\d{15}0+');
