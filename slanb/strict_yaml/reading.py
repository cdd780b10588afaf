"""YAML text into plain data and the line of every key, refusing what two readers would read differently.

papermill reads the same files as YAML 1.1, where `17:30` is 1050, `on` is true and a key given
twice counts once. Whatever YAML 1.1 takes for something else than a person does is refused here; what is
accepted, papermill reads alike.
"""

import math
import os
import re
import stat
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from slanb.errors import SlanbError

KeyPath = tuple[str | int, ...]
DEPTH, DIGITS = 40, 400  # no file written by a person comes near; a hostile one is refused, not computed

WHOLE = re.compile(r"[-+]?(0|[1-9][0-9]*)")
DECIMAL = re.compile(r"[-+]?([0-9]+\.[0-9]*|\.[0-9]+)([eE][-+][0-9]+)?")
EXPONENT = re.compile(r"[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)[eE][-+]?[0-9]{1,2}")
THOUSANDS = re.compile(r"[-+]?[1-9][0-9]{0,2}\.000")
DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
LEADING_ZEROS = re.compile(r"(?<![0-9.])0+(?=[0-9])")
DIGITS_ONLY = re.compile(r"[-+]?[0-9_.]+")
CLOCK = re.compile(r"[-+]?[0-9]+(:[0-9]+)+(\.[0-9]*)?")


@dataclass(frozen=True)
class Document:
    """A file as read: its plain data, the line of each key, and the name it goes by in messages."""

    data: Any
    lines: dict[KeyPath, int] = field(repr=False)
    file: str


def read(path: str | Path, *, file: str | None = None, dates: bool = True) -> Document:
    """Read a YAML file strictly.

    Parameters
    ----------
    path : the file, UTF-8.
    file : the name to use in messages; the path itself if left out.
    dates : whether an unquoted date such as 2026-10-01 is allowed; it is given as ISO text.

    Returns
    -------
    A `Document` of dict, list, str, int, float, bool and None only; None where the file holds nothing.

    Raises
    ------
    SlanbError : all problems of the file, one a line.
    """
    file = file or str(path)
    return parse_bytes(content_of(path, file), file, dates=dates)


def parse_bytes(raw: bytes, file: str, *, dates: bool = True) -> Document:
    """Read a YAML file's content strictly; like `read`."""
    try:
        text = unicodedata.normalize("NFC", raw.decode("utf-8-sig"))  # as the CRM's cells are
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise SlanbError(
            f"{file}, line {line}: holds bytes that are not UTF-8 text (save the file as UTF-8)."
        ) from None
    return parse(text, file, dates=dates)


def content_of(path: str | Path, file: str) -> bytes:
    """What a file holds.

    Raises
    ------
    SlanbError : where it cannot be read, or is a pipe or the like, for which one would wait.
    """
    try:
        mode = os.stat(path).st_mode
        if not stat.S_ISREG(mode) and not stat.S_ISDIR(mode):
            raise SlanbError(f"{file}: is no file but a pipe or a device. Put a file there, or remove it.")
        return Path(path).read_bytes()
    except OSError as error:
        raise SlanbError(f"{file}: cannot be read ({error.strerror or error}).") from None


