"""The agreement itself, written from the same file that drives the numbers: six forms, three formats."""

from importlib import import_module
from typing import Literal

import pandas as pd

from slanb.agreement.document import spoken
from slanb.agreement.forms import FORMS
from slanb.agreement.phrases import DocumentPhrases
from slanb.errors import SlanbError
from slanb.terms import Terms
from slanb.terms.targets import targets_of

Form = Literal["columns", "steps", "process", "bullets", "headings", "formal"]
Format = Literal["markdown", "html", "docx"]

FORMATS = {"markdown": "markdown", "html": "html", "docx": "word"}  # the module that writes it
ENDINGS = {"markdown": ".md", "html": ".html", "docx": ".docx"}

__all__ = ["ENDINGS", "FORMATS", "FORMS", "written"]


def written(terms: Terms, period: pd.Period, *, form: str = "headings", format: str = "html") -> bytes:  # noqa: A002
    """The agreement as in force in a period, its numbers filled in, as a file's bytes.

    Parameters
    ----------
    terms : the agreement with its overlays.
    period : whose terms and numbers; of the agreement's measure or longer.
    form : `columns` (one a team, the big picture), `steps` (tables of questions, with prompts for what is
        empty), `process` (stages across, teams down), `bullets`, `headings` (short texts, details folded) or
        `formal` (numbered clauses).
    format : `markdown`, `html` (one self-contained page) or `docx`.

    Returns
    -------
    The file; Markdown and HTML in UTF-8. The same terms give the same bytes.

    Raises
    ------
    SlanbError : where the agreement is not in force in the period, or there is no such form or format.
    """
    problems = [
        f"{what} is {given!r}, but one of {', '.join(known)} is expected."
        for what, given, known in (("form", form, FORMS), ("format", format, FORMATS))
        if given not in known
    ]
    if problems:
        raise SlanbError(problems)
    document = FORMS[form](DocumentPhrases(targets_of(terms, period)))
    writer = import_module(f"slanb.agreement.{FORMATS[format]}")
    text = writer.render(spoken(document, terms.wording()))
    return text if isinstance(text, bytes) else text.encode("utf-8")
