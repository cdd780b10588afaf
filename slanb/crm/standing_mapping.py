"""The mapping of records that stay where they are, in Spark or a warehouse, and are asked there."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import Field, create_model, model_validator

from slanb.crm.mapping_checks import NO_VARIABLE, VARIABLE, instant_findings, one_select
from slanb.crm.mapping_models import MappingPart
from slanb.crm.mapping_words import Currency, Word, Zone
from slanb.crm.shape import MEANINGS, TABLES
from slanb.engines import Named, Selected
from slanb.strict_yaml import Finding, place, raise_findings


class StandingTable(MappingPart):
    """Where a canonical table stands, its columns named and typed as slanb's are."""

    from_: Word | None = Field(
        default=None, alias="from", description="The table or view there, such as analytics.leads."
    )
    select: Word | None = Field(
        default=None, description="Or one SELECT over the tables there, in DuckDB's SQL; it is translated."
    )

    @property
    def rows(self) -> Named | Selected:
        """As an engine takes them."""
        return Named(self.from_) if self.from_ is not None else Selected(self.select.strip().rstrip(";"))


def _tables() -> type[MappingPart]:
    """A key for each canonical table."""
    required = ("leads", "deals")
    return create_model(
        "StandingTables",
        __base__=MappingPart,
        __doc__="The canonical tables.",
        **{
            table: (StandingTable, Field(description=MEANINGS[table]))
            if table in required
            else (StandingTable | None, Field(default=None, description=MEANINGS[table]))
            for table in TABLES
        },
    )


class StandingMapping(MappingPart):
    """Canonical tables that stand in Spark or PostgreSQL, where every question about them is asked."""

    engine: Literal["spark", "postgres"] = Field(description="Where questions are asked: spark or postgres.")
    database: Word | None = Field(
        default=None,
        description="The environment variable that holds its address, $CRM_DSN; Spark may know its own.",
    )
    zone: Zone = Field(description="The zone whose midnights dates without a time of day are.")
    exported_at: str | None = Field(
        default=None,
        description='When the tables were filled, "2026-11-01 00:00"; else the end of the last day seen.',
    )
    currency: Currency | None = Field(default=None, description="The currency of amounts.")
    tables: _tables() = Field(description="The canonical tables.")

    def mapped(self) -> Iterator[tuple[str, StandingTable]]:
        """The canonical tables there are."""
        for table in TABLES:
            if (spec := getattr(self.tables, table)) is not None:
                yield table, spec

    @model_validator(mode="after")
    def _checked(self) -> "StandingMapping":
        raise_findings("StandingMapping", self.model_dump(by_alias=True), _disagreements(self))
        return self


@dataclass(frozen=True)
class StandingSource:
    """A mapping whose tables stand in an engine; opened as any other, and without files."""

    path: Path
    name: str
    mapping: StandingMapping
    lines: dict
    mapping_hash: str
    files: tuple = ()

    @property
    def not_used(self) -> dict[str, str]:
        """None: there are no files."""
        return {}

    @property
    def hashes(self) -> dict[str, str]:
        """None: what the tables hold is read where they stand."""
        return {}

    def place(self, *keys: str) -> str:
        """Where a key of the mapping stands: `params/source.yml, line 12`."""
        return place(keys, self.lines, self.name).removesuffix(":")


def _disagreements(mapping: StandingMapping) -> Iterator[Finding]:
    if mapping.exported_at is not None:
        yield from instant_findings(mapping.exported_at, mapping.zone)
    if mapping.database is None and mapping.engine == "postgres":
        yield Finding((), "`database:` is expected, the environment variable that holds the server's address")
    elif not VARIABLE.fullmatch(mapping.database or "$X"):
        yield Finding((), NO_VARIABLE)
    for table, spec in mapping.mapped():
        if (spec.from_ is None) == (spec.select is None):
            yield Finding(("tables", table), "either `from:` (a table) or `select:` (a query) is expected")
        elif spec.select is not None and (reason := one_select(spec.select)):
            yield Finding(("tables", table, "select"), reason)
