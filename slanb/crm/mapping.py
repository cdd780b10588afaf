"""The mapping: how a CRM's files become the canonical tables, typed and checked before a file is opened.

Left of each colon stands slanb's word, right of it the file's. Nothing is guessed: a date without its format
or a clock without its zone is an error.
"""

from pydantic import model_validator

from slanb.crm.mapping_checks import disagreements
from slanb.crm.mapping_models import MappingKeys
from slanb.strict_yaml import raise_findings


class SourceMapping(MappingKeys):
    """How a CRM's files become the canonical tables."""

    @model_validator(mode="after")
    def _checked(self) -> "SourceMapping":
        raise_findings("SourceMapping", self.model_dump(by_alias=True), disagreements(self))
        return self
