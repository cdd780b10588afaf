"""A CRM's files by field: views with cells as text and times as instants, whatever the files call them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from dataclasses import field as attribute

import duckdb

from slanb.crm.editions import contradiction, has_editions, older
from slanb.crm.mapping_words import WORDS
from slanb.crm.personal import nearly
from slanb.crm.presets.crms import Crm
from slanb.crm.presets.recognition import Match, RecordKind
from slanb.crm.presets.settings import PresetFile, PresetMapping
from slanb.crm.readings import time_readings
from slanb.crm.rounded import rounded_ids
from slanb.crm.sql import choice, count, listed, literal, name
from slanb.crm.values import day_sql, holds_days, time_sql
from slanb.errors import SlanbError

WRONG = 0.2  # share of cells of another form above which the form is wrong, not the cells
UPDATED = ("leads", "contacts", "deals")  # kinds whose records are all in one kind of file
OF_ANY_KIND = ("before", "value", "owner", "stage")  # fields that hold ids in some rows, or else words
SEVERAL = ("contacts", "merged", "more_emails")  # fields of which a cell may be a list
QUARANTINED = ("deals", "activities")  # kinds whose odd cells the import puts into quarantine


@dataclass(frozen=True)
class ExportFile:
    """One file taken for a kind of record; `table` is its name in the engine."""

    table: str
    match: Match
    spec: PresetFile
    file: str


@dataclass(frozen=True)
class Exports:
    """The files of a preset, read by field: `settings` are the user's rules.

    days : the fields, each with its file's table, whose times are dates (see `holds_days`).
    """

    settings: PresetMapping
    crm: Crm
    files: tuple[ExportFile, ...]
    days: set[tuple[str, str]] = attribute(default_factory=set)

    @property
    def uses(self) -> dict[str, set[str]]:
        """The columns needed of each file."""
        score = self.settings.qualified_score
        scored = {"contacts", "leads"} if score is not None else set()
        return {
            file.table: set(file.match.columns.values())
            | ({score.column} if file.match.kind.name in scored else set())
            for file in self.files
        }

    def lists(self, table: str) -> set[str]:
        """The columns of a file of which a cell may hold several values."""
        (columns,) = (file.match.columns for file in self.files if file.table == table)
        return {columns[field] for field in SEVERAL if field in columns}

    def of(self, kind: str) -> list[ExportFile]:
        """The files of a kind of record."""
        return [file for file in self.files if file.match.kind.name == kind]

    def has(self, kind: str, field: str) -> bool:
        """Whether some file of a kind has this field."""
        return any(field in file.match.columns for file in self.of(kind))

    @property
    def gate(self) -> str:
        """What gates the hand-off: `date`, `score`, `stage`, or nothing."""
        leads = self.crm.lead_kind
        if self.has(leads, "handed_off"):
            return "date"
        if self.settings.qualified_score is not None:
            return "score"
        stages = [field for field in self.crm.kinds[leads].fields if field.startswith("entered_")]
        known = any(self.has(leads, field) for field in ("stage", *stages))
        return "stage" if known and self.qualified else ""

    @property
    def qualified(self) -> tuple[str, ...]:
        """The stages with which a lead is presented to sales: the user's, or else the CRM's usual ones."""
        named = self.settings.qualified or self.crm.presented
        return tuple(self.crm.own(self.crm.lead_kind, "stage", stage) for stage in named)

    def make_views(self, engine: duckdb.DuckDBPyConnection) -> None:
        """Make a view `export.<kind>` for each kind of record, empty where no file holds it.

        Times are instants; of one that cannot be read `<field>_cell` keeps the text.
        """
        engine.execute("create schema export")
        self.days.update(
            (file.table, field)
            for file in self.files
            for field in file.match.kind.times
            if field in file.match.columns
            and holds_days(
                engine,
                f"(select {self._cell(file, field)} as cell from {name(file.table)})",
                "cell",
                self._formats(file),
            )
        )
        problems = []
        for kind in self.crm.kinds.values():
            rows = [self._rows(file) for file in self.of(kind.name)] or [self._no_rows(kind)]
            rows = " union all by name ".join(rows)
            if len(self.of(kind.name)) > 1 and "id" in kind.fields:
                engine.execute(f"create view export.every_{kind.name} as {rows}")
                rows = self._newest(engine, kind, problems)
            engine.execute(f"create view export.{kind.name} as {rows}")
        if problems:
            raise SlanbError(problems)

    def _newest(self, engine: duckdb.DuckDBPyConnection, kind: RecordKind, problems: list[str]) -> str:
        """SQL for the rows of a kind without those that stand in a newer file, too."""
        rows, files = f"export.every_{kind.name}", self.of(kind.name)
        if has_editions(engine, [file.file for file in files]):
            engine.execute(f"create table export.older_{kind.name} as {older(rows, ['id'], '_file, _line')}")
            self.account["in_newer_files"][kind.name] = count(engine, f"export.older_{kind.name}")
            rows = f"{rows} anti join export.older_{kind.name} using (_file, _line)"
        if kind.name in UPDATED:
            common = [field for field in kind.fields if all(field in file.match.columns for file in files)]
            if words := contradiction(engine, f"(from {rows})", "id", common):
                problems.append(words)
        return f"from {rows}"

    def _no_rows(self, kind: RecordKind) -> str:
        cells = [f"null::varchar as {name(field)}" for field in kind.fields if field not in kind.times]
        times = [f"null::timestamp as {field}, null::varchar as {field}_cell" for field in kind.times]
        extra = [f"{sql} as {field}" for field, sql in self._of_the_file(kind, None)]
        listing = [*cells, *times, *extra, "null::varchar as _file", "null::bigint as _line"]
        return f"select {', '.join(listing)} where false"

    def _rows(self, file: ExportFile) -> str:
        cells, read, done = (["_file", "_line"] for _ in range(3))  # text, then instants, then those in range
        for field in file.match.kind.fields:
            cell = self._cell(file, field)
            if field not in file.match.kind.times:
                cells.append(f"{cell} as {name(field)}")
                is_id = field in self.crm.ids
                read.append(f"id_of({name(field)}) as {name(field)}" if is_id else name(field))
                done.append(name(field))
            elif field not in file.match.columns:
                done.append(f"null::timestamp as {field}, null::varchar as {field}_cell")
            else:
                if (file.table, field) in self.days:
                    instant = day_sql(self._formats(file), f"{field}_cell", self.settings.zone)
                else:
                    zone = file.spec.zone or self.settings.zone
                    instant = time_sql(self._formats(file), f"{field}_cell", zone)
                cells.append(f"{cell} as {field}_cell")
                read.append(f"{instant} as {field}, {field}_cell")
                done.append(f"in_range({field}) as {field}, {field}_cell")
        for field, sql in self._of_the_file(file.match.kind, file):
            cells.append(f"{sql} as {field}")
            read.append(field)
            done.append(field)
        return (
            f"select {', '.join(done)} from (select {', '.join(read)} from "
            f"(select {', '.join(cells)} from {name(file.table)}))"
        )

    def _formats(self, file: ExportFile) -> tuple[str, ...]:
        return tuple(dict.fromkeys((*(file.spec.times or self.settings.times), *WORDS)))

    def _cell(self, file: ExportFile, field: str) -> str:
        """SQL of a field's text: trimmed, null where it means nothing, in the CRM's own words."""
        column = file.match.columns.get(field)
        if column is None:
            return "null::varchar"
        kind = file.match.kind.name
        blanks = listed(["", *(blank.strip() for blank in self.settings.blanks)])
        cell = f"tidy({name(column)}::varchar)"
        cell = f"case when {cell} not in ({blanks}) then {cell} end"
        words = choice(f"lower({cell})", self.crm.labels.get(kind, {}).get(field, {}), cell)
        return choice(f"coalesce({cell}, '')", self.settings.values.get(kind, {}).get(field, {}), words)

    def _of_the_file(self, kind: RecordKind, file: ExportFile | None) -> Iterator[tuple[str, str]]:
        """Columns besides the fields: the score's number, and what a file of activities holds as a whole."""
        score = self.settings.qualified_score
        if kind.name == self.crm.lead_kind:
            number = "null" if score is None or file is None else f"try_cast({name(score.column)} as double)"
            yield "score_value", f"({number})::double"
        if kind.name == "activities":
            yield "file_holds", f"{literal(file and self._held_by(file))}::varchar"

    def _held_by(self, file: ExportFile) -> str | None:
        by_field = (what for field, what in self.crm.holds_by_field if field in file.match.columns)
        words = file.file.lower().replace("-", "_").replace(".", "_").split("_")
        by_word = (self.crm.holds_by_word[word] for word in words if word in self.crm.holds_by_word)
        return next(by_field, None) or next(by_word, None)

    def refuse_rounded_ids(self, engine: duckdb.DuckDBPyConnection) -> None:
        """Refuse files with ids that a spreadsheet has rounded.

        Raises
        ------
        SlanbError : naming each file and column.
        """
        problems = []
        for file in self.files:
            ids = [
                column
                for field, column in file.match.columns.items()
                if field in self.crm.ids and field not in OF_ANY_KIND
            ]
            problems += [
                f'{file.file}: column "{column}": {words}'
                for column, words in rounded_ids(engine, name(file.table), ids)
            ]
        if problems:
            raise SlanbError(problems)

    def odd_times(self, engine: duckdb.DuckDBPyConnection) -> dict[str, tuple[int, int]]:
        """Cells that are no times, by kind and field: how many, of how many.

        Raises
        ------
        SlanbError : for columns of times in another form than declared, with the ways to read them.
        """
        problems, odd = [], {}
        for file in self.files:
            kind = file.match.kind
            times = [field for field in kind.times if field in file.match.columns]
            if not times:
                continue
            later = kind.name in QUARANTINED
            rows = f"({self._rows(file)}{' limit 2000' if later else ''})"
            counts = ", ".join(
                f"count(*) filter (where {field} is null and {field}_cell is not null), count({field}_cell)"
                for field in times
            )
            counted = engine.execute(f"select {counts} from {rows}").fetchall()[0]
            for field, wrong, cells in zip(times, counted[::2], counted[1::2], strict=True):
                if wrong > WRONG * cells:
                    unread = (
                        f"select {field}_cell from {rows} where {field} is null and {field}_cell is not null"
                    )
                    sample = engine.execute(f"{unread} limit 2000").fetchall()
                    problems.append(_two_ways(file, field, [row[0] for row in sample]))
                elif wrong and not later and field != "created":  # created: it is in the quarantine, too
                    odd[f"{kind.name}.{field}"] = (wrong, cells)
        if problems:
            raise SlanbError(problems)
        return odd


def _two_ways(file: ExportFile, field: str, cells: Sequence[str]) -> str:
    ways = time_readings(cells, serials=True)
    if not ways:
        advice = (
            f'It begins with "{nearly(cells[0])}". Say `times:`, or name another column under `aliases:`.'
        )
    elif len(ways) == 1:
        advice = f"They can be read as {ways[0].says}. If so, add it to `times:`."
    else:
        either = ", or ".join(way.says for way in ways)
        advice = f"They can be read as {either}. Say which: `times:`."
    return f'{file.file}: column "{file.match.columns[field]}" holds times in a form not named. {advice}'
