"""A folder of exports looked at: which preset fits, what each column is taken for, what has to be asked.

Nothing is imported and nothing chosen: where cells can be read two ways both are shown, and the
starter mapping leaves the place open for a person to fill.
"""

import contextlib
import csv
import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

from babel.numbers import is_currency
from jinja2 import Environment, Template

from slanb.crm.inspected import InspectedFile, preset_questions, sources_of
from slanb.crm.presets.crms import NAMES as CRMS
from slanb.crm.presets.crms import crm_of
from slanb.crm.presets.folder import ARCHIVES, FolderFile, archives_in, files_of, map_exports
from slanb.crm.presets.recognition import kinds_of
from slanb.crm.presets.settings import PresetMapping
from slanb.crm.readings import TimeReading, currencies_at, number_readings, time_readings
from slanb.crm.source import ENDINGS, header_of_file
from slanb.crm.sql import literal
from slanb.crm.text import BAD, dialect, open_text
from slanb.crm.values import SIGNS
from slanb.crm.workbook import ENDINGS as WORKBOOKS
from slanb.crm.workbook import sheet_rows
from slanb.database import connect
from slanb.dictionary.messages import Message
from slanb.dictionary.wording import Wording
from slanb.errors import SlanbError

ROWS = 5_000  # looked at in each file
FEW = 40  # different values up to which a column is a list of choices
OPEN = "???"  # what a starter leaves to be filled in


