"""One question of the way to a first agreement: how it is put, what it accepts, what it offers."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter, ValidationError

from slanb.errors import SlanbError
from slanb.terms.fields import (
    ClockTime,
    Count,
    Day,
    Measure,
    MonthDay,
    NotNegative,
    Positive,
    Rate,
    Share,
    Text,
)

# What an answer may be, by the name it has in `questions.toml`.
KINDS = {
    "text": Text,
    "day": Day,
    "measure": Measure,
    "clock_time": ClockTime,
    "count": Count,
    "month_day": MonthDay,
    "not_negative": NotNegative,
    "positive": Positive,
    "rate": Rate,
    "share": Share,
}
NUMBERS = (Count, MonthDay, NotNegative, Positive, Rate, Share)

Answers = Mapping[str, Any]


@dataclass(frozen=True)
class Question:
    """One thing to ask.

    Parameters
    ----------
    key : its name in a file of answers.
    step : the heading it stands under.
    text : the question, in one line.
    kind : what an answer is (one of `KINDS`).
    offer : the answer offered, made from those before; None where there must be one, "" where none need be.
    why : what the answer is for, in one line.
    only : the kinds of agreement in which it is asked; empty for all.
    check : a further check, which raises SlanbError.
    """

    key: str
    step: str
    text: str
    kind: Any = Text
    offer: Callable[[Answers], Any] = lambda given: None
    why: str = ""
    only: Sequence[str] = ()
    check: Callable[[Any], Any] = lambda value: None

    def when(self, given: Answers) -> bool:
        """Whether it is asked at all, after the answers before."""
        return not self.only or given["kind"] in self.only

    def read(self, answer: Any, given: Answers) -> Any:
        """The answer as a value, whether typed by hand or read from a file; empty takes the offer.

        Raises
        ------
        SlanbError : naming what is expected.
        """
        empty = answer is None or (isinstance(answer, str) and not answer.strip())
        if empty:
            offer = self.offer(given)
            if offer is None:
                raise SlanbError(f"{self.key}: an answer is needed ({self.text})")
            return offer
        value = self._typed(answer) if isinstance(answer, str) else answer
        try:
            read = TypeAdapter(self.kind).validate_python(value)
            self.check(read)
        except ValidationError as error:
            expected = error.errors()[0]["msg"]
            raise SlanbError(f"{self.key} is {answer!r}: {expected} ({self.text})") from None
        except SlanbError as error:
            raise SlanbError(f"{self.key}: {error.problems[0]}") from None
        return read

    def _typed(self, answer: str) -> Any:
        """What a person typed: a number where one is asked for, with 5 % meant as 0.05."""
        text = answer.strip()
        if self.kind not in NUMBERS:
            return text
        plain = text.replace(" ", "").replace("_", "").rstrip("%")
        try:
            number = float(plain)
        except ValueError:
            return text
        if text.endswith("%"):
            number /= 100
        return int(number) if self.kind in (Count, MonthDay) and number.is_integer() else number
