"""`make messages`: what is to be translated, and the catalogues of it,
`slanb/locale/<language>/LC_MESSAGES/slanb.po`.

Every text has an id, its context in the catalogues: `scorecard.kept` a message, `column.close_rate` a table's
heading, `figure.sales.speed.label` what a number is called, `notebook` a paragraph of a report's notebook,
`draft` a sentence of a first agreement.
"""

import json
import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import yaml
from babel.messages import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from slanb.agreement.interview import TERMS
from slanb.dictionary.columns import columns
from slanb.dictionary.figures import catalogue
from slanb.dictionary.messages import texts
from slanb.dictionary.prose import paragraphs

ROOT = Path(__file__).parents[1]
LOCALE = ROOT / "slanb/locale"
NO_WORDS = ("kind", "language", "currency")  # questions whose offers are codes
DRAFTED = {"text", "name", "what", "summary", "purpose", "source", "collected", "details"}


class Source(NamedTuple):
    """A text to translate: its id, the English text (or its forms for one and for more), where it stands."""

    id: str
    text: str | tuple[str, str]
    file: str


def sources() -> list[Source]:
    """Every text that a reader sees, once."""
    return list(dict.fromkeys([*_messages(), *_columns(), *_figures(), *_notebooks(), *_drafts()]))


def _messages() -> Iterator[Source]:
    for id_, text in texts().items():
        forms = text if isinstance(text, str) else (text["one"], text["other"])
        if _has_words(forms if isinstance(text, str) else text["other"]):
            yield Source(id_, forms, f"slanb/dictionary/messages/{id_.partition('.')[0]}.toml")


def _columns() -> Iterator[Source]:
    for name, entry in columns().items():
        if _has_words(entry.heading):
            yield Source(f"column.{name}", entry.heading, "slanb/dictionary/columns")


def _figures() -> Iterator[Source]:
    for id_, entry in catalogue().items():
        for part in ("label", "formula", "math"):
            if _has_words(text := getattr(entry, part)):
                yield Source(f"figure.{id_}.{part}", text, "slanb/dictionary/figures.toml")


def _notebooks() -> Iterator[Source]:
    for path in sorted(ROOT.glob("notebooks/0*.ipynb")):
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            if cell["cell_type"] == "markdown" and "```" not in "".join(cell["source"]):
                for text in paragraphs("".join(cell["source"])):
                    yield Source("notebook", text, "notebooks")


def _drafts() -> Iterator[Source]:
    for path in sorted((ROOT / "slanb/agreement/drafts").glob("*.yml")):
        if path.stem != "comments":
            for text in _drafted(yaml.safe_load(path.read_text(encoding="utf-8"))):
                yield Source("draft", text, "slanb/agreement/drafts")
    for term in TERMS:
        yield Source("draft", term.replace("_", " "), "slanb/agreement/drafts")
    path = ROOT / "slanb/agreement/questions.toml"
    for step in tomllib.loads(path.read_text(encoding="utf-8"))["step"]:
        for question in step["question"]:
            if question.get("kind", "text") == "text" and question["key"] not in NO_WORDS:
                for offer in (question.get("offer"), question.get("offer_customer")):
                    if offer:
                        yield Source("draft", offer, "slanb/agreement/questions.toml")


def _drafted(part: Any, key: str = "") -> Iterator[str]:
    if isinstance(part, dict):
        for name, value in part.items():
            yield from _drafted(value, "text" if key == "definitions" else name)
    elif isinstance(part, list):
        for value in part:
            yield from _drafted(value, key)
    elif key in DRAFTED and isinstance(part, str) and _has_words(part):
        yield part


def _has_words(text: str) -> bool:
    """There is more in it than placeholders and operators: words, or signs that languages write otherwise."""
    return re.search(r"[^\W\d_]{2}|[“”:;!?]", re.sub(r"\{[^}]*\}", "", text)) is not None


def template() -> Catalog:
    """Every text, none translated."""
    made = Catalog(project="slanb", version="1", charset="utf-8", fuzzy=False)
    for source in sources():
        made.add(source.text, context=source.id, locations=[(source.file, None)])
    return made


def read(language: str) -> Catalog:
    """A language's catalogue as it stands."""
    with (LOCALE / language / "LC_MESSAGES/slanb.po").open("rb") as file:
        return read_po(file, locale=language)


def write(language: str, made: Catalog) -> None:
    """The catalogue as text, and compiled."""
    folder = LOCALE / language / "LC_MESSAGES"
    folder.mkdir(parents=True, exist_ok=True)
    for each in made:
        each.flags.discard("python-format")  # which Babel takes "5 % of" for
    with (folder / "slanb.po").open("wb") as file:
        write_po(file, made, width=0, include_lineno=False, ignore_obsolete=True)
    compiled(language, made)


def compiled(language: str, made: Catalog) -> None:
    """The catalogue as slanb reads it, beside its text."""
    with (LOCALE / language / "LC_MESSAGES/slanb.mo").open("wb") as file:
        write_mo(file, made)


def state(language: str) -> dict[str, list[str]]:
    """The ids whose translation is missing or stale (of a text that has changed or is gone)."""
    there = {(each.context, each.id): each for each in read(language) if each.id}
    wanted = {(source.id, source.text) for source in sources()}
    return {
        "missing": [id_ for id_, text in wanted if not _done(there.get((id_, text)))],
        "stale": [
            context for (context, text), each in there.items() if (context, text) not in wanted or each.fuzzy
        ],
    }


def _done(entry: Any) -> bool:
    return entry is not None and all([entry.string] if isinstance(entry.string, str) else entry.string)


def main() -> None:
    """Bring every catalogue up to date with the sources, compile it, and say what is missing; only compile
    those of languages given as arguments."""
    if named := sys.argv[1:]:
        for language in named:
            compiled(language, read(language))
        return
    for folder in sorted(LOCALE.glob("*/LC_MESSAGES")):
        language = folder.parent.name
        made = read(language)
        made.update(template(), no_fuzzy_matching=True)
        write(language, made)
        found = state(language)
        missing, stale = len(found["missing"]), len(found["stale"])
        print(f"{language}: {len(sources())} texts, {missing} missing, {stale} stale")
        for kind, ids in found.items():
            for id_ in ids:
                print(f"  {kind}: {id_}")


if __name__ == "__main__":
    sys.exit(main())
