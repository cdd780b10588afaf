"""A language nobody speaks: every text of slanb's accented and 40 % longer. What was never translated shows.

It is told apart by its letters alone: of each of its words at least one is no plain letter.
"""

import re
from pathlib import Path

from babel.messages import Catalog
from babel.messages.mofile import write_mo

from tests.catalogues import sources

LONGER = str.maketrans({"a": "áá", "e": "éé", "i": "íí", "o": "óó", "u": "úú", "y": "ýý"} | {
    "A": "ÁÁ", "E": "ÉÉ", "I": "ÍÍ", "O": "ÓÓ", "U": "ÚÚ", "Y": "ÝÝ",
})  # fmt: skip
KEPT = re.compile(
    r"(\{[^}]*\}|`[^`]*`|[\w-]+(?:[._][\w-]+)+|\bslanb\b(?: [a-z]+ [A-Z]+)?)"
)  # placeholders, code, keys


def accented(text: str) -> str:
    """The text in the language.

    >>> accented("Close rate of {tier}")
    'Clóóséé ráátéé óóf {tier}'
    """
    return "".join(part if n % 2 else part.translate(LONGER) for n, part in enumerate(KEPT.split(text)))


def write_pseudo(folder: Path, language: str) -> None:
    """Its catalogue, under the name of a language that has one nowhere else."""
    made = Catalog(locale=language)
    for source in sources():
        if isinstance(source.text, str):
            made.add(source.text, accented(source.text), context=source.id)
        else:
            forms = [accented(source.text[0]), *[accented(source.text[1])] * (made.num_plurals - 1)]
            made.add(source.text, tuple(forms), context=source.id)
    path = folder / language / "LC_MESSAGES/slanb.mo"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_mo(file, made)
