"""What a mapping with a preset may say: the CRM, the clock, the rules, and the user's own names and values.

Everything is optional but the preset and the time zone, and nothing is guessed: a date that could be
read two ways needs `times:`, a source no rule knows is reported, not assigned.
"""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field, model_validator

from slanb.crm.mapping_checks import clash_findings, instant_findings, marks_findings, rates_findings
from slanb.crm.mapping_models import FileSpec, MappingPart, Rates
from slanb.crm.mapping_words import Currency, Decimal, Formats, Separator, Word, Zone, spelled
from slanb.strict_yaml import Finding, raise_findings


class PresetFile(FileSpec):
    """A file, or several of one kind, with what is peculiar to it."""

    times: Formats | None = Field(default=None, description="How this file's times are written.")
    zone: Zone | None = Field(default=None, description="The clock of this file's times.")


class Score(MappingPart):
    """A score that gates the hand-off."""

    column: Word = Field(description="The column with the score.")
    at_least: float = Field(description="The least score with which a lead is presented to sales.")


class PresetMapping(MappingPart):
    """A CRM's export read by a preset."""

    preset: Literal["hubspot", "salesforce"] = Field(description="The CRM: hubspot or salesforce.")
    zone: Zone = Field(
        description="The clock of times written without a zone: the viewer's, for an export from the screen."
    )
    folder: Word = Field(default=".", description="Where the files lie, as seen from this file.")
    times: Formats = Field(
        default=(),
        description='How times are written: "%m/%d/%Y %I:%M %p", excel, or a list; ISO is always read.',
    )
    exported_at: str | None = Field(default=None, description="When the files were exported.")
    currency: Currency | None = Field(
        default=None, description="The currency of amounts; others are converted by `rates:` or refused."
    )
    rates: Rates | None = Field(
        default=None, description="What one of another currency is in this one, by month, with its source."
    )
    blanks: tuple[str, ...] = Field(
        default=("", "-", "--", "(No value)", "#REF!", "#N/A", "Select"),
        description='Cells that mean "nothing".',
    )
    decimal: Decimal = Field(default=".", description="Decimal mark of numbers.")
    thousands: Separator | None = Field(default=None, description="What stands between thousands.")
    files: dict[str, Annotated[PresetFile, spelled("path")]] = Field(
        default={}, description="The files by kind of record, where their headers alone do not tell."
    )
    aliases: dict[str, dict[str, Word]] = Field(
        default={}, description="By kind of record: the preset's field, and the column it stands in."
    )
    values: dict[str, dict[str, dict[str, str]]] = Field(
        default={}, description="By kind of record and field: the file's value, and the CRM's own one."
    )
    sources: dict[str, Literal["marketing", "sales"] | None] = Field(
        default={}, description="Which side a source belongs to; null leaves it open."
    )
    sourced_by: Literal["first_source", "deal_source", "contact_role", "marketing", "sales"] = Field(
        default="first_source",
        description="Rule by which a deal is marketing's: the source of its lead (first_source), its own "
        "(deal_source), that of any contact on it (contact_role); or one side for everything.",
    )
    qualified: tuple[str, ...] | None = Field(
        default=None,
        description="Stages or statuses with which a lead is presented to sales; others are nurtured.",
    )
    qualified_score: Score | None = Field(default=None, description="Or the score that does.")
    same_address_same_person: bool = Field(
        default=True, description="Whether records with one e-mail address are one person."
    )
    shared_addresses: tuple[Annotated[str, Field(pattern="@")], ...] = Field(
        default=(),
        description="Addresses that several people use, or @company.example for all of a company's; info@, "
        "noemail@ and the like are known.",
    )
    again_after_days: Annotated[float, Field(gt=0)] | None = Field(
        default=180, description="Days after which a new conversion is a new hand-off; null for never."
    )
    connected_call_seconds: Annotated[float, Field(gt=0)] | None = Field(
        default=None, description="Least length of a call that is a conversation, where no result is noted."
    )
    connected: dict[str, bool] = Field(
        default={}, description="Results of calls (an id or a label): true if a conversation took place."
    )
    done: tuple[str, ...] = Field(
        default=("Completed",), description="Statuses of a task that was done (Salesforce)."
    )
    stages: dict[str, Literal["won", "lost", "open"]] = Field(
        default={}, description='Deal stages: won, lost or open; "pipeline/stage" for one pipeline\'s.'
    )
    pipelines: tuple[str, ...] | None = Field(
        default=None, description="Only deals of these pipelines count; all if left out."
    )
    owners: Literal["name", "pseudonym"] = Field(
        default="name", description="Whether owners are shown by name or as Owner 1, Owner 2, ..."
    )

    @model_validator(mode="after")
    def _checked(self) -> "PresetMapping":
        raise_findings("PresetMapping", self.model_dump(), _disagreements(self))
        return self


def _disagreements(settings: PresetMapping) -> Iterator[Finding]:
    """Everything that does not fit together."""
    if settings.exported_at is not None:
        yield from instant_findings(settings.exported_at, settings.zone)
    yield from clash_findings(settings.times, ("times",))
    yield from rates_findings(settings.rates, settings.currency)
    yield from marks_findings(settings.decimal, settings.thousands, ("thousands",))
    for kind, file in settings.files.items():
        yield from clash_findings(file.times or (), ("files", kind, "times"))
        marks = file.decimal or settings.decimal, file.thousands or settings.thousands
        if file.decimal or file.thousands:
            yield from marks_findings(*marks, ("files", kind))
