"""The agreement with its period overlays, read from a folder, and the terms they give for any period."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from slanb import pinned
from slanb.dictionary.wording import Wording
from slanb.errors import SlanbError
from slanb.period_tables import PeriodTable, TablePeriod
from slanb.periods import (
    between,
    containing,
    days_of,
    grain,
    holding,
    label,
    months_of,
    parse_period,
    spans_of,
)
from slanb.strict_yaml import Document, content_of, parse_bytes, validate
from slanb.terms.agreement import Agreement, loose_ends
from slanb.terms.layers import Node, as_plan, grow, lay, lay_over_plan, places, plain
from slanb.terms.plan import Overlay, Plan
from slanb.working_time import WorkingCalendar

PERIOD_FILE = re.compile(r"(FY)?\d{4}.*\.ya?ml", re.IGNORECASE)


class Version(NamedTuple):
    """The agreement as it stands from a day on, with where each key was written."""

    since: date
    agreement: Agreement
    tree: Node


@dataclass(frozen=True, eq=False)  # one loaded is itself, so that what follows from it can be kept
class Terms:
    """One agreement with its amendments and the overlays of its periods.

    Parameters
    ----------
    agreement : as first signed; `in_force` gives it as amended.
    versions : as first signed and after each amendment, oldest first.
    overlays : what differs from the plan, by period (a month, quarter or year). Where periods contain one
        another, the shorter one has the last word.
    paths : all files read, for the record of a run.
    """

    agreement: Agreement
    versions: tuple[Version, ...] = field(repr=False)
    overlays: Mapping[pd.Period, Document] = field(repr=False)
    paths: tuple[Path, ...] = ()

    def is_in_force(self, period: pd.Period) -> bool:
        """Whether the agreement holds on any day of the period, and its table of periods, if any, has it."""
        listed = not isinstance(period, TablePeriod) or period.table.reaches(period)
        return listed and self._version(period) is not None

    def in_force(self, period: pd.Period) -> Agreement:
        """The agreement by which a period is judged: as it stood on the period's first day.

        Where the agreement begins within the period, it is as it stood on its own first day.

        Raises
        ------
        SlanbError : naming its first and last day, if it holds on no day of the period.
        """
        return self._version_or_refuse(period).agreement

    def overlay(self, period: pd.Period) -> dict:
        """What this very period's own file states, as plain data; empty if there is none."""
        return dict(self.overlays[period].data) if period in self.overlays else {}

    def plan(self, period: pd.Period, overrides: Mapping | None = None) -> Plan:
        """The plan of one period of the agreement's measure.

        The agreement's plan as amended, then the overlays of the year, the quarter and the month, then the
        overrides, each laid over the one before (see `slanb.terms.layers`).

        Parameters
        ----------
        period : of the agreement's measure.
        overrides : plan keys given anew for a what-if, as a notebook's parameters; None counts as not given.

        Raises
        ------
        SlanbError : if the period is of another measure or the agreement not in force in it, or naming each
            override that is not allowed.
        """
        measure = self.agreement.measure
        if spans_of(period, measure) != [period]:
            raise SlanbError(
                f"period is {label(period)}, but a plan is of one {measure}: ask for each {measure} of it."
            )
        version = self._version_or_refuse(period)
        if version.agreement.plan is None:
            raise SlanbError(
                f"{self.versions[0].tree.place} there is no plan: add one, as the goals are made from it."
            )
        tree = version.tree.value["plan"]
        own = self.overlays.get(period)
        longer = [document for document in self._overlays_of(period) if document is not own]
        for document in longer:
            tree = lay_over_plan(tree, grow(document.data, document.lines, document.file))
        tree = self._by_weeks(tree, period)
        if own is not None:
            tree = lay_over_plan(tree, grow(own.data, own.lines, own.file))
        if overrides:
            tree = lay_over_plan(tree, grow(dict(overrides), None, "parameter"))
        return as_plan(tree)

    def _by_weeks(self, tree: Node, period: pd.Period) -> Node:
        """The plan with the part of its quota that a period has by its length, where that is agreed."""
        stated, quota = self.agreement.periods, tree.value.get("quota")
        if stated is None or stated.quota == "even" or not isinstance(quota and quota.value, (int, float)):
            return tree
        year = containing(period, self.agreement.years)[-1]
        n = len(spans_of(year, self.agreement.measure))
        share = quota.value * n * len(days_of(period)) / len(days_of(year))
        return Node({**tree.value, "quota": Node(share, quota.place)}, tree.place)

    def calendar(
        self, period: pd.Period | None = None, *, party: str | None = None, segment: str = ""
    ) -> WorkingCalendar:
        """The working calendar in force.

        Parameters
        ----------
        period : by whose terms; the last version's if left out.
        party : id of a party, whose own excluded days are closed too; days excluded for all always are.
        segment : whose leads are worked in these hours; the company's, as for a segment without its own, if
            left out.
        """
        agreement = self.in_force(period) if period is not None else self.versions[-1].agreement
        stated = agreement.calendar
        closed = {day.date: day.reason for day in stated.closed}
        for excluded in agreement.exceptions.excluded_days:
            if excluded.party in (None, party) and not excluded.clauses:
                days = pd.date_range(excluded.date, excluded.until or excluded.date)
                closed |= {day.date(): excluded.reason for day in days}
        office = stated.of_segment(segment)
        return WorkingCalendar(
            zone=office.zone,
            hours=office.hours.windows(),
            country=office.country,
            subdivision=office.subdivision,
            closed=closed,
            worked=[day for day in stated.worked if day not in closed],
            language=agreement.language,
        )

    def parse(self, text: str | int) -> pd.Period:
        """The period a label names, of the company's own year (`parse_period`)."""
        return parse_period(text, self.agreement.years)

    def span(self, moment: pd.Period | pd.Timestamp) -> pd.Period:
        """The period of the agreement's measure that holds a day, or the last day of a period."""
        moment = getattr(moment, "end_time", moment)
        return holding(moment, self.agreement.measure, self.agreement.years)

    def spans_in(self, month: pd.Period) -> list[tuple[pd.Period, float]]:
        """The periods of the agreement's measure that a month lies in or holds, each with the share of it
        that lies in the month: an even part of a longer one, by its days where the month cuts it."""
        first = self.span(month.start_time)
        if month in (own := months_of(first)) and grain(first) != "week":
            return [(first, 1 / len(own))]
        spans = between(first, self.span(month.end_time))
        days = days_of(month)
        return [(span, float(days_of(span).isin(days).mean())) for span in spans]

    def stretches(self, first: pd.Timestamp, last: pd.Timestamp) -> list[pd.Period]:
        """The periods that hold the days from the first to the last, each of one set of terms: months, or
        those of the company's table."""
        years, measure = self.agreement.years, self.agreement.measure
        if isinstance(years, PeriodTable) and measure != "week" and "month" not in years.measures:
            measure = "week"
        shortest = measure if measure == "week" else "month"
        return between(holding(first, shortest, years), holding(last, shortest, years))

    def wording(self) -> Wording:
        """How words, numbers and money reach this agreement's readers."""
        return Wording(language=self.agreement.language, currency=self.agreement.currency)

    def _overlays_of(self, period: pd.Period) -> list[Document]:
        """The overlays that hold in the period, the longest period's first."""
        found = [
            (span, document)
            for span, document in self.overlays.items()
            if span.start_time <= period.start_time and period.end_time <= span.end_time
        ]
        return [document for span, document in sorted(found, key=lambda each: -_days(each[0]))]

    def _version(self, period: pd.Period) -> Version | None:
        first = max(period.start_time.date(), self.agreement.effective_from)
        version = [version for version in self.versions if version.since <= first][-1]
        last = version.agreement.effective_until
        return version if first <= period.end_time.date() and (last is None or first <= last) else None

    def _version_or_refuse(self, period: pd.Period) -> Version:
        version = self._version(period)
        if version is None:
            last = self.versions[-1].agreement.effective_until
            until = f"until {last}" if last else "on"
            raise SlanbError(
                f"{self.versions[0].tree.place} period is {label(period)}, but the agreement is in force "
                f"from {self.agreement.effective_from} {until} (choose a period in it, or "
                "amend effective_until)."
            )
        return version


