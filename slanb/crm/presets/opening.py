"""A preset's mapping opened: which file holds what, what is missing, and the canonical mapping that follows.

Floor 2. What cannot be told from the headers is an error that names the files, the columns and the way out.
"""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

from slanb.crm.mapping import SourceMapping
from slanb.crm.mapping_words import WORDS
from slanb.crm.presets import hubspot, salesforce
from slanb.crm.presets.fields import Part
from slanb.crm.presets.preparation import Preparation
from slanb.crm.presets.recognition import Match, columns_of, matches
from slanb.crm.presets.settings import PresetFile, PresetMapping
from slanb.errors import SlanbError

TITLE_LINES = 20  # above a header, in which a report's title may stand
CRMS: dict[str, ModuleType] = {"hubspot": hubspot, "salesforce": salesforce}
SIDES = {"marketing": "marketing", "sales": "sales"}
YES_NO = {"true": True, "false": False}


class Seen(NamedTuple):
    """A file of the folder: how it is read, its header, and its place."""

    path: Path
    spec: PresetFile
    header: tuple[str, ...]
    kind: str = ""  # as the user says


def settle(
    settings: PresetMapping, files: list[Seen], folder: Path, shown: str
) -> tuple[SourceMapping, Preparation, list[tuple[str, Seen]]]:
    """The canonical mapping of a preset over these files, what prepares it, and the files it uses by table.

    Raises
    ------
    SlanbError : everything that is missing, at once.
    """
    crm = CRMS[settings.preset]
    problems: list[str] = list(_unknown_names(settings, crm))
    parts, unused = [], {}
    used: list[tuple[str, Seen]] = []
    for seen in files:
        label = os.path.relpath(seen.path, folder).replace(os.sep, "/")
        match = _kind_of(settings, crm, seen, label, problems)
        if match is None:
            unused[label] = "not recognised"
        elif match.kind.unused:
            unused[label] = match.kind.unused
        else:
            table = f"{match.kind.name}_{sum(part.match.kind.name == match.kind.name for part in parts) + 1}"
            parts.append(Part(table, match, seen.spec, label))
            used.append((table, seen))
    preparation = Preparation(settings, crm, tuple(parts))
    problems += _missing(settings, preparation, files, shown)
    if problems:
        raise SlanbError(problems)
    preparation.told["preset"] = settings.preset
    preparation.told["files"] = {
        part.file: {"kind": part.match.kind.name, "columns": dict(part.match.columns)} for part in parts
    }
    preparation.told["files_not_used"] = unused
    return _mapping(settings, preparation), preparation, used


def _unknown_names(settings: PresetMapping, crm: ModuleType) -> Iterator[str]:
    kinds = {kind.name: kind for kind in crm.KINDS}
    for key, groups in (
        ("files", settings.files),
        ("aliases", settings.aliases),
        ("values", settings.values),
    ):
        for name in groups:
            if name not in kinds:
                yield f"{key}.{name} is not a kind of record of {settings.preset}: {', '.join(kinds)}."
            elif key != "files":
                for field in groups[name]:
                    if field not in kinds[name].fields:
                        known = ", ".join(kinds[name].fields)
                        yield f"{key}.{name}.{field} is not a field of {name}. Known here: {known}."


def _kind_of(
    settings: PresetMapping, crm: ModuleType, seen: Seen, label: str, problems: list[str]
) -> Match | None:
    if seen.kind:
        kind = next((kind for kind in crm.KINDS if kind.name == seen.kind), None)
        if kind is None:
            return None  # told already
        match = Match(kind, columns_of(kind, seen.header, settings.aliases.get(kind.name)), 0)
        problems += [_lacks(label, match, group) for group in match.missing]
        return match
    found = matches(crm.KINDS, seen.header, Path(label).name, settings.aliases)
    if len(found) > 1 and found[0].score == found[1].score:
        names = f"{found[0].kind.name} or {found[1].kind.name}"
        problems.append(
            f"{label}: may hold {names}. Say which under `files:`, as `{found[0].kind.name}: {label}`."
        )
        return None
    return found[0] if found else None


def _lacks(label: str, match: Match, group: tuple[str, ...]) -> str:
    kind = match.kind
    names = " or ".join(f'"{name}"' for one in group for name in kind.fields[one][:3])
    return (
        f"{label}: has no column for the {' or the '.join(group)} of its {kind.name} ({names}). Export "
        f"it too, or name the column: `aliases: {{{kind.name}: {{{group[0]}: <column>}}}}`."
    )


