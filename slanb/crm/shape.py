"""The canonical tables: what every import produces, whatever the CRM.

Floor 2. Times are UTC instants without a zone mark, money is in one currency, ids are text.
"""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["id", "text", "time", "number", "boolean", "choice"]

SQL_TYPES: dict[Kind, str] = {
    "id": "varchar",
    "text": "varchar",
    "choice": "varchar",
    "time": "timestamp",
    "number": "double",
    "boolean": "boolean",
}


@dataclass(frozen=True)
class Column:
    """A column of a canonical table.

    Parameters
    ----------
    required : a row without a readable value is of no use and goes to quarantine; in other columns the
        cell alone is emptied.
    choices : the only values allowed; empty for any.
    """

    name: str
    kind: Kind
    required: bool = False
    choices: tuple[str, ...] = ()


SIDES = ("marketing", "sales")
KINDS = ("call", "email", "meeting", "message", "other")

TABLES: dict[str, tuple[Column, ...]] = {
    "leads": (
        Column("lead_id", "id", required=True),
        Column("created_at", "time", required=True),
        Column("handed_off_at", "time"),
        Column("sourced_by", "choice", choices=SIDES),
        Column("tier", "text"),
        Column("segment", "text"),
        Column("owner", "text"),
        Column("lost_at", "time"),
        Column("lost_reason", "text"),
    ),
    "deals": (
        Column("deal_id", "id", required=True),
        Column("lead_id", "id"),
        Column("sourced_by", "choice", choices=SIDES),
        Column("segment", "text"),
        Column("closed_at", "time"),
        Column("won", "boolean"),
        Column("amount", "number"),
    ),
    "activities": (
        Column("activity_id", "id", required=True),
        Column("lead_id", "id"),
        Column("occurred_at", "time", required=True),
        Column("kind", "choice", choices=KINDS),
        Column("by_human", "boolean"),
        Column("outbound", "boolean"),
        Column("connected", "boolean"),
        Column("owner", "text"),
        Column("logged_at", "time"),
    ),
    "assignments": (
        Column("lead_id", "id", required=True),
        Column("from_owner", "text"),
        Column("to_owner", "text"),
        Column("assigned_at", "time", required=True),
    ),
}

ORDER = {
    "leads": "created_at, lead_id",
    "deals": "closed_at nulls last, deal_id",
    "activities": "lead_id nulls last, occurred_at, activity_id",
    "assignments": "lead_id, assigned_at, from_owner nulls first, to_owner nulls first",
}


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
