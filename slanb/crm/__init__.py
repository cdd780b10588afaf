"""A CRM's files in, canonical tables and a quality report out.

`open_source` reads the mapping and finds the files; `import_source` reads the files. What cannot be used is
reported, never dropped in silence, and nothing personal is carried on: only canonical columns are.

    mapping     what the YAML file says, typed and checked (with mapping_models, _words, _checks)
    presets     what is known about HubSpot and Salesforce beforehand
    source      the mapping with the files it names
    reading     files to raw tables, all text (with text, repair, workbook, furniture)
    editions    which of several exports of a record is the newest
    typed       cells to values (with values, sql); quarantine, mistakes, rounded: what could not be used
    personal    what may be a person's, and how it is kept or shown
    canonical   raw tables to the tables of `tables.toml` (with shape)
    quality     the report (with anomalies and checks.toml, patterns, attribution)
    snapshot    the import, kept as Parquet
    databases   files that are a database's answer to a query
    standing    tables that stay in Spark or PostgreSQL (with standing_mapping)
    inspection  a folder looked at before there is a mapping (with readings)
"""

from pathlib import Path

from slanb import pinned
from slanb.crm.mapping import SourceMapping
from slanb.crm.snapshot import FilesChanged, Snapshot, import_files, snapshot_in
from slanb.crm.source import Source, open_source
from slanb.crm.standing import standing_records
from slanb.crm.standing_mapping import StandingSource
from slanb.errors import SlanbError

__all__ = [
    "FilesChanged",
    "Snapshot",
    "Source",
    "SourceMapping",
    "import_source",
    "open_source",
    "records",
]


def import_source(source: Source | StandingSource, snapshots_folder: str | Path | None = None) -> Snapshot:
    """The records of a source: its files imported (`snapshot.import_files`), or its tables looked at.

    Raises
    ------
    SlanbError : where they cannot be read or are not what the mapping says; all problems together.
    """
    if isinstance(source, StandingSource):
        return standing_records(source)
    return import_files(source, snapshots_folder)


def records(source: str | Path, data: str | Path | None = None) -> Snapshot:
    """The records of a source (`open_source`, `import_source`): those that the run has pinned which this is a
    part of, else those of its files as they are now.

    Raises
    ------
    SlanbError : as these do, or where the pinned ones were removed.
    """
    known = pinned.records(source, data)
    if known is None:
        return import_source(open_source(source, data=data))
    try:
        return snapshot_in(Path(known["snapshot"]), known["hashes"])
    except OSError:
        raise SlanbError(
            f"{known['snapshot']}: the imported records were removed while a run read them. Run again."
        ) from None
