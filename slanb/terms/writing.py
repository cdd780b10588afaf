"""What is written about terms: JSON schemas for editors, overlays and new agreements as commented YAML."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from slanb.errors import SlanbError
from slanb.strict_yaml import parse, validate
from slanb.terms.agreement import Agreement, loose_ends
from slanb.terms.plan import Overlay

SCHEMAS = {"agreement.schema.json": Agreement, "period.schema.json": Overlay}


def schema_texts() -> dict[str, str]:
    """The JSON schemas of the agreement and of a period's overlay, by file name."""
    return {
        name: json.dumps(
            {"$schema": "https://json-schema.org/draft/2020-12/schema", **model.model_json_schema()}, indent=2
        )
        + "\n"
        for name, model in SCHEMAS.items()
    }


def write_schemas(folder: str | Path) -> list[Path]:
    """Write the JSON schemas into a folder, which is made if need be; returns their paths."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in schema_texts().items():
        (folder / name).write_text(text, encoding="utf-8")
    return [folder / name for name in SCHEMAS]


def render_overlay(
    plan_changes: Mapping[str, Any], header: Sequence[str] = (), comments: Mapping[str, str] | None = None
) -> str:
    """A period's overlay as commented YAML, for a person to read, edit and keep as `params/<period>.yml`.

    Parameters
    ----------
    plan_changes : plan keys with their values, nested as in the file; empty ones are left out.
    header : lines of comment at the top.
    comments : comment before a key, by its dotted path (`tiers.A.close_rate`).

    Returns
    -------
    Text that `slanb.strict_yaml` and papermill read back to the same values.

    Raises
    ------
    SlanbError : naming each key or value that no overlay can hold.

    >>> print(render_overlay({"quota": 420000.0, "tiers": {"A": {"close_rate": 0.14}}}, ["October"],
    ...                      {"tiers.A.close_rate": "measured; planned was 0.15"}))
    # October
    <BLANKLINE>
    quota: 420000
    tiers:
      A:
        # measured; planned was 0.15
        close_rate: 0.14
    <BLANKLINE>
    """
    validate(Overlay, dict(plan_changes))
    top = "".join(f"{line}\n" for text in header for line in _comment(text, ""))
    body = "".join(f"{line}\n" for line in _lines(_given(plan_changes), (), comments or {}))
    return top + ("\n" if top and body else "") + body


def render_agreement(
    tree: Mapping[str, Any], header: Sequence[str] = (), comments: Mapping[str, str] | None = None
) -> str:
    """An agreement as commented YAML, for a person to read, edit and keep as `params/agreement.yml`.

    Parameters
    ----------
    tree : the agreement as plain data, dates as dates; empty values are left out.
    header : lines of comment at the top.
    comments : comment before a key, by its dotted path (`plan.tiers`, `clauses.0.figure`).

    Returns
    -------
    Text that `slanb.strict_yaml` reads back to the same agreement.

    Raises
    ------
    SlanbError : naming each key or value that no agreement can hold.
    """
    given = _given(tree)
    validate(Agreement, given, file="answer", also=loose_ends)
    top = "".join(f"{line}\n" for text in header for line in _comment(text, ""))
    body = ""
    for key, value in given.items():
        told = comments.get(key, "") if comments else ""
        lines = _lines({key: value}, (), comments or {})
        body += ("\n" if told else "") + "".join(f"{line}\n" for line in lines)
    return f"{top}\n{body.lstrip()}" if top else body.lstrip()


def _lines(group: Mapping, path: tuple[str, ...], comments: Mapping[str, str]) -> Iterator[str]:
    indent = "  " * len(path)
    for key, value in group.items():
        inside = (*path, key)
        yield from _comment(comments.get(".".join(inside), ""), indent)
        if isinstance(value, Mapping) and value:
            yield f"{indent}{_scalar(key)}:"
            yield from _lines(value, inside, comments)
        elif isinstance(value, list | tuple) and any(isinstance(item, Mapping) for item in value):
            yield f"{indent}{_scalar(key)}:"
            yield from _items(value, inside, comments)
        elif isinstance(value, list | tuple):
            yield f"{indent}{_scalar(key)}: [{', '.join(map(_scalar_in_list, value))}]"
        else:
            yield f"{indent}{_scalar(key)}: {_scalar(value)}"


def _items(items: Sequence[Any], path: tuple[str, ...], comments: Mapping[str, str]) -> Iterator[str]:
    """Groups as the items of a list, each opened by a dash."""
    for number, item in enumerate(items):
        inside = (*path, str(number))
        indent = "  " * (len(path) + 1)
        yield from _comment(comments.get(".".join(inside), ""), indent[2:])
        first, *rest = _lines(item, inside, comments)
        yield f"{indent[2:]}- {first.removeprefix(indent)}"
        yield from rest


def _scalar_in_list(value: Any) -> str:
    """One value between brackets, where a comma would part it."""
    text = _scalar(value)
    return text if text.startswith('"') or not set(",[]{}:") & set(text) else _quoted(value)


def _given(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return [_given(item) for item in value]
    if not isinstance(value, Mapping):
        return value
    return {key: _given(item) for key, item in value.items() if item is not None}


def _comment(text: str, indent: str) -> Iterator[str]:
    for line in text.splitlines():
        printable = "".join(sign if sign.isprintable() else " " for sign in line)
        yield f"{indent}# {printable}".rstrip()


def _scalar(value: Any) -> str:
    """One value as YAML that is read alike by all."""
    if isinstance(value, Mapping):
        return "{}"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int | float):
        return _number(value)
    if _reads_back(value):
        return value
    return _quoted(value)


def _quoted(value: str) -> str:
    return yaml.safe_dump(value, default_style='"', allow_unicode=False, width=10**9).strip()


def _number(value: float) -> str:
    """All digits, no exponent, which YAML 1.1 would read as text; ten thousands without a point."""
    text = format(Decimal(repr(value)), "f")
    return text.removesuffix(".0")


def _reads_back(text: str) -> bool:
    """Whether the text means itself without quotes."""
    try:
        return text.isprintable() and parse(f"{text}: {text}", "").data == {text: text}
    except SlanbError:
        return False
