"""A file of an export as it was looked at, and what has to be asked about it where a preset reads it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from slanb.crm.presets.crms import Crm
from slanb.crm.presets.folder import FolderFile
from slanb.crm.presets.recognition import Match, bare_header
from slanb.crm.readings import TimeReading
from slanb.crm.shape import SIDES
from slanb.dictionary.messages import Message

FEW_SHOWN = 8  # values of a column
# of a column that may tell tiers or segments:
MOST_PARTS = 12  # different values
ROWS_A_PART = 4  # that each of them has on average


@dataclass(frozen=True)
class InspectedFile:
    """One file: what it is taken for, and how its cells can be read.

    Parameters
    ----------
    match : the kind of record, None if no preset knows it.
    times : header to the ways its cells can be read as times; numbers : to the decimal marks.
    currencies : header to the currencies that stand at its numbers.
    few : header to its values, where there are few; several : rows of deals that name several people.
    """

    name: str
    place: FolderFile
    match: Match | None
    rows: int
    times: dict[str, list[TimeReading]]
    numbers: dict[str, list[str]]
    currencies: dict[str, list[str]]
    few: dict[str, list[str]]
    several: int = 0

    def taken_for(self, kind: str) -> bool:
        """Whether its rows are taken for records of a kind."""
        return self.match is not None and self.match.kind.name == kind

    def choices(self) -> list[str]:
        """The columns that may tell tiers or segments: of few values, and no field is taken from them."""
        taken = set(self.match.columns.values()) if self.match is not None else set()
        return [
            column
            for column, values in self.few.items()
            if column not in taken and 1 < len(values) <= min(MOST_PARTS, self.rows / ROWS_A_PART)
        ]


def preset_questions(files: Sequence[InspectedFile], crm: Crm) -> Iterator[Message]:
    """What a preset decides or leaves open, and only a person can say."""
    yield from _whose(sources_of(files, crm))
    for one in files:
        if one.several:
            rule = Message(f"crm.rule_lead_of_deal_{crm.name}", deals=one.several)
            yield Message("crm.ask_several", file=one.name, rule=rule)
        if one.taken_for(crm.lead_kind):
            yield from _presented(one, crm)
            yield from _divided(one, crm)


def sources_of(files: Sequence[InspectedFile], crm: Crm) -> dict[str, str | None]:
    """The sources of leads and deals, as the files name them, and whose the preset takes each for."""
    found: dict[str, str | None] = {}
    for one in files:
        if one.match is not None and "source" in one.match.columns:
            names = one.few.get(one.match.columns["source"], [])
            found |= {source: crm.sides.get(source) for source in names}
    return found


def _whose(sources: Mapping[str, str | None]) -> Iterator[Message]:
    taken = [
        Message(f"crm.taken_for_{side}", sources=of_side)
        for side in SIDES
        if (of_side := [source for source, whose in sources.items() if whose == side])
    ]
    if taken:
        yield Message("crm.ask_sources_taken", taken=taken)
    if not taken or None in sources.values():
        yield Message("crm.ask_sources")


def _divided(one: InspectedFile, crm: Crm) -> Iterator[Message]:
    """Which column tells tier and segment, where none is known and one may."""
    lacking = [field for field in ("tier", "segment") if field not in one.match.columns]
    if lacking and (columns := one.choices()):
        what = [Message(f"crm.field_{field}") for field in lacking]
        quoted = ", ".join(f'"{column}"' for column in columns)
        named = ", ".join(f"{field}: <column>" for field in lacking)
        yield Message(
            "crm.ask_fields", file=one.name, what=what, columns=quoted, kind=crm.lead_kind, named=named
        )


def _presented(one: InspectedFile, crm: Crm) -> Iterator[Message]:
    """When a lead is presented to sales, and the columns that may tell it: each company means another one."""
    bare = {bare_header(column) for column in crm.presented_columns}
    columns = [one.match.columns[field] for field in crm.presented_by if field in one.match.columns]
    columns += [column for column in one.place.header if bare_header(column) in bare]
    ways = [
        f'the date in "{column}" (`handed_off: {column}`)'
        if column in one.times
        else f'"{column}" ({", ".join(one.few.get(column, ["yes", "no"])[:FEW_SHOWN])}; `stage: {column}`)'
        for column in dict.fromkeys(columns)
    ]
    if ways:
        rule = (
            Message("crm.rule_stage", stages=list(crm.presented))
            if crm.presented
            else Message("crm.rule_all")
        )
        yield Message("crm.ask_presented", file=one.name, ways="; ".join(ways), kind=crm.lead_kind, rule=rule)
