-- Cells with an agreed meaning: English, German, French, Italian, Portuguese, Turkish, Russian.
create macro yes(cell) as lower(cell) in (
    'true', '1', 'yes', 'wahr', 'ja', 'vrai', 'oui', 'vero', 'sì', 'si', 'verdadeiro', 'sim', 'doğru', 'evet',
    'истина', 'да');

-- Salesforce's ids: fifteen characters, of which capitals count, become eighteen, of which they do not.
create macro capital(id, place) as (substr(id, place, 1) between 'A' and 'Z')::integer;
create macro check_letter(id, p) as substr('ABCDEFGHIJKLMNOPQRSTUVWXYZ012345',
    1 + capital(id, p) + 2 * capital(id, p + 1) + 4 * capital(id, p + 2) + 8 * capital(id, p + 3)
    + 16 * capital(id, p + 4), 1);
create macro id18(id) as case when regexp_full_match(id, '0[0-9A-Za-z]{14}')
    then id || check_letter(id, 1) || check_letter(id, 6) || check_letter(id, 11) else id end;

-- Ids in a cell: 1;2 or 1, 2 or [1,2].
create macro ids_in(cell) as regexp_extract_all(cell, '[0-9A-Za-z]+');
create macro is_one_id(cell) as coalesce(regexp_full_match(cell, '[0-9A-Za-z]+'), false);

-- Whether a record's stage, or its score, is one with which it is presented to sales now.
create macro presented(stage_fits, score) as case getvariable('gate')
    when 'score' then coalesce(score >= getvariable('least_score'), false)
    when 'stage' then coalesce(stage_fits, false)
    else false end;

-- Whether a deal is of a pipeline that does not count; all count where none is named.
create macro is_other_pipeline(pipeline) as getvariable('pipelines') is not null
    and coalesce(not list_contains(getvariable('pipelines'), pipeline), true);
