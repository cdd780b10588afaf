"""A folder of a CRM's exports: which file holds what, what is missing, the canonical mapping.

What cannot be told from the headers is an error that names the files, the columns and the way out.
"""

import os
import tomllib
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

from slanb.crm.mapping import SourceMapping
from slanb.crm.mapping_words import WORDS
from slanb.crm.presets.crms import Crm, crm_of
from slanb.crm.presets.exports import ExportFile
from slanb.crm.presets.preparation import Preparation
from slanb.crm.presets.recognition import Match, columns_of, kinds_of, likely_table
from slanb.crm.presets.settings import PresetFile, PresetMapping
from slanb.crm.shape import SIDES
from slanb.crm.text import other_delimiter
from slanb.errors import SlanbError
from slanb.strict_yaml import validate

ARCHIVES = (".zip", ".7z", ".rar", ".tar", ".tgz", ".tar.gz")
OTHER_TABLES = (
    ".json",
    ".jsonl",
    ".ndjson",
    ".xml",
    ".html",
    ".numbers",
    ".avro",
    ".orc",
    ".feather",
)  # not read
NOT_RECOGNISED, ARCHIVE = "not recognised", "an archive"  # why a file is not used
TITLE_LINES = 20  # above a header, in which a report's title may stand
TABLES_OF = {table: table for table in ("leads", "deals", "activities")}
TABLES_OF |= {"contacts": "leads", "submissions": "leads", "deal_contacts": "deals", "contact_roles": "deals"}
TABLES_OF |= {"activity_contacts": "activities", "activity_deals": "activities"}
TABLES_OF |= {"engagement_types": "activities", "deal_history": "deals", "deal_stages": "deals"}
OF_LEADS = ("tier", "segment", "owner", "lost_reason", "lost_at")  # mapped where the leads' files have them


class FolderFile(NamedTuple):
    """A file of the folder: how it is read, its header, and its place."""

    path: Path
    spec: PresetFile
    header: tuple[str, ...]
    kind: str = ""  # as the user says


def map_exports(
    settings: PresetMapping, folder_files: list[FolderFile], folder: Path, shown: str
) -> tuple[SourceMapping, Preparation, list[tuple[str, FolderFile]]]:
    """The canonical mapping of a preset over these files, what prepares it, and the files it uses by table.

    Raises
    ------
    SlanbError : everything that is missing, at once.
    """
    crm = crm_of(settings.preset)
    problems: list[str] = list(_unknown_names(settings, crm))
    exports, unused, unread = [], {}, {}
    used: list[tuple[str, FolderFile]] = []
    for file in folder_files:
        label = os.path.relpath(file.path, folder).replace(os.sep, "/")
        match = _kind_of(settings, crm, file, label, problems)
        if match is None:
            unused[label], unread[label] = NOT_RECOGNISED, file.header
        elif match.kind.unused:
            unused[label] = match.kind.unused
        else:
            same = sum(export.match.kind.name == match.kind.name for export in exports)
            table = f"{match.kind.name}_{same + 1}"
            exports.append(ExportFile(table, match, file.spec, label))
            used.append((table, file))
    preparation = Preparation(settings, crm, tuple(exports))
    problems += _missing(preparation, folder_files, folder, shown)
    if problems:
        raise SlanbError(problems)
    preparation.account["preset"] = settings.preset
    preparation.account["files"] = {
        export.file: {"kind": export.match.kind.name, "columns": dict(export.match.columns)}
        for export in exports
    }
    archives, others = archives_in(folder), _ending_with(OTHER_TABLES, folder)
    unused, unread = unused | dict.fromkeys(others, NOT_RECOGNISED), unread | dict.fromkeys(others, ())
    preparation.account["files_not_used"] = unused | dict.fromkeys(archives, ARCHIVE)
    preparation.account["may_hold"] = _may_hold(crm, unread | dict.fromkeys(archives, ()))
    return _mapping(preparation), preparation, used


def _unknown_names(settings: PresetMapping, crm: Crm) -> Iterator[str]:
    for key in ("files", "aliases", "values"):
        for name, fields in getattr(settings, key).items():
            if name not in crm.kinds:
                yield f"{key}.{name} is not a kind of record of {crm.name}: {', '.join(crm.kinds)}."
            elif key != "files":
                known = crm.kinds[name].fields
                for field in fields:
                    if field not in known:
                        listing = ", ".join(known)
                        yield f"{key}.{name}.{field} is not a field of {name}. Known here: {listing}."


