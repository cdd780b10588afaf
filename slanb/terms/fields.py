"""The kinds of value a parameter can hold: money, shares, days, clock times, ids. Each checks itself.

Numbers are strict: text and true/false are never taken for a number.
"""

import re
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, Strict, WithJsonSchema
from pydantic_core import PydanticCustomError

from slanb.errors import SlanbError
from slanb.strict_yaml.checking import FINDING

_CLOCK = "([01][0-9]|2[0-3]):[0-5][0-9]|24:00"
_CLOSING = "([01][0-9]|2[0-3]):[0-5][0-9]( next day)?|24:00"
_ID = "[a-z0-9][a-z0-9_-]*"
_ADDRESS = r"https?://[^\s/?#<>()]+(/[^\s?#<>()]*)?"


class Part(BaseModel):
    """A part of the agreement: unknown keys are refused, values do not change."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


def allowed_by(error: SlanbError) -> str:
    """What another room's message says is expected: the part after "but"."""
    problem = error.problems[0].rstrip(".")
    return problem.partition(", but ")[2] or problem


def refuse(expected: str) -> PydanticCustomError:
    """The error by which a value says what it would have accepted."""
    return PydanticCustomError(FINDING, "{expected}", {"expected": expected})


def _day(value: Any) -> Any:
    if type(value) is date:
        return value
    try:
        if not re.fullmatch(r"\d{4}-\d\d-\d\d", value):
            raise ValueError
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        raise refuse("a day of the calendar such as 2026-01-31 is expected") from None


def _clock(value: str) -> str:
    if not re.fullmatch(_CLOCK, value):
        raise refuse('a time of day such as "09:00" is expected, in quotes, at most "24:00"')
    return value


def _closing(value: str) -> str:
    if not re.fullmatch(_CLOSING, value):
        raise refuse(
            'a time of day such as "17:00" is expected, in quotes, at most "24:00", or "06:00 next day"'
        )
    return value


def _id(value: str) -> str:
    if not re.fullmatch(_ID, value):
        raise refuse("an id of small letters, digits, - and _ is expected")
    return value


def _address(value: str) -> str:
    if not re.fullmatch(_ADDRESS, value):
        raise refuse("a web address such as https://reports.example.com/sla is expected")
    return value


def _text(value: str) -> str:
    if not value.strip():
        raise refuse("text that is not empty is expected")
    return value.strip()


Number = Annotated[float, Strict()]
NotNegative = Annotated[Number, Field(ge=0)]
Positive = Annotated[Number, Field(gt=0)]
Share = Annotated[Number, Field(ge=0, le=1)]
Rate = Annotated[Number, Field(gt=0, le=1)]
Count = Annotated[int, Strict(), Field(ge=1)]
MonthDay = Annotated[int, Strict(), Field(ge=1, le=31)]
Text = Annotated[str, AfterValidator(_text)]
Id = Annotated[str, AfterValidator(_id), Field(json_schema_extra={"pattern": f"^{_ID}$"})]
WebAddress = Annotated[str, AfterValidator(_address), Field(json_schema_extra={"pattern": f"^{_ADDRESS}$"})]
Day = Annotated[date, BeforeValidator(_day), WithJsonSchema({"type": "string", "format": "date"})]
ClockTime = Annotated[
    str,
    AfterValidator(_clock),
    Field(json_schema_extra={"pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]$|^24:00$"}),
]
ClosingTime = Annotated[
    str,
    AfterValidator(_closing),
    Field(json_schema_extra={"pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]( next day)?$|^24:00$"}),
]
Measure = Literal["week", "month", "quarter", "year"]
Grain = Literal["day", "week", "month", "quarter", "year"]
Cadence = Literal["daily", "weekly", "monthly", "quarterly", "yearly"]
Clock = Literal["working", "wall"]
Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
