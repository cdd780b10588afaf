"""A source: the mapping, and the files it names as they lie on disk, headers read.

Opening finds every missing file and column at once, before any row is read.
"""

import glob
import hashlib
import os
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from fnmatch import fnmatchcase
from functools import cached_property
from pathlib import Path

import duckdb

from slanb.crm.databases import fetched
from slanb.crm.mapping import SourceMapping
from slanb.crm.mapping_models import FileSpec, QueriedFile
from slanb.crm.mapping_words import currency_columns
from slanb.crm.presets.folder import ARCHIVES, TITLE_LINES, files_of, map_exports
from slanb.crm.presets.preparation import Preparation
from slanb.crm.presets.settings import PresetMapping
from slanb.crm.sql import literal
from slanb.crm.standing_mapping import StandingMapping, StandingSource
from slanb.crm.text import header_of, other_delimiter, tidy
from slanb.crm.workbook import ENDINGS as WORKBOOKS
from slanb.crm.workbook import sheet_names, sheet_rows
from slanb.database import connect
from slanb.errors import NoRecords, SlanbError
from slanb.strict_yaml import parse_bytes, place, validate
from slanb.strict_yaml.reading import content_of

ENDINGS = (".csv", ".csv.gz", ".tsv", ".tsv.gz", ".txt", ".txt.gz", ".parquet", *WORKBOOKS)
SHOWN = 40  # column names in a message
LONGEST = 80  # characters of one


@dataclass(frozen=True)
class SourceFile:
    """One file on disk.

    Parameters
    ----------
    table : its name under `files:` in the mapping; the files of a pattern share one.
    name : the file as seen from the source's folder; what reports and records call it.
    shown : the file as the user's words name it; what error messages call it.
    header : column names, tidied.
    stamp : what the system notes of it (`stamp_of`), from before its header was read.
    """

    table: str
    name: str
    shown: str
    path: Path
    spec: FileSpec
    header: tuple[str, ...]
    stamp: tuple[int, ...]

    @property
    def is_parquet(self) -> bool:
        """Whether the file is Parquet, by its ending."""
        return self.path.name.lower().endswith(".parquet")

    @property
    def is_workbook(self) -> bool:
        """Whether the file is a workbook, by its ending."""
        return self.name.lower().endswith(WORKBOOKS)


@dataclass(frozen=True)
class Source:
    """A mapping and its files, ready to be imported.

    Parameters
    ----------
    path, name : the mapping file, and what messages call it.
    mapping_hash : sha256 of the mapping's text.
    files : the files that some table uses, by name in the mapping and then by name on disk.
    prepare : what a preset does before the canonical tables are made.
    """

    path: Path
    name: str
    mapping: SourceMapping
    lines: dict
    mapping_hash: str
    files: tuple[SourceFile, ...]
    prepare: Preparation | None = None

    @cached_property
    def hashes(self) -> dict[str, str]:
        """The sha256 of every file, by name, each read once.

        Raises
        ------
        SlanbError : if a file cannot be read.
        """
        return hashes_of(self.files)

    @property
    def used(self) -> dict[str, set[str] | None]:
        """The files needed, each with its columns (see `used_files`)."""
        if self.prepare is not None:
            return self.prepare.uses
        used, deals = used_files(self.mapping), self.mapping.tables.deals
        if deals.columns.amount is not None and deals.columns.amount.column is not None:
            for file in self.files:  # what may say that amounts are in several currencies
                if file.table == deals.from_ and used[file.table] is not None:
                    used[file.table] |= set(currency_columns(file.header, deals.columns.amount.column))
        return used

    @property
    def not_used(self) -> dict[str, str]:
        """Files of the folder that no record is taken from, each with the reason."""
        return {} if self.prepare is None else self.prepare.account["files_not_used"]

    def lists(self, table: str) -> set[str]:
        """The columns of a file of which a cell may hold several values."""
        return set() if self.prepare is None else self.prepare.lists(table)

    def place(self, *keys: str) -> str:
        """Where a key of the mapping stands: `params/source.yml, line 12`."""
        return place(keys, self.lines, self.name).removesuffix(":")


