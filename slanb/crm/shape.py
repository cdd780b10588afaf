"""The canonical tables (`tables.toml`): what every import produces, whatever the CRM.

Times are UTC instants without a zone mark, money is in one currency, ids are text.
"""

import tomllib
from dataclasses import dataclass
from importlib.resources import files

SQL_TYPES = {
    "id": "varchar",
    "text": "varchar",
    "choice": "varchar",
    "time": "timestamp",
    "number": "double",
    "boolean": "boolean",
}
SIDES = ("marketing", "sales")


@dataclass(frozen=True)
class CanonicalColumn:
    """A column of a canonical table.

    Parameters
    ----------
    kind : one of `SQL_TYPES`.
    meaning : what it holds, for whoever writes a mapping.
    required : a row without a readable value is of no use and goes to quarantine; in other columns the
        cell alone is emptied.
    mapped : every mapping has to say where it comes from.
    choices : the only values allowed; empty for any.
    """

    name: str
    kind: str
    meaning: str = ""
    required: bool = False
    mapped: bool = False
    choices: tuple[str, ...] = ()


_READ = tomllib.loads((files(__package__) / "tables.toml").read_text(encoding="utf-8"))
TABLES: dict[str, tuple[CanonicalColumn, ...]] = {
    table: tuple(CanonicalColumn(name, **column) for name, column in read["columns"].items())
    for table, read in _READ.items()
}
ORDER: dict[str, str] = {table: read["order"] for table, read in _READ.items()}
MEANINGS: dict[str, str] = {table: read["meaning"] for table, read in _READ.items()}


def id_of(table: str) -> str:
    """The name of a table's id.

    >>> id_of("deals")
    'deal_id'
    """
    return TABLES[table][0].name


def key_of(table: str) -> tuple[str, ...]:
    """The columns that tell one row of a table from another.

    >>> key_of("deals"), key_of("assignments")
    (('deal_id',), ('lead_id', 'from_owner', 'to_owner', 'assigned_at'))
    """
    if table == "assignments":  # they are not numbered: the whole row is its own name
        return tuple(column.name for column in TABLES[table])
    return (id_of(table),)
