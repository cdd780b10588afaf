"""What a run was asked for, checked before anything is made."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from slanb.errors import NoRecords, SlanbError
from slanb.periods import as_of_or_end, bounds, label, spans_of
from slanb.publish.paper import BY_COUNTRY, SIZES, check_printer, size_of
from slanb.run import published
from slanb.run.notebooks import check_parameters
from slanb.run.pin import pinning
from slanb.terms import Terms, load_terms, merged
from slanb.terms.scenarios import load_scenario

PLANLESS = "-review-agreement"  # the notebook that an agreement without a plan has a report by
PLANNING = ("-set-goals", "-value-leads", "-review-agreement")  # those of a period that has not begun
NOTEBOOK_NAME = re.compile(r"[0-9]{2}-.+\.ipynb")


@dataclass(frozen=True, kw_only=True)
class Job:
    """One run as asked for, checked.

    unit : what it is published as. notebooks : those to run.
    parameters : what notebooks are given; what_if : those of them that replace agreed values.
    scenario : the name of the scenario among these, if any.
    only : names of the notebooks, where not all are run. timeout : seconds for a cell.
    paper : the size of what is printed; None where nothing is.
    """

    unit: str
    outputs: Path
    notebooks: tuple[Path, ...]
    parameters: dict[str, Any]
    what_if: dict[str, Any]
    scenario: str | None
    only: tuple[str, ...]
    paper: str | None
    timeout: float

    @classmethod
    def only_asked(cls, period: str, outputs: Path) -> "Job":
        """What stands for a job in the record of a run that did not come so far as to have one."""
        return cls(
            unit=period, outputs=outputs, notebooks=(), parameters={"period": period}, what_if={},
            scenario=None, only=(), paper=None, timeout=0,
        )  # fmt: skip

    @property
    def page(self) -> dict[str, Any]:
        """What its notebooks begin with, as `open_period` takes it."""
        names = ("period", "as_of", "agreement", "source", "data")
        return {name: self.parameters[name] for name in names} | {"what_if": self.what_if}

    def chosen(self, begun: bool) -> tuple[Path, ...]:
        """The notebooks to run: of a period that has not begun those that plan it, unless others are asked
        for."""
        if begun or self.only:
            return self.notebooks
        return tuple(path for path in self.notebooks if path.stem.endswith(PLANNING)) or self.notebooks


def ask(
    period, as_of, agreement, source, data, outputs, only, parameters, scenario, notebooks, paper, timeout
) -> Job:
    """The job of a run, asked for as by `slanb.run.run`.

    Raises
    ------
    SlanbError : where anything asked for cannot be, before anything is made.
    """
    if paper:
        check_printer()
    given = {name: value for name, value in (parameters or {}).items() if value is not None}
    what_if = merged(load_scenario(scenario, agreement) if scenario else {}, given)
    terms = load_terms(agreement)
    span = terms.parse(period)
    zone = terms.in_force(span).calendar.zone
    chosen = _choose(nearest(notebooks), only)
    if terms.in_force(span).plan is None and not only:  # a supplier's: there are no goals to compute
        chosen = tuple(path for path in chosen if path.stem.endswith(PLANLESS)) or chosen
    check_parameters(chosen, what_if)
    if not all(path.stem.endswith(PLANLESS) for path in chosen):
        for part in spans_of(span, terms.agreement.measure):
            terms.plan(part, what_if)
    unit = label(span) + asof_suffix(span, as_of, zone)
    if only:
        unit += "-only-" + "-".join(path.stem.partition("-")[0] for path in chosen)
    if scenario:
        unit += f"-scenario-{scenario}"
    if given:
        unit += "-with-" + safe("-".join(f"{name}-{value}" for name, value in sorted(given.items())))
    folder = nearest(outputs)
    for name in (unit, f"{unit}-failed"):
        published.check_place(folder, name)
    asked = {"period": label(span), "as_of": as_of, "agreement": agreement, "source": source, "data": data}
    return Job(
        unit=unit,
        outputs=folder,
        notebooks=chosen,
        parameters={**asked, **what_if},
        what_if=what_if,
        scenario=scenario,
        only=tuple(path.stem for path in chosen) if only else (),
        paper=_size(paper, terms, span) if paper else None,
        timeout=timeout,
    )


def _size(paper: str, terms: Terms, span: pd.Period) -> str:
    if paper == BY_COUNTRY:
        return size_of(terms.in_force(span).calendar.country, terms.wording().tag)
    if paper not in SIZES:
        raise SlanbError(f"paper is {paper}, but one of {', '.join((*SIZES, BY_COUNTRY))} is expected.")
    return paper


def last_closed(agreement: str, source: str, data: str | None) -> pd.Period:
    """The last period, in the agreement's measure, that had ended when the records were exported.

    Raises
    ------
    NoRecords : where the agreement was not in force by then.
    """
    terms = load_terms(agreement)
    with pinning(agreement, source, data) as pin:
        exported = pin.snapshot.exported_at
    zone, begins = terms.agreement.calendar.zone, terms.agreement.effective_from
    period = terms.span(exported.tz_convert(zone).tz_localize(None)) - 1
    if period.end_time.date() < begins:
        day, measure = terms.wording().date, terms.agreement.measure
        raise NoRecords(
            f"no {measure} of the agreement, in force from {day(begins)}, had ended when the records did, on "
            f"{day(exported.tz_convert(zone).date())}. Run again with later records."
        )
    return period


def is_period(text: str) -> bool:
    """Whether a text has the form of a period, of any agreement's.

    >>> [is_period(text) for text in ("2026-10", "FY2027-P03", "2026-W41", "next")]
    [True, True, True, False]
    """
    return re.fullmatch(r"(FY)?[0-9]{4}(-(0[1-9]|1[0-2]|Q[1-4]|[WP][0-9]{2}))?", text) is not None


def asof_suffix(span: pd.Period, as_of: str | None, zone: str) -> str:
    """How a report is named whose clock is not the period's end; nothing where it is."""
    clock = as_of_or_end(span, as_of, zone)
    if clock == bounds(span, zone)[1]:
        return ""
    local = clock.tz_convert(zone)
    midnight = local == local.normalize()
    return "-asof-" + local.strftime("%Y-%m-%d" if midnight else "%Y-%m-%dT%H%M%S%z")


def safe(text: str) -> str:
    """The text as part of a file name; a long one shortened, yet its own."""
    plain = re.sub(r"[^0-9A-Za-z.]+", "-", text).strip("-")
    return plain if len(plain) <= 60 else f"{plain[:50]}-{hashlib.sha256(text.encode()).hexdigest()[:8]}"


def nearest(path: str | Path) -> Path:
    """A relative folder where it exists in the working folder or above it, else in the working folder."""
    here = Path.cwd()
    return next((base / path for base in (here, *here.parents) if (base / path).is_dir()), here / path)


def _choose(folder: Path, only: Sequence[str] | None) -> tuple[Path, ...]:
    there = sorted(path for path in folder.glob("*.ipynb") if NOTEBOOK_NAME.fullmatch(path.name))
    if not there:
        raise SlanbError(f"{folder}: no report notebook (NN-name.ipynb) found. Run slanb inside its project.")
    if not only:
        return tuple(there)
    names = {path: {path.stem, path.name, *path.stem.split("-", 1)} for path in there}
    unknown = [name for name in only if not any(name in known for known in names.values())]
    if unknown:
        listed = ", ".join(path.stem for path in there)
        raise SlanbError(f"no report notebook {', '.join(unknown)}. There are: {listed}.")
    return tuple(path for path, known in names.items() if known & set(only))
