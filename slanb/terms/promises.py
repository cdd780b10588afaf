"""Who promises what to whom: parties, clauses, requirements, the qualification rule, times of response.

A clause is one promise. It names the figure that decides it, so that the text people sign and the
numbers that judge it are one source.
"""

import re
from collections.abc import Iterator
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from slanb.dictionary.figures import catalogue, definition, did_you_mean
from slanb.strict_yaml import Finding, raise_findings
from slanb.terms.fields import (
    Cadence,
    Clock,
    Grain,
    Id,
    MonthDay,
    Number,
    Part,
    Positive,
    Text,
    Weekday,
    refuse,
)


def _figure(value: str) -> str:
    try:
        decides = definition(value)[0].clause
    except ValueError:
        decides = False
    if not decides:
        near = did_you_mean(value, clause=True).strip().rstrip(".")
        raise refuse(f"a figure that can decide a promise is expected. {near}")
    return value


def _ids() -> list[dict]:
    """What a clause may name, for the JSON schema: the plain ids, and patterns where names belong."""
    ids = {key: each.pattern.pattern for key, each in catalogue().items() if each.clause}
    plain = [key for key in ids if "{" not in key]
    named = [re.sub(r"\(\?P<\w+>", "(", pattern) for key, pattern in ids.items() if "{" in key]
    return [{"enum": plain}, *({"pattern": f"^{pattern}$"} for pattern in named)]


FigureId = Annotated[Text, AfterValidator(_figure), Field(json_schema_extra={"anyOf": _ids()})]


class Party(Part):
    """One side of the agreement."""

    id: Id = Field(description="Short name by which the agreement refers to it, such as marketing.")
    name: Text = Field(description="The name readers see.")
    role: Literal["marketing", "sales", "service", "supplier", "customer", "other"] = Field(
        description="What it does in this agreement."
    )


class Target(Part):
    """What keeps a promise: a number not to fall below, not to pass, or both. Shares are 0 to 1."""

    at_least: Number | None = Field(None, description="Kept if the figure is this or more, in its unit.")
    at_most: Number | None = Field(None, description="Kept if the figure is this or less, in its unit.")

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        raise_findings("Target", self.model_dump(), self._findings())
        return self

    def _findings(self) -> Iterator[Finding]:
        if self.at_least is None and self.at_most is None:
            yield Finding((), "at_least or at_most is needed")
        elif None not in (self.at_least, self.at_most) and self.at_least > self.at_most:
            yield Finding(("at_least",), f"a number of at most {self.at_most:g}, its at_most, is expected")


class Measurement(Part):
    """A figure slanb does not compute, brought in a small CSV file: clause, date, value."""

    file: Text = Field(
        description="CSV file with columns clause (id), date (2026-01-31) and value, beside the agreement."
    )
    combine: Literal["sum", "mean", "lowest", "highest", "last", "share"] = Field(
        description="How a period's values become one; share: the share of values that meet the target."
    )


class Clause(Part):
    """One promise."""

    id: Id = Field(description="Short name of the promise, such as leads or speed.")
    party: Id = Field(description="Who promises: the id of a party.")
    name: Text | None = Field(
        None, description="What people call the promise, in a few words; its id if left out."
    )
    text: Text = Field(description="The promise in one sentence.")
    details: Text | None = Field(None, description="What else there is to say; shown folded or as a note.")
    figure: FigureId | None = Field(
        None, description="The figure that decides it: an id of the catalogue, such as marketing.leads."
    )
    measurement: Measurement | None = Field(
        None, description="The measurement that decides it, where slanb computes no such figure."
    )
    target: Target | None = Field(
        None, description="What keeps the promise; left out, the target the plan gives for the figure."
    )
    unit: Text | None = Field(
        None,
        description="What the figure counts: leads, share, hours, money; the figure's own if left out.",
    )
    grain: Grain | None = Field(
        None, description="How often the promise is judged; the agreement's measure if left out."
    )
    due_day: MonthDay | None = Field(
        None, description="Day of the month by which it is kept, 1 to 31 (31: the last)."
    )
    due_weekday: Weekday | None = Field(None, description="Weekday on which it is kept, such as monday.")
    counter_metric: Id | None = Field(
        None, description="The clause that shows whether this one was reached at the cost of something else."
    )
    controlled_by: tuple[Id, ...] = Field(
        (), description="Ids of the parties that control the figure; outside for what none of them does."
    )
    cost_to_collect: Literal["low", "medium", "high"] = Field(
        "low", description="How much work it is to collect the figure."
    )

    @property
    def called(self) -> str:
        """The promise's name: as given, else its id in words."""
        return self.name or self.id.replace("_", " ").replace("-", " ")

    @model_validator(mode="after")
    def _decided_once(self) -> Self:
        raise_findings("Clause", self.model_dump(), self._findings())
        return self

    def _findings(self) -> Iterator[Finding]:
        if (self.figure is None) == (self.measurement is None):
            yield Finding((), "either a figure or a measurement must decide it")
        if self.measurement is not None and self.target is None:
            yield Finding((), "a promise decided by a measurement needs a target")
        if self.counter_metric == self.id:
            yield Finding(("counter_metric",), "another clause is expected")


