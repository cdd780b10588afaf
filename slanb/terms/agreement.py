"""The agreement: one tree of typed parts, whose references hold and whose dates are in order.

What each part may hold is said in `promises`, `consequences`, `watching` and `plan`; here is how
they go together.
"""

from collections import Counter
from collections.abc import Iterator
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from slanb.dictionary.wording import Wording, check_spoken
from slanb.errors import SlanbError
from slanb.period_tables import ISO_WEEKS, PeriodTable
from slanb.strict_yaml import Finding, KeyPath, raise_findings
from slanb.terms.consequences import Cancellation, Exceptions, Remedy
from slanb.terms.fields import Day, Measure, Part, Text, WebAddress, allowed_by, refuse
from slanb.terms.own_periods import Periods
from slanb.terms.plan import Plan
from slanb.terms.promises import Clause, Customers, Party, Qualification, Requirement, Step, Term
from slanb.terms.watching import Amendment, Approval, Calendar, Contact, Monitoring, Report, Review

FIXED = (
    "kind",
    "version",
    "effective_from",
    "measure",
    "year_begins",
    "periods",
    "currency",
    "amendments",
)  # by no amendment


def _language(value: str) -> str:
    try:
        check_spoken(value)
    except SlanbError as error:
        raise refuse(allowed_by(error)) from None
    return value


def _currency(value: str) -> str:
    try:
        Wording(currency=value)
    except SlanbError as error:
        raise refuse(allowed_by(error)) from None
    return value


