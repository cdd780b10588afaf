"""A CRM's files in, canonical tables and a quality report out.

Floor 2. `open_source` reads the mapping and finds the files; `import_source` reads the files. What cannot be
used is told, never dropped in silence, and nothing personal is carried on: only canonical columns are.

    mapping   what the YAML file says, typed and checked (with mapping_words, mapping_checks)
    source    the mapping with the files it names
    reading   files to raw tables, all text (with text, repair)
    typed     cells to values (with values, sql); quarantine, mistakes: what could not be used
    canonical raw tables to the tables of `shape`
    quality   the report (with anomalies, patterns)
    snapshot  the import, kept as Parquet
"""

from slanb.crm.mapping import SourceMapping
from slanb.crm.snapshot import Snapshot, import_source
from slanb.crm.source import Source, open_source

__all__ = ["Snapshot", "Source", "SourceMapping", "import_source", "open_source"]
