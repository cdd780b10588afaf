"""A CRM's labels in other languages, from `hubspot_labels.toml` or `salesforce_labels.toml`."""

from collections.abc import Iterator, Mapping
from typing import Any

from slanb.crm.presets.recognition import bare_header
from slanb.crm.sql import lower

FORMS = {  # how a table of a CRM has its labels; HubSpot's stages are without blanks
    "sides": (str,),
    "call_results": (lower,),
    "stages": (lower, lambda label: lower(label).replace(" ", "")),
}


def add_labels(crm: dict[str, Any], labels: Mapping[str, Any]) -> None:
    """Put each label where its English one stands, behind it: what is English keeps its meaning.

    >>> crm = {"kinds": {"deals": {"fields": {"stage": ["Stage"]}}}, "stages": {"closed won": "won"}}
    >>> add_labels(crm, {"headers": {"Stage": ["Fase"]}, "stages": {"closed won": ["Fechado e ganho"]}})
    >>> crm["kinds"]["deals"]["fields"], crm["stages"]["fechado e ganho"]
    ({'stage': ['Stage', 'Fase']}, 'won')
    """
    headers = {bare_header(english): others for english, others in labels.get("headers", {}).items()}
    for kind, shape in crm["kinds"].items():
        shape["hints"] = [*shape.get("hints", ()), *labels.get("hints", {}).get(kind, ())]
        for field, names in shape["fields"].items():
            more = [label for name in names for label in headers.get(bare_header(name), ())]
            shape["fields"][field] = [*names, *dict.fromkeys(more)]
    for kind, fields in labels.get("values", {}).items():
        for field, values in fields.items():
            known = crm.setdefault("labels", {}).setdefault(kind, {}).setdefault(field, {})
            known |= {cell: own for own, label in _each(values) for cell in spellings(lower(label))}
    for table, forms in FORMS.items():
        for english, label in _each(labels.get(table, {})):
            for form in forms:
                crm[table] |= dict.fromkeys(spellings(form(label)), crm[table][english])


def _each(table: Mapping[str, list[str]]) -> Iterator[tuple[str, str]]:
    for english, others in table.items():
        yield from ((english, label) for label in others)


def spellings(label: str) -> list[str]:
    """A label as files may spell it: with either apostrophe.

    >>> spellings("source d'origine")
    ["source d'origine", 'source d’origine']
    """
    return list(dict.fromkeys([label, label.replace("'", "’")]))
