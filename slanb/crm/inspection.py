"""A folder of exports looked at: which preset fits, what each column is taken for, what has to be asked.

Floor 2. Nothing is imported and nothing chosen: where cells can be read two ways both are shown, and the
starter mapping leaves the place open for a person to fill.
"""

import contextlib
import csv
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from slanb.crm.presets import CRMS, PresetMapping, files_of, settle
from slanb.crm.presets.opening import Seen
from slanb.crm.presets.recognition import Match, matches
from slanb.crm.readings import TimeReading, number_readings, time_readings
from slanb.crm.source import ENDINGS, header_of_file
from slanb.crm.sql import literal
from slanb.crm.text import dialect, open_text
from slanb.crm.workbook import ENDINGS as WORKBOOKS
from slanb.crm.workbook import sheet_rows
from slanb.errors import SlanbError

ROWS = 5_000  # looked at in each file
FEW = 40  # different values up to which a column is a list of choices
OPEN = "???"  # what a starter leaves to be filled in


@dataclass(frozen=True)
class LookedAt:
    """One file: what it is taken for, and how its cells can be read.

    Parameters
    ----------
    match : the kind of record, None if no preset knows it.
    times : header to the ways its cells can be read as times; numbers : to the decimal marks.
    few : header to its values, where there are few.
    """

    name: str
    seen: Seen
    match: Match | None
    rows: int
    times: dict[str, list[TimeReading]]
    numbers: dict[str, list[str]]
    few: dict[str, list[str]]


