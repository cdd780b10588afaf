"""The six forms an agreement takes, each liked for something; all are built from the same sentences."""

from slanb.agreement.forms.bullets import bullets
from slanb.agreement.forms.columns import columns
from slanb.agreement.forms.formal import formal
from slanb.agreement.forms.headings import headings
from slanb.agreement.forms.process import process
from slanb.agreement.forms.steps import steps

FORMS = {
    "columns": columns,
    "steps": steps,
    "process": process,
    "bullets": bullets,
    "headings": headings,
    "formal": formal,
}

__all__ = ["FORMS"]