class Agreement(Part):
    """A service-level agreement: two departments', a supplier's and a customer's, or several parties'."""

    title: Text = Field(description="The agreement's title.")
    company: Text | None = Field(
        None, description="The company whose departments agree, as the document to sign names it."
    )
    kind: Literal["customer", "internal", "multilevel"] = Field(
        description="customer: a supplier promises a customer; internal: two departments promise each other; "
        "multilevel: more than two parties."
    )
    version: Text = Field(description='The version as first signed, in quotes: "1.0".')
    effective_from: Day = Field(description="The first day on which it holds, such as 2026-01-01.")
    effective_until: Day | None = Field(
        None, description="The last day on which it holds; without end if left out."
    )
    measure: Measure = Field(
        "month",
        description="The measure of time in which the quota is stated and the promises are judged; where "
        "the company has its own periods, a month is one of them.",
    )
    year_begins: int = Field(
        1,
        ge=1,
        le=12,
        description="The month in which the company's year begins: 7 for July, so that July "
        "2026 begins FY2027.",
    )
    periods: Periods | None = Field(
        None,
        description="The company's own periods, where they are not months: 4-4-5 and the like.",
    )
    language: Annotated[Text, AfterValidator(_language)] = Field(
        "en", description="Language and country of its readers, such as en_GB or de_DE."
    )
    currency: Annotated[Text, AfterValidator(_currency)] = Field(
        description="Currency of all money in it, ISO 4217 code such as EUR."
    )
    summary: Text = Field(description="What is promised, to whom, and how success is measured.")
    background: tuple[Text, ...] = Field(
        (), description="Why there is an agreement; each opens with 'whereas' in the formal form."
    )
    parties: tuple[Party, ...] = Field(min_length=2, description="The sides of the agreement, two or more.")
    definitions: dict[Text, Text] = Field(
        default_factory=dict,
        description="What words mean here: lead, qualified_lead, customer, connected, "
        "sourced_by_marketing and any others.",
    )
    calendar: Calendar = Field(description="The days and hours in which the company works.")
    plan: Plan | None = Field(
        None,
        description="The standing numbers; a period's own file may change them.",
    )
    qualification: Qualification | None = Field(None, description="Which leads are handed off.")
    customers: Customers = Field(default_factory=Customers, description="Who is a new customer.")
    process: tuple[Step, ...] = Field(
        (), description="Who does what on a lead's way, from goals to nurturing."
    )
    clauses: tuple[Clause, ...] = Field(min_length=1, description="The promises, one or more.")
    requirements: tuple[Requirement, ...] = Field((), description="What each side needs from the other.")
    contacts: tuple[Contact, ...] = Field((), description="Who is in charge of what.")
    reporting: tuple[Report, ...] = Field((), description="Who tells whom, how often.")
    reports_at: WebAddress | None = Field(
        None,
        description="Web address at which the folder of all reports can be read, such as "
        "https://reports.example.com/sla; status texts and mails link to it.",
    )
    monitoring: tuple[Monitoring, ...] = Field((), description="How the promises are watched.")
    response: tuple[Term, ...] = Field((), description="Times of response and resolution.")
    remedies: tuple[Remedy, ...] = Field((), description="What happens when promises are missed.")
    cancellation: Cancellation | None = Field(None, description="How the agreement ends early.")
    exceptions: Exceptions = Field(default_factory=Exceptions, description="Room for the unexpected.")
    review_dates: tuple[Review, ...] = Field((), description="When the agreement itself is reviewed.")
    approvals: tuple[Approval, ...] = Field((), description="Who approved it, and when.")
    amendments: tuple[Amendment, ...] = Field((), description="Changes from a later day on, oldest first.")

    @model_validator(mode="after")
    def _hangs_together(self) -> Self:
        tree = self.model_dump(mode="json")
        raise_findings("Agreement", tree, [*loose_ends(tree), *self._out_of_order()])
        return self

    def clause(self, clause_id: str) -> Clause:
        """The clause of that id.

        Raises
        ------
        KeyError : if there is none.
        """
        return {clause.id: clause for clause in self.clauses}[clause_id]

    @property
    def years(self) -> int | PeriodTable:
        """How the company's years are cut: the month in which they begin, or a table of its own periods."""
        if self.periods is not None:
            return self.periods.as_table()
        return ISO_WEEKS if self.measure == "week" else self.year_begins

    def party_of(self, role: str) -> Party | None:
        """The first party that has the role; None if none has."""
        return next((party for party in self.parties if party.role == role), None)

    def _out_of_order(self) -> Iterator[Finding]:
        first, last = self.effective_from, self.effective_until
        if last is not None and last < first:
            yield Finding(("effective_until",), f"a day not before {first}, its effective_from, is expected")
        yield from self._periods_amiss()
        if self.plan is None and self.kind != "customer":
            yield Finding(("plan",), f"it is needed for an agreement of kind {self.kind}")
        unused = self.plan.unused() if self.plan else ()
        yield from (Finding(("plan", *finding.path), finding.expected) for finding in unused)
        previous = first
        for number, amendment in enumerate(self.amendments):
            if amendment.effective_from <= previous:
                yield Finding(("amendments", number, "effective_from"), f"a day after {previous} is expected")
            previous = amendment.effective_from
            for key in sorted(amendment.changes.keys() & set(FIXED)):
                yield Finding(
                    ("amendments", number, "changes", key),
                    "it cannot be amended: write a new agreement",
                )

    def _periods_amiss(self) -> Iterator[Finding]:
        """A table of periods that does not cover the agreement, and spans that it does not have."""
        if self.periods is not None:
            if self.year_begins != 1:
                yield Finding(("year_begins",), "the periods say when the year begins: leave it out")
            for found in self.periods.uncovered(self.effective_from, self.effective_until):
                yield Finding(("periods", *found.path), found.expected)
        if not isinstance(years := self.years, PeriodTable):
            return
        named = ", ".join(years.measures)
        if self.measure not in years.measures:
            yield Finding(("measure",), f"one of {named} is expected, for not all periods are of whole weeks")
        hint = "" if self.periods else "; or state `periods:`"
        for number, clause in enumerate(self.clauses):
            if clause.grain in ("month", "quarter", "year") and clause.grain not in years.measures:
                expected = f"one of day, {named} is expected, as weeks do not add up to months{hint}"
                yield Finding(("clauses", number, "grain"), expected)


