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
}

ORDER = {
    "leads": "created_at, lead_id",
    "deals": "closed_at nulls last, deal_id",
    "activities": "lead_id nulls last, occurred_at, activity_id",
}


def id_of(table: str) -> str:
    """The name of a table's id.

    >>> id_of("deals")
    'deal_id'
    """
    return TABLES[table][0].name
