-- The e-mail addresses of each record that are one person's own: neither noemail@ nor info@, nor listed as shared.
create macro is_own(address) as getvariable('same_address_same_person')
    and position('@' in address) > 1
    and not list_contains(getvariable('not_own'), split_part(address, '@', 1))
    and not list_contains(getvariable('shared_addresses'), address)
    and not list_contains(getvariable('shared_addresses'), '@' || split_part(address, '@', 2));

create table staged.addresses as
select node, address from (
    select node, lower(email) as address from staged.records where email is not null
    union
    select node, unnest(regexp_extract_all(lower(more_emails), '[^;, ]+@[^;, ]+')) from staged.records
    where more_emails is not null
) where node is not null and is_own(address)