@dataclass(frozen=True)
class Inspection:
    """What was found in a folder; `preset` is "csv" where none fits. `text` tells a person, `starter` is a
    mapping to edit."""

    folder: str
    preset: str
    files: tuple[LookedAt, ...]
    problems: tuple[str, ...]

    @property
    def times(self) -> list[tuple[LookedAt, str, list[TimeReading]]]:
        """The columns of times that the import needs, with the ways to read them."""
        found = []
        for one in self.files:
            wanted = list(one.times)
            if self.preset != "csv":
                kind = one.match
                if kind is None or kind.kind.unused:
                    continue
                wanted = [kind.columns[field] for field in kind.kind.times if field in kind.columns]
            found += [(one, column, one.times[column]) for column in wanted if one.times.get(column)]
        return found

    @property
    def formats(self) -> list[tuple[str, ...]]:
        """The sets of formats that read every column of times; two or more have to be asked about."""
        needed = [
            ways for _, _, ways in self.times if ways[0].formats[0] not in ("iso", "epoch_ms", "epoch_s")
        ]
        orders: dict[str, list[str]] = {}
        for order in ("%d%m", "%m%d", "%Y%m"):
            texts = []
            for ways in needed:
                fitting = [way.formats for way in ways if _order(way.formats[0]) == order]
                if not fitting:
                    break
                texts += fitting[0]
            else:
                if needed:
                    orders[order] = list(dict.fromkeys(texts))
        return [tuple(texts) for texts in orders.values()]

    @property
    def questions(self) -> list[str]:
        """What only a person can say."""
        asked = []
        ways = self.formats
        if len(ways) > 1:
            one, column, readings = next(found for found in self.times if len(found[2]) > 1)
            both = ", or ".join(reading.says for reading in readings)
            asked.append(
                f'How are dates written? {one.name}, "{column}": {both}. All cells can be read both ways.'
            )
        elif not ways and any(reading[0].formats[0].startswith("%") for _, _, reading in self.times):
            asked.append(
                "Dates are written in one order in some files and in another in others: say `times:` by file."
            )
        asked.append(
            "Whose clock? Times without a zone show the clock of whoever exported them: say `zone:`, such as "
            "Europe/Berlin, or UTC for tables a replication tool writes."
        )
        for one in self.files:
            for column, marks in one.numbers.items():
                if len(marks) > 1 and self._needs(one, column, "amount"):
                    asked.append(
                        f'{one.name}, "{column}": is 1.234 one thousand and more, or one and a bit? '
                        "Say `decimal:`."
                    )
        if self.preset == "salesforce":
            asked.append("Whose is each lead source, marketing's or sales'? Say `sources:`.")
        return asked

    def _needs(self, one: LookedAt, column: str, field: str) -> bool:
        if self.preset == "csv":
            return True
        return one.match is not None and one.match.columns.get(field) == column

    @property
    def text(self) -> str:
        """The findings, to be printed."""
        fits = {"csv": "no preset fits; every column has to be named (preset: csv)"}
        lines = [
            f"{self.folder}: {fits.get(self.preset, f'looks like {self.preset} (preset: {self.preset})')}"
        ]
        for one in self.files:
            lines += ["", f"{one.name}: {self._taken_for(one)}"]
            width = min(44, max(map(len, one.seen.header), default=0))
            lines += [f"  {column:{width}}  {self._column(one, column)}" for column in one.seen.header]
        if self.problems:
            lines += ["", "Missing, or not to be read:", *(f"  {problem}" for problem in self.problems)]
        lines += ["", "To be answered:"]
        lines += [f"  {number}. {question}" for number, question in enumerate(self.questions, start=1)]
        return "\n".join(lines)

    def _taken_for(self, one: LookedAt) -> str:
        rows = f"{one.rows:,} rows looked at" if one.rows < ROWS else f"the first {ROWS:,} rows looked at"
        below = f", header below {one.seen.spec.skip} lines" if one.seen.spec.skip else ""
        if self.preset == "csv":
            return f"{rows}{below}"
        if one.match is None:
            return "not recognised, not used"
        if one.match.kind.unused:
            return f"{one.match.kind.name}, not used: {one.match.kind.unused}"
        return f"taken for {one.match.kind.name} ({rows}{below})"

    def _column(self, one: LookedAt, column: str) -> str:
        said = []
        if self.preset != "csv" and one.match is not None and not one.match.kind.unused:
            field = next((field for field, name in one.match.columns.items() if name == column), None)
            said.append(field or "not used")
            if field is None:
                return said[0]
        ways = one.times.get(column, [])
        if len(ways) > 1:
            said.append("times, in two ways: " + " or ".join(way.says for way in ways))
        elif ways:
            said.append(
                "times: " + (ways[0].says if ways[0].formats[0].startswith("%") else ways[0].formats[0])
            )
        elif column in one.numbers:
            said.append("numbers" + (", decimal mark . or ," if len(one.numbers[column]) > 1 else ""))
        elif column in one.few and self.preset == "csv":
            shown = ", ".join(one.few[column][:6]) + (" ..." if len(one.few[column]) > 6 else "")
            said.append(f"few values: {shown}")
        return "; ".join(said) or "text"

    @property
    def starter(self) -> str:
        """A mapping to edit; what is not known is ???, which no import takes."""
        ways = self.formats
        lines = [f"# Made by `slanb source inspect {self.folder}`: replace every {OPEN} and check the rest."]
        lines += [f"preset: {self.preset}", f'zone: "{OPEN}"  # the clock of times written without a zone']
        lines.append(
            "folder: .  # where the files lie, seen from this file; or name their folder with --data"
        )
        if self.preset == "csv":
            return "\n".join([*lines, *self._tables()]) + "\n"
        if len(ways) > 1:
            lines += ["# how dates are written; keep one of these lines:"]
            lines += [f"# times: [{_listed(way)}]" for way in ways]
            lines.append(f'times: "{OPEN}"')
        elif ways:
            lines.append(f"times: [{_listed(ways[0])}]")
        lines.append("sourced_by: first_source  # or deal_source, contact_role: whose a deal is")
        if self.preset == "salesforce":
            sources = dict.fromkeys(itertools.chain.from_iterable(self._values("source")))
            lines += [
                "sources:  # marketing, sales, or null",
                *(f'  {_quoted(one)}: "{OPEN}"' for one in sources),
            ]
            lines.append(
                "# qualified: [Qualified]  # statuses that present a lead to sales; all leads if left out"
            )
        else:
            lines.append("# qualified: [marketingqualifiedlead, salesqualifiedlead, opportunity, customer]")
        lines.append("again_after_days: 180  # a new conversion after that is a new lead")
        lines.append("# connected_call_seconds: 60  # from when a call without a result is a conversation")
        lines.append("# currency: EUR")
        lines.append("owners: name  # or pseudonym")
        return "\n".join(lines) + "\n"

    def _values(self, field: str) -> Iterator[list[str]]:
        for one in self.files:
            if one.match is not None and field in one.match.columns:
                yield one.few.get(one.match.columns[field], [])

    def _tables(self) -> Iterator[str]:
        yield "files:"
        names = {}
        for number, one in enumerate(self.files, start=1):
            names[one.name] = f"file_{number}"
            spec = one.seen.spec
            more = f', delimiter: "{spec.delimiter}"' * (
                spec.delimiter != ","
            ) + f", skip: {spec.skip}" * bool(spec.skip)
            yield f"  file_{number}: {{path: {_quoted(one.name)}{more}}}"
        yield "# how the columns of times can be read:"
        for one in self.files:
            for column, ways in one.times.items():
                told = ", or ".join(
                    "format: "
                    + (f"[{_listed(way.formats)}]" if len(way.formats) > 1 else f'"{way.formats[0]}"')
                    for way in ways
                )
                yield f"#   {names[one.name]} {_quoted(column)}: {told}"
        file = next(iter(names.values()), OPEN)
        yield "tables:"
        for table, columns in (
            ("leads", ("lead_id", "created_at", "sourced_by")),
            ("deals", ("deal_id", "lead_id", "closed_at", "won", "amount")),
        ):
            yield f"  {table}:"
            yield f"    from: {file}  # which of the files"
            yield "    columns:"
            for column in columns:
                yield f"      {column}: {_FORMS.get(column, chr(34) + OPEN + chr(34))}"


