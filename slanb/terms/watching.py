"""Who watches, tells, reviews and signs: calendar, contacts, reports, reviews, approvals, changes."""

from collections.abc import Iterator
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from slanb.errors import SlanbError
from slanb.periods import zone_named
from slanb.strict_yaml import Finding, raise_findings
from slanb.terms.fields import (
    Cadence,
    ClockTime,
    Day,
    Id,
    MonthDay,
    Part,
    Text,
    Weekday,
    allowed_by,
    refuse,
)
from slanb.working_time import WorkingCalendar


def _zone(value: str) -> str:
    try:
        zone_named(value)
    except SlanbError as error:
        raise refuse(allowed_by(error)) from None
    return value


Window = tuple[ClockTime, ClockTime]


class Hours(Part):
    """Opening and closing time of each weekday; a weekday left out is not worked."""

    monday: Window | None = Field(None, description='Opening and closing time, as ["09:00", "17:30"].')
    tuesday: Window | None = Field(None, description='Opening and closing time, as ["09:00", "17:30"].')
    wednesday: Window | None = Field(None, description='Opening and closing time, as ["09:00", "17:30"].')
    thursday: Window | None = Field(None, description='Opening and closing time, as ["09:00", "17:30"].')
    friday: Window | None = Field(None, description='Opening and closing time, as ["09:00", "17:30"].')
    saturday: Window | None = Field(None, description='Opening and closing time, as ["09:00", "13:00"].')
    sunday: Window | None = Field(None, description='Opening and closing time, as ["09:00", "13:00"].')

    @model_validator(mode="after")
    def _open(self) -> Self:
        raise_findings("Hours", self.model_dump(), self._findings())
        return self

    def windows(self) -> dict[str, tuple[str, str]]:
        """The windows of the weekdays that are worked."""
        return {day: window for day, window in self if window is not None}

    def _findings(self) -> Iterator[Finding]:
        if not self.windows():
            yield Finding((), "hours for one weekday at least are needed")
        for day, (opens, closes) in self.windows().items():
            if opens >= closes:
                yield Finding((day, 1), f'a closing time after "{opens}" is expected')


class ClosedDay(Part):
    """A day not worked though no public holiday."""

    date: Day = Field(description="The day.")
    reason: Text = Field(description="Why it is not worked: company outing, stocktaking.")


class Calendar(Part):
    """The days and hours in which the company works."""

    zone: Annotated[Text, AfterValidator(_zone)] = Field(
        description="Time zone on whose clock the hours and days are, such as Europe/Berlin."
    )
    hours: Hours = Field(description="Opening and closing time of each weekday.")
    country: Text | None = Field(
        None, description="Country whose public holidays are free, ISO code such as DE; none if left out."
    )
    subdivision: Text | None = Field(
        None, description="State or province where holidays differ, ISO code such as BE for Berlin."
    )
    closed: tuple[ClosedDay, ...] = Field((), description="Further days that are not worked.")
    worked: tuple[Day, ...] = Field((), description="Public holidays that are worked all the same.")

    @model_validator(mode="after")
    def _exists(self) -> Self:
        raise_findings("Calendar", self.model_dump(), self._findings())
        return self

    def _findings(self) -> Iterator[Finding]:
        try:
            WorkingCalendar(
                zone="UTC",
                hours={"monday": ("09:00", "17:00")},
                country=self.country,
                subdivision=self.subdivision,
            )
        except SlanbError as error:
            key = "subdivision" if error.problems[0].startswith("subdivision") else "country"
            yield Finding((key,), allowed_by(error))
        for number, day in enumerate(self.closed):
            if day.date in self.worked:
                yield Finding(("closed", number, "date"), "a day not listed under worked is expected")


class Contact(Part):
    """A person in charge."""

    id: Id = Field(description="Short name by which remedies and reports refer to the person.")
    party: Id = Field(description="The party the person belongs to.")
    name: Text | None = Field(None, description="The person's name; may be left open until it is known.")
    role: Text = Field(description="What the person is: director of sales.")
    responsible_for: tuple[Id, ...] = Field((), description="Ids of the clauses the person answers for.")
    reports_to: Id | None = Field(None, description="Id of the contact the person reports to on them.")
    cadence: Cadence | None = Field(None, description="How often the person reports.")
    email: Text | None = Field(None, description="E-mail address; shown in the agreement only.")


class Report(Part):
    """A report one side owes the other."""

    id: Id = Field(description="Short name of the report, such as weekly-status.")
    what: Text = Field(description="What it tells, in one sentence.")
    kind: Literal["status", "period", "friction"] = Field(
        "period",
        description="status: how the running period stands; period: how it ended; friction: what troubles "
        "customers, told by the third party.",
    )
    cadence: Cadence = Field(description="How often it is sent.")
    due_day: MonthDay | None = Field(
        None, description="Day of the month on which it is due, 1 to 31 (31: the last)."
    )
    due_weekday: Weekday | None = Field(None, description="Weekday on which it is due, such as monday.")
    sender: Id = Field(description="Who sends it: the id of a contact or party.")
    recipients: tuple[Id, ...] = Field(
        min_length=1, description="Who gets it: ids of contacts or parties, one or more."
    )
    clauses: tuple[Id, ...] = Field((), description="Ids of the clauses it tells of; all if left out.")


class Monitoring(Part):
    """How a promise is watched."""

    what: Text = Field(description="What is measured.")
    source: Text = Field(description="Where the data come from: the CRM's export, a log, a survey.")
    collected: Text | None = Field(None, description="How the data are collected.")
    checked: Cadence = Field(description="How often it is checked.")
    by: Id = Field(description="Who checks it: the id of a contact or party.")
    clauses: tuple[Id, ...] = Field((), description="Ids of the clauses it serves; all if left out.")


class Review(Part):
    """A day on which the agreement itself is reviewed."""

    date: Day = Field(description="The day.")
    purpose: Text = Field(description="What is reviewed: mid-term review, renewal.")


class Approval(Part):
    """A signature, or the place for one."""

    party: Id = Field(description="The party that approves.")
    name: Text | None = Field(None, description="Who signs for it; open if left out.")
    date: Day | None = Field(None, description="The day of signing; not signed yet if left out.")


class Amendment(Part):
    """A change of the agreement from a day on. Earlier periods stay judged by the terms they had."""

    version: Text = Field(description='The agreement\'s version from then on, in quotes: "1.1".')
    effective_from: Day = Field(description="The first day on which the changes hold.")
    summary: Text = Field(description="What changes and why, in one sentence.")
    changes: dict[Text, Any] = Field(
        description="The agreement's keys with their new values, only those that change. Items of a list "
        "that have an id replace or join the items of that id; `drop: true` beside the id takes one out. "
        "A key left empty goes back to its default. Other lists are replaced whole."
    )
    approvals: tuple[Approval, ...] = Field((), description="Who agreed to the change.")
