"""What good practice would do otherwise, as data."""

from dataclasses import dataclass
from typing import Any

from slanb.dictionary.messages import Message, placeholders


@dataclass(frozen=True)
class Advice:
    """What good practice would do otherwise.

    Parameters
    ----------
    rule : short name of the rule, such as `counter-metric`.
    place : the part of the agreement, such as `clauses.speed`.
    says, why, propose : what is the case, the reason it matters, and what to do, in a sentence each.
    note : worth knowing, nothing to mend.
    """

    rule: str
    place: str
    says: Message
    why: Message
    propose: Message
    note: bool = False


def advice(rule: str, place: str, text: str = "", *, note: bool = False, **fields: Any) -> Advice:
    """Advice with the messages `lint.<text>_says`, `_why` and `_propose`, by default those of its rule.

    Parameters
    ----------
    fields : what the messages name; a `says` among them is the message itself.
    """
    key = text or rule.replace("-", "_")
    given = {"says": fields.pop("says")} if "says" in fields else {}
    made = {
        part: given.get(part) or _message(f"lint.{key}_{part}", fields) for part in ("says", "why", "propose")
    }
    return Advice(rule, place, note=note, **made)


def _message(key: str, fields: dict[str, Any]) -> Message:
    return Message(key, **{name: fields[name] for name in placeholders(key)})