def open_source(source_path: str | Path, data: str | Path | None = None) -> Source | StandingSource:
    """Read a mapping, find its files and read their headers.

    Parameters
    ----------
    source_path : the mapping, `params/source.yml`; a relative path is looked for in the working folder
        and those above it.
    data : folder of the files, where it is not the one the mapping names; looked for alike.

    Raises
    ------
    SlanbError : everything wrong with the mapping; or else every missing file and column. `NoRecords` where
        the folder is empty.
    """
    path = _nearest(Path(source_path))
    name = str(source_path)
    text = content_of(path, name)
    document = parse_bytes(text, name)
    lines = document.lines
    keys = document.data if isinstance(document.data, dict) else {}
    if keys.get("engine") in ("spark", "postgres"):
        if data is not None:
            at = place(("engine",), lines, name)
            raise SlanbError(f"{at} engine is {keys['engine']}, whose tables are no files. Leave {data} out.")
        standing = validate(StandingMapping, document.data, lines, name)
        return StandingSource(path, name, standing, lines, hashlib.sha256(text).hexdigest())
    preset = keys.get("preset", "csv")
    mapping = validate(SourceMapping if preset == "csv" else PresetMapping, document.data, lines, name)
    if data is None:
        folder, shown = path.parent / mapping.folder, os.path.join(os.path.dirname(name), mapping.folder)
    else:
        folder, shown = _nearest(Path(data)), str(data)
    if not folder.is_dir():
        where = f"{place(('folder',), lines, name)} folder is" if data is None else "the data folder is"
        raise SlanbError(f'{where} "{os.path.normpath(shown)}", which does not exist. Correct it or make it.')
    of_files = isinstance(mapping, PresetMapping) or any(not spec.database for spec in mapping.files.values())
    if of_files and all(file.name.startswith(".") for file in folder.iterdir()):
        raise NoRecords(f"{os.path.normpath(shown)}: is empty. Put the CRM's exports there.")
    if isinstance(mapping, PresetMapping):
        return _open_preset(path, name, mapping, lines, text, folder, os.path.normpath(shown))
    source = Source(path, name, mapping, lines, hashlib.sha256(text).hexdigest(), ())
    problems: list[str] = []
    files = tuple(_files(source, folder, os.path.normpath(shown), problems))
    source = Source(path, name, mapping, lines, source.mapping_hash, files)
    if problems := problems + list(_missing_columns(source)):
        raise SlanbError(problems)
    return source


def _open_preset(
    path: Path, name: str, settings: PresetMapping, lines: dict, text: bytes, folder: Path, shown: str
) -> Source:
    """A mapping with a preset: the files are known by their headers."""
    problems: list[str] = []
    stamps: dict[Path, tuple[int, ...]] = {}

    def header(file: Path, spec: FileSpec) -> tuple[str, ...]:
        stamps.setdefault(file, stamp_of(file))
        return header_of_file(file, spec, os.path.normpath(os.path.join(shown, file.name)))

    seen = files_of(settings, folder, ENDINGS, header, _matching, problems)
    if problems:
        raise SlanbError(problems)
    mapping, preparation, used = map_exports(settings, seen, folder, shown)
    files = []
    for table, file in used:
        label = os.path.relpath(file.path, folder).replace(os.sep, "/")
        known_as = os.path.normpath(os.path.join(shown, label))
        files.append(SourceFile(table, label, known_as, file.path, file.spec, file.header, stamps[file.path]))
    return Source(
        path, name, mapping, lines, hashlib.sha256(text).hexdigest(), tuple(files), prepare=preparation
    )


def _nearest(path: Path) -> Path:
    """A relative path where it exists in the working folder or above it, else as given."""
    here = Path.cwd()
    return next((base / path for base in (here, *here.parents) if (base / path).exists()), path)


def used_files(mapping: SourceMapping) -> dict[str, set[str] | None]:
    """The files that tables use, each with the columns needed of it; None for all, where a SELECT may ask.

    A SELECT uses the files whose names it mentions.
    """
    used: dict[str, set[str] | None] = {}
    for _, spec in mapping.mapped():
        if spec.from_ is not None:
            named = {name for _, column in spec.specs() for name in (column.column, column.currency)}
            columns = named - {None}
            before = used.get(spec.from_, set())
            used[spec.from_] = None if before is None else before | columns
        else:
            words = set(re.findall(r"[a-z_0-9]+", spec.select))
            used |= {name: None for name in mapping.files if name in words}
    return {name: used[name] for name in mapping.files if name in used}


def _files(source: Source, folder: Path, shown: str, problems: list[str]) -> Iterator[SourceFile]:
    for table in used_files(source.mapping):
        spec = source.mapping.files[table]
        if spec.database is not None:
            try:
                yield _queried(source, table, spec)
            except SlanbError as error:
                problems += error.problems
            continue
        paths = _matching(folder, spec.path)
        if not paths:
            problems.append(_not_found(source, folder, shown, table, spec.path))
        for path in paths:
            name = os.path.relpath(path, folder).replace(os.sep, "/")
            label = os.path.normpath(os.path.join(shown, name))
            try:
                stamp = stamp_of(path)
                header = header_of_file(path, spec, label)
                yield SourceFile(table, name, label, path, spec, header, stamp)
            except SlanbError as error:
                problems += error.problems


def _queried(source: Source, table: str, spec: QueriedFile) -> SourceFile:
    where = f"{source.place('files', table)}: files.{table}"
    path = fetched(spec, where)
    header = header_of_file(path, spec, where)
    return SourceFile(table, f"{table} (query)", f"{where}.query", path, spec, header, stamp_of(path))


def _matching(folder: Path, pattern: str) -> list[Path]:
    literally = folder / pattern
    if literally.is_file():
        return [literally]
    if found := sorted(path for text in glob.glob(str(literally)) if (path := Path(text)).is_file()):
        return found
    # a mapping is read in composed letters, and a folder may name its files in decomposed ones
    composed = {path: unicodedata.normalize("NFC", path.name) for path in folder.iterdir()}
    return sorted(path for path, name in composed.items() if path.is_file() and fnmatchcase(name, pattern))