class Requirement(Part):
    """What one side needs from another to keep its promises."""

    id: Id = Field(description="Short name of the requirement.")
    party: Id = Field(description="Who needs it: the id of a party.")
    of: Id = Field(description="Who is to give it: the id of a party.")
    text: Text = Field(description="What is needed, in one sentence.")
    cadence: Cadence | None = Field(None, description="How often it is needed.")


class Qualification(Part):
    """Which leads are handed off, and what becomes of the others."""

    text: Text = Field(description="The rule in one or two sentences.")
    tiers: tuple[Text, ...] = Field(
        (), description="Tiers that are handed off, as the plan names them; every tier if left out."
    )
    counts_toward_goal: Literal["created", "handed_off", "accepted"] = Field(
        "handed_off", description="From which step on a lead counts toward marketing's goal."
    )
    accept_within_hours: Positive | None = Field(
        None, description="Hours in which sales may return a lead; after that it is accepted. Above 0."
    )
    accept_clock: Clock = Field("working", description="Whether those are working hours or all hours (wall).")
    rejection_reasons: tuple[Text, ...] = Field((), description="Reasons for which a lead may be returned.")
    nurturing: Text | None = Field(None, description="What becomes of leads that are not handed off.")


class Customers(Part):
    """Who is a new customer."""

    upgrades: Literal["customers", "revenue_only"] = Field(
        "customers",
        description="What a further won deal of a lead that has bought before is. customers: a deal like the "
        "first, in deals won and in the mean deal size; the lead is one customer all the same. revenue_only: "
        "an upgrade, which is revenue and in no number of deals, customers or deal sizes. A deal without a "
        "lead is always a first one.",
    )


class Step(Part):
    """One thing done by one side on a lead's way."""

    stage: Literal["goals", "qualification", "hand_off", "nurturing"] = Field(
        description="The stage of the process."
    )
    party: Id = Field(description="Who does it: the id of a party, or shared.")
    text: Text = Field(description="What is done, in one sentence.")


class Term(Part):
    """How fast a party answers and settles what it is asked or told of."""

    id: Id = Field(description="Short name of the case.")
    party: Id = Field(description="Who answers: the id of a party.")
    case: Text = Field(description="What happens, in a few words: a lead's data are wrong.")
    respond_within_hours: Positive | None = Field(None, description="Hours to a first answer, above 0.")
    resolve_within_hours: Positive | None = Field(None, description="Hours until it is settled, above 0.")
    clock: Clock = Field("working", description="Whether those are working hours or all hours (wall).")
    text: Text | None = Field(None, description="What counts as answered and as settled.")
    contact: Id | None = Field(None, description="Whom to turn to: the id of a contact.")

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        respond, resolve = self.respond_within_hours, self.resolve_within_hours
        findings = []
        if None not in (respond, resolve) and resolve < respond:
            findings.append(Finding(("resolve_within_hours",), f"{respond:g} hours or more are expected"))
        raise_findings("Term", self.model_dump(), findings)
        return self