@dataclass(frozen=True)
class Inspection:
    """What was found in a folder; `preset` is "csv" where none fits. `text` tells a person, `starter` is a
    mapping to edit."""

    folder: str
    preset: str
    files: tuple[InspectedFile, ...]
    problems: tuple[str, ...]

    @property
    def times(self) -> list[tuple[InspectedFile, str, list[TimeReading]]]:
        """The columns of times that the import needs, with the ways to read them."""
        needed = []
        for one in self.files:
            wanted = list(one.times)
            if self.preset != "csv":
                kind = one.match
                if kind is None or kind.kind.unused:
                    continue
                wanted = [kind.columns[field] for field in kind.kind.times if field in kind.columns]
            needed += [(one, column, one.times[column]) for column in wanted if one.times.get(column)]
        return needed

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
    def questions(self) -> list[Message]:
        """What only a person can say."""
        asked = []
        ways = self.formats
        if len(ways) > 1:
            one, column, readings = next(each for each in self.times if len(each[2]) > 1)
            either = ", or ".join(reading.says for reading in readings)
            asked.append(Message("crm.ask_dates", file=one.name, column=column, ways=either))
        elif not ways and any(reading[0].formats[0].startswith("%") for _, _, reading in self.times):
            asked.append(Message("crm.ask_dates_by_file"))
        asked.append(Message("crm.ask_clock"))
        asked += [
            Message("crm.ask_decimal", file=one.name, column=column)
            for one in self.files
            for column, marks in one.numbers.items()
            if len(marks) > 1 and self._needs(one, column, "amount")
        ]
        for one, column, codes in self.currencies:
            if len(codes) > 1:
                asked.append(Message("crm.ask_rates", file=one.name, column=column, codes=codes))
            elif codes[0] in SIGNS:
                asked.append(Message("crm.ask_sign", file=one.name, column=column, sign=codes[0]))
        if self.preset != "csv":
            asked += preset_questions(self.files, crm_of(self.preset))
        return asked

    @property
    def currencies(self) -> list[tuple[InspectedFile, str, list[str]]]:
        """The currencies of amounts, by the column that names them or that they stand in."""
        found = []
        for one in self.files:
            named = {
                column: codes
                for column, codes in one.few.items()
                if all(is_currency(code.upper()) for code in codes) and not self._unused(one)
            }
            marked = {
                column: codes
                for column, codes in one.currencies.items()
                if self._needs(one, column, "amount") or self._needs(one, column, "home_amount")
            }
            found += [(one, column, codes) for column, codes in (named | marked).items()]
        return found

    def _needs(self, one: InspectedFile, column: str, field: str) -> bool:
        if self.preset == "csv":
            return True
        return one.match is not None and one.match.columns.get(field) == column

    def _unused(self, one: InspectedFile) -> bool:
        return self.preset != "csv" and (one.match is None or bool(one.match.kind.unused))

    @property
    def text(self) -> str:
        """The findings, to be printed."""
        fits = {"csv": "no preset fits; every column has to be named (preset: csv)"}
        lines = [
            f"{self.folder}: {fits.get(self.preset, f'looks like {self.preset} (preset: {self.preset})')}"
        ]
        for one in self.files:
            lines += ["", f"{one.name}: {self._taken_for(one)}"]
            width = min(44, max(map(len, one.place.header), default=0))
            lines += [f"  {column:{width}}  {self._column(one, column)}" for column in one.place.header]
        if self.problems:
            lines += ["", "Missing, or not to be read:", *(f"  {problem}" for problem in self.problems)]
        asked = [Wording().say(question) for question in self.questions]
        lines += ["", "To be answered:"]
        lines += [f"  {number}. {question}" for number, question in enumerate(asked, start=1)]
        return "\n".join(lines)

    def _taken_for(self, one: InspectedFile) -> str:
        rows = f"{one.rows:,} rows looked at" if one.rows < ROWS else f"the first {ROWS:,} rows looked at"
        below = f", header below {one.place.spec.skip} lines" if one.place.spec.skip else ""
        if self.preset == "csv":
            return f"{rows}{below}"
        if one.match is None:
            return "not recognised, not used"
        if one.match.kind.unused:
            return f"{one.match.kind.name}, not used: {one.match.kind.unused}"
        return f"taken for {one.match.kind.name} ({rows}{below})"

    def _column(self, one: InspectedFile, column: str) -> str:
        parts = []
        if self.preset != "csv" and one.match is not None and not one.match.kind.unused:
            field = next((field for field, name in one.match.columns.items() if name == column), None)
            parts.append(field or "not used")
            if field is None:
                return parts[0]
        ways = one.times.get(column, [])
        if len(ways) > 1:
            parts.append("times, in two ways: " + " or ".join(way.says for way in ways))
        elif ways:
            parts.append(
                "times: " + (ways[0].says if ways[0].formats[0].startswith("%") else ways[0].formats[0])
            )
        elif column in one.numbers:
            codes = f", in {' and '.join(one.currencies[column])}" if column in one.currencies else ""
            parts.append(f"numbers{codes}" + ", decimal mark . or ," * (len(one.numbers[column]) > 1))
        elif column in one.few and self.preset == "csv":
            shown = ", ".join(one.few[column][:6]) + (" ..." if len(one.few[column]) > 6 else "")
            parts.append(f"few values: {shown}")
        return "; ".join(parts) or "text"

    @property
    def starter(self) -> str:
        """`starting`, of nothing but what the files say."""
        return self.starting()

    def starting(self, folder: str = ".", zone: str = OPEN, currency: str = OPEN) -> str:
        """A mapping to edit (`starter.yml.j2`); what is not known is ???, which no import takes.

        Parameters
        ----------
        folder : where the files lie, as seen from the mapping.
        zone, currency : whose clock the times show, and what the agreement counts money in.
        """
        crm = crm_of(self.preset) if self.preset in CRMS else None
        leads = [one for one in self.files if crm and one.taken_for(crm.lead_kind)]
        codes = [list(dict.fromkeys(map(str.upper, codes))) for _, _, codes in self.currencies]
        return _template().render(
            found_in=self.folder, folder=folder, zone=zone, currency=currency,
            preset=self.preset, open=OPEN, files=self.files, formats=self.formats,
            crm=crm, sources=sources_of(self.files, crm) if crm else {},
            choices=[column for one in leads for column in one.choices()],
            currencies=max(codes, key=len, default=[]),
        )  # fmt: skip


