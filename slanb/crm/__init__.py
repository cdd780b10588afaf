"""A CRM's files in, canonical tables and a quality report out.

`open_source` reads the mapping and finds the files; `import_source` reads the files. What cannot be used is
reported, never dropped in silence, and nothing personal is carried on: only canonical columns are.

    mapping     what the YAML file says, typed and checked (with mapping_models, _words, _checks)
    presets     what is known about HubSpot and Salesforce beforehand
    source      the mapping with the files it names
    reading     files to raw tables, all text (with text, repair, workbook, furniture)
    editions    which of several exports of a record is the newest
    typed       cells to values (with values, sql); quarantine, mistakes, rounded: what could not be used
    canonical   raw tables to the tables of `tables.toml` (with shape)
    quality     the report (with anomalies and checks.toml, patterns, attribution)
    snapshot    the import, kept as Parquet
    databases   files that are a database's answer to a query
    standing    tables that stay in Spark or PostgreSQL (with standing_mapping)
    inspection  a folder looked at before there is a mapping (with readings)
"""

from pathlib import Path

from slanb.crm.mapping import SourceMapping
from slanb.crm.snapshot import Snapshot, import_files
from slanb.crm.source import Source, open_source
from slanb.crm.standing import standing_records
from slanb.crm.standing_mapping import StandingSource

__all__ = ["Snapshot", "Source", "SourceMapping", "import_source", "open_source"]


def import_source(source: Source | StandingSource, snapshots_folder: str | Path | None = None) -> Snapshot:
    """The records of a source: its files imported (`snapshot.import_files`), or its tables looked at.

    Raises
    ------
    SlanbError : where they cannot be read or are not what the mapping says; all problems together.
    """
    if isinstance(source, StandingSource):
        return standing_records(source)
    return import_files(source, snapshots_folder)
