"""Names and texts put into SQL safely, and the SQL that stands in files.

Column names come from people's files and cannot be bound as parameters.
"""

from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import duckdb


def name(text: str) -> str:
    """A column's or table's name as SQL writes it.

    >>> print(name('Close "Date"'))
    "Close ""Date\"""
    """
    return '"' + text.replace('"', '""') + '"'


def literal(text: str | None) -> str:
    """Text as SQL writes it; None is null.

    >>> print(literal("l'offre"))
    'l''offre'
    """
    return "null" if text is None else "'" + text.replace("'", "''") + "'"


def listed(texts: Iterable[str]) -> str:
    """Texts as the inside of `in (...)`; none matches nothing.

    >>> listed(["a", "b"]), listed([])
    ("'a', 'b'", 'null')
    """
    return ", ".join(literal(text) for text in texts) or "null"


def lower(text: str) -> str:
    """A text in small letters as SQL's `lower` writes it: a Turkish İ is one letter.

    >>> lower("İptal Edildi")
    'iptal edildi'
    """
    return text.replace("İ", "i").lower()


def names(texts: Iterable[str]) -> str:
    """Column names, separated by commas.

    >>> names(["lead_id", "Close Date"])
    '"lead_id", "Close Date"'
    """
    return ", ".join(name(text) for text in texts)


def choice(cell: str, words: Mapping[str, str | None], otherwise: str) -> str:
    """SQL that puts a word in the place of each text of a list.

    >>> choice("stage", {"Won": "true"}, "stage"), choice("stage", {}, "stage")
    ("case stage when 'Won' then 'true' else stage end", 'stage')
    """
    arms = " ".join(f"when {literal(text)} then {literal(word)}" for text, word in words.items())
    return f"case {cell} {arms} else {otherwise} end" if arms else otherwise


def count(engine: duckdb.DuckDBPyConnection, rows: str) -> int:
    """How many rows there are: `count(engine, "canon.leads")`; `rows` may have a condition."""
    return engine.execute(f"select count(*) from {rows}").fetchall()[0][0]


def set_variables(engine: duckdb.DuckDBPyConnection, **values: tuple[str, Any]) -> None:
    """What SQL in files asks for by `getvariable`: each a type and a value, which may be None."""
    for key, (kind, value) in values.items():
        engine.execute(f"set variable {key} = $value::{kind}", {"value": value})


@cache
def statements(folder: str, file: str) -> str:
    """The SQL of a file `<folder>/<file>.sql` of this room; empty where there is none."""
    path = files("slanb.crm") / folder / f"{file}.sql"
    return path.read_text(encoding="utf-8") if path.is_file() else ""
