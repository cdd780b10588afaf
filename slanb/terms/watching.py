"""Who watches, tells, reviews and signs: calendar, contacts, reports, reviews, approvals, changes."""

from collections.abc import Iterator
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Discriminator, Field, Tag, model_validator

from slanb.errors import SlanbError
from slanb.periods import zone_named
from slanb.strict_yaml import Finding, raise_findings
from slanb.terms.fields import (
    Cadence,
    ClockTime,
    ClosingTime,
    Day,
    Id,
    MonthDay,
    Part,
    Text,
    Weekday,
    allowed_by,
    refuse,
)
from slanb.working_time import NEXT_DAY, WEEKDAYS, WorkingCalendar, overlaps, several


def _zone(value: str) -> str:
    try:
        zone_named(value)
    except SlanbError as error:
        raise refuse(allowed_by(error)) from None
    return value


ROUND_THE_CLOCK = "round the clock"


def _number_of(hours: Any) -> str:
    listed = isinstance(hours, list | tuple) and bool(hours) and isinstance(hours[0], list | tuple)
    return "several" if listed else "one"


Window = tuple[ClockTime, ClosingTime]
Windows = Annotated[
    Annotated[Window, Tag("one")] | Annotated[tuple[Window, ...], Tag("several")],
    Discriminator(_number_of),
]
DAY_HOURS = (
    'Opening and closing time, as ["09:00", "17:30"] or, at night, ["22:00", "06:00 next day"]; or several '
    'such pairs, as [["09:00", "12:00"], ["13:00", "17:30"]].'
)


class Hours(Part):
    """Opening and closing times of each weekday; a weekday left out is not worked."""

    monday: Windows | None = Field(None, description=DAY_HOURS)
    tuesday: Windows | None = Field(None, description=DAY_HOURS)
    wednesday: Windows | None = Field(None, description=DAY_HOURS)
    thursday: Windows | None = Field(None, description=DAY_HOURS)
    friday: Windows | None = Field(None, description=DAY_HOURS)
    saturday: Windows | None = Field(None, description=DAY_HOURS)
    sunday: Windows | None = Field(None, description=DAY_HOURS)

    @model_validator(mode="before")
    @classmethod
    def _round_the_clock(cls, given: Any) -> Any:
        if not isinstance(given, str):
            return given
        if given != ROUND_THE_CLOCK:
            raise refuse(f'weekdays with their times, or "{ROUND_THE_CLOCK}", are expected')
        return dict.fromkeys(WEEKDAYS, ("00:00", "24:00"))

    @model_validator(mode="after")
    def _open(self) -> Self:
        raise_findings("Hours", self.model_dump(), self._findings())
        return self

    def windows(self) -> dict[str, tuple[Window, ...]]:
        """The windows of the weekdays that are worked."""
        return {day: several(hours) for day, hours in self if hours is not None}

    def _findings(self) -> Iterator[Finding]:
        if not self.windows():
            yield Finding((), "hours for one weekday at least are needed")
        unsound = False
        for day, hours in self:
            for number, window in enumerate(several(hours or ())):
                path = (day,) if isinstance(hours[0], str) else (day, number)
                if window[0] == "24:00":
                    unsound = True
                    yield Finding((*path, 0), 'a time before "24:00" is expected')
                elif expected := _later(window):
                    unsound = True
                    yield Finding((*path, 1), expected)
        for day, number in () if unsound else overlaps(self.windows()):
            path = (day,) if isinstance(getattr(self, day)[0], str) else (day, number)
            yield Finding((*path, 0), "a time after the window before it has closed is expected")


def _later(window: Window) -> str:
    """What is expected of a closing time; empty where it is as expected."""
    opens, closes = window
    if closes.endswith(NEXT_DAY):
        early = closes.removesuffix(NEXT_DAY) <= opens
        return "" if early else f'a closing time within 24 hours of "{opens}" is expected'
    advice = f'; where it is on the next day, write "{closes}{NEXT_DAY}"' if closes < opens else ""
    return "" if opens < closes else f'a closing time after "{opens}" is expected{advice}'


class ClosedDay(Part):
    """A day not worked though no public holiday."""

    date: Day = Field(description="The day.")
    reason: Text = Field(description="Why it is not worked: company outing, stocktaking.")


def _or_round_the_clock(schema: dict[str, Any]) -> None:
    schema["anyOf"] = [{"$ref": schema.pop("$ref")}, {"const": ROUND_THE_CLOCK}]


class Office(Part):
    """A place with a clock, hours and public holidays of its own."""

    zone: Annotated[Text, AfterValidator(_zone)] = Field(
        description="Time zone on whose clock the hours and days are, such as Europe/Berlin."
    )
    hours: Hours = Field(
        description=f"Opening and closing times of each weekday, or {ROUND_THE_CLOCK}. Public holidays and "
        "closed days are free all the same.",
        json_schema_extra=_or_round_the_clock,
    )
    country: Text | None = Field(
        None, description="Country whose public holidays are free, ISO code such as DE; none if left out."
    )
    subdivision: Text | None = Field(
        None, description="State or province where holidays differ, ISO code such as BE for Berlin."
    )

    @model_validator(mode="after")
    def _exists(self) -> Self:
        raise_findings(type(self).__name__, self.model_dump(), self._findings())
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


class Calendar(Office):
    """The days and hours in which the company works."""

    closed: tuple[ClosedDay, ...] = Field((), description="Further days that are not worked.")
    worked: tuple[Day, ...] = Field((), description="Public holidays that are worked all the same.")
    by_segment: dict[Text, Office] = Field(
        {},
        description="Segments, such as regions, whose leads are worked in hours of their own, on their own "
        "clock, with public holidays of their own. Closed days hold for all.",
    )

    def of_segment(self, segment: str) -> Office:
        """Zone, hours and holidays by which the segment's leads are worked: its own, or the company's."""
        return self.by_segment.get(segment, self)

    def _findings(self) -> Iterator[Finding]:
        yield from super()._findings()
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