def parse(text: str, file: str, *, dates: bool = True) -> Document:
    """Read YAML text strictly; like `read`.

    >>> parse("quota: 420000", "2026-10.yml").data
    {'quota': 420000}
    >>> parse("a: 17:30\\nb: on\\na: 1e3", "2026-10.yml")
    Traceback (most recent call last):
    slanb.errors.SlanbError: 2026-10.yml, line 1: a is 17:30, but unquoted that is read as the number 1050 (write "17:30" in quotes).
    2026-10.yml, line 2: b is on, but unquoted that is read as true (write true, or "on" in quotes if the word is meant).
    2026-10.yml, line 3: a is given twice, here and on line 1 (keep one).
    2026-10.yml, line 3: a is 1e3, but unquoted that is read as text (write 1000, or "1e3" in quotes if text is meant).
    """  # noqa: E501
    reading = _Reading(file, dates)
    try:
        node = _Loader(text, reading.complain).get_single_node()
        data = None if node is None or reading.problems else reading.value(node, ())
    except SlanbError:  # nested too deep
        pass
    except yaml.composer.ComposerError as error:
        reading.complain(error.problem_mark, "a second document begins with --- (use one file for each).")
    except yaml.MarkedYAMLError as error:
        raise SlanbError(_syntax(error, file)) from None
    except yaml.reader.ReaderError as error:
        line = text[: error.position].count("\n") + 1
        raise SlanbError(f"{file}, line {line}: holds a control character (delete it).") from None
    if reading.problems:
        raise SlanbError(reading.problems)
    return Document(data, reading.lines, file)


def key_text(path: KeyPath, data: Any = None) -> str:
    """A key path as people write it; items of a list go by their id, or by position from 1.

    >>> key_text(("clauses", 0, "party"), {"clauses": [{"id": "leads"}]})
    'clauses.leads.party'
    >>> key_text(("review_dates", 1))
    'review_dates[2]'
    """
    text = ""
    for step in path:
        data = _inside(data, step)
        name = data.get("id") if isinstance(data, dict) and isinstance(step, int) else step
        named = isinstance(name, str) and (name is step or name.strip())
        text += f"[{step + 1}]" if not named else f".{name}" if text else name
    return text or "the file"


def shortened(text: str, width: int = 60) -> str:
    """Text for one line of a message."""
    text = " ".join(text.split())
    return text if len(text) <= width else text[: width - 1] + "…"


def _inside(data: Any, step: str | int) -> Any:
    if isinstance(data, dict):
        return data.get(step)
    if isinstance(data, list | tuple) and isinstance(step, int) and step < len(data):
        return data[step]
    return None


@dataclass
class _Reading:
    """The walk over the tree: gathers problems and lines as it goes."""

    file: str
    dates: bool
    problems: list[str] = field(default_factory=list)
    lines: dict[KeyPath, int] = field(default_factory=dict)

    def value(self, node: yaml.Node, path: KeyPath) -> Any:
        self.lines.setdefault(path, node.start_mark.line + 1)
        if isinstance(node, yaml.MappingNode):
            return self.group(node, path)
        if isinstance(node, yaml.SequenceNode):
            return [self.value(item, (*path, number)) for number, item in enumerate(node.value)]
        objection = None if node.style else _objection(node.value, node.tag, self.dates)
        if objection:
            self.complain(node.start_mark, f"{key_text(path)} is {shortened(node.value)}, but {objection}.")
            return None
        return _plain(node)

    def group(self, node: yaml.MappingNode, path: KeyPath) -> dict:
        found, seen = {}, {}
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                self.complain(
                    key.start_mark, "a key must be a word, but a list or group is given (write key: value)."
                )
                continue
            name, line = key.value, key.start_mark.line + 1
            inside = (*path, name)
            if not key.style and not key.tag.endswith(":str"):
                written = shortened(name) or "left empty"
                self.complain(
                    key.start_mark, f'the key {written} is not read as text (write it in quotes: "{name}").'
                )
            elif name in seen:
                self.complain(
                    key.start_mark,
                    f"{key_text(inside)} is given twice, here and on line {seen[name]} (keep one).",
                )
            seen.setdefault(name, line)
            self.lines.setdefault(inside, line)
            found[name] = self.value(value, inside)
        return found

    def complain(self, mark: yaml.Mark, problem: str) -> None:
        self.problems.append(f"{self.file}, line {mark.line + 1}: {problem}")


def _plain(node: yaml.ScalarNode) -> str | int | float | bool | None:
    kind = "str" if node.style else node.tag.rpartition(":")[2]
    match kind:
        case "int":
            return int(node.value)
        case "float":
            return float(node.value)
        case "bool":
            return node.value.lower() == "true"
        case "null":
            return None
    return node.value


