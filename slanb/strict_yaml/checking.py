"""Data against a model: each thing wrong as one line with place, key, value, what is allowed, what to do.

The models say what is allowed once, in their fields; the sentences here are made from that.
"""

from collections.abc import Callable, Iterable, Mapping
from difflib import get_close_matches
from functools import cache
from typing import Any, NamedTuple, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import InitErrorDetails, PydanticCustomError

from slanb.errors import SlanbError
from slanb.strict_yaml.reading import KeyPath, key_text, shortened

Model = TypeVar("Model", bound=BaseModel)
Lines = Mapping[KeyPath, int | str]
FINDING = "finding"  # the type of an error that a model's own cross-check raises
NUMERIC = {"float_type", "float_parsing", "int_type", "int_parsing", "int_from_float"} | {
    "greater_than", "greater_than_equal", "less_than", "less_than_equal", "finite_number",
}  # fmt: skip
KINDS = {
    "string_type": "text",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "list_type": "a list",
    "tuple_type": "a list",
    "set_type": "a list",
    "dict_type": "a group of keys",
    "model_type": "a group of keys",
    "model_attributes_type": "a group of keys",
    "string_too_short": "text that is not empty",
}


class Finding(NamedTuple):
    """What a cross-check found: where (from the model that checks), and what is expected there."""

    path: KeyPath
    expected: str


def raise_findings(model: str, data: Any, findings: Iterable[Finding]) -> None:
    """Raise all findings of a model's cross-checks together, if there are any.

    For use in a pydantic "after" validator; `validate` turns them into lines. `expected` completes the
    sentence "key is VALUE, but ..." where the key holds one value, and "key: ..." where it holds a group.
    """
    errors = [
        InitErrorDetails(
            type=PydanticCustomError(FINDING, "{expected}", {"expected": finding.expected}),
            loc=finding.path,
            input=_at(data, finding.path),
        )
        for finding in findings
    ]
    if errors:
        raise ValidationError.from_exception_data(model, errors)


def validate(
    model: type[Model],
    data: Any,
    lines: Lines | None = None,
    file: str = "parameter",
    *,
    also: Callable[[Any], Iterable[Finding]] = lambda data: (),
) -> Model:
    """Data as the model, or every reason why not.

    Parameters
    ----------
    model : a pydantic model.
    data : plain data, as `read` gives it. None is an empty group.
    lines : key path to line in `file`, or to a whole place in words where the data come from several
        files; None where there are no lines.
    file : the file's name, or, without lines, the word put before the key: "parameter quota is -5, ...".
    also : a cross-check of the model that can look at data of which other parts are wrong, so that what it
        finds is told along with them (the model itself cross-checks only what is right so far).

    Raises
    ------
    SlanbError : one line for each problem.

    >>> from typing import Annotated
    >>> from pydantic import Field
    >>> class Period(BaseModel, extra="forbid"):
    ...     close_rate: Annotated[float, Field(gt=0, le=1)]
    >>> validate(Period, {"close_rate": 5}, {("close_rate",): 7}, "params/2026-10.yml")
    Traceback (most recent call last):
    slanb.errors.SlanbError: params/2026-10.yml, line 7: close_rate is 5, but a share above 0 and at most 1 is expected (5 % is 0.05).
    >>> validate(Period, {"close_rat": 0.05})
    Traceback (most recent call last):
    slanb.errors.SlanbError: parameter close_rate is missing (add it).
    parameter close_rat is not known (did you mean close_rate?).
    """  # noqa: E501
    data = {} if data is None else data
    try:
        return model.model_validate(data)
    except ValidationError as error:
        problems = _problems(error, model, data, lines, file)
    problems += [f"{place(found.path, lines, file)} {_finding(found, data)}." for found in also(data)]
    raise SlanbError(dict.fromkeys(problems))


def place(path: KeyPath, lines: Lines | None, file: str) -> str:
    """Where a key stands, in words; the nearest key above it where it stands nowhere itself."""
    if lines is None:
        return file
    above = (path[:length] for length in range(len(path), -1, -1))
    line = next((lines[key] for key in above if key in lines), 1)
    return f"{file}, line {line}:" if isinstance(line, int) else line


