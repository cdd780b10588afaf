"""What may be a person's, and how it is kept or shown: an id under a key, a text by its shape.

A value is shown where it is of a known kind: nearly a day or an amount, a number of the CRM's own, words that
CRMs use. Of any other its shape and count are, and the line where it stands for whoever has the file.
"""

import re
import secrets
import tomllib
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from pathlib import Path

import duckdb

from slanb.crm.sql import listed, literal, set_variables, statements
from slanb.database import connect
from slanb.errors import SlanbError
from slanb.whole_files import write_whole

KEY = ".key"  # beside the mapping
SHOWN = 80  # characters of a cell
WORDY = 60  # characters from which a text is a note rather than a name of something
PHONE = r"(?:\+\d|\(?\b0\d)(?:[ ()/.-]*\d){5,}|\(?\b\d{3}\)?[-. ]\d{2,3}[-. ]\d{4}\b"
NUMBERED = "[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}|\\d{1,6}"  # the CRM's own: UUIDs, short ones
NAMED = r"\p{Lu}[\pL'’-]+,?( \p{Lu}[\pL'’.-]*){1,2}"  # as a person is: Ann Lee, Lee, Ann J.
_DAY = r"(?:(?:19|20)\d\d[-./]\d{1,2}(?:[-./]\d{1,2})?|\d{1,2}[-./]\d{1,2}[-./]?(?:(?:19|20)?\d\d)?)"
_CLOCK = r"(?:[T ,]+\d{1,2}:\d\d(?::\d\d(?:\.\d+)?)? ?(?:[AaPp][Mm]|Z|[+-]\d\d:?\d\d)?)?"
_SUM = r"-?(?:\d{1,6}|\d{1,3}(?:[.,']\d{3})+)(?:[.,]\d{1,2})?"
_AMOUNT = rf"(?:[A-Z]{{3}} ?|[€$£] ?)?{_SUM} ?(?:[A-Z]{{3}}|[€$£]|[kKmM])?"
NEARLY = f"{_DAY}{_CLOCK}|{_AMOUNT}"  # looks like a day or an amount, though not as the mapping says
LEAST = 20  # rows from which a column can be told to be a list of few values
MACROS = f"""
    create macro keyed(text) as 'id-' || left(sha256(getvariable('key') || text), 16);
    create macro number_of(id) as case
        when contains(id, '@') or contains(id, ' ') or starts_with(id, '+') then keyed(id) else id end;
    create macro shape(text) as
        left(regexp_replace(regexp_replace(text, '\\pL', 'x', 'g'), '\\d', '9', 'g'), {SHOWN});
    create macro is_personal(text) as length(text) > {WORDY}
        or regexp_matches(text, '[^@\\s]@[^@\\s]+\\.[^@\\s]|{PHONE}');
    create macro nearly(text) as
        case when regexp_full_match(text, {literal(NEARLY)}) then text else shape(text) end;
    create macro of_known_words(text) as case when regexp_full_match(text, '{NUMBERED}')
        or (length(regexp_replace(text, '\\D', '', 'g')) <= 6
            and list_has_all(getvariable('words'), regexp_extract_all(lower(text), '\\pL+')))
        then text else shape(text) end;
"""


def make_macros(engine: duckdb.DuckDBPyConnection, key: str) -> None:
    """Make what tells and hides personal values in SQL, ids under this key."""
    set_variables(engine, key=("varchar", key), words=("varchar[]", _words()))
    engine.execute(MACROS)


@cache
def _words() -> list[str]:
    """Words that stages, kinds of activities and sources are called by, and single letters."""
    texts = tomllib.loads((files(__package__) / "words.toml").read_text(encoding="utf-8"))
    return [word for text in texts.values() for word in text.split()] + [*"abcdefghijklmnopqrstuvwxyz"]


def nearly(cell: str) -> str:
    """A cell that could not be read as a day or an amount, as a message may show it.

    >>> nearly("31.13.2026"), nearly("Jo Rep 0170 5550"), nearly("1.2k")
    ('31.13.2026', 'xx xxx 9999 9999', '1.2k')
    """
    if re.fullmatch(NEARLY, cell):
        return cell
    return "".join("x" if sign.isalpha() else "9" if sign.isdigit() else sign for sign in cell)[:SHOWN]


@cache
def key_of(folder: Path) -> str:
    """The project's key, from the file `.key` beside the mapping, which is made where there is none: whoever
    has not got it cannot try which address an id was made of.

    Where none can be kept, it is this process's own.
    """
    place = folder / KEY
    for _ in range(2):
        try:
            if not place.exists():
                write_whole(place, secrets.token_hex(32), replace=False, mode=0o600)
            if key := place.read_text(encoding="ascii").strip():
                return key
            place.unlink()  # an empty one hides nothing
        except FileExistsError:  # by another process, this moment
            continue
        except (SlanbError, OSError, ValueError):
            break
    return secrets.token_hex(32)


def kept_as(ids: Iterable[str], key: str) -> set[str]:
    """What leads may be called after an import, given their ids as the CRM has them."""
    with connect() as engine:
        make_macros(engine, key)
        engine.execute(statements("presets/staging/common", "macros"))
        rows = engine.execute(
            "select unnest([id, id18(id), keyed(id)]) from (select unnest($ids::varchar[]) as id)",
            {"ids": [each.strip() for each in ids]},
        ).fetchall()
    return {name for (name,) in rows}


def set_strays_apart(
    engine: duckdb.DuckDBPyConnection, table: str, column: str, unread: str, known: Iterable[str]
) -> None:
    """Empty the cells of a text column that a person may have got into: of a column that is a list of few
    values, those that stand in one row alone, read like a name and are not `known` to the mapping."""
    engine.execute(
        f"""
        update work.{table} set {unread} = {column}, {column} = null
        where {column} in (
            with often as (
                select {column} as value, count(*) as n
                from work.{table} where {column} is not null group by {column}
            )
            select value from often
            where n = 1 and regexp_full_match(value, {literal(NAMED)})
                and value not in ({listed(["", *known])}) and (
                select sum(n) filter (where n > 1) >= greatest({LEAST}, 0.5 * sum(n))
                    and count(*) filter (where n > 1) <= {LEAST}
                from often
            )
        )
        """
    )


def unlisted(engine: duckdb.DuckDBPyConnection, rows: str, cell: str) -> list[tuple[str, int]]:
    """The values of a column that no list has, the most frequent first, each with its count: as they are
    where they are of known words, else their shape and where the first of them stands."""
    place = "coalesce(' (' || arg_min(_file || ', line ' || _line, _line) || ')', '')"
    return engine.execute(
        f"select case when shown = value then shown else shown || place end, n from (select {cell} as value, "
        f"of_known_words({cell}) as shown, {place} as place, count(*) as n from {rows} "
        f"where {cell} is not null group by {cell}) order by n desc, 1"
    ).fetchall()