@cache
def _template() -> Template:
    place = files(__package__) / "starter.yml.j2"
    page = Environment(trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True, autoescape=False)
    page.filters |= {"quoted": _quoted, "listed": _listed}
    return page.from_string(place.read_text(encoding="utf-8"))


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
    if place.is_file() and place.name.lower().endswith(ARCHIVES):
        raise SlanbError(f"{folder}: is an archive. Unpack it into a folder, and give that folder.")
    if not place.is_dir():
        raise SlanbError(f"{folder}: no such folder. Give the folder the CRM's files are in.")
    if preset not in (None, "csv", *CRMS):
        raise SlanbError(f"--preset is {preset}, but one of {', '.join([*CRMS, 'csv'])} is expected.")
    looks = [_look(place, name) for name in ([preset] if preset in CRMS else CRMS)]
    best = max(looks, key=lambda look: look[0])
    score, name, there, problems = best
    for file in archives_in(place):
        if not any(file in problem for problem in problems):
            problems.append(f"{file}: is an archive. Unpack it into the folder.")
    if not there:
        raise SlanbError(problems or f"{folder}: no file that is read ({', '.join(ENDINGS)}).")
    chosen = name if preset in CRMS or (score and preset is None) else "csv"
    inspected = tuple(_file(one, chosen) for one in there)
    return Inspection(str(folder), chosen, inspected, tuple(problems))


def _look(folder: Path, preset: str) -> tuple[int, str, list[FolderFile], list[str]]:
    """How much speaks for a preset, and the files as it reads them."""
    problems: list[str] = []
    settings, crm = PresetMapping(preset=preset, zone="UTC"), crm_of(preset)

    def header(path: Path, spec) -> tuple[str, ...]:
        return header_of_file(path, spec, path.name)

    there = files_of(settings, folder, ENDINGS, header, lambda *_: [], problems)
    kinds: dict[str, int] = {}
    for one in there:
        if fitting := kinds_of(crm.kinds.values(), one.header, one.path.name):
            kinds[fitting[0].kind.name] = max(kinds.get(fitting[0].kind.name, 0), fitting[0].score)
    if not {crm.lead_kind, "deals"} & set(kinds):
        return 0, preset, there, problems
    try:
        map_exports(
            PresetMapping(preset=preset, zone="UTC", sourced_by="marketing"), there, folder, str(folder)
        )
    except SlanbError as error:
        problems += error.problems
    return sum(kinds.values()), preset, there, problems


def _file(file: FolderFile, preset: str) -> InspectedFile:
    kinds = crm_of(preset).kinds.values() if preset in CRMS else []
    fitting = kinds_of(kinds, file.header, file.path.name)
    cells = _sample(file)
    times, numbers, currencies, few = {}, {}, {}, {}
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
            if codes := currencies_at(different):
                currencies[column] = codes
        elif len(different) <= min(FEW, max(8, len(values) // 4)) and not any(map(_personal, different)):
            few[column] = different
    rows = max((len(values) for values in cells.values()), default=0)
    match = fitting[0] if fitting else None
    people = cells.get(match.columns.get("contacts", ""), []) if match and match.kind.name == "deals" else []
    several = sum(len(set(re.findall("[0-9A-Za-z]+", cell))) > 1 for cell in people)
    return InspectedFile(file.path.name, file, match, rows, times, numbers, currencies, few, several)


def _personal(value: str) -> bool:
    """Whether a value may be somebody's address or telephone number."""
    return "@" in value or sum(letter.isdigit() for letter in value) >= 7


def _sample(file: FolderFile) -> dict[str, list[str]]:
    """The first rows, by column."""
    path, spec, header = file.path, file.spec, file.header
    if path.name.lower().endswith(".parquet"):
        query = f"select columns(*)::varchar from read_parquet({literal(str(path))}) limit {ROWS}"
        with connect() as engine:
            rows = engine.execute(query).fetchall()
    elif path.name.lower().endswith(WORKBOOKS):
        rows = list(itertools.islice(sheet_rows(path, spec, path.name), 1, ROWS + 1))
    else:
        with open_text(path, spec.encoding, skip=spec.skip) as text:
            rows = []
            with contextlib.suppress(csv.Error, OSError, EOFError):  # the import tells what cannot be read
                rows.extend(itertools.islice(csv.reader(text, **dialect(spec)), 1, ROWS + 1))
    return {
        column: [(row[place] or "").replace(BAD, "\ufffd") for row in rows if len(row) == len(header)]
        for place, column in enumerate(header)
    }
