"""Sentences as data: each a message with typed placeholders, written once, formatted at the last step.

The texts stand in `messages/*.toml` beside this file, a file a room; the id of a message is the file's name,
a dot and its key. A text is English and whole; its placeholders say what they hold:

    kept = "{kept} of {decided:leads} ({share:share.0}) had a first attempt within {time} of {start}."
    still = {by = "n", one = "{n} more is in its time.", other = "{n} more are in their time."}

`{name}` takes a text, a number, another message, or a list of these (joined as a list in a sentence).
`{name:leads}` takes a number with its unit (`slanb.dictionary.figures.Unit`), `{name:+leads}` a difference,
`{name:share.0}`, `{name:money.2}`, `{name:number.1}` a number of so many decimals, `{name:agreed}` a share in
the decimals it was agreed in, `{name:date}`, `{name:period}` (`.short` for a small place), `{name:instant}` a
moment and its zone. `by` names the number that decides between `one` and `other`.
"""

import string
import tomllib
from collections.abc import Callable, Mapping
from functools import cache
from importlib.resources import files
from typing import Any


class Message:
    """One sentence or name to be said: its id and the raw values of its placeholders.

    Raises
    ------
    ValueError : where there is no such message, or a placeholder has no value, naming it.

    >>> Message("opening.version", version="2").fields
    {'version': '2'}
    """

    __slots__ = ("fields", "id")

    def __init__(self, id: str, /, **fields: Any):  # noqa: A002  the field's own word
        missing = placeholders(id) - fields.keys()
        if missing:
            raise ValueError(f"message {id} needs {', '.join(sorted(missing))}")
        self.id, self.fields = id, fields

    def __repr__(self) -> str:
        return f"Message({self.id!r}, {', '.join(f'{key}={value!r}' for key, value in self.fields.items())})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Message) and (self.id, self.fields) == (other.id, other.fields)

    __hash__ = None


@cache
def texts() -> dict[str, str | dict[str, str]]:
    """Every message by id: a text, or the forms of one that counts (`by`, `one`, `other`)."""
    made = {}
    for file in sorted((files(__package__) / "messages").iterdir(), key=lambda file: file.name):
        if file.name.endswith(".toml"):
            room = file.name.removesuffix(".toml")
            read = tomllib.loads(file.read_text(encoding="utf-8"))
            made |= {f"{room}.{key}": text for key, text in read.items()}
    return made


@cache
def placeholders(id: str) -> frozenset[str]:  # noqa: A002
    """The names that a message's text holds.

    >>> sorted(placeholders("opening.version"))
    ['version']
    """
    if id not in texts():
        raise ValueError(f"there is no message {id!r} in slanb/dictionary/messages")
    text = texts()[id]
    forms = [text] if isinstance(text, str) else [text["one"], text["other"]]
    names = {name for form in forms for _, name, _, _ in string.Formatter().parse(form) if name is not None}
    return frozenset(names if isinstance(text, str) else names | {text["by"]})


def filled(text: str, values: Mapping[str, Any], show: Callable[[Any, str], str]) -> str:
    """A text with its placeholders filled in, each value by its kind; a value that ends in a stop ("14 Okt.",
    "2026 г.") ends the sentence too.

    Parameters
    ----------
    show : gives the text of a value of a kind.

    >>> filled("By {day}.", {"day": "14 окт."}, lambda value, kind: value)
    'By 14 окт.'
    """
    said = ""
    for literal, name, kind, _ in string.Formatter().parse(text):
        said += literal[1:] if literal[:1] == "." and said[-1:] == "." else literal
        if name is not None:
            said += show(values[name], kind)
    return said