def _missing(
    settings: PresetMapping, preparation: Preparation, files: list[Seen], shown: str
) -> Iterator[str]:
    crm = preparation.crm
    for needed in (preparation.lead_kind, "deals"):
        if preparation.has(needed) or needed in settings.files:
            continue
        kind = next(kind for kind in crm.KINDS if kind.name == needed)
        near = [
            (Match(kind, columns_of(kind, seen.header, settings.aliases.get(needed)), 0), seen.path.name)
            for seen in files
            if not any(part.file == seen.path.name for part in preparation.parts)
        ]
        near = [(match, file) for match, file in near if len(match.columns) > 2 and match.missing]
        if near:
            match, file = max(near, key=lambda pair: (len(pair[0].columns), -len(pair[0].missing)))
            for group in match.missing:
                yield _lacks(f"{shown}/{file}" if shown != "." else file, match, group)
        else:
            there = ", ".join(seen.path.name for seen in files) or "nothing"
            yield (
                f"{shown}: no file holds {settings.preset}'s {needed}. Found: {there}. Export them too, or "
                "name the file under `files:`."
            )
    ruled = settings.sourced_by not in ("marketing", "sales")
    lead_kind = preparation.lead_kind
    if ruled and preparation.has(lead_kind) and not preparation.has(lead_kind, "source"):
        kind = next(kind for kind in crm.KINDS if kind.name == lead_kind)
        names = ", ".join(f'"{name}"' for name in kind.fields["source"][:2])
        yield (
            f"{shown}: no column says where leads came from ({names}). Export it too, name it under "
            "`aliases:`, or say `sourced_by: marketing` if marketing brought them all."
        )
    score = settings.qualified_score
    if score is not None:
        for seen in files:
            if (
                any(
                    part.file == seen.path.name and part.match.kind.name == preparation.lead_kind
                    for part in preparation.parts
                )
                and score.column not in seen.header
            ):
                yield f'{shown}/{seen.path.name}: column "{score.column}" of `qualified_score:` not found.'


def _mapping(settings: PresetMapping, preparation: Preparation) -> SourceMapping:
    """The canonical mapping over the rows that the preparation makes."""
    formats = list(dict.fromkeys((*settings.times, *WORDS)))
    side = {"column": "side", "values": SIDES}

    def time(column: str) -> dict:
        return {"column": column, "format": formats}

    def has(field: str) -> bool:
        return preparation.has(preparation.lead_kind, field)

    leads = {"lead_id": "lead_id", "created_at": time("created"), "sourced_by": side}
    leads |= {"handed_off_at": time("handed")} if preparation.gate else {}
    leads |= {field: field for field in ("tier", "segment", "owner", "lost_reason") if has(field)}
    leads |= {"lost_at": time("lost_at")} if has("lost_at") else {}
    deals = {
        "deal_id": "deal_id",
        "lead_id": "lead_id",
        "sourced_by": side,
        "closed_at": time("closed"),
        "won": {"column": "won", "values": YES_NO | {"open": None}},
        "amount": "amount",
    }
    deals |= {"segment": "segment"} if preparation.has("deals", "segment") else {}
    tables = {"leads": leads, "deals": deals}
    if preparation.has("activities", "id"):
        tables["activities"] = {
            "activity_id": "activity_id",
            "lead_id": "lead_id",
            "occurred_at": time("happened"),
            "logged_at": time("logged"),
            "kind": "kind",
            "by_human": "by_human",
            "outbound": {"column": "outbound", "values": YES_NO},
            "connected": {"column": "connected", "values": YES_NO},
            "owner": "owner",
        }
    if preparation.has("history", "changed"):
        tables["assignments"] = {
            "lead_id": "lead_id",
            "from_owner": "from_owner",
            "to_owner": "to_owner",
            "assigned_at": time("changed"),
        }
    made = {"activities": "touches"}
    return SourceMapping.model_validate(
        {
            "zone": settings.zone,
            "folder": settings.folder,
            "exported_at": settings.exported_at,
            "currency": settings.currency,
            "decimal": settings.decimal,
            "thousands": settings.thousands,
            "owners": settings.owners,
            "files": {
                part.table: part.spec.model_dump(exclude={"times", "zone"}) for part in preparation.parts
            },
            "tables": {
                table: {"select": f"select * from met.{made.get(table, table)}", "columns": columns}
                for table, columns in tables.items()
            },
        }
    )


def files_of(
    settings: PresetMapping,
    folder: Path,
    endings: tuple[str, ...],
    header: Callable[[Path, PresetFile], tuple[str, ...]],
    matching: Callable[[Path, str], list[Path]],
    problems: list[str],
) -> list[Seen]:
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
    seen = []
    for kind, spec, path in wanted:
        try:
            found = (spec, header(path, spec)) if spec is not None else _below_title(settings, path, header)
            seen.append(Seen(path, *found, kind))
        except SlanbError as error:
            problems += error.problems
    return seen


def _below_title(
    settings: PresetMapping, path: Path, header: Callable[[Path, PresetFile], tuple[str, ...]]
) -> tuple[PresetFile, tuple[str, ...]]:
    """How a file is read of which nothing is said: its delimiter, and its header below a report's title."""
    first = None
    for skip in range(TITLE_LINES):
        spec = PresetFile(path=path.name, delimiter=delimiter_of(path, skip), skip=skip)
        try:
            found = header(path, spec)
        except SlanbError:
            if first is None:
                raise
            break
        first = first or (spec, found)
        if matches(CRMS[settings.preset].KINDS, found, path.name, settings.aliases):
            return spec, found
    return first


def delimiter_of(path: Path, skip: int = 0) -> str:
    """What stands between the fields of a line, the first one: the mark that parts it most."""
    if not path.name.lower().endswith((".csv", ".tsv", ".txt")):
        return ","
    with path.open("rb") as raw:
        first = [raw.readline(2**20) for _ in range(skip + 1)][-1]
    return max((",", ";", "\t", "|"), key=lambda mark: (first.count(mark.encode()), mark == ","))
