"""What follows when a promise is missed, how the agreement ends, and what is excused.

The rules are numbers, so that strikes, make-up plans, credits and the end of the agreement can be
computed over the history.
"""

from collections.abc import Iterator
from typing import Literal, Self

from pydantic import Field, model_validator

from slanb.strict_yaml import Finding, raise_findings
from slanb.terms.fields import Count, Day, Id, NotNegative, Part, Share, Text


class Rule(Part):
    """When a remedy applies."""

    missed: Count | None = Field(None, description="Applies when this many periods are missed, 1 or more ...")
    of_last: Count | None = Field(
        None, description="... of this many last ones; as many as `missed`, that is running, if left out."
    )
    by_more_than: Share | None = Field(
        None,
        description="Counts a period only if the target is missed by more than this share of it.",
    )

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        raise_findings("Rule", self.model_dump(), self._findings())
        return self

    def _findings(self) -> Iterator[Finding]:
        if self.missed is None and self.by_more_than is None:
            yield Finding((), "missed (a number of periods) or by_more_than (a share) is needed")
        if self.of_last is not None and self.of_last < (self.missed or 1):
            yield Finding(("of_last",), f"{self.missed or 1} or more, the number missed, is expected")


class Credit(Part):
    """What a supplier gives back."""

    share: Share | None = Field(
        None, description="Share of the period's fee credited for a missed period, 0 to 1."
    )
    amount: NotNegative | None = Field(
        None, description="Money credited for a missed period, 0 or more, in the agreement's currency."
    )
    fee: NotNegative | None = Field(
        None, description="The period's fee, money, 0 or more; turns a share into money."
    )
    at_most: NotNegative | None = Field(None, description="Most money credited in one period, 0 or more.")

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        both = (self.share is None) == (self.amount is None)
        raise_findings(
            "Credit", self.model_dump(), [Finding((), "either a share or an amount is needed")] * both
        )
        return self


class Remedy(Part):
    """What happens when promises are missed."""

    id: Id = Field(description="Short name of the remedy.")
    applies_to: tuple[Id, ...] = Field(
        (), description="Ids of the clauses it applies to, each judged by itself; all of them if left out."
    )
    kind: Literal["strike", "make_up_plan", "service_credit", "escalation"] = Field(
        description="strike: named people find and fix the cause; make_up_plan: missed revenue becomes extra "
        "leads in later periods; service_credit: money back; escalation: someone higher up is told."
    )
    rule: Rule = Field(description="When it applies.")
    text: Text = Field(description="What is done, in one or two sentences.")
    contact: Id | None = Field(None, description="Who acts or is told: the id of a contact.")
    over_periods: Count | None = Field(
        None, description="For a make_up_plan: periods over which the missed revenue is made up, 1 or more."
    )
    credit: Credit | None = Field(None, description="For a service_credit: what is credited.")

    @model_validator(mode="after")
    def _complete(self) -> Self:
        raise_findings("Remedy", self.model_dump(), self._findings())
        return self

    def _findings(self) -> Iterator[Finding]:
        needs = {
            "make_up_plan": "over_periods",
            "service_credit": "credit",
            "escalation": "contact",
            "strike": "contact",
        }
        if getattr(self, needs[self.kind]) is None:
            yield Finding((needs[self.kind],), f"it is needed for a {self.kind}")


class Condition(Part):
    """One way in which the agreement can end early."""

    kind: Literal["missed_running", "no_longer_agrees"] = Field(
        description="missed_running: promises missed in periods one after another; no_longer_agrees: a party "
        "says so."
    )
    periods: Count | None = Field(None, description="For missed_running: how many periods, 1 or more.")
    clauses: tuple[Id, ...] = Field(
        (), description="For missed_running: ids of the clauses, each judged by itself; all if left out."
    )
    party: Id | None = Field(None, description="For no_longer_agrees: the party that may; any if left out.")

    @model_validator(mode="after")
    def _complete(self) -> Self:
        findings = []
        if self.kind == "missed_running" and self.periods is None:
            findings.append(Finding(("periods",), "it is needed for missed_running"))
        raise_findings("Condition", self.model_dump(), findings)
        return self


class Cancellation(Part):
    """How the agreement ends early."""

    conditions: tuple[Condition, ...] = Field(description="Each of them alone is enough.")
    notice_days: NotNegative = Field(0, description="Days from notice to the end, 0 or more.")
    text: Text | None = Field(None, description="What else there is to say.")


class ExcludedDays(Part):
    """A day or several that do not count, for the unexpected."""

    date: Day = Field(description="The day, or the first of them.")
    until: Day | None = Field(None, description="The last of them; the first itself if left out.")
    reason: Text = Field(description="What happened: storm, outage, moving house.")
    party: Id | None = Field(
        None,
        description="The party whose promises it excuses; the calendar is closed for all if left out.",
    )
    clauses: tuple[Id, ...] = Field(
        (), description="Ids of the clauses it excuses; all promises of the party if left out."
    )

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        findings = []
        if self.until is not None and self.until < self.date:
            findings.append(Finding(("until",), f"{self.date} or later is expected"))
        raise_findings("ExcludedDays", self.model_dump(), findings)
        return self


class Obligation(Part):
    """What is owed all the same when days are excluded."""

    party: Id = Field(description="Who owes it: the id of a party.")
    text: Text = Field(description="The least that is done, in one sentence.")
    clause: Id | None = Field(None, description="The clause it is the least of.")


class Exceptions(Part):
    """Room for the unexpected."""

    excluded_days: tuple[ExcludedDays, ...] = Field((), description="Days that do not count.")
    standing_obligations: tuple[Obligation, ...] = Field(
        (), description="What is owed even on days that do not count."
    )
    text: Text | None = Field(None, description="How an exception is agreed.")