def _objection(raw: str, tag: str, dates: bool) -> str | None:
    """Why an unquoted word may not stand, and what to write; None if it may."""
    quotes = f'"{shortened(raw)}" in quotes'
    kind = tag.rpartition(":")[2]
    if kind == "bool" and raw.lower() not in ("true", "false"):
        meaning = "true" if raw.lower() in ("yes", "on") else "false"
        return f"unquoted that is read as {meaning} (write {meaning}, or {quotes} if the word is meant)"
    if kind in ("int", "float"):
        return _odd_number(raw, kind, quotes)
    if kind == "str" and EXPONENT.fullmatch(raw):
        return f"unquoted that is read as text (write {_written_out(raw)}, or {quotes} if text is meant)"
    if kind == "timestamp" and not (dates and DATE.fullmatch(raw)):
        what = "a date" if DATE.fullmatch(raw) else "a point in time"
        return f"unquoted that is read as {what}, by some readers as text (write {quotes})"
    if kind in ("merge", "value"):
        return f"unquoted that has a meaning of its own in YAML (write {quotes})"
    return None


def _odd_number(raw: str, kind: str, quotes: str) -> str | None:
    if len(raw) > DIGITS:
        return "that is longer than any number can be (write it in quotes if text is meant)"
    if THOUSANDS.fullmatch(raw):
        small, big = raw.partition(".")[0], raw.replace(".", "")
        return f"that is read as {small} (write {big}, or {small} if that is meant)"
    if kind == "int" and WHOLE.fullmatch(raw):
        return None
    reading = yaml.safe_load(raw)
    if not math.isfinite(reading):
        return f"that is no number to compute with (leave the key out, or write {quotes})"
    if kind == "float" and DECIMAL.fullmatch(raw):
        return None
    if CLOCK.fullmatch(raw):
        return f"unquoted that is read as the number {reading} (write {quotes})"
    meant = LEADING_ZEROS.sub("", raw.replace("_", "")) if DIGITS_ONLY.fullmatch(raw) else reading
    return f"unquoted that is read as the number {reading} (write {meant}, or {quotes} if text is meant)"


def _written_out(raw: str) -> str:
    number = Decimal(raw)
    return format(number, "f") if abs(number.adjusted()) <= 15 else "the number in full"


class _Loader(yaml.SafeLoader):
    """Builds the tree and objects to what YAML offers to programmers: anchors, aliases, tags, endless
    nesting."""

    def __init__(self, text: str, complain: Callable[[yaml.Mark, str], None]):
        super().__init__(text)
        self.complain, self.depth = complain, 0

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node:
        event = self.peek_event()
        if isinstance(event, yaml.AliasEvent):
            self.complain(event.start_mark, f"*{event.anchor} repeats another place (write the value out).")
            self.get_event()
            return yaml.ScalarNode("", "", event.start_mark, event.end_mark)
        if event.anchor:
            self.complain(
                event.start_mark, f"&{event.anchor} names a place to be repeated (delete the name)."
            )
            event.anchor = None
        elif event.tag:
            self.complain(event.start_mark, f"{event.tag} is a tag, and tags are not read (delete it).")
        if self.depth > DEPTH:
            self.complain(
                event.start_mark, f"groups are nested more than {DEPTH} deep (write fewer brackets)."
            )
            raise SlanbError(())
        self.depth += 1
        node = super().compose_node(parent, index)
        self.depth -= 1
        return node


def _syntax(error: yaml.MarkedYAMLError, file: str) -> str:
    mark = error.problem_mark or error.context_mark
    problem = error.problem or error.context or "cannot be read"
    if "'\\t'" in problem:
        return f"{file}, line {mark.line + 1}: a tab stands where spaces are expected (indent with spaces)."
    hint = "check colons, quotes and the indentation of this line and the one before"
    return f"{file}, line {mark.line + 1}: this is not YAML: {problem} ({hint})."