def _kind_of(
    settings: PresetMapping, crm: Crm, file: FolderFile, label: str, problems: list[str]
) -> Match | None:
    if file.kind:
        kind = crm.kinds.get(file.kind)
        if kind is None:
            return None  # a problem already
        match = Match(kind, columns_of(kind, file.header, settings.aliases.get(kind.name)), 0)
        if match.missing and (hint := other_delimiter(file.header)):
            problems.append(f"{label}: none of the columns of {kind.name} is found in it.{hint}")
        else:
            problems += [_lacks(label, match, group) for group in match.missing]
        return match
    fitting = kinds_of(crm.kinds.values(), file.header, Path(label).name, settings.aliases)
    if len(fitting) > 1 and fitting[0].score == fitting[1].score:
        first, second = fitting[0].kind.name, fitting[1].kind.name
        problems.append(
            f"{label}: may hold {first} or {second}. Say which under `files:`, as `{first}: {label}`."
        )
        return None
    return fitting[0] if fitting else None


def _may_hold(crm: Crm, headers: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """The tables that files which are not read may hold rows of, by their headers: each with the files."""
    held: dict[str, list[str]] = {}
    for label, header in headers.items():
        if table := likely_table(crm.kinds.values(), header, Path(label).name, TABLES_OF):
            held.setdefault(table, []).append(label)
    return held


def _lacks(label: str, match: Match, group: Sequence[str]) -> str:
    kind = match.kind
    names = " or ".join(f'"{name}"' for one in group for name in kind.fields[one][:3])
    return (
        f"{label}: has no column for the {' or the '.join(group)} of its {kind.name} ({names}). Export "
        f"it too, or name the column: `aliases: {{{kind.name}: {{{group[0]}: <column>}}}}`."
    )


def archives_in(folder: Path) -> list[str]:
    """The archives of a folder, which are not read; but not those that are unpacked beside themselves."""
    return [name for name in _ending_with(ARCHIVES, folder) if not _is_unpacked(folder / name)]


def _ending_with(endings: tuple[str, ...], folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.name.lower().endswith(endings))


def _is_unpacked(archive: Path) -> bool:
    """Whether all that a ZIP holds lies beside it, byte for byte; of other archives nobody knows."""
    try:
        with zipfile.ZipFile(archive) as packed:
            held = [member for member in packed.infolist() if not member.is_dir()]
    except (OSError, zipfile.BadZipFile):
        return False
    beside = [(archive.parent / Path(member.filename).name, member) for member in held]
    return bool(held) and all(
        path.is_file() and path.stat().st_size == member.file_size and _crc(path) == member.CRC
        for path, member in beside
    )


def _crc(path: Path) -> int:
    """The checksum by which a ZIP knows a file."""
    crc = 0
    with path.open("rb") as raw:
        while part := raw.read(2**20):
            crc = zlib.crc32(part, crc)
    return crc


def _missing(
    preparation: Preparation, folder_files: list[FolderFile], folder: Path, shown: str
) -> Iterator[str]:
    settings, leads = preparation.settings, preparation.crm.lead_kind
    for needed in (leads, "deals"):
        if not preparation.of(needed) and needed not in settings.files:
            yield from _without_kind(preparation, needed, folder_files, folder, shown)
    if settings.sourced_by not in SIDES and preparation.of(leads) and not preparation.has(leads, "source"):
        names = ", ".join(f'"{name}"' for name in preparation.crm.kinds[leads].fields["source"][:2])
        yield (
            f"{shown}: no column says where leads came from ({names}). Export it too, name it under "
            "`aliases:`, or say `sourced_by: marketing` if marketing brought them all."
        )
    if settings.qualified_score is not None:
        column = settings.qualified_score.column
        of_leads = {export.file for export in preparation.of(leads)}
        for file in folder_files:
            if file.path.name in of_leads and column not in file.header:
                yield f'{shown}/{file.path.name}: column "{column}" of `qualified_score:` not found.'


def _without_kind(
    preparation: Preparation, needed: str, folder_files: list[FolderFile], folder: Path, shown: str
) -> Iterator[str]:
    """No file holds a kind of record: the file that comes nearest to it lacks a column, perhaps."""
    kind = preparation.crm.kinds[needed]
    aliases = preparation.settings.aliases.get(needed)
    taken = {export.file for export in preparation.files}
    near = [
        (Match(kind, columns_of(kind, file.header, aliases), 0), file.path.name)
        for file in folder_files
        if file.path.name not in taken
    ]
    near = [(match, file) for match, file in near if len(match.columns) > 2 and match.missing]
    if near:
        match, file = max(near, key=lambda pair: (len(pair[0].columns), -len(pair[0].missing)))
        for group in match.missing:
            yield _lacks(f"{shown}/{file}" if shown != "." else file, match, group)
        return
    there = ", ".join(file.path.name for file in folder_files) or "nothing"
    if packed := archives_in(folder):
        yield (
            f"{shown}: no file holds {preparation.crm.name}'s {needed}. Found: {there}; and an archive, "
            f"{', '.join(packed)}, which is not read. Unpack it into the folder."
        )
        return
    yield (
        f"{shown}: no file holds {preparation.crm.name}'s {needed}. Found: {there}. Export them too, or "
        "name the file under `files:`."
    )


def _mapping(preparation: Preparation) -> SourceMapping:
    """The canonical mapping (`canonical.toml`) over the rows that the preparation makes."""
    settings, leads = preparation.settings, preparation.crm.lead_kind
    tables = tomllib.loads((files(__package__) / "canonical.toml").read_text(encoding="utf-8"))
    absent = [("leads", column) for column in OF_LEADS if not preparation.has(leads, column)]
    absent += [("leads", "handed_off_at")] * (not preparation.gate)
    absent += [("deals", "segment")] * (not preparation.has("deals", "segment"))
    for table, column in absent:
        del tables[table]["columns"][column]
    for table, kind, field in (("activities", "activities", "id"), ("assignments", "history", "changed")):
        if not preparation.has(kind, field):
            del tables[table]
    formats = list(dict.fromkeys((*settings.times, *WORDS)))
    for table in tables.values():
        for spec in table["columns"].values():
            if isinstance(spec, dict) and "format" in spec:
                spec["format"] = formats
    tables["deals"]["columns"]["won"]["values"]["open"] = None  # which TOML cannot say
    kept = ("zone", "folder", "exported_at", "currency", "rates", "decimal", "thousands", "owners")
    return validate(
        SourceMapping,
        {key: getattr(settings, key) for key in kept}
        | {
            "files": {
                export.table: export.spec.model_dump(exclude={"times", "zone"})
                for export in preparation.files
            },
            "tables": tables,
        },
        file="the mapping:",
    )


def files_of(
    settings: PresetMapping,
    folder: Path,
    endings: tuple[str, ...],
    header: Callable[[Path, PresetFile], tuple[str, ...]],
    matching: Callable[[Path, str], list[Path]],
    problems: list[str],
) -> list[FolderFile]:
    """The files of a folder with their headers: those named, or else all that can be read."""
    wanted = [
        (kind, spec, path) for kind, spec in settings.files.items() for path in matching(folder, spec.path)
    ]
    for kind, spec in settings.files.items():
        if not matching(folder, spec.path):
            problems.append(f'{folder.name or folder}: no file "{spec.path}" (files.{kind}).')
    named = {path for _, _, path in wanted}
    wanted += [
        ("", None, path)
        for path in sorted(folder.iterdir())
        if path.is_file() and path.name.lower().endswith(endings) and path not in named
    ]
    there = []
    for kind, spec, path in wanted:
        try:
            read = (spec, header(path, spec)) if spec is not None else _below_title(settings, path, header)
            there.append(FolderFile(path, *read, kind))
        except SlanbError as error:
            problems += error.problems
    return there


def _below_title(
    settings: PresetMapping, path: Path, header: Callable[[Path, PresetFile], tuple[str, ...]]
) -> tuple[PresetFile, tuple[str, ...]]:
    """How a file is read of which nothing is said: its delimiter, and its header below a report's title."""
    first = None
    for skip in range(TITLE_LINES):
        spec = PresetFile(path=path.name, delimiter=delimiter_of(path, skip), skip=skip)
        try:
            columns = header(path, spec)
        except SlanbError:
            if first is None:
                raise
            break
        first = first or (spec, columns)
        if kinds_of(crm_of(settings.preset).kinds.values(), columns, path.name, settings.aliases):
            return spec, columns
    return first


def delimiter_of(path: Path, skip: int = 0) -> str:
    """What stands between the fields of a line, the first one: the mark that parts it most."""
    if not path.name.lower().endswith((".csv", ".tsv", ".txt")):
        return ","
    with path.open("rb") as raw:
        first = [raw.readline(2**20) for _ in range(skip + 1)][-1]
    return max((",", ";", "\t", "|"), key=lambda mark: (first.count(mark.encode()), mark == ","))