def _problems(
    error: ValidationError, model: type[BaseModel], data: Any, lines: Lines | None, file: str
) -> list[str]:
    schema = _schema_of(model)
    found = {}  # one line a key: a choice of types gives several errors
    for detail in error.errors(include_url=False):
        path = _path(detail, data)
        said = _sentence(detail, path, data, _Allowed(schema, path))
        said = f"{place(path, lines, file)} {said}."
        found.setdefault((path, said if detail["type"] == FINDING else ""), said)
    return list(found.values())


@cache
def _schema_of(model: type[BaseModel]) -> dict:
    return model.model_json_schema()


def _path(detail: Mapping, data: Any) -> KeyPath:
    """The keys of an error's location, without pydantic's marks for the branches of a choice of types."""
    path, absent = (), detail["type"] in ("missing", FINDING)
    for number, step in enumerate(detail["loc"]):
        inside = _at(data, path)
        known = isinstance(inside, dict) and step in inside
        counted = isinstance(inside, list | tuple) and isinstance(step, int)
        if known or counted or (absent and isinstance(inside, dict) and number == len(detail["loc"]) - 1):
            path = (*path, step)
    return path


def _sentence(detail: Mapping, path: KeyPath, data: Any, allowed: "_Allowed") -> str:
    key, value = key_text(path, data), _at(data, path)
    if detail["type"] == "missing":
        return f"{key} is missing (add it{allowed.meaning()})"
    if detail["type"] == "extra_forbidden":
        return f"{key} is not known ({_instead(str(path[-1]), allowed.siblings())})"
    if detail["type"] == FINDING:
        return _finding(Finding(path, detail["ctx"]["expected"]), data)
    expected, advice = _expected(detail, value, allowed)
    return f"{key} is {shown(value)}, but {expected}" + (f" ({advice})" if advice else "")


def _finding(finding: Finding, data: Any) -> str:
    path, expected = finding
    key, value = key_text(path, data), _at(data, path)
    above = _at(data, path[:-1])
    absent = value is None and path and not (isinstance(above, dict) and path[-1] in above)
    if absent or isinstance(value, dict | list | tuple):
        return f"{key}: {expected}"
    return f"{key} is {shown(value)}, but {expected}"


def shown(value: Any) -> str:
    """A value as a message shows it: text in quotes, None as "empty", groups by their kind."""
    match value:
        case None:
            return "empty"
        case bool():
            return str(value).lower()
        case str():
            return f'"{shortened(value)}"'
        case dict():
            return "a group of keys"
        case list() | tuple():
            return "a list"
    return shortened(str(value))


def _expected(detail: Mapping, value: Any, allowed: "_Allowed") -> tuple[str, str]:
    """What is expected in place of a value, and what to do."""
    kind = detail["type"]
    if kind in NUMERIC:
        return f"{allowed.number()} is expected", _number_advice(value, allowed)
    if kind in ("literal_error", "enum"):
        choices = allowed.choices()
        near = get_close_matches(str(value), choices, 1)
        return f"one of {', '.join(choices)} is expected", f"did you mean {near[0]}?" if near else ""
    if kind == "string_type" and isinstance(value, bool | int | float):
        return "text is expected", f'write "{shown(value)}" in quotes'
    if kind in KINDS:
        return f"{KINDS[kind]} is expected", ""
    if kind in ("too_short", "too_long"):
        word, bound = ("at least", "min_length") if kind == "too_short" else ("at most", "max_length")
        return f"{word} {detail['ctx'][bound]} of them are expected", ""
    if kind == "string_pattern_mismatch":
        return f"{allowed.pattern()} is expected", ""
    message = detail["msg"].removeprefix("Value error, ").removeprefix("Assertion failed, ").rstrip(".")
    if message.startswith("Input should "):
        message = "it" + message.removeprefix("Input")
    return message, ""


