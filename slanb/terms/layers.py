"""Terms laid over terms: amendments over the agreement, a period's overlay over the plan, a what-if over it.

Each value keeps the place it came from, so that a mistake that shows only in the sum of several
files is still told with file and line.

A number for the whole (`marketing_share`, `close_rate`, `deal_size`) laid over a plan whose parts state their
own moves all of them in proportion, so that the plan comes to it as a whole. Within one layer the parts are
laid first, the whole last.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from slanb.errors import SlanbError
from slanb.strict_yaml import KeyPath, key_text, place, validate
from slanb.strict_yaml.checking import Lines
from slanb.terms.plan import WIDE, Overlay, Plan, rounded_down


class Node(NamedTuple):
    """A value, its parts being nodes again, and the place where it was written."""

    value: Any
    place: str


def grow(data: Any, lines: Lines | None, file: str, path: KeyPath = ()) -> Node:
    """Plain data as a tree of nodes."""
    value = data
    if isinstance(data, dict):
        value = {key: grow(item, lines, file, (*path, key)) for key, item in data.items()}
    elif isinstance(data, list | tuple):
        value = [grow(item, lines, file, (*path, number)) for number, item in enumerate(data)]
    return Node(value, place(path, lines, file))


def plain(node: Node) -> Any:
    """The tree as plain data."""
    if isinstance(node.value, dict):
        return {key: plain(item) for key, item in node.value.items()}
    return [plain(item) for item in node.value] if isinstance(node.value, list) else node.value


def places(node: Node, path: KeyPath = ()) -> dict[KeyPath, str]:
    """Where each key of the tree was written, in words."""
    found = {path: node.place}
    if isinstance(node.value, dict | list):
        items = node.value.items() if isinstance(node.value, dict) else enumerate(node.value)
        for step, item in items:
            found |= places(item, (*path, step))
    return found


def lay(base: Node, change: Node) -> Node:
    """The base with the change laid over it.

    Groups merge key by key, and an empty value takes a key out. Lists whose items have ids merge by id, and
    `drop: true` takes an item out. Anything else is replaced.
    """
    if isinstance(base.value, dict) and isinstance(change.value, dict):
        value = dict(base.value)
        for key, item in change.value.items():
            value[key] = lay(value[key], item) if key in value else item
            if item.value is None:
                del value[key]
        return Node(value, change.place if change.value else base.place)
    old, new = _by_id(base), _by_id(change)
    if old is None or new is None:
        return change
    for name, item in new.items():
        dropped = item.value.get("drop")
        if dropped is not None and dropped.value is True and name in old:
            del old[name]
        else:
            old[name] = lay(old[name], item) if name in old else item
    return Node(list(old.values()), change.place)


def merged(base: Mapping, change: Mapping) -> dict:
    """Plain data laid over plain data, key by key; an empty value takes a key out.

    >>> merged({"quota": 1, "tiers": {"A": {"share": 1}}}, {"tiers": {"A": {"value": 50}}})
    {'quota': 1, 'tiers': {'A': {'share': 1, 'value': 50}}}
    """
    return plain(lay(grow(dict(base), None, ""), grow(dict(change), None, "")))


def lay_over_plan(plan: Node, change: Node) -> Node:
    """A plan with some of its keys given anew; empty ones count as not given.

    Raises
    ------
    SlanbError : where a key or value of the change is not allowed, or the plan no longer adds up.
    """
    validate(Overlay, plain(change), places(change))
    change = _given(change)
    wide = [key for key in WIDE if key in change.value and _stated_by_parts(plan, change, key)]
    narrow = {key: node for key, node in change.value.items() if key not in wide}
    plan = lay(plan, Node(narrow, change.place))
    for key in wide:
        plan = _moved(plan, key, change.value[key])
    as_plan(plan)
    return plan


def as_plan(node: Node) -> Plan:
    """The tree as a plan; all that is wrong with it is told with its places."""
    return validate(Plan, plain(node), places(node))


def _given(node: Node) -> Node:
    """The tree without empty values."""
    if not isinstance(node.value, dict):
        return node
    items = {key: _given(item) for key, item in node.value.items() if item.value is not None}
    return Node(items, node.place)


def _parts(plan: Node) -> dict[KeyPath, Node]:
    groups = {group: plan.value[group].value for group in ("tiers", "segments") if group in plan.value}
    return {(group, name): part for group, parts in groups.items() for name, part in parts.items()}


def _stated_by_parts(plan: Node, change: Node, key: str) -> bool:
    return any(key in part.value for layer in (plan, change) for part in _parts(layer).values())


def _moved(plan: Node, key: str, given: Node) -> Node:
    """The plan with every statement of `key` scaled so that as a whole it comes to the given value."""
    now = getattr(as_plan(plan).blended(), key)
    stated = {(): plan, **_parts(plan)}
    stated = {path: part.value[key].value for path, part in stated.items() if key in part.value}
    highest = max(stated, key=stated.get)
    becomes = stated[highest] * given.value / now if now else given.value
    if key != "deal_size" and becomes > 1:
        limit = rounded_down(now / stated[highest])
        raise SlanbError(
            f"{given.place} {key} is {given.value:g}, but then {key_text((*highest, key))} would be "
            f"{becomes:.3g} (the most that is possible is {limit})."
        )
    for path, number in stated.items():
        change = Node(number * given.value / now if now else given.value, given.place)
        for step in reversed((*path, key)):
            change = Node({step: change}, given.place)
        plan = lay(plan, change)
    return plan


def _by_id(node: Node) -> dict[str, Node] | None:
    """The items of a list by their ids; None if it is no list of items that each have one."""
    if not isinstance(node.value, list):
        return None
    groups = [item for item in node.value if isinstance(item.value, dict)]
    named = {item.value["id"].value: item for item in groups if _is_named(item)}
    return named if len(named) == len(node.value) else None


def _is_named(item: Node) -> bool:
    return "id" in item.value and isinstance(item.value["id"].value, str)