def load_terms(agreement_path: str | Path) -> Terms:
    """Read an agreement and the overlays of periods beside it.

    Parameters
    ----------
    agreement_path : the agreement's file, found as `find_file` does. Files beside it named by a period
        (`2026-10.yml`, `2026-Q4.yml`, `2026.yml`) are its overlays.

    Raises
    ------
    SlanbError : all problems of all files, one a line, each with file, line, key, value, what is allowed and
        what to do.
    """
    path, shown = find_file(agreement_path), Path(agreement_path)
    overlays = (each for each in path.parent.iterdir() if PERIOD_FILE.fullmatch(each.name))
    names = {path: str(shown)} | {each: str(shown.parent / each.name) for each in sorted(overlays)}
    problems: list[str] = []
    contents = [_gathered(problems, content_of, each, name) for each, name in names.items()]
    if problems:
        raise SlanbError(problems)
    return _read(tuple(zip(names, names.values(), contents, strict=True)))


@lru_cache(maxsize=4)  # a run asks several times for the same
def _read(files: tuple[tuple[Path, str, bytes], ...]) -> Terms:
    """Terms from the agreement's file and those of periods: the path of each, its name in messages, what it
    holds."""
    (path, shown, content), *others = files
    problems: list[str] = []
    versions = _gathered(problems, _versions, content, shown) or ()
    overlays = {}
    for each, name, content in others:
        overlays |= _gathered(problems, _overlay, each, name, content, versions) or {}
    if problems:
        raise SlanbError(problems)
    terms = Terms(
        agreement=versions[0].agreement,
        versions=versions,
        overlays={span: document for span, (_, document) in overlays.items()},
        paths=(path, *(each for each, _ in overlays.values())),
    )
    for span in terms.overlays:
        _gathered(problems, _fits, terms, span)
    if problems:
        raise SlanbError(dict.fromkeys(problems))
    return terms