_FORMS = {
    "created_at": f'{{column: "{OPEN}", format: "{OPEN}"}}',
    "closed_at": f'{{column: "{OPEN}", format: "{OPEN}"}}',
    "sourced_by": f'{{column: "{OPEN}", values: {{"{OPEN}": marketing}}}}',
    "won": f'{{column: "{OPEN}", values: {{"{OPEN}": true, "{OPEN}2": false}}, otherwise: null}}',
}


def _order(text: str) -> str:
    marks = [text[place : place + 2] for place in range(len(text)) if text[place] == "%"][:2]
    return "".join("%Y" if mark == "%y" else mark for mark in marks)


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _listed(texts: Sequence[str]) -> str:
    return ", ".join(_quoted(text) for text in texts)


def inspect_folder(folder: str | Path, preset: str | None = None) -> Inspection:
    """Look at the files of a folder.

    Parameters
    ----------
    preset : look at them as exports of this CRM; else of the one that most speaks for.

    Raises
    ------
    SlanbError : if there is no such folder, or nothing in it that can be read.
    """
    place = Path(folder)
    if not place.is_dir():
        raise SlanbError(f"{folder}: no such folder. Give the folder the CRM's files are in.")
    if preset not in (None, "csv", *CRMS):
        raise SlanbError(f"--preset is {preset}, but one of {', '.join([*CRMS, 'csv'])} is expected.")
    looks = [_look(place, name) for name in ([preset] if preset in CRMS else CRMS)]
    best = max(looks, key=lambda look: look[0])
    score, name, seen, problems = best
    if not seen:
        raise SlanbError(problems or f"{folder}: no file that is read ({', '.join(ENDINGS)}).")
    chosen = name if preset in CRMS or (score and preset is None) else "csv"
    files = tuple(_file(place, one, chosen) for one in seen)
    return Inspection(str(folder), chosen, files, tuple(problems))


def _look(folder: Path, preset: str) -> tuple[int, str, list[Seen], list[str]]:
    """How much speaks for a preset, and the files as it reads them."""
    problems: list[str] = []
    settings = PresetMapping(preset=preset, zone="UTC")

    def header(path: Path, spec) -> tuple[str, ...]:
        return header_of_file(path, spec, path.name)

    seen = files_of(settings, folder, ENDINGS, header, lambda *_: [], problems)
    kinds: dict[str, int] = {}
    for one in seen:
        if found := matches(CRMS[preset].KINDS, one.header, one.path.name):
            kinds[found[0].kind.name] = max(kinds.get(found[0].kind.name, 0), found[0].score)
    leads = "contacts" if preset == "hubspot" else "leads"
    if not {leads, "deals"} & set(kinds):
        return 0, preset, seen, problems
    try:
        settle(PresetMapping(preset=preset, zone="UTC", sourced_by="marketing"), seen, folder, str(folder))
    except SlanbError as error:
        problems += error.problems
    return sum(kinds.values()), preset, seen, problems


def _file(folder: Path, seen: Seen, preset: str) -> LookedAt:
    found = matches(CRMS[preset].KINDS, seen.header, seen.path.name) if preset in CRMS else []
    cells = _sample(seen)
    times, numbers, few = {}, {}, {}
    for column, values in cells.items():
        different = list(dict.fromkeys(value.strip() for value in values if value.strip()))
        if not different:
            continue
        if any(mark in different[0] for mark in "/-.:") or len(different[0]) in (10, 13):
            ways = time_readings(different)
            if ways:
                times[column] = ways
                continue
        if marks := number_readings(different):
            numbers[column] = marks if any("." in cell or "," in cell for cell in different) else marks[:1]
        elif len(different) <= min(FEW, max(8, len(values) // 4)) and not any(map(_personal, different)):
            few[column] = different
    rows = max((len(values) for values in cells.values()), default=0)
    return LookedAt(seen.path.name, seen, found[0] if found else None, rows, times, numbers, few)


def _personal(value: str) -> bool:
    """Whether a value may be somebody's address or telephone number."""
    return "@" in value or sum(letter.isdigit() for letter in value) >= 7


def _sample(seen: Seen) -> dict[str, list[str]]:
    """The first rows, by column."""
    path, spec, header = seen.path, seen.spec, seen.header
    if path.name.lower().endswith(".parquet"):
        rows = duckdb.execute(
            f"select columns(*)::varchar from read_parquet({literal(str(path))}) limit {ROWS}"
        ).fetchall()
    elif path.name.lower().endswith(WORKBOOKS):
        rows = list(itertools.islice(sheet_rows(path, spec, path.name), 1, ROWS + 1))
    else:
        with open_text(path, spec.encoding, skip=spec.skip) as text:
            rows = []
            with contextlib.suppress(csv.Error, OSError, EOFError):  # the import tells what cannot be read
                rows.extend(itertools.islice(csv.reader(text, **dialect(spec)), 1, ROWS + 1))
    return {
        column: [row[place] or "" for row in rows if len(row) == len(header)]
        for place, column in enumerate(header)
    }