def _not_found(source: Source, folder: Path, shown: str, table: str, pattern: str) -> str:
    there = sorted(path.name for path in folder.iterdir() if path.is_file() and not path.name.startswith("."))
    near = get_close_matches(pattern, there, 1)
    meant = f' Did you mean "{near[0]}"?' if near else ""
    return (
        f'{shown}: no file "{pattern}". Found: {_listed(there)}.{meant} Correct it in '
        f"{source.place('files', table, 'path')}, or put the file there."
    )


def header_of_file(path: Path, spec: FileSpec, shown: str) -> tuple[str, ...]:
    """The column names of a file of any kind that is read, tidied.

    Raises
    ------
    SlanbError : if it is of another kind, or cannot be read.
    """
    if path.name.lower().endswith(ARCHIVES):
        raise SlanbError(f"{shown}: is an archive. Unpack it and name the files in it.")
    if not path.name.lower().endswith(ENDINGS):
        raise SlanbError(
            f"{shown}: files of this kind are not read. Save it as .csv (UTF-8), .xlsx or .parquet."
        )
    if path.name.lower().endswith(WORKBOOKS):
        first = next((row for row in sheet_rows(path, spec, shown) if any(row)), None)
        if first is None:
            raise SlanbError(f"{shown}: is empty: there is not even a header.")
        return tidy(first)
    if not path.name.lower().endswith(".parquet"):
        return header_of(path, spec, shown)
    try:
        with connect() as engine:
            rows = engine.execute(f"describe select * from read_parquet({literal(str(path))})").fetchall()
    except duckdb.Error:
        raise SlanbError(f"{shown}: is not a Parquet file that can be read.") from None
    return tidy([row[0] for row in rows])


def stamp_of(path: Path) -> tuple[int, ...]:
    """What the system notes of a file, which is other once the file is; nothing of one that is gone."""
    try:
        known = path.stat()
    except OSError:
        return ()
    return known.st_size, known.st_mtime_ns, known.st_ctime_ns


def hashes_of(files: Iterable[SourceFile]) -> dict[str, str]:
    """The sha256 of files, by name, read now.

    Raises
    ------
    SlanbError : if a file cannot be read.
    """
    by_name = {}
    for file in files:
        try:
            with file.path.open("rb") as raw:
                by_name[file.name] = hashlib.file_digest(raw, "sha256").hexdigest()
        except OSError as error:
            raise SlanbError(f"{file.shown}: cannot be read ({error.strerror or error}).") from None
    return by_name


def _missing_columns(source: Source) -> Iterator[str]:
    """Every column that is not there; of a file whose columns all lack for one reason, the first alone."""
    explained = set()
    for table, spec in source.mapping.mapped():
        for canonical, column in spec.specs():
            for file in source.files:
                for wanted in (column.column, column.currency):
                    if file.table == spec.from_ and wanted is not None and wanted not in file.header:
                        at, hint = source.place("tables", table, "columns", canonical), _hint(file, wanted)
                        if (file.shown, hint) not in explained:
                            yield missing_column(file.shown, wanted, file.header, at, hint)
                        explained |= {(file.shown, hint)} if hint else set()


def _hint(file: SourceFile, column: str) -> str:
    """Why a column is not found, where the file tells: another delimiter, lines above, another sheet."""
    for_excel = file.header[0].casefold().startswith("sep=")
    delimiter = other_delimiter(file.header)
    if delimiter and not for_excel:
        return delimiter
    for skip in range(file.spec.skip + 1, file.spec.skip + TITLE_LINES):
        spec = file.spec.model_copy(update={"skip": skip})
        try:
            if column in header_of_file(file.path, spec, file.shown):
                below = f" The header stands below other lines: say `skip: {skip}` beside its `path:`."
                return below + ' A line "sep=" tells Excel alone what stands between fields.' * for_excel
        except SlanbError:
            break
    if file.is_workbook and len(sheets := sheet_names(file.path)[1]) > 1:
        read = file.spec.sheet or sheet_names(file.path)[0]
        others = ", ".join(f'"{sheet}"' for sheet in sheets if sheet != read)
        return f' This is its sheet "{read}"; for another one ({others}) say `sheet:` beside its `path:`.'
    return delimiter


def missing_column(where: str, column: str, header: tuple[str, ...], mapped_at: str, hint: str = "") -> str:
    """The message for a column that is not there."""
    near = get_close_matches(column, header, 1)
    meant = f' Did you mean "{near[0]}"?' if near else ""
    way_out = hint or f"{meant} Correct it in {mapped_at}, or rename the column."
    return f'{where}: column "{column}" not found. Found: {_listed(header)}.{way_out}'


def _listed(names: tuple[str, ...] | list[str]) -> str:
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return (", ".join(f'"{name[:LONGEST]}"' for name in names[:SHOWN]) or "nothing") + more
