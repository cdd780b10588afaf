"""Columns that tables show: the heading and kind of each, once, as data in `columns/*.toml` beside this file.

A kind is a unit of `slanb.dictionary.figures` ("share", "money", ...), `change:<unit>` (signed), "text",
"word" (short), "date", "period", "unit" (each row names its own in its column `unit`), or
`interval:<unit>`: the column `x_range` then shows the frame's `x_low` and `x_high`.
"""

import tomllib
from functools import cache
from importlib.resources import files
from typing import NamedTuple


class Column(NamedTuple):
    """A column of a table: what it is called and what it holds."""

    heading: str
    kind: str


@cache
def columns() -> dict[str, Column]:
    """Every column there is, by the name frames give it.

    Raises
    ------
    ValueError : where two files name one column.
    """
    made: dict[str, Column] = {}
    for file in sorted((files(__package__) / "columns").iterdir(), key=lambda file: file.name):
        if file.name.endswith(".toml"):
            read = tomllib.loads(file.read_text(encoding="utf-8"))
            if twice := made.keys() & read.keys():
                raise ValueError(f"columns named twice: {', '.join(sorted(twice))}")
            made |= {name: Column(*entry) for name, entry in read.items()}
    return made


def column(name: str) -> Column:
    """A column's heading and kind; one that is not in the dictionary is called as it is named.

    `leads.A` is the part A of the column `leads`: it is called A, and of the kind of the whole.

    >>> column("close_rate"), column("my_number")
    (Column(heading='Close rate', kind='share'), Column(heading='My number', kind=''))
    >>> column("leads.A")
    Column(heading='A', kind='leads')
    """
    whole, _, part = name.partition(".")
    if part and whole in columns():
        return Column(part, columns()[whole].kind)
    return columns().get(name) or Column(name.replace("_", " ").capitalize(), "")


@cache
def _tables() -> dict[str, str]:
    return tomllib.loads((files(__package__) / "tables.toml").read_text(encoding="utf-8"))


def columns_of(table: str) -> list[str]:
    """The columns of one of slanb's tables, in order, by its id (`tables.toml` beside this file).

    Raises
    ------
    ValueError : a table slanb does not have, so that the caller has to say what it shows.

    >>> columns_of("weeks")
    ['week', 'delivered', 'so_far', 'due', 'gap', 'value_so_far']
    """
    if table not in _tables():
        raise ValueError(f'the table "{table}" is not one of slanb\'s: pass the columns it is to show')
    return _tables()[table].split()
