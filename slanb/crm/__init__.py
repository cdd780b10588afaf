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
    inspection  a folder looked at before there is a mapping (with readings)
"""

from slanb.crm.mapping import SourceMapping
from slanb.crm.snapshot import FilesChanged, Snapshot, import_source, records
from slanb.crm.source import Source, open_source

__all__ = [
    "FilesChanged",
    "Snapshot",
    "Source",
    "SourceMapping",
    "import_source",
    "open_source",
    "records",
]
