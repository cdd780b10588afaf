"""The mapping: how a CRM's files become the canonical tables, typed and checked before a file is opened.

Floor 2. Left of each colon stands slanb's word, right of it the file's. Nothing is guessed: a date without
its format or a clock without its zone is an error.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from slanb.crm.mapping_checks import findings
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
from slanb.crm.shape import TABLES
from slanb.strict_yaml import raise_findings, read, validate


class Part(BaseModel):
    """A part of the mapping: unknown keys are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class FileSpec(Part):
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
    skip: Annotated[int, Field(ge=0)] = Field(
        default=0, description="Lines above the header, such as a report's title."
    )


class ColumnSpec(Part):
    """Where a canonical column comes from, and how its cells are read."""

    column: Word | None = Field(default=None, description="The column's name in the file.")
    constant: str | bool | int | float | None = Field(
        default=None, description="One value for every row, instead of a column."
    )
    format: Formats | None = Field(
        default=None,
        description='How times are written: "%d.%m.%Y %H:%M" or the like, iso, epoch_ms, epoch_s; or a list.',
    )
    zone: Zone | None = Field(default=None, description="The clock of this column, if not the source's.")
    meanings: dict[str, Value] | None = Field(
        default=None, alias="values", description="The CRM's value: slanb's value. null empties the cell."
    )
    otherwise: Value = Field(
        default=None,
        description="What every value not listed becomes: a value, null (empty), or quarantine (the row).",
    )
    decimal: Decimal | None = Field(default=None, description="Decimal mark of this column.")
    thousands: Separator | None = Field(default=None, description="What stands between thousands.")

    @property
    def has_otherwise(self) -> bool:
        """Whether values not listed are provided for; `otherwise: null` provides for them, too."""
        return "otherwise" in self.model_fields_set


Spec = Annotated[ColumnSpec, spelled("column")]


def _from(meaning: str, *, required: bool = False) -> Any:
    return Field(description=meaning) if required else Field(default=None, description=meaning)


class LeadColumns(Part):
    """Columns of `leads`."""

    lead_id: Spec = _from("The lead's id.", required=True)
    created_at: Spec = _from("When the lead was created.", required=True)
    handed_off_at: Spec | None = _from("When it was presented to sales; created_at if left out.")
    sourced_by: Spec = _from("Whose effort brought it: marketing or sales.", required=True)
    tier: Spec | None = _from("Kind or quality of the lead.")
    segment: Spec | None = _from("Region, product or team.")
    owner: Spec | None = _from("Who follows it up.")
    lost_at: Spec | None = _from("When it was given up.")
    lost_reason: Spec | None = _from("Why, as one of a few words.")


class DealColumns(Part):
    """Columns of `deals`."""

    deal_id: Spec = _from("The deal's id.", required=True)
    lead_id: Spec | None = _from("The lead that led to it.")
    sourced_by: Spec | None = _from("marketing or sales; its lead's if left out.")
    segment: Spec | None = _from("Region, product or team; its lead's if left out.")
    closed_at: Spec | None = _from("When it was won or lost.")
    won: Spec = _from("true, false, or empty while it is open.", required=True)
    amount: Spec | None = _from("What it brings, in the agreement's currency.")


class ActivityColumns(Part):
    """Columns of `activities`."""

    activity_id: Spec = _from("The activity's id.", required=True)
    lead_id: Spec = _from("The lead it was for.", required=True)
    occurred_at: Spec = _from("When it happened.", required=True)
    kind: Spec = _from("call, email, meeting, message or other.", required=True)
    by_human: Spec = _from("false for sequences and auto-replies.", required=True)
    outbound: Spec = _from("true if our side reached out.", required=True)
    connected: Spec | None = _from("true if a conversation took place.")
    owner: Spec | None = _from("Who did it.")
    logged_at: Spec | None = _from("When it was written into the CRM.")


class AssignmentColumns(Part):
    """Columns of `assignments`."""

    lead_id: Spec = _from("The lead that changed hands.", required=True)
    from_owner: Spec | None = _from("Who had it.")
    to_owner: Spec = _from("Who has it from then on.", required=True)
    assigned_at: Spec = _from("When it changed hands.", required=True)


class TableSpec(Part):
    """Rows from one file as it is, or from a SELECT over the files (all columns text).

    Each file has two columns more, `_file` and `_line`: a SELECT that hands them on gives the quarantine the
    place of its rows.
    """

    from_: Name | None = Field(default=None, alias="from", description="The file whose rows these are.")
    select: Word | None = Field(
        default=None, description="Or one SELECT over the files, each a table of text columns by its name."
    )
    columns: Part

    def specs(self) -> Iterator[tuple[str, ColumnSpec]]:
        """The mapped columns by canonical name."""
        for key in type(self.columns).model_fields:
            spec = getattr(self.columns, key)
            if spec is not None:
                yield key, spec


class LeadsTable(TableSpec):
    """One row a lead."""

    columns: LeadColumns = Field(description="Canonical column: the file's column.")


class DealsTable(TableSpec):
    """One row a deal, open ones included."""

    columns: DealColumns = Field(description="Canonical column: the file's column.")


class ActivitiesTable(TableSpec):
    """One row a call, mail, message or meeting."""

    columns: ActivityColumns = Field(description="Canonical column: the file's column.")


class AssignmentsTable(TableSpec):
    """One row a change of owner."""

    columns: AssignmentColumns = Field(description="Canonical column: the file's column.")


class Tables(Part):
    """The canonical tables."""

    leads: LeadsTable = Field(description="One row a lead.")
    deals: DealsTable = Field(description="One row a deal, open ones included.")
    activities: ActivitiesTable | None = Field(default=None, description="One row a touch, if there are any.")
    assignments: AssignmentsTable | None = Field(
        default=None, description="One row a change of a lead's owner, if the CRM tells."
    )


class SourceMapping(Part):
    """How a CRM's files become the canonical tables."""

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
        default=None, description="The currency of amounts; amounts marked with another one are emptied."
    )
    blanks: tuple[str, ...] = Field(default=("",), description='Cells that mean "nothing", such as "-".')
    decimal: Decimal = Field(default=".", description="Decimal mark of numbers.")
    thousands: Separator | None = Field(
        default=None, description='What stands between thousands; "," or "." if left out, whichever is free.'
    )
    owners: Literal["name", "pseudonym"] = Field(
        default="name", description="Whether owners are shown by name or as Owner 1, Owner 2, ..."
    )
    files: dict[Name, Annotated[FileSpec, spelled("path")]] = Field(
        min_length=1, description="The files, each with a name of your choice."
    )
    tables: Tables = Field(description="The canonical tables.")

    @model_validator(mode="after")
    def _checked(self) -> "SourceMapping":
        raise_findings("SourceMapping", self.model_dump(by_alias=True), findings(self))
        return self

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


def read_mapping(path: str | Path, label: str) -> tuple[SourceMapping, dict]:
    """The explicit mapping a YAML file holds, and the line of each of its keys.

    Raises
    ------
    SlanbError : every problem of the file, with line, key, value and what is allowed; `label` names the file.
    """
    document = read(path, file=label)
    return validate(SourceMapping, document.data, document.lines, label), document.lines