def find_file(path: str | Path) -> Path:
    """A file or folder that a user named, looked for in the working folder and then in those above it.

    So notebooks run from `notebooks/` and from the project's root alike. An absolute path is taken as it is.
    Inside a run an agreement is the copy that the run has pinned.

    Raises
    ------
    SlanbError : if it is nowhere.
    """
    if (copy := pinned.agreement(path)) is not None:
        return copy
    path = Path(path)
    here = Path.cwd()
    for folder in (here, *here.parents):
        if (folder / path).exists():
            return folder / path
    raise SlanbError(
        f"{path}: there is no such file, neither in the working folder nor in those above it (check the "
        "name, start from the project's folder, or begin one: slanb agreement new)."
    )


def _gathered(problems: list[str], step, *arguments) -> Any:
    try:
        return step(*arguments)
    except SlanbError as error:
        problems += error.problems
        return None


def _versions(content: bytes, shown: str) -> tuple[Version, ...]:
    """The agreement as signed and after each amendment."""
    document = parse_bytes(content, shown)
    tree = grow(document.data, document.lines, document.file)
    signed = _agreement(tree)
    versions = [Version(signed.effective_from, signed, Node(tree.value, f"{shown}:"))]
    for number, amendment in enumerate(signed.amendments):
        last = versions[-1].tree
        written = tree.value["amendments"].value[number].value
        change = {**written["changes"].value, "version": written["version"]}
        last = lay(last, Node(change, written["changes"].place))
        versions.append(Version(amendment.effective_from, _agreement(last), last))
    return tuple(versions)


def _agreement(tree: Node) -> Agreement:
    return validate(Agreement, plain(tree), places(tree), also=loose_ends)


def _overlay(
    path: Path, shown: str, content: bytes, versions: tuple[Version, ...]
) -> dict[pd.Period, tuple[Path, Document]]:
    """An overlay by its period, which is its file's name."""
    try:
        period = parse_period(path.stem, versions[0].agreement.years if versions else 1)
    except SlanbError:
        period = None
    names = ", ".join(f"{label(each)}.yml" for each in _example(versions))
    if period is None or path.suffix != ".yml":
        raise SlanbError(
            f"{shown}: the name of a period's file is {names} (rename it, or move it elsewhere)."
        )
    if versions:
        _spans(period, versions[0].agreement.measure, shown)
    document = parse_bytes(content, shown, dates=False)
    validate(Overlay, document.data, document.lines, document.file)
    return {period: (path, Document(document.data or {}, document.lines, document.file))}


def _example(versions: tuple[Version, ...]) -> list[pd.Period]:
    """Periods of each length there is, to show how files are named."""
    agreement = versions[0].agreement if versions else None
    years, first = (agreement.years, agreement.effective_from) if agreement else (1, date(2026, 10, 1))
    measure = agreement.measure if agreement else "month"
    return containing(holding(pd.Timestamp(first), measure, years), years)


def _spans(period: pd.Period, measure: str, shown: str) -> list[pd.Period]:
    try:
        return spans_of(period, measure)
    except SlanbError as error:
        raise SlanbError([f"{shown}: {problem}" for problem in error.problems]) from None


def _fits(terms: Terms, period: pd.Period) -> None:
    """Try the plans that an overlay changes, so that what does not add up is told now."""
    shown = terms.overlays[period].file
    spans = [span for span in _spans(period, terms.agreement.measure, shown) if terms.is_in_force(span)]
    if not spans:
        raise SlanbError(
            f"{shown}: the agreement is not in force in {label(period)} (check the file's name, or amend "
            "effective_until)."
        )
    for span in spans:
        terms.plan(span)


def _days(period: pd.Period) -> timedelta:
    return period.end_time - period.start_time
