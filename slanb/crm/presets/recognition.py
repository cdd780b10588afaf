"""Files and columns of a CRM known by their headers: internal names, screen labels, replicated names.

`Create Date`, `createdate`, `CreatedDate`, `created_date` and `property_createdate` are compared
without capitals, signs and prefixes; what a name means depends on the kind of record the file holds.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

PREFIXES = ("properties.", "properties_", "property_", "engagement.", "metadata.", "associations.")


@dataclass(frozen=True)
class RecordKind:
    """A kind of record a CRM exports.

    Parameters
    ----------
    name : as the mapping calls it under `files:`.
    fields : slanb's field: the names it goes by, the best first.
    times : the fields that are times.
    needs : each a group of fields of which a file must have one to be of this kind.
    marks : fields that speak for this kind where a file could be of several.
    hints : words in a file's name that speak for it, several words strongly.
    against : headers that a file of this kind never has.
    unused : why the file is known but not needed, if so.
    """

    name: str
    fields: Mapping[str, Sequence[str]]
    needs: Sequence[Sequence[str]] = (("id",),)
    times: Sequence[str] = ()
    marks: Sequence[str] = ()
    hints: Sequence[str] = ()
    against: Sequence[str] = ()
    unused: str = ""


@dataclass(frozen=True)
class Match:
    """A file taken for a kind: `columns` are its headers by field; `score` how much speaks for it."""

    kind: RecordKind
    columns: Mapping[str, str]
    score: int

    @property
    def missing(self) -> tuple[Sequence[str], ...]:
        """The groups of fields none of which the file has."""
        return tuple(group for group in self.kind.needs if not set(group) & set(self.columns))


def bare_header(header: str) -> str:
    """A header without what only its shape of export adds.

    >>> {bare_header(name) for name in ("Create Date", "createdate", "property_createdate", "CREATE_DATE")}
    {'createdate'}
    """
    text = unicodedata.normalize("NFC", header.strip()).casefold()
    for prefix in PREFIXES:
        text = text.removeprefix(prefix)
    kept = re.sub(r"[^\w]+", "", text, flags=re.UNICODE).replace("_", "")
    return kept or text


def columns_of(
    kind: RecordKind, header: Sequence[str], aliases: Mapping[str, str] | None = None
) -> dict[str, str]:
    """The header of each field of a kind that a file has; the user's aliases go first.

    >>> lead = RecordKind("leads", {"id": ("Id",), "created": ("CreatedDate", "Create Date")})
    >>> columns_of(lead, ["Create Date", "Id", "Nr"], {"id": "Nr"})
    {'id': 'Nr', 'created': 'Create Date'}
    """
    by_name: dict[str, str] = {}
    for column in header:
        by_name.setdefault(bare_header(column), column)
    columns = {}
    for field, names in kind.fields.items():
        own = (aliases or {}).get(field)
        if own is not None and own in header:
            columns[field] = own
            continue
        column = next((by_name[bare_header(name)] for name in names if bare_header(name) in by_name), None)
        if column is not None:
            columns[field] = column
    return columns


def kinds_of(
    kinds: Iterable[RecordKind],
    header: Sequence[str],
    file: str,
    aliases: Mapping[str, Mapping[str, str]] | None = None,
) -> list[Match]:
    """The kinds a file may hold, the likeliest first; those it lacks a needed field of are left out."""
    fitting = []
    names = {bare_header(column) for column in header}
    for kind in kinds:
        if names & {bare_header(column) for column in kind.against}:
            continue
        columns = columns_of(kind, header, (aliases or {}).get(kind.name))
        hinted = _hinted(kind, file)
        by_name = 20 if hinted > 1 else 4 * hinted
        match = Match(kind, columns, len(columns) + 3 * len(set(kind.marks) & set(columns)) + by_name)
        if not match.missing and (hinted or not kind.marks or set(kind.marks) & set(columns)):
            fitting.append(match)
    return sorted(fitting, key=lambda match: -match.score)


def likely_table(
    kinds: Iterable[RecordKind], header: Sequence[str], file: str, tables: Mapping[str, str]
) -> str:
    """The table that a file which fits no kind likeliest holds rows of; "" for none.

    Its name tells, or else headers that only files of one table have. Activities come in many files, so it
    may be of these where nothing tells.

    Parameters
    ----------
    tables : which table the kinds are of that are of one.

    >>> kinds = [RecordKind("leads", {"email": ("Email",), "made": ("Created",)}, hints=("lead",))]
    >>> kinds += [RecordKind("deals", {"at": ("Closed",), "made": ("Created",)}, hints=("deal",))]
    >>> kinds += [RecordKind("owners", {"at": ("User",)}, hints=("user",))]
    >>> tables = {"leads": "leads", "deals": "deals"}
    >>> given = [("Closed", "old lead.csv"), ("closed", "x.csv"), ("User", "x.csv"), ("", "user.csv")]
    >>> [likely_table(kinds, ["Created", column], file, tables) for column, file in given]
    ['leads', 'deals', 'activities', '']
    """
    kinds = list(kinds)
    hinted = max(kinds, key=lambda kind: _hinted(kind, file))
    if _hinted(hinted, file):
        return tables.get(hinted.name, "")
    having: dict[str, set[str]] = {}
    for kind in kinds:
        for name in (name for names in kind.fields.values() for name in names):
            having.setdefault(bare_header(name), set()).add(tables.get(kind.name, ""))
    only = [names for name in map(bare_header, header) if len(names := having.get(name, {""}) - {""}) == 1]
    votes = Counter(table for names in only for table in names)
    return votes.most_common(1)[0][0] if votes else "activities"


def _hinted(kind: RecordKind, file: str) -> int:
    """How many words of a file's name speak for a kind together."""
    parted = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", unicodedata.normalize("NFC", file))
    words = set(re.split(r"[\W\d_]+", parted.lower()))
    return max((len(hint.split()) for hint in kind.hints if set(hint.split()) <= words), default=0)
