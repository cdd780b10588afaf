"""What a mapping is made of: files, columns and tables, each typed; not yet checked against each other."""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, create_model

from slanb.crm.mapping_words import (
    Currency,
    Decimal,
    Delimiter,
    Encoding,
    Formats,
    Name,
    Separator,
    Value,
    Word,
    Zone,
    spelled,
)
from slanb.crm.shape import MEANINGS, TABLES


class MappingPart(BaseModel):
    """A part of the mapping: unknown keys are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class FileSpec(MappingPart):
    """A file of the CRM, or several of one shape that make one table."""

    path: Word = Field(
        description="The file (.csv, .csv.gz, .xlsx, .parquet) as seen from `folder`; or a pattern, x-*.csv."
    )
    delimiter: Delimiter = Field(
        default=",", description="What stands between two fields: one character, or tab."
    )
    quote: Literal['"', "'"] = Field(default='"', description="What stands around a field that needs it.")
    escape: Literal['"', "'", "\\"] | None = Field(
        default=None, description="What stands before a quote inside a field; the quote itself if left out."
    )
    encoding: Encoding = Field(
        default="utf-8", description="How the file's bytes are text: utf-8, cp1252, utf-16 ..."
    )
    decimal: Decimal | None = Field(default=None, description="Decimal mark of this file's numbers.")
    thousands: Separator | None = Field(default=None, description="What stands between thousands.")
    sheet: Word | None = Field(default=None, description="Sheet of a workbook; the first if left out.")
    newest: Literal["last"] | None = Field(
        default=None,
        description="last: of files with the same records the last by name is the newest; else the date in "
        "their names tells.",
    )
    skip: Annotated[int, Field(ge=0)] = Field(
        default=0, description="Lines above the header, such as a report's title."
    )


class QueriedFile(FileSpec):
    """A file of the CRM, or in its place a query that a database answers."""

    path: Word | None = Field(default=None, description=FileSpec.model_fields["path"].description)
    database: Word | None = Field(
        default=None,
        description="Instead of a file: the environment variable that holds a database's address, $CRM_DSN.",
    )
    query: Word | None = Field(default=None, description="What to ask that database, in its own SQL.")


class ColumnSpec(MappingPart):
    """Where a canonical column comes from, and how its cells are read."""

    column: Word | None = Field(default=None, description="The column's name in the file.")
    constant: str | bool | int | float | None = Field(
        default=None, description="One value for every row, instead of a column."
    )
    format: Formats | None = Field(
        default=None,
        description='How times are written: "%d.%m.%Y %H:%M" or the like, iso, epoch_ms, epoch_s, excel, or '
        "a list.",
    )
    zone: Zone | None = Field(default=None, description="The clock of this column, if not the source's.")
    meanings: dict[str, Value] | None = Field(
        default=None, alias="values", description="The CRM's value: slanb's value. null empties the cell."
    )
    otherwise: Value = Field(
        default=None,
        description="What every value not listed becomes: a value, null (empty), or quarantine (the row).",
    )
    currency: Word | None = Field(
        default=None, description="The column that says which currency each amount is in."
    )
    decimal: Decimal | None = Field(default=None, description="Decimal mark of this column.")
    thousands: Separator | None = Field(default=None, description="What stands between thousands.")

    @property
    def has_otherwise(self) -> bool:
        """Whether values not listed are provided for; `otherwise: null` provides for them, too."""
        return "otherwise" in self.model_fields_set


class Rates(MappingPart):
    """What amounts in other currencies are worth: `USD: {2026-01: 0.91, 2026-02: 0.92}`."""

    model_config = ConfigDict(extra="allow", frozen=True)
    __pydantic_extra__: dict[str, dict[str, float]]
    source: Word = Field(description="Whose rates these are, such as ECB monthly averages.")

    @property
    def months(self) -> list[tuple[str, dict[str, float]]]:
        """The rates of each currency by month: what one of it is in the currency of amounts."""
        return list(self.__pydantic_extra__.items())


Spec = Annotated[ColumnSpec, spelled("column")]


class TableSpec(MappingPart):
    """Rows from one file as it is, or from a SELECT over the files (all columns text).

    Each file has two columns more, `_file` and `_line`: a SELECT that hands them on gives the quarantine the
    place of its rows.
    """

    from_: Name | None = Field(default=None, alias="from", description="The file whose rows these are.")
    select: Word | None = Field(
        default=None, description="Or one SELECT over the files, each a table of text columns by its name."
    )
    columns: MappingPart

    def specs(self) -> Iterator[tuple[str, ColumnSpec]]:
        """The mapped columns by canonical name."""
        for key in type(self.columns).model_fields:
            spec = getattr(self.columns, key)
            if spec is not None:
                yield key, spec


def _table_model(table: str) -> type[TableSpec]:
    """The mapping of a canonical table: a key for each of its columns."""
    columns = {
        column.name: (Spec, Field(description=column.meaning))
        if column.mapped
        else (Spec | None, Field(default=None, description=column.meaning))
        for column in TABLES[table]
    }
    title = table.title()
    model = create_model(f"{title}Columns", __base__=MappingPart, __doc__=f"Columns of `{table}`.", **columns)
    field = (model, Field(description="Canonical column: the file's column."))
    return create_model(f"{title}Table", __base__=TableSpec, __doc__=MEANINGS[table], columns=field)


class Tables(MappingPart):
    """The canonical tables."""

    leads: _table_model("leads") = Field(description="One row a lead.")
    deals: _table_model("deals") = Field(description="One row a deal, open ones included.")
    activities: _table_model("activities") | None = Field(
        default=None, description="One row a touch, if there are any."
    )
    assignments: _table_model("assignments") | None = Field(
        default=None, description="One row a change of a lead's owner, if the CRM tells."
    )


class MappingKeys(MappingPart):
    """How a CRM's files become the canonical tables."""

    engine: Literal["duckdb", "spark", "postgres"] = Field(
        default="duckdb",
        description="Where questions are asked: duckdb, in this process; or spark or postgres, whose tables "
        "are named instead of files.",
    )
    preset: Literal["csv"] = Field(
        default="csv", description="csv: every column is named here; or hubspot or salesforce."
    )
    zone: Zone = Field(description="The clock of times written without a zone, such as Europe/Berlin.")
    folder: Word = Field(default=".", description="Where the files lie, as seen from this file.")
    exported_at: str | None = Field(
        default=None,
        description='When the files were exported, "2026-11-01 00:00"; else the end of the last day seen.',
    )
    currency: Currency | None = Field(
        default=None, description="The currency of amounts; others are converted by `rates:` or refused."
    )
    rates: Rates | None = Field(
        default=None, description="What one of another currency is in this one, by month, with its source."
    )
    blanks: tuple[str, ...] = Field(default=("",), description='Cells that mean "nothing", such as "-".')
    decimal: Decimal = Field(default=".", description="Decimal mark of numbers.")
    thousands: Separator | None = Field(
        default=None, description='What stands between thousands; "," or "." if left out, whichever is free.'
    )
    owners: Literal["name", "pseudonym"] = Field(
        default="name", description="Whether owners are shown by name or as Owner 1, Owner 2, ..."
    )
    files: dict[Name, Annotated[QueriedFile, spelled("path")]] = Field(
        min_length=1, description="The files, each with a name of your choice."
    )
    tables: Tables = Field(description="The canonical tables.")

    def table(self, table: str) -> TableSpec | None:
        """The mapping of a canonical table; None if it has none."""
        return getattr(self.tables, table)

    def mapped(self) -> Iterator[tuple[str, TableSpec]]:
        """The canonical tables that have a mapping."""
        for table in TABLES:
            if (spec := self.table(table)) is not None:
                yield table, spec

    def marks(self, spec: ColumnSpec, file: FileSpec | None) -> tuple[str, str]:
        """Decimal mark and thousands separator of a column: its own, its file's, or the source's."""
        decimal = spec.decimal or (file and file.decimal) or self.decimal
        for level in (spec, file, self):
            if level is not None and level.thousands is not None:
                return decimal, level.thousands
        return decimal, "." if decimal == "," else ","