# Ids that must differ, and where they are referred to ("*" is any item).
PEOPLE = ("parties.*.id", "contacts.*.id")
UNIQUE = (
    *(("clauses.*.id",), ("requirements.*.id",), ("reporting.*.id",), ("remedies.*.id",), ("response.*.id",)),
    PEOPLE,
    ("amendments.*.version",),
)
CLAUSE_REFERENCES = (
    *("clauses.*.counter_metric", "contacts.*.responsible_for.*", "reporting.*.clauses.*"),
    *("monitoring.*.clauses.*", "remedies.*.applies_to.*", "cancellation.conditions.*.clauses.*"),
    *("exceptions.excluded_days.*.clauses.*", "exceptions.standing_obligations.*.clause"),
)
PARTY_REFERENCES = (
    *("clauses.*.party", "requirements.*.party", "requirements.*.of", "contacts.*.party", "response.*.party"),
    *("cancellation.conditions.*.party", "exceptions.excluded_days.*.party", "approvals.*.party"),
    *("exceptions.standing_obligations.*.party", "amendments.*.approvals.*.party"),
)
CONTACT_REFERENCES = ("contacts.*.reports_to", "response.*.contact", "remedies.*.contact")
PEOPLE_REFERENCES = ("reporting.*.sender", "reporting.*.recipients.*", "monitoring.*.by")


def loose_ends(tree: Any) -> Iterator[Finding]:
    """Ids given twice and references that lead nowhere.

    Parameters
    ----------
    tree : an agreement as plain data. It may be incomplete or wrong in other ways; only texts where ids are
        expected are looked at.
    """
    for places in UNIQUE:
        found = [(path, value) for place in places for path, value in _texts(tree, place)]
        counts = Counter(value for _, value in found)
        seen = set()
        for path, value in found:
            if counts[value] > 1 and value in seen:
                yield Finding(path, "it is taken: another one is expected")
            seen.add(value)
    yield from _dangling(tree, CLAUSE_REFERENCES, ("clauses.*.id",), "a clause")
    yield from _dangling(tree, PARTY_REFERENCES, ("parties.*.id",), "a party")
    yield from _dangling(tree, CONTACT_REFERENCES, ("contacts.*.id",), "a contact")
    yield from _dangling(tree, PEOPLE_REFERENCES, PEOPLE, "a contact or party")
    yield from _dangling(tree, ("process.*.party",), ("parties.*.id",), "a party", ("shared",))
    yield from _dangling(tree, ("clauses.*.controlled_by.*",), ("parties.*.id",), "a party", ("outside",))
    tiers = _group(tree, "plan", "tiers")
    if tiers:
        yield from _dangling(tree, ("qualification.tiers.*",), (), "a tier of the plan", tuple(tiers))
    segments = _group(tree, "plan", "segments")
    for name in _group(tree, "calendar", "by_segment") if segments else ():
        if name not in segments:
            listed = ", ".join(map(str, segments))
            yield Finding(
                ("calendar", "by_segment", name), f"a segment of the plan is expected, one of: {listed}"
            )


def _dangling(
    tree: Any, references: tuple[str, ...], places: tuple[str, ...], what: str, also: tuple[str, ...] = ()
) -> Iterator[Finding]:
    if any(_has_gaps(tree, place) for place in places):
        return  # what is wrong there is told there
    known = [value for place in places for _, value in _texts(tree, place)] + list(also)
    for reference in references:
        for path, value in _texts(tree, reference):
            if value not in known:
                yield Finding(path, f"the id of {what} is expected, one of: {', '.join(known) or 'none yet'}")


def _has_gaps(tree: Any, place: str) -> bool:
    """Whether the list at a place such as `clauses.*.id` has items without such a text, or is none."""
    items = tree.get(place.partition(".")[0], []) if isinstance(tree, dict) else None
    return not isinstance(items, list) or len(items) != len(list(_texts(tree, place)))


def _group(tree: Any, *keys: str) -> dict:
    for key in keys:
        tree = tree.get(key) if isinstance(tree, dict) else None
    return tree if isinstance(tree, dict) else {}


def _texts(tree: Any, place: str) -> Iterator[tuple[KeyPath, str]]:
    """The texts at a place such as `clauses.*.id`, each with its path."""
    found = [((), tree)]
    for step in place.split("."):
        if step == "*":
            found = [
                ((*path, number), item)
                for path, data in found
                if isinstance(data, list)
                for number, item in enumerate(data)
            ]
        else:
            found = [
                ((*path, step), data[step]) for path, data in found if isinstance(data, dict) and step in data
            ]
    return ((path, data) for path, data in found if isinstance(data, str))
