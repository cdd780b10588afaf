"""A file's rows by field: cells as text, times as instants, whatever the file calls them.

Floor 2.
"""

from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

import duckdb

from slanb.crm.mapping_words import WORDS
from slanb.crm.presets import hubspot
from slanb.crm.presets.recognition import Kind, Match
from slanb.crm.presets.settings import PresetFile, PresetMapping
from slanb.crm.readings import time_readings
from slanb.crm.sql import listed, literal, name
from slanb.crm.values import time_sql
from slanb.errors import SlanbError

IDS = {"id", "who", "contact", "merged_into", "opportunity", "deal", "owner", "before", "value", "contacts"}
WRONG = 0.2  # share of cells of another form above which the form is wrong, not the cells
_PEOPLE = ("contacts", "leads")


@dataclass(frozen=True)
class Part:
    """One file taken for a kind of record; `table` is its name in the engine."""

    table: str
    match: Match
    spec: PresetFile
    file: str


@dataclass
class Fields:
    """The files of a preset, read by field.

    Parameters
    ----------
    settings, crm : the user's rules, and the module that knows the CRM.
    told : what was done, for the quality report.
    """

    settings: PresetMapping
    crm: ModuleType
    parts: tuple[Part, ...]
    told: dict[str, Any] = field(default_factory=dict)

    @property
    def uses(self) -> dict[str, set[str]]:
        """The columns needed of each file."""
        score = self.settings.qualified_score
        extra = {score.column} if score is not None else set()
        return {
            part.table: set(part.match.columns.values())
            | (extra if part.match.kind.name in _PEOPLE else set())
            for part in self.parts
        }

    @property
    def lead_kind(self) -> str:
        """The kind of record that is a lead."""
        return "contacts" if self.crm is hubspot else "leads"

    def has(self, kind: str, *fields: str) -> bool:
        """Whether some file of a kind has all these fields."""
        return any(
            part.match.kind.name == kind and set(fields) <= set(part.match.columns) for part in self.parts
        )

    def side(self, cell: str) -> str:
        """SQL of a source's side; a source that no list has is handed on to be told."""
        if self.settings.sourced_by in ("marketing", "sales"):
            return literal(self.settings.sourced_by)
        sides = self.crm.side_values(self.settings)
        arms = " ".join(
            f"when {literal(source)} then {'null' if side is None else literal(side)}"
            for source, side in sides.items()
        )
        return f"case {cell} {arms} else {cell} end" if arms else cell

    def check_times(self, engine: duckdb.DuckDBPyConnection) -> None:
        """Refuse times of another form than declared, with the ways to read them; count single odd cells."""
        problems, odd = [], {}
        for part in self.parts:
            kind = part.match.kind
            times = [one for one in kind.times if one in part.match.columns]
            if not times:
                continue
            told_later = kind.name in ("deals", "activities")  # in the quarantine
            rows = f"({self._part(kind, part)}{' limit 2000' if told_later else ''})"
            counts = ", ".join(
                f"count(*) filter (where {one} is null and {one}_cell is not null), count({one}_cell)"
                for one in times
            )
            found = engine.execute(f"select {counts} from {rows}").fetchall()[0]
            for one, wrong, cells in zip(times, found[::2], found[1::2], strict=True):
                if wrong > WRONG * cells:
                    tail = f"from {rows} where {one} is null and {one}_cell is not null"
                    problems.append(self._two_ways(engine, part, one, tail))
                elif wrong and not told_later and one != "created":  # that is told in the quarantine, too
                    odd[f"{kind.name}.{one}"] = (wrong, cells)
        if problems:
            raise SlanbError(problems)
        self.told["unreadable"] = odd

    def _two_ways(self, engine: duckdb.DuckDBPyConnection, part: Part, one: str, tail: str) -> str:
        cells = [row[0] for row in engine.execute(f"select {one}_cell {tail} limit 2000").fetchall()]
        ways = time_readings(cells)
        column = part.match.columns[one]
        if not ways:
            advice = (
                f'It begins with "{cells[0][:40]}". Say `times:`, or name another column under `aliases:`.'
            )
        elif len(ways) == 1:
            advice = f"They can be read as {ways[0].says}. If so, add it to `times:`."
        else:
            said = ", or ".join(way.says for way in ways)
            advice = f"They can be read as {said}. Say which: `times:`."
        return f'{part.file}: column "{column}" holds times in a form not named. {advice}'

    # ------------------------------------------------------------ files to fields

    def rows(self, kind: str) -> str:
        """SELECT of a kind's rows from all its files: fields as text, times as instants.

        Of a time that cannot be read `<field>_cell` keeps the text.
        """
        shape = next(one for one in self.crm.KINDS if one.name == kind)
        parts = [part for part in self.parts if part.match.kind.name == kind]
        if not parts:
            none = [f"null::varchar as {name(one)}" for one in shape.fields if one not in shape.times]
            none += [f"null::timestamp as {one}, null::varchar as {one}_cell" for one in shape.times]
            none += ["null::varchar as _file", "null::bigint as _line", *self._also(shape)]
            return f"select {', '.join(none)} where false"
        return " union all by name ".join(self._part(shape, part) for part in parts)

    def _part(self, shape: Kind, part: Part) -> str:
        cells, read, done = (["_file", "_line"] for _ in range(3))  # text, then instants, then those in range
        for one in shape.fields:
            cell = self._cell(part, one)
            if one not in shape.times:
                cells.append(f"{cell} as {name(one)}")
                long = one in IDS and self.crm is not hubspot
                read.append(f"id18({name(one)}) as {name(one)}" if long else name(one))
                done.append(name(one))
            elif one not in part.match.columns:
                done.append(f"null::timestamp as {one}, null::varchar as {one}_cell")
            else:
                formats = (*(part.spec.times or self.settings.times), *WORDS)
                instant = time_sql(
                    tuple(dict.fromkeys(formats)), f"{one}_cell", part.spec.zone or self.settings.zone
                )
                cells.append(f"{cell} as {one}_cell")
                read.append(f"{instant} as {one}, {one}_cell")
                done.append(f"in_range({one}) as {one}, {one}_cell")
        extra = self._extra(shape, part)
        names = [one.rpartition(" as ")[2] for one in extra]
        return (
            f"select {', '.join([*done, *names])} from (select {', '.join([*read, *names])} from "
            f"(select {', '.join([*cells, *extra])} from {name(part.table)}))"
        )

    def _cell(self, part: Part, one: str) -> str:
        """SQL of a field's text: trimmed, null where it means nothing, in the CRM's own words."""
        column = part.match.columns.get(one)
        if column is None:
            return "null::varchar"
        blanks = listed(["", *(blank.strip() for blank in self.settings.blanks)])
        cell = f"tidy({name(column)}::varchar)"
        cell = f"case when {cell} not in ({blanks}) then {cell} end"
        given = self.settings.values.get(part.match.kind.name, {}).get(one, {})
        if given:
            arms = " ".join(f"when {literal(value)} then {literal(word)}" for value, word in given.items())
            cell = f"case coalesce({cell}, '') {arms} else {cell} end"
        return cell

    def _also(self, shape: Kind) -> list[str]:
        """Columns without a file: the placeholders of `_extra`."""
        if shape.name == "activities":
            return ["null::varchar as what"] if self.crm is hubspot else ["null::boolean as event_file"]
        return ["null::double as score_value"] if shape.name == self.lead_kind else []

    def _extra(self, shape: Kind, part: Part) -> list[str]:
        """What a file says as a whole: the kind of its activities; and the score's number."""
        if shape.name == self.lead_kind:
            score = self.settings.qualified_score
            number = "null" if score is None else f"try_cast({name(score.column)} as double)"
            return [f"({number})::double as score_value"]
        if shape.name != "activities":
            return []
        if self.crm is not hubspot:
            events = "event" in part.match.columns and "subtype" not in part.match.columns
            return [f"{str(events).lower()} as event_file"]
        kind = next((kind for one, kind in hubspot.KIND_OF if one in part.match.columns), None)
        words = part.file.lower().replace("-", "_").replace(".", "_").split("_")
        kind = kind or next(
            (hubspot.KIND_OF_NAME[word] for word in words if word in hubspot.KIND_OF_NAME), None
        )
        given = self._cell(part, "type")
        return [f"upper(coalesce({given}, {literal(kind or '')})) as what"]