def _number_advice(value: Any, allowed: "_Allowed") -> str:
    if isinstance(value, str):
        return _advice_for_text(value, allowed)
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return f"{value:g} % is {value / 100:g}" if number and allowed.share() and 1 < value <= 100 else ""


def _advice_for_text(value: str, allowed: "_Allowed") -> str:
    number = value.replace("%", "").strip()
    try:
        meant = float(number)
    except ValueError:
        separated = number.replace(",", "").replace(".", "").replace("'", "").replace(" ", "").isdigit()
        return "write it with a point for decimals and nothing between thousands" if separated else ""
    if "%" in value:
        return f"{meant:g} % is {meant / 100:g}" if allowed.share() else f"write {number}"
    return f"write {number} without quotes"


def _instead(key: str, known: list[str]) -> str:
    near = get_close_matches(key, known, 1)
    return f"did you mean {near[0]}?" if near else f"known here: {', '.join(known) or 'nothing'}"


def _at(data: Any, path: KeyPath) -> Any:
    for step in path:
        try:
            data = data[step]
        except (KeyError, IndexError, TypeError):
            return None
    return data


class _Allowed:
    """What a model allows at a key, from its JSON schema."""

    def __init__(self, schema: dict, path: KeyPath):
        self.definitions = schema.get("$defs", {})
        parents = nodes = [self._resolved(schema)]
        for step in path:
            parents = nodes
            nodes = [child for node in self._branches(nodes) for child in self._children(node, step)]
        self.parents, self.nodes = self._branches(parents), self._branches(nodes)

    def _resolved(self, node: dict) -> dict:
        while "$ref" in node:
            node = {**self.definitions[node["$ref"].rpartition("/")[2]], **node}
            del node["$ref"]
        return node

    def _branches(self, nodes: list[dict]) -> list[dict]:
        """The nodes with each choice of types laid out, a field's own description kept."""
        laid_out = []
        for node in nodes:
            own = {"description": node["description"]} if "description" in node else {}
            choices = [self._resolved(choice) | own for choice in node.get("anyOf", node.get("oneOf", []))]
            laid_out += self._branches(choices) if choices else [node]
        return laid_out

    def _children(self, node: dict, step: str | int) -> list[dict]:
        if isinstance(step, int):
            listed = node.get("prefixItems", [])
            child = listed[step] if step < len(listed) else node.get("items")
        else:
            child = node.get("properties", {}).get(step, node.get("additionalProperties"))
        return [self._resolved(child)] if isinstance(child, dict) else []

    def _first(self, *keys: str) -> Any:
        return next((node[key] for node in self.nodes for key in keys if key in node), None)

    def siblings(self) -> list[str]:
        return sorted({key for node in self.parents for key in node.get("properties", {})})

    def choices(self) -> list[str]:
        listed = [node.get("enum", [node["const"]] if "const" in node else []) for node in self.nodes]
        return [str(choice) for choices in listed for choice in choices]

    def pattern(self) -> str:
        return f"text of the form {self._first('pattern')}"

    def meaning(self) -> str:
        meaning = self._first("description")
        return f": {meaning.splitlines()[0].rstrip('.')}" if meaning else ""

    def share(self) -> bool:
        low, high = self._first("minimum", "exclusiveMinimum"), self._first("maximum", "exclusiveMaximum")
        return low is not None and low >= 0 and high == 1

    def number(self) -> str:
        low, above = self._first("minimum"), self._first("exclusiveMinimum")
        high, below = self._first("maximum"), self._first("exclusiveMaximum")
        whole = any(node.get("type") == "integer" for node in self.nodes)
        noun = "a share" if self.share() else "a whole number" if whole else "a number"
        if low is not None and high is not None:
            return f"{noun} between {low:g} and {high:g}"
        bounds = [
            f"{word} {bound:g}"
            for word, bound in (("of at least", low), ("above", above), ("at most", high), ("below", below))
            if bound is not None
        ]
        said = f"{noun} {' and '.join(bounds)}".rstrip()
        return said.replace(f"{noun} at most", f"{noun} of at most")
