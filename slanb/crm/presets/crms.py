"""What is known about a CRM beforehand, from its files of names (`hubspot.toml`, `hubspot_labels.toml`)."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

from slanb.crm.presets.labels import add_labels
from slanb.crm.presets.recognition import RecordKind
from slanb.crm.sql import lower

NAMES = ("hubspot", "salesforce")


@dataclass(frozen=True, kw_only=True)
class Crm:
    """A CRM: the records it exports, their names, and what its values mean.

    Parameters
    ----------
    lead_kind : the kind of record that is a lead.
    kinds : the kinds of record by name.
    presented : stages with which a lead is presented to sales, where the user names none.
    presented_by, presented_columns : fields, and columns besides, that may tell it another way.
    ids : fields of ids, which files spell in several ways (`id_of` in the macros of its `staging`).
    sides : source: whose effort it is, marketing's or sales'.
    call_results : result of a call in lower case: whether a conversation took place.
    stages : stage of a deal in lower case: won, lost or open.
    labels : by kind and field: a label in lower case, and the CRM's own value.
    holds_by_field, holds_by_word : what all rows of a file of activities are, by the first of these fields
        that it has ("" where each row says), or by a word in its name.
    """

    name: str
    lead_kind: str
    kinds: Mapping[str, RecordKind]
    call_results: Mapping[str, bool]
    stages: Mapping[str, str]
    holds_by_field: tuple[tuple[str, str], ...]
    holds_by_word: Mapping[str, str] = field(default_factory=dict)
    sides: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, Mapping[str, Mapping[str, str]]] = field(default_factory=dict)
    presented: tuple[str, ...] = ()
    presented_by: tuple[str, ...] = ()
    presented_columns: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()

    def own(self, kind: str, field: str, word: str) -> str:
        """A value as the CRM itself has it, whatever label a user or a file calls it by.

        >>> [crm_of("hubspot").own("contacts", "stage", word) for word in ("Kunde", "Regular")]
        ['customer', 'Regular']
        """
        return self.labels.get(kind, {}).get(field, {}).get(lower(word), word)


@cache
def crm_of(name: str) -> Crm:
    """A CRM by its name.

    >>> crm_of("salesforce").kinds["contact_roles"].fields["deal"]
    ['OpportunityId', 'Opportunity ID']
    """
    read = _read(name)
    add_labels(read, _read(f"{name}_labels"))
    kinds = {kind: RecordKind(name=kind, **shape) for kind, shape in read.pop("kinds").items()}
    return Crm(name=name, kinds=kinds, **read)


@cache
def not_own() -> list[str]:
    """What stands before the @ of addresses that are not one person's own (`addresses.toml`)."""
    read = _read("addresses")
    return [*read["nobody"], *read["everybody"]]


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((files(__package__) / f"{name}.toml").read_text(encoding="utf-8"))
